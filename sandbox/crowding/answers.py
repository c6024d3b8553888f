"""How answers leave at busy times: late, mixed up, or over a connection that ends with them."""

from http import HTTPStatus
from typing import NamedTuple

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from sandbox.crowding import faults
from sandbox.crowding.traffic import Clock, Moment, is_off

LATE_S = 0.8
EVERY = 10


class Answers:
    """What happens to an answer on its way out."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.buffer = Buffer()

    def leaving(self, scope: Scope, send: Send, moment: Moment) -> Send:
        if is_off(faults.MIXES_ANSWERS_UP):
            self.buffer = Buffer()
        if moment.busy and faults.CLOSES_CONNECTIONS.on:
            send = closing(send)
        if moment.busy and faults.SLOW_FIRST_BYTE.on:
            send = late(send, self.clock)
        if moment.busy and scope["method"] == "GET" and scope["path"].startswith("/api/") and faults.MIXES_ANSWERS_UP.on:
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
