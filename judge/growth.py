"""Whether a product gets slower while it is used: what leaks shows only after a while."""

from typing import NamedTuple

from judge import intervals
from judge.criteria import latencies
from judge.intervals import ALPHA, Bounds
from judge.verdicts import State
from record.samples import Samples

Q = 0.95
MOST = 1.5  # contract 11: p95 of the last third of the run against that of the first
FLOOR_MS = 50.0  # a tenth of what p95 may be: below it, neither a person nor an alert notices half as much again
STEADY = ("constant", "soak")  # under any other shape the last third is asked more, or less


class Growth(NamedTuple):
    """The 95th percentiles of the first and the last third of a run in milliseconds, with their bounds."""

    state: State
    first: Bounds
    last: Bounds
    sentence: str


def growth(samples: Samples, duration_s: float, alpha: float = ALPHA) -> Growth:
    """Violated when it surely grew by more than MOST, met when it surely did not. Each bound has a half of alpha."""
    first = _p95_ms(samples.where(samples.intended_start < duration_s / 3), alpha / 2)
    last = _p95_ms(samples.where(samples.intended_start >= duration_s * 2 / 3), alpha / 2)
    state: State = "unverified"
    if last.low > MOST * max(first.high, FLOOR_MS):
        state = "violated"
    elif last.high <= MOST * max(first.low, FLOOR_MS):
        state = "met"
    compared = f"p95 was {_range(first)} in the first third of the run and {_range(last)} in the last"
    return Growth(state, first, last, f"{compared}; at most {MOST:g} times as much, counted from {FLOOR_MS:.0f} ms")


def _p95_ms(samples: Samples, alpha: float) -> Bounds:
    low, high = intervals.percentile(latencies(samples), Q, alpha)
    return Bounds(1000 * max(low, 0.0), 1000 * high)


def _range(bounds: Bounds) -> str:
    if bounds.high == float("inf"):
        return f"at least {bounds.low:.0f} ms, as far as so few requests tell,"
    return f"between {bounds.low:.0f} and {bounds.high:.0f} ms"
