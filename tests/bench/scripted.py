"""A target whose every answer is scripted, so that the truth about its latency is known before anybody measures it.

As a program it serves one pattern on loopback: `python -m tests.bench.scripted NAME`, which prints its port.
"""

import asyncio
import json
import math
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, cast

from tests.load.product import READS

BASE_S = 0.1
TOKEN = json.dumps({"access_token": "a.b.c", "expires_in": 6000}).encode()
SLOW_PATH, OTHER_PATH = "/api/calls/", "/api/contacts/"


class Stall(NamedTuple):
    """What arrives from `begin` on is answered at `end`, everywhere or only on one path. Seconds since the first request."""

    begin: float
    end: float
    path: str = ""


def usual(_: float, __: int) -> float:
    return BASE_S


@dataclass(frozen=True)
class Pattern:
    """`takes` gives the seconds of the n-th request, arriving at a time; `resets` are spans in which connections are cut."""

    stalls: tuple[Stall, ...] = ()
    takes: Callable[[float, int], float] = usual
    resets: tuple[tuple[float, float], ...] = ()

    def latency_s(self, now: float, number: int, path: str) -> float:
        """Of a request that comes now; infinite when its connection is cut."""
        if any(begin <= now < end for begin, end in self.resets):
            return math.inf
        free = max((end for begin, end, only in self.stalls if begin <= now < end and only in ("", path)), default=now)
        return free - now + self.takes(now, number)


def periodic(every_s: float, length_s: float, path: str = "") -> tuple[Stall, ...]:
    return tuple(Stall(1 + every_s * turn, 1 + every_s * turn + length_s, path) for turn in range(int(20 / every_s)))


def by_chance(share: float, seconds: float) -> Callable[[float, int], float]:
    return lambda _, number: seconds if random.Random(number).random() < share else BASE_S  # noqa: S311 - a script


INSTANT = Pattern(takes=lambda *_: 0.0)
PATTERNS = {
    "steady": Pattern(),
    "one of 5 s": Pattern((Stall(2, 7),)),
    "one of 2 s": Pattern((Stall(3, 5),)),
    "at the very beginning": Pattern((Stall(0, 1),)),
    "at the end": Pattern((Stall(6.5, 8),)),
    "50 ms, ten a second": Pattern(periodic(0.1, 0.05)),
    "200 ms each second": Pattern(periodic(1, 0.2)),
    "half of each second": Pattern(periodic(1, 0.5)),
    "one endpoint for 3 s": Pattern((Stall(2, 5, SLOW_PATH),)),
    "one endpoint each second": Pattern(periodic(1, 0.6, SLOW_PATH)),
    "two endpoints in turn": Pattern((Stall(2, 4, SLOW_PATH), Stall(4, 6, OTHER_PATH))),
    "ramp up": Pattern(takes=lambda now, _: BASE_S + 0.05 * now),
    "ramp up and down": Pattern(takes=lambda now, _: BASE_S + 0.1 * max(0.0, 4 - abs(now - 4))),
    "pauses that grow": Pattern(tuple(Stall(turn, turn + 0.1 * turn) for turn in range(1, 8))),
    "connections cut for half a second": Pattern(resets=((3, 3.5),)),
    "cut, then stalled": Pattern((Stall(3.3, 4.5),), resets=((3, 3.3),)),
    "one in twelve takes 0.7 s": Pattern(takes=lambda _, number: 0.7 if number % 12 == 0 else BASE_S),
    "one in fifty takes 1.5 s": Pattern(takes=by_chance(0.02, 1.5)),
    "heavy tail": Pattern(takes=lambda _, number: min(0.01 * random.Random(number).paretovariate(1.2), 3.0)),  # noqa: S311
    "sawtooth": Pattern(takes=lambda now, _: BASE_S + 0.4 * (now % 2)),
    "step up": Pattern(takes=lambda now, _: BASE_S if now < 4 else 0.6),
    "step down": Pattern(takes=lambda now, _: 0.6 if now < 4 else BASE_S),
    "every other second": Pattern(takes=lambda now, _: 0.5 if int(now) % 2 else BASE_S),
    "stall, then slow for a while": Pattern((Stall(2, 3.5),), lambda now, _: 0.4 if 3.5 <= now < 5.5 else BASE_S),
}


class Connection(asyncio.Protocol):
    """HTTP/1.1 as far as a load generator speaks it: one request after the other, bodies in one piece."""

    def __init__(self, pattern: Pattern, clock: "Clock") -> None:
        self.pattern, self.clock = pattern, clock
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own does not inherit from it

    def data_received(self, data: bytes) -> None:
        method, target = data.split(b" ", 2)[:2]
        if method != b"GET":
            self.answer(TOKEN)
            return
        path = target.partition(b"?")[0].decode()
        latency_s = self.pattern.latency_s(self.clock.now(), self.clock.count(), path)
        if math.isinf(latency_s):
            assert self.transport
            self.transport.abort()
            return
        if latency_s == 0:
            self.answer(BODIES.get(path, b"{}"))
            return
        asyncio.get_running_loop().call_later(latency_s, self.answer, BODIES.get(path, b"{}"))

    def answer(self, body: bytes) -> None:
        if self.transport and not self.transport.is_closing():
            head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            self.transport.write(head.encode() + body)


BODIES = {path: json.dumps(content).encode() for path, content in READS.items()}


class Clock:
    """Seconds since the first request that counts."""

    def __init__(self) -> None:
        self._zero: float | None = None
        self._count = 0

    def now(self) -> float:
        now = asyncio.get_running_loop().time()
        self._zero = now if self._zero is None else self._zero
        return now - self._zero

    def count(self) -> int:
        self._count += 1
        return self._count - 1


async def serve(pattern: Pattern) -> None:
    clock = Clock()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(pattern, clock), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - whoever started it reads this
    await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(({"instant": INSTANT} | PATTERNS)[sys.argv[1]]))
