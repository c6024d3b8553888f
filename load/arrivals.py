"""When requests leave, and to which visit each belongs: an open plan, made before the run, that does not wait for responses."""

import heapq
import itertools
import random
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fixtures.product.journeys import Journey, Step, Visit
from load import shapes
from load.shapes import Shape

PROCESSES = ("poisson", "constant")
FULL_PAUSES = 4.0  # a run so many times as long as its longest journey keeps the pauses of its journeys whole


class Due(NamedTuple):
    """One request of the plan: `start` is its intended start, in seconds from the beginning."""

    start: float
    visit: Visit
    step: Step


def times(process: str, shape: Shape, rate: float, duration_s: float, *, most_rps: float, seed: int) -> Iterator[float]:
    """Intended starts in seconds from the beginning: `shape` of `rate` a second, never more than `most_rps` in any second."""
    if process not in PROCESSES:
        raise ValueError(f"no arrival process is called {process!r}; known: {', '.join(PROCESSES)}")
    counts = _at_random(seed) if process == "poisson" else _evenly()
    return _below(most_rps, shapes.times(shape, rate, duration_s, counts))


def _evenly() -> Iterator[float]:
    return map(float, itertools.count())


def _at_random(seed: int) -> Iterator[float]:
    """As independent users come; what they meet is what there is on average (PASTA: Wolff, 1982)."""
    chance = random.Random(seed)  # noqa: S311 - a plan that can be repeated, no secret
    now = 0.0
    while True:
        now += chance.expovariate(1.0)
        yield now


def _below(most_rps: float, starts: Iterator[float]) -> Iterator[float]:
    """The same, each pushed back until the second before it has room."""
    count, window_s = window(most_rps)
    recent: deque[float] = deque(maxlen=count)
    for start in starts:
        allowed = max(start, recent[0] + window_s) if len(recent) == count else start
        recent.append(allowed)
        yield allowed


def window(most_rps: float) -> tuple[int, float]:
    """How many requests may leave in how many seconds: whole requests, so rates below one have a longer window."""
    count = max(int(most_rps), 1)
    return count, count / most_rps


def requests(starts: Iterator[float], journeys: Sequence[Journey], duration_s: float, seed: int, run_id: str) -> Iterator[Due]:
    """The step for each of them: the next one of a visit that is due, else the first of a new visit, so that the rate is that of
    `starts`.

    In a run too short for the pauses of its journeys these are shortened.
    """
    chance = random.Random(seed)  # noqa: S311 - a plan that can be repeated, no secret
    visits = _visits(journeys, run_id)
    pauses = min(1.0, duration_s / (FULL_PAUSES * max(length_s(journey) for journey in journeys) or 1.0))
    waiting: list[tuple[float, int, Visit, int]] = []  # when the next step is due, its visit, and its index
    for start in starts:
        if waiting and waiting[0][0] <= start:
            _, number, visit, index = heapq.heappop(waiting)
        else:
            visit, index = next(visits), 0
            number = visit.number
        yield Due(start, visit, visit.journey.steps[index])
        if index + 1 < len(visit.journey.steps):
            pause_s = visit.journey.steps[index + 1].pause_s * pauses
            heapq.heappush(waiting, (start + (chance.expovariate(1 / pause_s) if pause_s else 0.0), number, visit, index + 1))


def length_s(journey: Journey) -> float:
    """What its pauses take on average."""
    return sum(step.pause_s for step in journey.steps[1:])


def _visits(journeys: Sequence[Journey], run_id: str) -> Iterator[Visit]:
    """Journeys in their proportions at any time, the frequent ones spread between the rare (smooth weighted round robin)."""
    total = sum(journey.weight for journey in journeys)
    credit = dict.fromkeys(journeys, 0)
    for number in itertools.count(1):
        for journey in journeys:
            credit[journey] += journey.weight
        chosen = max(journeys, key=credit.__getitem__)
        credit[chosen] -= total
        yield Visit(chosen, number, run_id)
