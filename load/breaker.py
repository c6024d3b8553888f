"""When a run has to stop for its target's sake. Load that a target in distress cannot carry only keeps it down.

Distress means that half of what one second brought goes wrong: half of the responses are failures, or half of the requests took
longer than four times what the mean may be (contract 11: 500 ms), whether or not they were answered in the end. It is checked
four times a second, so sending stops within two seconds of it. A run that its target's rate limit turns away stops too.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import TypeVar

from record.sample import RATE_LIMITED, TIMEOUT, WITHHELD, WRONG_BODY, Sample

WINDOW_S = 1.0
LOOK_EVERY_S = 0.25
TOO_LONG_S = 2.0
HALF = 0.5
AT_LEAST = 10  # requests: fewer are no half of anything; where they come slowly, the window is longer


T = TypeVar("T")


@dataclass
class Begun:
    """Requests that left in a quarter of a second, and those of them that were answered in time."""

    requests: int = 0
    in_time: int = 0


@dataclass
class Completed:
    """Requests that came to their end in a quarter of a second."""

    requests: int = 0
    failed: int = 0
    turned_away: int = 0


class Breaker:
    """Times are seconds since the run began, `rate` is requests a second.

    It counts by quarters of a second, so that a look costs the same at any rate.
    """

    def __init__(self, rate: float) -> None:
        self._window_s = max(WINDOW_S, AT_LEAST / rate)
        self._begun: dict[int, Begun] = defaultdict(Begun)
        self._completed: dict[int, Completed] = defaultdict(Completed)

    def sent(self, at: float) -> None:
        """When it really left: how late the generator was is no distress of the target."""
        self._begun[_quarter(at)].requests += 1

    def ended(self, at: float, sample: Sample) -> None:
        """`at` is the argument of `sent`, also where the sample waited for another request first."""
        if sample.error == WITHHELD or sample.end - sample.start <= TOO_LONG_S:  # the other request counts for itself
            self._begun[_quarter(at)].in_time += 1
        if sample.error != WITHHELD:
            completed = self._completed[_quarter(sample.end)]
            completed.requests += 1
            completed.failed += _failed(sample)
            completed.turned_away += sample.error == RATE_LIMITED

    @property
    def remembered(self) -> int:
        """Quarters of a second of which counts are kept."""
        return len(self._begun) + len(self._completed)

    def distress(self, now: float) -> str | None:
        """What is wrong with the target, as a sentence."""
        return self._failures(now) or self._waiting(now)

    def turned_away(self, now: float) -> str | None:
        """That the target's own limit answers instead of the product."""
        total, away = self._last(now, "turned_away")
        if total >= AT_LEAST and away >= HALF * total:
            return f"its rate limit turned {away} of {total} requests of one {self._window} away (429)"
        return None

    def _failures(self, now: float) -> str | None:
        total, failed = self._last(now, "failed")
        if total >= AT_LEAST and failed >= HALF * total:
            return f"{failed} of {total} requests of one {self._window} failed"
        return None

    def _waiting(self, now: float) -> str | None:
        """Of the requests of a second that ended so long ago that all of them should be answered."""
        latest = _quarter(now - TOO_LONG_S) - 1
        quarters = _of(self._begun, latest, self._window_s)
        total = sum(quarter.requests for quarter in quarters)
        waited = total - sum(quarter.in_time for quarter in quarters)
        if total >= AT_LEAST and waited >= HALF * total:
            return f"{waited} of the {total} requests of one {self._window} waited longer than {TOO_LONG_S:g} s"
        return None

    def _last(self, now: float, field: str) -> tuple[int, int]:
        """How many requests ended in the last second, and how many of them in this way."""
        completed = _of(self._completed, _quarter(now), self._window_s)
        return sum(quarter.requests for quarter in completed), sum(getattr(quarter, field) for quarter in completed)

    @property
    def _window(self) -> str:
        return "second" if self._window_s == WINDOW_S else f"span of {self._window_s:.0f} seconds"


def _quarter(seconds: float) -> int:
    return int(seconds // LOOK_EVERY_S)


def _of(quarters: dict[int, T], latest: int, window_s: float) -> list[T]:
    """Those of the window that ends with the latest, which may have just begun; what lies before is forgotten."""
    earliest = latest - round(window_s / LOOK_EVERY_S)
    for old in [quarter for quarter in quarters if quarter < earliest]:
        del quarters[old]
    return [counts for quarter, counts in quarters.items() if quarter <= latest]


def _failed(sample: Sample) -> bool:
    """Of the target: a wrong answer or a refusal shows a defect, not distress."""
    if sample.error in (None, WRONG_BODY, RATE_LIMITED):
        return False
    return sample.status is None or sample.status >= 500 or sample.error == TIMEOUT
