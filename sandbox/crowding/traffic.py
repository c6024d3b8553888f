"""The rate of requests and whether they overlap: when a fault of busy times applies."""

import asyncio
import time
from collections import deque
from typing import NamedTuple

from sandbox import faults
from sandbox.faults import Fault

BUSY_RPS = 20


class Clock:
    """Seconds. Tests replace it with one that does not wait."""

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
    """When a request arrives, in seconds of the clock, and the traffic at that time. `last_second` counts the request itself."""

    now: float
    last_second: int
    busy: bool


class Traffic:
    """The requests of the last seconds.

    Busy means more than BUSY_RPS with at least two at once: a single quick client reaches that rate one request after the other.
    The files of a page do not count, since a browser loads them all at once.
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
    """When to reset what a fault has accumulated. Unlike `fault.on` the read is not recorded: it changes no response."""
    return fault.name not in faults.active()
