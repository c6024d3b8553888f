"""A run is called slower than another when it is, and the interval holds although requests that queue are slow together."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import lfilter  # type: ignore[import-untyped]

from judge import comparison
from judge.comparison import LatencySeries, RunsIncomparable, compare

Numbers = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator], LatencySeries]
ENDPOINT = "GET /api/calls/"
PAIRS = 800
MINUTE_S = 60.0


def autocorrelated(count: int, correlation: float, spread: float) -> Draw:
    """Lognormal latencies, each of which resembles the one before it."""

    def draw(chance: np.random.Generator) -> LatencySeries:
        shocks = chance.standard_normal(count) * math.sqrt(1 - correlation**2)
        shocks[0] /= math.sqrt(1 - correlation**2)  # so that it begins in its long-run state
        latencies = 0.1 * np.exp(spread * lfilter([1], [1, -correlation], shocks))
        return LatencySeries(np.sort(chance.uniform(0, MINUTE_S, count)), latencies)

    return draw


def queue(count: int, load: float) -> Draw:
    """One server with lognormal service times, busy for a share `load` of the time: waiting and service (Lindley's recursion)."""

    def draw(chance: np.random.Generator) -> LatencySeries:
        gaps = chance.exponential(MINUTE_S / count, count)
        services = chance.lognormal(-0.32, 0.8, count) * load * MINUTE_S / count
        backlog = np.concatenate([[0.0], np.cumsum(services[:-1] - gaps[1:])])
        return LatencySeries(np.cumsum(gaps), backlog - np.minimum.accumulate(backlog) + services)

    return draw


SHAPES = {
    "independent": autocorrelated(600, 0.0, 1.0),
    "few": autocorrelated(60, 0.0, 0.5),
    "autocorrelated": autocorrelated(3000, 0.9, 1.0),
    "autocorrelated over many requests": autocorrelated(10_000, 0.99, 1.0),
    "queue at half its capacity": queue(3000, 0.5),
    "queue at 80 % of its capacity": queue(3000, 0.8),
}


@pytest.mark.parametrize("draw", SHAPES.values(), ids=SHAPES)
def test_the_interval_holds(draw: Draw) -> None:
    """Two runs of the same product: of those that it says something about, the ratio 1 is inside in 93 % at least."""
    chance = np.random.default_rng(11)
    changes = [compare({ENDPOINT: draw(chance)}, {ENDPOINT: draw(chance)})[0] for _ in range(PAIRS)]
    claimed = [change for change in changes if change.ratio is not None]

    assert len(claimed) > 0.85 * PAIRS
    assert np.mean([change.low <= 1 <= change.high for change in claimed]) >= 0.93


def test_an_interval_for_independent_requests_would_not_hold() -> None:
    """What the windows are for: the textbook's interval takes slow stretches for a slower product."""
    chance, draw = np.random.default_rng(11), SHAPES["queue at 80 % of its capacity"]
    wrong = 0
    for _ in range(200):
        base, new = draw(chance).latencies_s, draw(chance).latencies_s
        error = math.sqrt(sum(run.var(ddof=1) / len(run) / run.mean() ** 2 for run in (base, new)))
        wrong += abs(math.log(new.mean() / base.mean())) > 1.96 * error

    assert wrong / 200 > 0.4


@pytest.mark.parametrize(
    "draw", [autocorrelated(600, 0.99, 0.5), queue(600, 0.95)], ids=["autocorrelated", "queue near its capacity"]
)
def test_a_run_that_is_short_against_its_swings_is_mostly_not_compared(draw: Draw) -> None:
    chance = np.random.default_rng(11)
    changes = [compare({ENDPOINT: draw(chance)}, {ENDPOINT: draw(chance)})[0] for _ in range(200)]
    unverified = [change for change in changes if change.ratio is None]

    assert len(unverified) > 0.75 * len(changes)
    assert all("swings last too long" in change.sentence and "times as long" in change.sentence for change in unverified)


def steady(count: int = 2000, factor: float = 1.0, seed: int = 1) -> LatencySeries:
    times, latencies = autocorrelated(count, 0.3, 0.3)(np.random.default_rng(seed))
    return LatencySeries(times, factor * latencies)


@pytest.mark.parametrize(
    ("factor", "word"), [(1.12, "slower by"), (0.8, "faster by"), (3.0, "slower by"), (1.0, "no change")], ids=str
)
def test_a_change_is_told_with_its_interval(factor: float, word: str) -> None:
    [change] = compare({ENDPOINT: steady()}, {ENDPOINT: steady(factor=factor, seed=2)})

    assert change.sentence.startswith(f"{ENDPOINT} ")
    assert word in change.sentence
    assert change.ratio == pytest.approx((change.new_mean_ms or 0) / (change.base_mean_ms or 0))
    assert change.low < factor < change.high


SENTENCES = {
    (1.12, 1.04, 1.21): "is slower by 12 % (4 to 21 %)",
    (0.9, 0.84, 0.97): "is faster by 10 % (3 to 16 %)",
    (1.01, 0.97, 1.05): "shows no change (-3 to +5 %)",
    (1.006, 1.002, 1.011): "is slower by 0.6 % (0.2 to 1 %)",
}


@pytest.mark.parametrize(("interval", "sentence"), SENTENCES.items(), ids=SENTENCES.values())
def test_sentence(interval: tuple[float, float, float], sentence: str) -> None:
    assert comparison._described(*interval) == sentence


def test_a_slower_endpoint_does_not_hide_among_others() -> None:
    base = {f"GET /{number}": steady(seed=number) for number in range(20)}
    new = {name: steady(seed=100 + number, factor=1.5 if number == 7 else 1.0) for number, name in enumerate(base)}

    slower = [change.endpoint for change in compare(base, new) if change.low > 1]

    assert slower == ["GET /7"]


def test_more_endpoints_make_wider_intervals() -> None:
    """They share one chance of a false alarm."""
    alone = compare({"a": steady()}, {"a": steady(seed=2)})[0]
    among = compare({"a": steady(), "b": steady(seed=3)}, {"a": steady(seed=2), "b": steady(seed=4)})[0]

    assert among.low < alone.low
    assert among.high > alone.high


def test_few_requests_say_how_many_it_takes() -> None:
    [change] = compare({ENDPOINT: steady()}, {ENDPOINT: steady(9)})

    assert (change.ratio, change.low, change.high) == (None, 0.0, math.inf)
    assert "unverified: 9 in" in change.sentence
    assert "of the new run" in change.sentence
    assert "about 40 requests" in change.sentence


def test_an_endpoint_of_part_of_the_run_is_not_compared() -> None:
    """Windows are those of the run: a thousand requests of one minute say nothing of the other nine."""
    early = LatencySeries(steady().times_s / 10, steady().latencies_s)

    changes = compare({"early": steady(), "whole": steady()}, {"early": early, "whole": steady(seed=2)})

    assert [change.ratio is None for change in changes] == [True, False]


def test_an_endpoint_of_one_run_is_named() -> None:
    nothing = LatencySeries(np.array([]), np.array([]))

    changes = compare(
        {"both": steady(), "gone": steady(), "mute": nothing}, {"both": steady(), "added": steady(), "mute": nothing}
    )

    assert {change.endpoint: change.sentence for change in changes if change.endpoint != "both"} == {
        "added": "added is unverified: only in the new run",
        "gone": "gone is unverified: only in the base run",
        "mute": "mute is unverified: in neither run with a request",
    }


def test_constant_latencies_have_no_spread() -> None:
    same = LatencySeries(np.linspace(0, 60, 600), np.full(600, 0.125))

    [change] = compare({ENDPOINT: same}, {ENDPOINT: same})

    assert (change.low, change.ratio, change.high) == (1.0, 1.0, 1.0)


BAD = {
    "no endpoint": ({}, "the new run has no requests"),
    "no request": ({ENDPOINT: LatencySeries(np.array([]), np.array([]))}, "the new run has no requests"),
    "zero": ({ENDPOINT: LatencySeries(np.array([1.0, 2.0]), np.array([0.1, 0.0]))}, "new run has a latency of 0.0 s at 2.0 s"),
    "negative": ({ENDPOINT: LatencySeries(np.array([1.0]), np.array([-0.1]))}, "a latency of -0.1 s"),
    "NaN": ({ENDPOINT: LatencySeries(np.array([1.0]), np.array([math.nan]))}, "a latency of nan s"),
    "time unknown": ({ENDPOINT: LatencySeries(np.array([math.nan]), np.array([0.1]))}, "at nan s"),
    "lengths differ": ({ENDPOINT: LatencySeries(np.array([1.0, 2.0]), np.array([0.1]))}, "2 times and 1 latencies"),
}


@pytest.mark.parametrize(("run", "message"), BAD.values(), ids=BAD)
def test_what_is_no_run_is_refused(run: dict[str, LatencySeries], message: str) -> None:
    with pytest.raises(RunsIncomparable, match=message):
        compare({ENDPOINT: steady()}, run)
