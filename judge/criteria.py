"""A success criterion: what is measured of each request, where the limit lies, and how sure a claim has to be."""

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from judge import intervals, sequence
from judge.intervals import ALPHA
from judge.sequence import FARTHEST
from record.sample import RATE_LIMITED, TIMEOUT, UNEXPECTED_STATUS, WITHHELD, WRONG_BODY
from record.samples import Mask, Numbers, Samples

FIRST_LOOK = 300  # requests, before a run that may end early is looked at for the first time


class Estimate(NamedTuple):
    """In the criterion's unit. `samples` is how many requests say something about it; `needs` how many more might settle it."""

    value: float | None
    low: float
    high: float
    samples: int
    needs: int | None


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """`at_least`: the limit is a floor, else a ceiling. `alpha` is the chance of a wrong claim that is accepted.

    `endpoints` are those that it is about, all when empty. `plan` are lines of the deployment plan, `window` how long the promise
    is made for. `burst` is the longest cluster of failures, in requests, that must not fool a claim (see judge/sequence.py).
    `label` is its name for people, in the language of the objectives' file.
    """

    name: str
    label: str = ""
    limit: float
    at_least: bool = False
    unit: str
    plan: tuple[str, ...] = ()
    alpha: float = ALPHA
    endpoints: tuple[str, ...] = ()
    window: str = ""
    burst: int = 1

    def measure(self, samples: Samples, *, limit_s: float, alpha: float, anytime: bool = False) -> Estimate:
        """`limit_s` is what one request may take until it is a timeout. `anytime` for a run that could end before its plan."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Share(Criterion):
    """A share of all requests, in percent: of those that count."""

    counts: Callable[[Samples], Mask]
    unit: str = "%"

    def measure(self, samples: Samples, *, limit_s: float, alpha: float, anytime: bool = False) -> Estimate:  # noqa: ARG002 - one form for all
        total = len(samples)
        hits = int(self.counts(samples).sum()) if total else 0
        if anytime or self.burst > 1:
            return self._in_sequence(hits, total, alpha)
        low, high = intervals.share(hits, total, alpha) if total else intervals.Bounds(0.0, 1.0)
        needs = requests_to_settle(hits, total, self.limit / 100, alpha, hoped=float(self.at_least))
        return Estimate(100 * hits / total if total else None, 100 * low, 100 * high, total, needs)

    def _in_sequence(self, hits: int, total: int, alpha: float) -> Estimate:
        """Bounds that hold whenever one looks. They know failures: of a share that has to be large, those that do not count."""
        bad, limit = (total - hits, 1 - self.limit / 100) if self.at_least else (hits, self.limit / 100)
        low, high = sequence.bounds(bad, total, alpha, burst=self.burst) if total else intervals.Bounds(0.0, 1.0)
        needs = sequence.requests_to_settle(bad, total, limit, alpha, hoped=0.0, burst=self.burst)
        low, high = (1 - high, 1 - low) if self.at_least else (low, high)
        return Estimate(100 * hits / total if total else None, 100 * low, 100 * high, total, needs)


@dataclass(frozen=True, kw_only=True)
class MeanLatency(Criterion):
    """The mean time until the whole response, in milliseconds."""

    unit: str = "ms"

    def measure(self, samples: Samples, *, limit_s: float, alpha: float, anytime: bool = False) -> Estimate:
        if anytime:
            samples, alpha = at_last_look(samples, alpha)
        seconds = latencies(samples)
        needs = _more_for_mean(seconds, self.limit / 1000, limit_s, alpha)
        if not len(seconds):
            return Estimate(None, 0.0, 1000 * limit_s, 0, needs)
        low, high = intervals.mean(seconds, limit_s, self.limit / 1000, alpha)
        return Estimate(1000 * float(seconds.mean()), 1000 * low, 1000 * high, len(seconds), needs)


@dataclass(frozen=True, kw_only=True)
class PercentileLatency(Criterion):
    """The time in milliseconds within which the share `q` of the responses came."""

    q: float
    unit: str = "ms"

    def measure(self, samples: Samples, *, limit_s: float, alpha: float, anytime: bool = False) -> Estimate:
        if anytime:
            samples, alpha = at_last_look(samples, alpha)
        seconds = np.sort(latencies(samples))
        slow = int((1000 * seconds > self.limit).sum())
        needs = requests_to_settle(slow, len(seconds), 1 - self.q, alpha, hoped=0.0)
        if not len(seconds):
            return Estimate(None, 0.0, 1000 * limit_s, 0, needs)
        low, high = intervals.percentile(seconds, self.q, alpha)
        value = float(seconds[math.ceil(self.q * len(seconds)) - 1])
        most = max(limit_s, low)  # a request that left late has its limit from then
        return Estimate(1000 * value, max(0.0, 1000 * low), min(1000 * most, 1000 * high), len(seconds), needs)


def counted(samples: Samples) -> Samples:
    """Those that say something about the product: not what its own limit turned away, nor what was never sent."""
    return samples.where(~samples.ended_in(RATE_LIMITED, WITHHELD))


def latencies(samples: Samples) -> Numbers:
    """Seconds of the responses that were wanted, and of those waited for in vain. A quick refusal must not flatter the mean."""
    return samples.latency_s[samples.ended_in("", TIMEOUT, WRONG_BODY)]


def answered(samples: Samples) -> Mask:
    """Without connection error, timeout or 5xx."""
    return (samples.status > 0) & (samples.status < 500) & samples.ended_in("", UNEXPECTED_STATUS, WRONG_BODY)


def failed(samples: Samples) -> Mask:
    return ~samples.ended_in("")


def failures(samples: Samples) -> Samples:
    """Those that were sent and did not get the expected response."""
    return samples.where(~samples.ended_in("", WITHHELD))


MEASURES = {"answered": answered, "failed": failed}


def at_last_look(samples: Samples, alpha: float) -> tuple[Samples, float]:
    """What may be looked at of a run that could end at any moment, and with which share of alpha.

    Looks are taken after 300, 600, 1,200 … requests, in the order of the plan, with a half, a quarter, an eighth … of alpha:
    together they are wrong no more often than one, whenever the run ends.
    """
    if len(samples) < FIRST_LOOK:
        return samples.where(slice(0)), alpha / 2
    look = int(math.log2(len(samples) / FIRST_LOOK))
    return samples.where(slice(FIRST_LOOK * 2**look)), alpha / 2 ** (look + 1)


def requests_to_settle(hits: int, total: int, limit: float, alpha: float, *, hoped: float) -> int | None:
    """How many more requests decide on which side of `limit` a share lies, if it stays as it is (`hoped` without data).

    0 when it is decided; None when no number would do.
    """
    rate = hits / total if total else hoped

    def decided(count: int) -> bool:
        low, high = intervals.share(round(rate * count), count, alpha) if count != total else intervals.share(hits, total, alpha)
        return low >= limit or high <= limit

    if total and decided(total):
        return 0
    return max(bisect_left(range(FARTHEST), True, lo=total, key=decided) - total, 1) if decided(FARTHEST) else None


def _more_for_mean(seconds: Numbers, limit: float, most: float, alpha: float) -> int | None:
    """The same for a mean, from the width of its bound: about deviation * sqrt(2 L / n) + most * L / n with L = ln(1 / alpha)."""
    gap = abs(limit - (float(seconds.mean()) if len(seconds) else 0.0))
    if gap == 0:
        return None
    odds = math.log(1 / alpha)
    wide = (float(seconds.std()) if len(seconds) else 0.0) * math.sqrt(2 * odds)
    far = most * odds / intervals.MOST_BET
    enough = ((wide + math.sqrt(wide**2 + 4 * gap * far)) / (2 * gap)) ** 2
    return max(math.ceil(enough) - len(seconds), 1) if enough < FARTHEST else None
