"""The plan of a run: its rate, its ceiling, and that it can be repeated."""

import bisect

import pytest

from load import arrivals, shapes


def planned(process: str, rate: float, duration_s: float, most_rps: float, seed: int) -> list[float]:
    return list(arrivals.times(process, shapes.SHAPES["constant"], rate, duration_s, most_rps=most_rps, seed=seed))


@pytest.mark.parametrize("process", arrivals.PROCESSES)
def test_rate_is_what_was_asked_for(process: str) -> None:
    starts = planned(process, rate=100, duration_s=60, most_rps=2000, seed=1)

    assert len(starts) == pytest.approx(6000, rel=0.05)
    assert starts == sorted(starts)
    assert starts[-1] < 60


@pytest.mark.parametrize("most_rps", [0.5, 10, 110])
@pytest.mark.parametrize("process", arrivals.PROCESSES)
def test_no_second_holds_more_than_the_ceiling(process: str, most_rps: float) -> None:
    starts = planned(process, rate=min(100, most_rps), duration_s=30, most_rps=most_rps, seed=3)
    worth, window_s = arrivals.window(most_rps)

    fullest = max(bisect.bisect_left(starts, start + window_s - 1e-9) - index for index, start in enumerate(starts))

    assert fullest <= worth


def test_same_seed_same_plan() -> None:
    plans = [planned("poisson", 50, 5, 100, seed) for seed in (1, 1, 2)]

    assert plans[0] == plans[1] != plans[2]


def test_unknown_process_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="poisson, constant"):
        planned("uniform", 50, 5, 100, 1)
