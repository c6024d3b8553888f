"""Connections that an error leaves unusable: the next request on them is not answered."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.backend.failures import faults

Peer = tuple[str, int]  # address and port of the other end of a connection


class ConnectionLost(Exception):  # noqa: N818 - errors state the fact
    """Raised in the middle of a response: only the server can end the connection."""


class LostConnections:
    """ASGI layer around all others."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.spoiled: set[Peer] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer = scope.get("client") if scope["type"] == "http" else None
        if peer is None:
            await self.app(scope, receive, send)
            return
        if peer in self.spoiled:
            self.spoiled.discard(peer)
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            raise ConnectionLost

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 500 and faults.CONNECTION_LOST.on:
                self.spoiled.add(tuple(peer))
            await send(message)

        await self.app(scope, receive, watched)
