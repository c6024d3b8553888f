"""Two runs compared by endpoint: which responses got slower or faster, by how much, and how sure that is.

Requests that queue behind each other are slow together, so they are not independent and n of them say less than n. Each run is
cut into windows of time, and what is compared is how the windows differ (batch means: Law, Simulation Modeling and Analysis, 5th
ed., chapter 9). What one window still tells about the next is estimated (correlation at lag 1, corrected for its bias: Kendall,
Biometrika 41, 1954) and paid for by a wider interval with fewer degrees of freedom. Where too little is left, nothing is claimed:
a run has to last long against the swings of its latency.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit  # type: ignore[import-untyped] # scipy has no types

from judge.intervals import ALPHA
from record.samples import Numbers

WINDOWS = 40  # of equal length; by simulation the fewest that tell correlated windows from independent ones
LEAST_WINDOWS = 20  # with a request in them
LEAST_FREEDOM = 8.0  # degrees of freedom of a run; with fewer the correlation is not known well enough for 93 % coverage
MOST_CORRELATION = 0.95  # beyond it the run is about one swing long


class RunsIncomparable(ValueError):  # noqa: N818 - states the fact
    """One of the runs is no record of latencies; the message says where and what is wrong."""


class LatencySeries(NamedTuple):
    """Of one endpoint in one run: when requests were meant to start, and how long their responses took from then. Seconds."""

    times_s: Numbers
    latencies_s: Numbers


Latencies = Mapping[str, LatencySeries]  # of one run, by endpoint


@dataclass(frozen=True)
class Change:
    """`ratio` is the new mean over the base mean; None, between 0 and infinity, when nothing can be said of it."""

    endpoint: str
    base_mean_ms: float | None
    new_mean_ms: float | None
    ratio: float | None
    low: float
    high: float
    sentence: str


class _Windowed(NamedTuple):
    """A mean in seconds, the variance of its logarithm, the degrees of freedom of that, and where these come from."""

    mean: float
    variance: float
    freedom: float
    windows: int
    requests: int


def compare(base: Latencies, new: Latencies, alpha: float = ALPHA) -> list[Change]:
    """Each endpoint of either run, by name. All intervals together are right with confidence 1 - alpha (Bonferroni).

    RunsIncomparable for a run without requests, and for latencies that are not positive numbers with a time each.
    """
    spans = {"base": _span("base", base), "new": _span("new", new)}
    runs: dict[str, dict[str, LatencySeries]] = {
        name: {endpoint: series for endpoint, series in run.items() if len(series.latencies_s)}
        for name, run in (("base", base), ("new", new))
    }
    means = {name: {endpoint: _windowed(series, *spans[name]) for endpoint, series in run.items()} for name, run in runs.items()}
    both = means["base"].keys() & means["new"].keys()
    return [
        _change(endpoint, means["base"][endpoint], means["new"][endpoint], alpha / len(both))
        if endpoint in both
        else _only_in_one(endpoint, means["base"].get(endpoint), means["new"].get(endpoint))
        for endpoint in sorted(base.keys() | new.keys())
    ]


def _span(name: str, run: Latencies) -> tuple[float, float]:
    """When the first and the last request of a run were meant to start, after a look whether it is one at all."""
    for endpoint, (times, latencies) in run.items():
        if len(times) != len(latencies):
            raise RunsIncomparable(f"{endpoint} of the {name} run has {len(times)} times and {len(latencies)} latencies")
        wrong = np.flatnonzero(~(np.isfinite(latencies) & (latencies > 0) & np.isfinite(times)))
        if len(wrong):
            example = f"{latencies[wrong[0]]} s at {times[wrong[0]]} s"
            raise RunsIncomparable(f"{endpoint} of the {name} run has a latency of {example}; leave out what was not answered")
    filled = [times for times, _ in run.values() if len(times)]
    if not filled:
        raise RunsIncomparable(f"the {name} run has no requests; compare with a run that has")
    return min(float(times.min()) for times in filled), max(float(times.max()) for times in filled)


def _windowed(series: LatencySeries, start: float, end: float) -> _Windowed:
    """The mean of all requests as a ratio of sums over windows; its variance from what each window adds to the deviation."""
    windows_of = np.minimum((series.times_s - start) / max(end - start, 1e-9) * WINDOWS, WINDOWS - 1).astype(int)
    counts = np.bincount(windows_of, minlength=WINDOWS)
    sums = np.bincount(windows_of, series.latencies_s, minlength=WINDOWS)[counts > 0]
    counts = counts[counts > 0]
    mean = float(sums.sum() / counts.sum())
    deviations = sums - mean * counts
    windows, requests = len(counts), int(counts.sum())
    inflation = _inflation(deviations)
    variance = windows / max(windows - 1, 1) * float((deviations**2).sum()) / (mean * requests) ** 2
    return _Windowed(mean, inflation * variance, (windows - 1) / inflation, windows, requests)


def _inflation(deviations: Numbers) -> float:
    """How many windows tell as much as one independent one: the sum of an AR(1) process's correlations. At least 1."""
    total = float((deviations**2).sum())
    correlation = float((deviations[1:] * deviations[:-1]).sum()) / total if total else 0.0
    unbiased = min(max(correlation + (1 + 4 * correlation) / len(deviations), 0.0), MOST_CORRELATION)
    return (1 + unbiased) / (1 - unbiased)


