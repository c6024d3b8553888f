"""How the rate of a run changes over its time: data, and when the n-th request of it is due."""

import math
from collections.abc import Iterator
from typing import NamedTuple


class Piece(NamedTuple):
    """A `share` of the run's duration, over which the rate changes linearly from `begin` to `end`, as parts of the full rate."""

    share: float
    begin: float
    end: float


class Shape(NamedTuple):
    """`why` is what it is good for; `duration_s` its length by default, None: enough for the strictest criterion."""

    pieces: tuple[Piece, ...]
    why: str
    duration_s: float | None = None


SHAPES = {
    "constant": Shape((Piece(1, 1, 1),), "the same rate all the time"),
    "ramp": Shape((Piece(0.5, 0.1, 1), Piece(0.5, 1, 1)), "from a tenth to the full rate: where does it bend?"),
    "spike": Shape(
        (Piece(0.4, 0.2, 0.2), Piece(0.2, 1, 1), Piece(0.4, 0.2, 0.2)), "a fifth of the rate, and five times as much in between"
    ),
    "soak": Shape((Piece(0.05, 0.1, 1), Piece(0.95, 1, 1)), "long at the full rate: what leaks, and what fills up?", 600.0),
    "step": Shape(tuple(Piece(0.25, part, part) for part in (0.25, 0.5, 0.75, 1.0)), "four equal steps"),
    "rollout": Shape(
        tuple(Piece(0.25, part, part) for part in (0.1, 0.25, 0.5, 1.0)),
        "the gradual rollout of the plan: 10, 25, 50 and 100 % of the users (W4)",
    ),
}


def known(name: str) -> Shape:
    """The shape of that name; ValueError with the known ones."""
    if name not in SHAPES:
        raise ValueError(f"no shape is called {name!r}; known: {', '.join(SHAPES)}")
    return SHAPES[name]


def requests(shape: Shape, rate: float, duration_s: float) -> float:
    """How many fit in."""
    return sum(_mass(piece, rate, duration_s) for piece in shape.pieces)


def times(shape: Shape, rate: float, duration_s: float, counts: Iterator[float]) -> Iterator[float]:
    """The second at which each of these ascending counts of requests is reached, until the run is full."""
    began_s, before = 0.0, 0.0
    count = next(counts)
    for piece in shape.pieces:
        full = before + _mass(piece, rate, duration_s)
        while count < full:
            yield began_s + _within(piece, rate, duration_s, count - before)
            count = next(counts)
        before, began_s = full, began_s + piece.share * duration_s


def _mass(piece: Piece, rate: float, duration_s: float) -> float:
    """Requests of a piece: the area under its line."""
    return piece.share * duration_s * rate * (piece.begin + piece.end) / 2


def _within(piece: Piece, rate: float, duration_s: float, count: float) -> float:
    """Seconds into the piece: where begin * t + slope * t^2 / 2 is the count."""
    begin, rises = piece.begin * rate, (piece.end - piece.begin) * rate / (piece.share * duration_s)
    return count / begin if rises == 0 else (math.sqrt(begin * begin + 2 * rises * count) - begin) / rises
