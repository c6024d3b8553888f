"""A product that gets slower with use is distinguished from one that is only slow, or only noisy."""

import numpy as np
import pytest

from judge.growth import FLOOR_MS, growth
from record.sample import Sample
from record.samples import Samples

DURATION_S, RATE = 30.0, 100


def run(milliseconds: "list[float] | np.ndarray[tuple[int], np.dtype[np.float64]]") -> Samples:
    return Samples.of(
        Sample(number / RATE, number / RATE, number / RATE + value / 1000, "GET /", 200)
        for number, value in enumerate(milliseconds)
    )


def noise(mean_ms: float, seed: int = 1) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.random.default_rng(seed).lognormal(np.log(mean_ms), 0.4, int(DURATION_S * RATE))


@pytest.mark.parametrize("mean_ms", [5.0, 80.0, 400.0])
def test_steady_is_met_however_slow(mean_ms: float) -> None:
    assert growth(run(noise(mean_ms)), DURATION_S).state == "met"


def test_a_leak_is_violated_and_says_both_thirds() -> None:
    leak = noise(60.0) * np.linspace(1, 4, int(DURATION_S * RATE))
    found = growth(run(leak), DURATION_S)

    assert found.state == "violated"
    assert "in the first third of the run" in found.sentence
    assert found.last.low > 1.5 * found.first.high


def test_what_nobody_notices_is_no_growth() -> None:
    """From 4 to 20 ms is five times as much, and far below what p95 may be."""
    assert growth(run(noise(4.0) * np.linspace(1, 5, int(DURATION_S * RATE))), DURATION_S).state == "met"
    assert FLOOR_MS == 50


def test_getting_faster_is_no_growth() -> None:
    assert growth(run(noise(200.0) * np.linspace(3, 1, int(DURATION_S * RATE))), DURATION_S).state == "met"


def test_few_requests_tell_nothing() -> None:
    found = growth(run([100.0] * 30), 0.3)

    assert found.state == "unverified"
    assert "as far as so few requests tell" in found.sentence


def test_growth_that_may_be_chance_is_not_told() -> None:
    """Seven slow answers of the last hundred: p95 may be four times as much, or the same."""
    found = growth(run([100.0] * 200 + ([100.0] * 13 + [400.0]) * 7 + [100.0] * 2), 3.0)

    assert found.state == "unverified"
    assert found.last == pytest.approx((100, 400))


def test_false_alarms_are_rare() -> None:
    """Of a steady product: both bounds together are wrong in one run of twenty at most, and far less often by half as much."""
    states = [growth(run(noise(100.0, seed)), DURATION_S).state for seed in range(100)]

    assert states.count("violated") == 0
    assert states.count("met") > 90