def _change(endpoint: str, base: _Windowed, new: _Windowed, alpha: float) -> Change:
    """The interval is one for the difference of logarithms, with Welch's degrees of freedom (Biometrika 34, 1947)."""
    missing = _missing("base", base) or _missing("new", new)
    if missing:
        return _unverified(endpoint, base, new, missing)
    ratio = new.mean / base.mean
    wide = math.exp(_half_width(base, new, alpha))
    low, high = ratio / wide, ratio * wide
    return Change(endpoint, 1000 * base.mean, 1000 * new.mean, ratio, low, high, f"{endpoint} {_described(ratio, low, high)}")


def _half_width(base: _Windowed, new: _Windowed, alpha: float) -> float:
    variance = base.variance + new.variance
    if not variance:
        return 0.0
    freedom = variance**2 / (base.variance**2 / base.freedom + new.variance**2 / new.freedom)
    return float(stdtrit(freedom, 1 - alpha / 2)) * math.sqrt(variance)


def _missing(name: str, run: _Windowed) -> str:
    """What a run lacks for a comparison, and how much of it would do; empty when nothing."""
    if run.windows < LEAST_WINDOWS:
        found = f"{run.requests:,} in {run.windows} of {WINDOWS} equal parts of the {name} run"
        return f"{found}, needs {LEAST_WINDOWS} of them: about {WINDOWS} requests spread over all of it"
    if run.freedom < LEAST_FREEDOM:
        times = math.ceil(LEAST_FREEDOM / run.freedom)
        enough = f"one about {times} times as long ({times * run.requests:,} requests)"
        return f"its swings last too long for the {name} run, needs {enough}"
    return ""


def _only_in_one(endpoint: str, base: _Windowed | None, new: _Windowed | None) -> Change:
    where = "only in the base run" if base else "only in the new run" if new else "in neither run with a request"
    return _unverified(endpoint, base, new, where)


def _unverified(endpoint: str, base: _Windowed | None, new: _Windowed | None, why: str) -> Change:
    base_ms, new_ms = (1000 * run.mean if run else None for run in (base, new))
    return Change(endpoint, base_ms, new_ms, None, 0.0, math.inf, f"{endpoint} is unverified: {why}")


def _described(ratio: float, low: float, high: float) -> str:
    if low > 1:
        return f"is slower by {_percent(ratio - 1)} % ({_percent(low - 1)} to {_percent(high - 1)} %)"
    if high < 1:
        return f"is faster by {_percent(1 - ratio)} % ({_percent(1 - high)} to {_percent(1 - low)} %)"
    return f"shows no change ({_percent(low - 1, '+')} to {_percent(high - 1, '+')} %)"


def _percent(share: float, sign: str = "") -> str:
    return f"{100 * share:{sign}.{0 if abs(share) >= 0.01 else 1}f}"
