"""The client's address, scheme and host from the headers of the proxy, trusted from the proxy only (contract R-15, 8.3)."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.process.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "::1"})


class TrustedProxy:
    """ASGI layer that puts the client's address, scheme and host into the scope: `request.client` and `request.url` are true.

    The host is always one of our own: with a foreign one every absolute URL that we build would point to a stranger.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.public = urlsplit(settings.app_url)
        self.own = urlsplit(settings.backend_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        await self.app(self._corrected(scope), receive, send)

    def _corrected(self, scope: Scope) -> Scope:
        headers = Headers(scope=scope)
        direct = headers.get("host") == self.own.netloc and "x-forwarded-host" not in headers
        origin = self.own if direct else self.public
        others = [pair for pair in scope["headers"] if pair[0] != b"host"]
        corrected = dict(scope, headers=[(b"host", origin.netloc.encode()), *others], state=dict(scope.get("state") or {}))
        if scope["type"] == "http":
            corrected["scheme"] = origin.scheme
        peer, port = scope.get("client") or ("127.0.0.1", 0)
        forwarded = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        corrected["client"] = (forwarded, port) if forwarded and peer in LOOPBACK else (peer, port)
        return corrected
