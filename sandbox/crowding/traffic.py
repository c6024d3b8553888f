"""How many requests come, and whether they come at once: what the faults of busy times ask."""

import asyncio
import time
from collections import deque
from typing import NamedTuple

from sandbox import faults
from sandbox.faults import Fault

BUSY_RPS = 20


class Clock:
    """Seconds. A test brings one that does not wait."""

    def now(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Window:
    """How often something happened in the last `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.times: deque[float] = deque()

    def add(self, now: float) -> None:
        self.times.append(now)

    def count(self, now: float) -> int:
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        return len(self.times)


class Moment(NamedTuple):
    """When a request arrives, in seconds of the clock, and what it arrives in. `last_second` counts it."""

    now: float
    last_second: int
    busy: bool


class Traffic:
    """The requests of the last seconds.

    Busy takes more than BUSY_RPS, and two of them at once: a quick client that asks one thing after the other reaches that rate,
    and is no crowd. The files of a page do not count, since a browser gets them all at once.
    """

    def __init__(self) -> None:
        self.requests, self.overlapping = Window(1.0), Window(1.0)

    def arrival(self, now: float, path: str, *, crowded: bool) -> Moment:
        """`crowded`: another one is being served."""
        if not path.startswith("/static/"):
            self.requests.add(now)
            if crowded:
                self.overlapping.add(now)
        last_second = self.requests.count(now)
        return Moment(now, last_second, busy=last_second > BUSY_RPS and self.overlapping.count(now) > 0)


def is_off(fault: Fault) -> bool:
    """For forgetting what has accumulated. Unlike `fault.on` it is not remembered: it changes no answer."""
    return fault.name not in faults.active()
