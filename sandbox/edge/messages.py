"""Responses on their way through the layers of the edge."""

from collections.abc import Callable

from starlette.types import Message, Send


def on_start(send: Send, change: Callable[[Message], None]) -> Send:
    """A `send` that lets `change` edit the first message of an HTTP response: its status and headers."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            change(message)
        await send(message)

    return sending
