"""Bounds that are claimed with 95 % confidence hold at least that often, also for the shapes that response times have."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from judge import intervals

Numbers = npt.NDArray[np.float64]
LIMIT_S = 10.0
RUNS = 300


class Shape(NamedTuple):
    """A distribution of response times in seconds, and its mean."""

    draw: Callable[[np.random.Generator, tuple[int, int]], Numbers]
    mean: float


SHAPES = {
    "exponential": Shape(lambda chance, size: chance.exponential(0.2, size), 0.2),
    "lognormal": Shape(lambda chance, size: np.minimum(chance.lognormal(math.log(0.1), 1.0, size), LIMIT_S), 0.1 * math.exp(0.5)),
    "one in ten slow": Shape(lambda chance, size: np.where(chance.random(size) < 0.1, 2.0, 0.02), 0.218),
    "one in a hundred very slow": Shape(lambda chance, size: np.where(chance.random(size) < 0.01, 5.0, 0.02), 0.0698),
}


@pytest.mark.parametrize("count", [60, 300, 3000])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_bounds_of_a_mean_hold(shape: Shape, count: int) -> None:
    rows = shape.draw(np.random.default_rng(7), (RUNS, count))

    low, high = intervals.mean_of_many(rows, LIMIT_S, guess=0.5)

    assert np.mean(low <= shape.mean) >= 0.93
    assert np.mean(high >= shape.mean) >= 0.93


def test_a_normal_bound_would_not_hold() -> None:
    """What the betting bound is for: the textbook's bound misses a rare slow answer in most short runs."""
    shape = SHAPES["one in a hundred very slow"]
    rows = shape.draw(np.random.default_rng(7), (RUNS, 60))

    textbook = rows.mean(axis=1) + 1.645 * rows.std(axis=1, ddof=1) / math.sqrt(60)

    assert np.mean(textbook >= shape.mean) < 0.6


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_bounds_of_a_mean_are_narrow_enough_to_decide(shape: Shape) -> None:
    """With the requests of a default run: no wider than the textbook's three times over, and what unseen slow ones may add."""
    count = 3000
    rows = shape.draw(np.random.default_rng(7), (50, count))
    textbook = 1.645 * rows.std(axis=1).mean() / math.sqrt(count)

    low, high = intervals.mean_of_many(rows, LIMIT_S, guess=0.5)

    assert np.median(high) - shape.mean < 3 * textbook + 4 * LIMIT_S / count
    assert shape.mean - np.median(low) < 3 * textbook


def stake(parts: list[float], refuted: float, expected: float) -> float:
    """What the bets against a mean leave of a stake of 1, one value after the other; the first expect to differ by 0.05."""
    left, total, squares = 1.0, expected, 0.05**2
    for before, part in enumerate(parts):
        bet = math.sqrt(2 * math.log(20) / (len(parts) * squares / (before + 1)))
        left *= 1 + min(bet, intervals.MOST_BET / refuted) * (part - refuted)
        total += part
        squares += (part - total / (before + 2)) ** 2
    return left


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_bound_of_a_mean_is_where_the_stake_has_grown_twentyfold(shape: Shape) -> None:
    values = shape.draw(np.random.default_rng(7), (1, 300))

    low, high = intervals.mean_of_many(values, LIMIT_S, guess=0.5)

    parts = [float(value) / LIMIT_S for value in values[0]]
    assert stake(parts, float(low[0]) / LIMIT_S, 0.05) == pytest.approx(20)
    missing = [1 - part for part in parts]
    assert stake(missing, 1 - float(high[0]) / LIMIT_S, 0.95) == pytest.approx(20)


def test_a_bound_of_a_mean_does_not_pass_the_mean_that_was_seen() -> None:
    """In an order as bad as this, with all the slow ones first, the bets would refute even that."""
    low, high = intervals.mean_of_many([[10.0] * 30 + [0.0] * 70], LIMIT_S, guess=0.1)

    assert low[0] == 3.0 <= high[0]


def test_few_fast_answers_do_not_prove_a_fast_product() -> None:
    assert intervals.mean([0.01] * 20, LIMIT_S, guess=0.5).high > 0.5


def test_share_is_exact() -> None:
    """The counts that feasibility and textbooks name: 2,995 clean requests prove 99.9 %, 299 prove 99 %."""
    assert intervals.share(0, 2995).high < 0.001 < intervals.share(0, 2994).high
    assert intervals.share(0, 299).high < 0.01 < intervals.share(0, 298).high
    assert intervals.share(10, 10).low == pytest.approx(0.05**0.1)


def test_percentile_needs_a_sample_beyond_it() -> None:
    """The largest of 59 values bounds the 95th percentile; that of 58 does not."""
    assert intervals.percentile(range(59), 0.95).high == 58
    assert intervals.percentile(range(58), 0.95).high == math.inf
    assert intervals.percentile([], 0.95) == (-math.inf, math.inf)


def test_bounds_of_a_percentile_hold() -> None:
    chance = np.random.default_rng(7)
    truth = -math.log(0.05)
    bounds = [intervals.percentile(list(chance.exponential(1.0, 400)), 0.95) for _ in range(RUNS)]

    assert np.mean([bound.low <= truth for bound in bounds]) >= 0.93
    assert np.mean([bound.high >= truth for bound in bounds]) >= 0.93
