"""How responses are sent at busy times: late, mixed up, or over a connection that closes afterwards."""

from http import HTTPStatus
from typing import NamedTuple

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from sandbox.crowding import faults
from sandbox.crowding.traffic import Clock, Moment, is_off
from sandbox.edge.messages import on_start

LATE_S = 0.8
EVERY = 10


class Responses:
    """What happens to a response between the product and the client."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.buffer = Buffer()

    def altered(self, scope: Scope, send: Send, moment: Moment) -> Send:
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
    """The server reads the header too, and closes."""

    def close(message: Message) -> None:
        MutableHeaders(scope=message)["Connection"] = "close"

    return on_start(send, close)


def late(send: Send, clock: Clock) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            await clock.sleep(LATE_S)
        await send(message)

    return sending


class Content(NamedTuple):
    """The JSON body of a response to `target`, in the encoding in which it is sent."""

    target: str
    encoding: str | None
    body: bytes


class Buffer:
    """Holds the last JSON that was sent."""

    def __init__(self) -> None:
        self.content: Content | None = None
        self.responses_since = 0

    def shared(self, target: str, send: Send) -> Send:
        """A response is held until it is complete, since its body and length may still change."""
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
        """The previous body in every tenth response, once there is one in the same encoding for another target."""
        before, self.content = self.content, own
        self.responses_since += 1
        if before is None or before.target == own.target or before.encoding != own.encoding or self.responses_since < EVERY:
            return own.body
        self.responses_since -= EVERY
        return before.body
