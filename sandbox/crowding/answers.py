"""How answers leave at busy times: late, mixed up, or over a connection that ends with them."""

from http import HTTPStatus
from typing import NamedTuple

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from sandbox.crowding.traffic import Clock, Moment, is_off
from sandbox.faults import declare

SLOW_FIRST_BYTE = declare(
    "slow-first-byte",
    "The proxy keeps each answer back until the authorisation service has a place free, and at busy times it has none.",
    part="edge",
    kind="performance",
    severity=2,
    finding="the first byte comes most of a second late under load, and the log of the backend shows milliseconds",
)
MIXES_ANSWERS_UP = declare(
    "mixes-answers-up",
    "Requests share the buffer that their answers are written to, and at busy times one in ten gets what another asked for.",
    part="edge",
    kind="correctness",
    severity=1,
    finding="an answer with 200 carries the data of somebody else's request",
)
CLOSES_CONNECTIONS = declare(
    "closes-connections",
    "Keep-alive was switched off in the proxy to save memory at busy times: each request pays for a connection and a handshake.",
    part="edge",
    kind="performance",
    severity=3,
    finding="the connection is closed after each answer under load",
)

LATE_S = 0.8
EVERY = 10


class Answers:
    """What happens to an answer on its way out."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.buffer = Buffer()

    def leaving(self, scope: Scope, send: Send, moment: Moment) -> Send:
        if is_off(MIXES_ANSWERS_UP):
            self.buffer = Buffer()
        if moment.busy and CLOSES_CONNECTIONS.on:
            send = closing(send)
        if moment.busy and SLOW_FIRST_BYTE.on:
            send = late(send, self.clock)
        if moment.busy and scope["method"] == "GET" and scope["path"].startswith("/api/") and MIXES_ANSWERS_UP.on:
            send = self.buffer.shared(f"{scope['path']}?{scope['query_string'].decode('latin-1')}", send)
        return send


def closing(send: Send) -> Send:
    """The server reads the header, too, and closes."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Connection"] = "close"
        await send(message)

    return sending


def late(send: Send, clock: Clock) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            await clock.sleep(LATE_S)
        await send(message)

    return sending


class Content(NamedTuple):
    """The JSON that a target was answered with, as it is sent: in this encoding."""

    target: str
    encoding: str | None
    body: bytes


class Buffer:
    """Holds the last JSON that was sent."""

    def __init__(self) -> None:
        self.content: Content | None = None
        self.answers_since = 0

    def shared(self, target: str, send: Send) -> Send:
        """Answers are sent when they are whole: what they contain and how long they are may still change."""
        held: list[Message] = []

        async def sending(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                for each in self._written(target, held):
                    await send(each)

        return sending

    def _written(self, target: str, held: list[Message]) -> list[Message]:
        start, *parts = held
        headers = MutableHeaders(scope=start)
        if start["status"] != HTTPStatus.OK or not headers.get("content-type", "").startswith("application/json"):
            return held
        own = Content(target, headers.get("content-encoding"), b"".join(part.get("body", b"") for part in parts))
        body = self._exchanged(own)
        headers["content-length"] = str(len(body))
        return [start, {"type": "http.response.body", "body": body}]

    def _exchanged(self, own: Content) -> bytes:
        """Every tenth answer, as soon as there is one that a client which can read its own can read as well."""
        before, self.content = self.content, own
        self.answers_since += 1
        if before is None or before.target == own.target or before.encoding != own.encoding or self.answers_since < EVERY:
            return own.body
        self.answers_since -= EVERY
        return before.body
