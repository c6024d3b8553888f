"""When requests leave: an open plan, made before the run, that does not wait for answers."""

import random
from collections import deque
from collections.abc import Iterator

PROCESSES = ("poisson", "constant")


def planned(process: str, rate: float, duration_s: float, most_rps: float, seed: int) -> list[float]:
    """Intended starts in seconds from the beginning, `rate` a second on average and never more than `most_rps` in any second."""
    if process not in PROCESSES:
        raise ValueError(f"no arrival process is called {process!r}; known: {', '.join(PROCESSES)}")
    starts = _poisson(rate, duration_s, seed) if process == "poisson" else _constant(rate, duration_s)
    return list(_below(most_rps, starts))


def _constant(rate: float, duration_s: float) -> Iterator[float]:
    return (number / rate for number in range(round(rate * duration_s)))


def _poisson(rate: float, duration_s: float, seed: int) -> Iterator[float]:
    """As people come who do not know of each other; what they meet is what there is on average (PASTA: Wolff, 1982)."""
    chance = random.Random(seed)  # noqa: S311 - a plan that can be repeated, no secret
    now = chance.expovariate(rate)
    while now < duration_s:
        yield now
        now += chance.expovariate(rate)


def _below(most_rps: float, starts: Iterator[float]) -> Iterator[float]:
    """The same, each pushed back until fewer than a second's worth left in the second before it."""
    worth, window_s = window(most_rps)
    recent: deque[float] = deque(maxlen=worth)
    for start in starts:
        allowed = max(start, recent[0] + window_s) if len(recent) == worth else start
        recent.append(allowed)
        yield allowed


def window(most_rps: float) -> tuple[int, float]:
    """How many requests may leave in how many seconds: whole requests, so rates below one have a longer window."""
    worth = max(int(most_rps), 1)
    return worth, worth / most_rps
