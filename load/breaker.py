"""When a run has to stop for its target's sake. Load that a target in distress cannot carry only keeps it down.

Distress is that half of what one second brought goes wrong: half of the answers are failures, or half of the people who came
waited longer than four times what the mean may be (contract 11: 500 ms), whether or not they were answered in the end. It is
looked for four times a second, so sending stops within two seconds of it. A run that its target's limit turns away stops too.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import TypeVar

from record.samples import RATE_LIMITED, TIMEOUT, WITHHELD, WRONG_BODY, Sample

WINDOW_S = 1.0
LOOK_EVERY_S = 0.25
TOO_LONG_S = 2.0
HALF = 0.5
AT_LEAST = 10  # requests: fewer are no half of anything; where they come slowly, the window is longer


T = TypeVar("T")


@dataclass
class Came:
    """In a quarter of a second: how many wanted an answer, and how many had one before it took too long."""

    people: int = 0
    in_time: int = 0


@dataclass
class Ended:
    requests: int = 0
    failed: int = 0
    turned_away: int = 0


class Breaker:
    """Told of each request as it leaves and as it ends; times are seconds since the run began, `rate` is requests a second.

    It counts by quarters of a second, so that a look costs the same at any rate.
    """

    def __init__(self, rate: float) -> None:
        self._window_s = max(WINDOW_S, AT_LEAST / rate)
        self._came: dict[int, Came] = defaultdict(Came)
        self._ended: dict[int, Ended] = defaultdict(Ended)

    def sent(self, intended: float) -> None:
        self._came[_quarter(intended)].people += 1

    def ended(self, intended: float, sample: Sample) -> None:
        """`intended` is what `sent` was told, also where the sample waited for another request first."""
        if sample.error == WITHHELD or sample.latency_s <= TOO_LONG_S:  # the other request counts for itself
            self._came[_quarter(intended)].in_time += 1
        if sample.error != WITHHELD:
            ended = self._ended[_quarter(sample.end)]
            ended.requests += 1
            ended.failed += _failed(sample)
            ended.turned_away += sample.error == RATE_LIMITED

    def distress(self, now: float) -> str | None:
        """What is wrong with the target, as a sentence."""
        return self._failures(now) or self._waiting(now)

    def turned_away(self, now: float) -> str | None:
        """That the target's own limit answers instead of the product."""
        total, away = self._last(now, "turned_away")
        if total >= AT_LEAST and away >= HALF * total:
            return f"its rate limit turned {away} of {total} requests of one {self._called} away (429)"
        return None

    def _failures(self, now: float) -> str | None:
        total, failed = self._last(now, "failed")
        if total >= AT_LEAST and failed >= HALF * total:
            return f"{failed} of {total} requests of one {self._called} failed"
        return None

    def _waiting(self, now: float) -> str | None:
        """Of those who came in a second that ended so long ago that all of them should have their answer."""
        latest = _quarter(now - TOO_LONG_S) - 1
        came = _of(self._came, latest, self._window_s)
        total = sum(quarter.people for quarter in came)
        waited = total - sum(quarter.in_time for quarter in came)
        if total >= AT_LEAST and waited >= HALF * total:
            return f"{waited} of the {total} people who came in one {self._called} waited longer than {TOO_LONG_S:g} s"
        return None

    def _last(self, now: float, what: str) -> tuple[int, int]:
        """How many requests ended in the last second, and how many of them so."""
        ended = _of(self._ended, _quarter(now), self._window_s)
        return sum(quarter.requests for quarter in ended), sum(getattr(quarter, what) for quarter in ended)

    @property
    def _called(self) -> str:
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
