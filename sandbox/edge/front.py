"""What stands before the proxy: the hoster's access gate, a CDN's bot rules and cache, and a lookup on each request."""

import asyncio
import time
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.edge import faults

WAITS_S = 2.0
KEPT_S = 60.0
CHALLENGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Enable JavaScript to continue</body></html>"
CACHED_PREFIXES = ("/api/", "/cache/")


@dataclass
class Kept:
    """A response, and the moment until which the CDN serves it again."""

    messages: list[Message]
    until_s: float


class Front:
    """Outermost. Without a fault it hands everything on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.kept: dict[str, Kept] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif not Headers(scope=scope).get("authorization", "").startswith("Basic ") and faults.BASIC_AUTH.on:
            gate = {"www-authenticate": 'Basic realm="Restricted"'}
            await PlainTextResponse("Unauthorized", 401, gate)(scope, receive, send)
        elif faults.CHALLENGE.on:
            await HTMLResponse(CHALLENGE, 403, {"cf-mitigated": "challenge"})(scope, receive, send)
        else:
            if faults.EVERYTHING_WAITS.on:
                await asyncio.sleep(WAITS_S)
            await self.cached(scope, receive, send)

    async def cached(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Under the fault the first successful response to an address is that of all who ask for it, whoever they are."""
        if scope["method"] != "GET" or not scope["path"].startswith(CACHED_PREFIXES) or not faults.API_CACHED.on:
            self.kept.clear()
            await self.app(scope, receive, send)
            return
        address = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
        kept = self.kept.get(address)
        if kept and kept.until_s > time.monotonic():
            for message in kept.messages:
                await send(message)
            return
        messages: list[Message] = []

        async def keeping(message: Message) -> None:
            messages.append(message)
            await send(message)

        await self.app(scope, receive, keeping)
        if messages and messages[0].get("status") == 200:
            self.kept[address] = Kept(messages, time.monotonic() + KEPT_S)
