"""When a run has to stop for its target's sake. Load that a target in distress cannot carry only keeps it down.

Distress is that half of what one second brought goes wrong: half of the answers are failures, or half of the people who came
waited longer than four times what the mean may be (contract 11: 500 ms), whether or not they were answered in the end. It is
looked for four times a second, so sending stops within two seconds of it. A run that its target's limit turns away stops too.
"""

from collections import deque

from load.samples import RATE_LIMITED, TIMEOUT, WITHHELD, WRONG_BODY, Sample

WINDOW_S = 1.0
LOOK_EVERY_S = 0.25
TOO_LONG_S = 2.0
HALF = 0.5
AT_LEAST = 10  # requests: fewer are no half of anything; where they come slowly, the window is longer


class Breaker:
    """Told of each request as it leaves and as it ends; times are seconds since the run began, `rate` is requests a second."""

    def __init__(self, rate: float) -> None:
        self._window_s = max(WINDOW_S, AT_LEAST / rate)
        self._ended: deque[tuple[float, bool, bool]] = deque()  # when, a failure of the target, turned away
        self._came: deque[list[float | bool]] = deque()  # intended start, and whether it was answered in time

    def sent(self, intended: float) -> list[float | bool]:
        """To be given back to `ended`."""
        coming: list[float | bool] = [intended, False]
        self._came.append(coming)
        return coming

    def ended(self, coming: list[float | bool], sample: Sample) -> None:
        if sample.error == WITHHELD:
            coming[1] = True  # it waited for another request, which counts itself
            return
        coming[1] = sample.latency_s <= TOO_LONG_S
        self._ended.append((sample.end, _failed(sample), sample.error == RATE_LIMITED))

    def distress(self, now: float) -> str | None:
        """What is wrong with the target, as a sentence."""
        return self._failures(now) or self._waiting(now)

    def turned_away(self, now: float) -> str | None:
        """That the target's own limit answers instead of the product."""
        ended = self._last(now)
        away = sum(limited for _, _, limited in ended)
        if len(ended) >= AT_LEAST and away >= HALF * len(ended):
            return f"its rate limit turned {away} of {len(ended)} requests of one {self._called} away (429)"
        return None

    def _failures(self, now: float) -> str | None:
        ended = self._last(now)
        failed = sum(bad for _, bad, _ in ended)
        if len(ended) >= AT_LEAST and failed >= HALF * len(ended):
            return f"{failed} of {len(ended)} requests of one {self._called} failed"
        return None

    def _waiting(self, now: float) -> str | None:
        """Of those who came in a second that ended so long ago that all of them should have their answer."""
        latest = now - TOO_LONG_S
        while self._came and self._came[0][0] < latest - self._window_s:
            self._came.popleft()
        in_time = [answered for intended, answered in self._came if intended <= latest]
        waited = in_time.count(False)
        if len(in_time) >= AT_LEAST and waited >= HALF * len(in_time):
            return f"{waited} of the {len(in_time)} people who came in one {self._called} waited longer than {TOO_LONG_S:g} s"
        return None

    def _last(self, now: float) -> deque[tuple[float, bool, bool]]:
        while self._ended and self._ended[0][0] < now - self._window_s:
            self._ended.popleft()
        return self._ended

    @property
    def _called(self) -> str:
        return "second" if self._window_s == WINDOW_S else f"span of {self._window_s:.0f} seconds"


def _failed(sample: Sample) -> bool:
    """Of the target: a wrong answer or a refusal shows a defect, not distress."""
    if sample.error in (None, WRONG_BODY, RATE_LIMITED):
        return False
    return sample.status is None or sample.status >= 500 or sample.error == TIMEOUT
