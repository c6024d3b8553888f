"""Confidence bounds for shares, means and percentiles. Each bound holds on its own with confidence 1 - alpha (one-sided).

They take the requests of a run as a random sample of all responses of the product in the same state. Requests that queue
behind each other tell less than that: a run should last long against the longest stall that one wants to know of.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import brentq  # type: ignore[import-untyped] # scipy has no types
from scipy.special import bdtr, betaincinv  # type: ignore[import-untyped] # scipy has no types

from record.samples import Numbers

ALPHA = 0.05
MOST_BET = 0.9  # of what may be bet without being ruined by one request; what is missing to 1 widens a bound by as much
SHUFFLE_SEED = 1
PRECISION = 2.0**-40  # of the limit of a request: far below a microsecond


class Bounds(NamedTuple):
    low: float
    high: float


def share(hits: int, total: int, alpha: float = ALPHA) -> Bounds:
    """Clopper and Pearson's exact bounds (Biometrika 26, 1934) of a probability, from `hits` in `total` trials."""
    low = float(betaincinv(hits, total - hits + 1, alpha)) if hits else 0.0
    high = float(betaincinv(hits + 1, total - hits, 1 - alpha)) if hits < total else 1.0
    return Bounds(low, high)


def percentile(values: Sequence[float] | Numbers, q: float, alpha: float = ALPHA) -> Bounds:
    """Order statistics that enclose the `q` quantile whatever the distribution; infinite where no sample can be large enough.

    The number of samples below the quantile is binomial (Conover, Practical Nonparametric Statistics, 3rd ed., 3.2).
    """
    ordered = np.sort(np.asarray(values, dtype=float))

    def at_most(count: int) -> float:
        """How probable it is that no more than `count` samples lie below the quantile."""
        return float(bdtr(count, len(ordered), q))

    below = bisect_right(range(len(ordered)), alpha, key=at_most) - 1
    above = bisect_left(range(len(ordered)), 1 - alpha, key=at_most)
    return Bounds(
        float(ordered[below]) if below >= 0 else -math.inf,
        float(ordered[above]) if above < len(ordered) else math.inf,
    )


def mean(values: Sequence[float] | Numbers, most: float, guess: float, alpha: float = ALPHA) -> Bounds:
    """Bounds of the mean of values between 0 and `most`, whatever their distribution and however few they are.

    By betting (Waudby-Smith and Ramdas, JRSS B 86, 2024, 1-27): a bet against a mean that is true multiplies its
    stake by 20 with a probability of 5 % at most. Rare slow requests that did not turn up yet are thereby paid for: n fast
    responses leave about 3 / n of `most`. `guess` is the mean that one expects: it makes bounds narrow, never wrong.

    The values are shuffled, alike each time: bets learn from what came before, and a product that hangs at the end of a run has
    the same mean as one that hangs at its beginning.
    """
    shuffled = np.random.default_rng(SHUFFLE_SEED).permutation(np.asarray(values, dtype=float))
    low, high = mean_of_many(shuffled[None, :], most, guess, alpha)
    return Bounds(float(low[0]), float(high[0]))


def mean_of_many(rows: Any, most: float, guess: float, alpha: float = ALPHA) -> tuple[Numbers, Numbers]:
    """The same for many rows of equally many values, in the order in which they stand."""
    parts = np.minimum(np.asarray(rows, dtype=float) / most, 1.0)
    bets = _bets(parts, min(guess / most, 0.5), alpha)
    low = np.array([_refuted(*row, alpha) for row in zip(parts, bets, strict=True)])
    np.subtract(1, parts, out=parts)  # the mean from above is what is missing to 1 from below, with the same bets
    high = 1 - np.array([_refuted(*row, alpha) for row in zip(parts, bets, strict=True)])
    return low * most, high * most


def _refuted(parts: Numbers, bets: Numbers, alpha: float) -> float:
    """The largest mean that the values refute from above. What a bet wins falls as that mean grows, so a root finder finds it."""

    def won(candidate: float) -> float:
        bet = np.minimum(bets, MOST_BET / max(candidate, 1e-12))
        return float(np.log1p(bet * (parts - candidate)).sum()) + math.log(alpha)

    observed = float(np.mean(parts))
    if won(0.0) < 0:
        return 0.0
    return observed if won(observed) >= 0 else float(brentq(won, 0.0, observed, xtol=PRECISION))


def _bets(parts: Numbers, expected: float, alpha: float) -> Numbers:
    """What to bet on each value, from those before it alone: more when they differ less (their equation 26 for a fixed n)."""
    count = parts.shape[1]
    so_far = np.arange(1, count + 1)
    means = (expected + np.cumsum(parts, axis=1)) / (so_far + 1)
    variances = (expected**2 + np.cumsum((parts - means) ** 2, axis=1)) / (so_far + 1)
    before = np.concatenate([np.full((len(parts), 1), expected**2), variances[:, :-1]], axis=1)
    bets: Numbers = np.sqrt(2 * math.log(1 / alpha) / (count * np.maximum(before, 1e-12)))
    return bets
