"""The rate over a run: as much as was asked for, where it was asked for."""

import itertools

import pytest

from load import shapes
from load.shapes import SHAPES


def counted(name: str, rate: float = 100.0, duration_s: float = 60.0) -> list[float]:
    return list(shapes.times(SHAPES[name], rate, duration_s, map(float, itertools.count())))


@pytest.mark.parametrize("name", SHAPES)
def test_requests_are_as_many_as_the_area(name: str) -> None:
    assert len(counted(name)) == pytest.approx(shapes.requests(SHAPES[name], 100, 60), abs=1.5)


@pytest.mark.parametrize("name", SHAPES)
def test_pieces_fill_the_run_and_never_exceed_the_rate(name: str) -> None:
    pieces = SHAPES[name].pieces

    assert sum(piece.share for piece in pieces) == pytest.approx(1)
    assert max(max(piece.begin, piece.end) for piece in pieces) == 1
    assert min(min(piece.begin, piece.end) for piece in pieces) > 0


@pytest.mark.parametrize("name", SHAPES)
def test_starts_ascend_within_the_run(name: str) -> None:
    starts = counted(name)

    assert starts == sorted(starts)
    assert starts[0] >= 0
    assert starts[-1] < 60


def test_rollout_is_that_of_the_plan() -> None:
    """A quarter of the time each at 10, 25, 50 and 100 %."""
    starts = counted("rollout")
    quarters = [sum(15 * number <= start < 15 * (number + 1) for start in starts) for number in range(4)]

    assert quarters == pytest.approx([150, 375, 750, 1500], abs=2)


def test_ramp_rises_evenly() -> None:
    """In the middle of the rise half of what lies between its ends is added."""
    starts = counted("ramp")
    second = [start for start in starts if 15 <= start < 16]

    assert len(second) == pytest.approx(100 * (0.1 + 0.9 * 15.5 / 30), abs=2)


def test_unknown_shape_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no shape is called 'wave'; known: constant, ramp"):
        shapes.known("wave")
