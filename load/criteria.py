"""The success criteria of the plan, as what is measured of each request and where the limit lies."""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from load import intervals
from load.samples import TIMEOUT, UNEXPECTED_STATUS, Sample

FARTHEST = 10**9  # requests; a claim that needs more is out of reach


class Estimate(NamedTuple):
    """In the criterion's unit. `samples` is how many requests say something about it; `needs` how many more might settle it."""

    value: float | None
    low: float
    high: float
    samples: int
    needs: int | None


class Criterion(Protocol):
    """`at_least`: the limit is a floor, else a ceiling. `limit_s` is what one request may take until it is a timeout."""

    @property
    def name(self) -> str: ...
    @property
    def plan(self) -> str | None: ...
    @property
    def limit(self) -> float: ...
    @property
    def at_least(self) -> bool: ...
    @property
    def unit(self) -> str: ...
    def measure(self, samples: Sequence[Sample], *, limit_s: float, alpha: float) -> Estimate: ...


@dataclass(frozen=True)
class Share:
    """A share of all requests, in percent: of those that `counts`."""

    name: str
    plan: str | None
    limit: float
    at_least: bool
    counts: Callable[[Sample], bool]
    unit: str = "%"

    def measure(self, samples: Sequence[Sample], *, limit_s: float, alpha: float) -> Estimate:  # noqa: ARG002 - one form for all
        total, hits = len(samples), sum(map(self.counts, samples))
        low, high = intervals.share(hits, total, alpha) if total else intervals.Bounds(0.0, 1.0)
        needs = requests_to_settle(hits, total, self.limit / 100, alpha, hoped=float(self.at_least))
        return Estimate(100 * hits / total if total else None, 100 * low, 100 * high, total, needs)


@dataclass(frozen=True)
class MeanLatency:
    """The mean time until the whole answer, in milliseconds."""

    name: str
    plan: str | None
    limit: float
    at_least: bool = False
    unit: str = "ms"

    def measure(self, samples: Sequence[Sample], *, limit_s: float, alpha: float) -> Estimate:
        seconds = latencies(samples)
        needs = _more_for_mean(seconds, self.limit / 1000, limit_s, alpha)
        if not seconds:
            return Estimate(None, 0.0, 1000 * limit_s, 0, needs)
        low, high = intervals.mean(seconds, limit_s, self.limit / 1000, alpha)
        return Estimate(1000 * statistics.fmean(seconds), 1000 * low, 1000 * high, len(seconds), needs)


@dataclass(frozen=True)
class PercentileLatency:
    """The time in milliseconds within which the share `q` of the answers came."""

    name: str
    plan: str | None
    limit: float
    q: float
    at_least: bool = False
    unit: str = "ms"

    def measure(self, samples: Sequence[Sample], *, limit_s: float, alpha: float) -> Estimate:
        seconds = latencies(samples)
        slow = sum(1000 * value > self.limit for value in seconds)
        needs = requests_to_settle(slow, len(seconds), 1 - self.q, alpha, hoped=0.0)
        if not seconds:
            return Estimate(None, 0.0, 1000 * limit_s, 0, needs)
        low, high = intervals.percentile(seconds, self.q, alpha)
        value = sorted(seconds)[math.ceil(self.q * len(seconds)) - 1]
        return Estimate(1000 * value, max(0.0, 1000 * low), min(1000 * limit_s, 1000 * high), len(seconds), needs)


def latencies(samples: Iterable[Sample]) -> list[float]:
    """Seconds of the answers that were wanted, and of those waited for in vain. A quick refusal must not flatter the mean."""
    return [sample.latency_s for sample in samples if sample.error in (None, TIMEOUT)]


def answered(sample: Sample) -> bool:
    """Without connection error, timeout or 5xx."""
    return sample.status is not None and sample.status < 500 and sample.error in (None, UNEXPECTED_STATUS)


def failed(sample: Sample) -> bool:
    return sample.error is not None


AVAILABILITY = Share("availability", "SUCCESS-1", 99.9, at_least=True, counts=answered)
MEAN_RESPONSE = MeanLatency("mean response time", "SUCCESS-2", 500.0)
ERROR_RATE = Share("error rate", "SUCCESS-3", 1.0, at_least=False, counts=failed)
SLOW_TAIL = PercentileLatency("95th percentile of response time", None, 500.0, 0.95)  # contract 11: load-test acceptance
CRITERIA: tuple[Criterion, ...] = (AVAILABILITY, MEAN_RESPONSE, ERROR_RATE, SLOW_TAIL)


def requests_to_settle(hits: int, total: int, limit: float, alpha: float, *, hoped: float) -> int | None:
    """How many more requests decide on which side of `limit` a share lies, if it stays as seen (`hoped` when nothing was seen).

    0 when it is decided; None when no number would do.
    """
    rate = hits / total if total else hoped

    def decided(count: int) -> bool:
        low, high = intervals.share(round(rate * count), count, alpha) if count != total else intervals.share(hits, total, alpha)
        return low >= limit or high <= limit

    if total and decided(total):
        return 0
    far = max(total, 1)
    while not decided(far):
        far *= 2
        if far > FARTHEST:
            return None
    near = far // 2
    while far - near > 1:
        middle = (near + far) // 2
        near, far = (near, middle) if decided(middle) else (middle, far)
    return max(far - total, 1)


def _more_for_mean(seconds: Sequence[float], limit: float, most: float, alpha: float) -> int | None:
    """The same for a mean, from the width of its bound: about deviation * sqrt(2 L / n) + most * L / n with L = ln(1 / alpha)."""
    gap = abs(limit - (statistics.fmean(seconds) if seconds else 0.0))
    if gap == 0:
        return None
    odds = math.log(1 / alpha)
    wide = (statistics.pstdev(seconds) if seconds else 0.0) * math.sqrt(2 * odds)
    far = most * odds / intervals.MOST_BET
    enough = ((wide + math.sqrt(wide**2 + 4 * gap * far)) / (2 * gap)) ** 2
    return max(math.ceil(enough) - len(seconds), 1) if enough < FARTHEST else None
