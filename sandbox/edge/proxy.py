"""The edge: what a reverse proxy does for the MVP, as an ASGI app that calls backend and frontend in process."""

import base64
import hmac
import logging
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.edge import faults
from sandbox.edge.front import Front
from sandbox.edge.headers import RESPONSE_STARTS, ResponseHeaders
from sandbox.edge.messages import on_start
from sandbox.edge.origins import Cors
from sandbox.process.settings import Settings

BACKEND_PREFIXES = ("/api/", "/cache/", "/ws/")
BACKEND_PATHS = frozenset({"/health", "/metrics", "/openapi.json", "/docs", "/redoc"})
MAX_BODY_BYTES = 10 * 1024 * 1024
GZIP_FROM_BYTES = 1024
PROXY_PAGE = b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"

logger = logging.getLogger(__name__)


def create(settings: Settings, backend: ASGIApp, frontend: ASGIApp) -> ASGIApp:
    app: ASGIApp = Router(ProtectedMetrics(Cors(backend, settings.cors_origins), settings), frontend)
    app = GZipMiddleware(app, minimum_size=GZIP_FROM_BYTES)
    app = BodyLimit(app)
    app = KnownHost(app, settings.app_url)
    app = ErrorEnvelope(app)
    return Front(ResponseHeaders(app, settings))


def redirector(settings: Settings) -> ASGIApp:
    """The plain-http port: everything is moved to https, same path and query."""

    async def redirect(scope: Scope, receive: Receive, send: Send) -> None:
        if faults.PLAIN_WELCOME_PAGE.on:
            await HTMLResponse("<h1>Welcome to nginx!</h1>")(scope, receive, send)
            return
        origin = settings.app_url.rstrip("/")
        claimed = Headers(scope=scope).get("host", "")
        if claimed.partition(":")[0] != urlsplit(origin).hostname and faults.REDIRECT_REFLECTS_HOST.on:
            origin = f"https://{claimed}"
        target = origin + scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        if faults.REDIRECT_FORGETS_PATH.on:
            target = f"{origin}/"
        elif scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        await RedirectResponse(target, status_code=302 if faults.REDIRECT_TEMPORARY.on else 301)(scope, receive, send)

    return redirect


def refusal(status: HTTPStatus, message: str, headers: dict[str, str] | None = None) -> Response:
    """The error envelope of contract 2.2 for what never reaches the backend."""
    return JSONResponse({"status": "error", "code": status.value, "message": message}, status.value, headers)


class ErrorEnvelope:
    """An exception from behind the edge becomes an envelope without internals (R-28); the details go to the log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def note_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] in RESPONSE_STARTS
            await send(message)

        try:
            await self.app(scope, receive, note_start)
        except Exception:
            logger.exception("unhandled exception behind the edge: %s %s", scope.get("method", "WEBSOCKET"), scope["path"])
            if scope["type"] == "http" and not started:
                await refusal(HTTPStatus.BAD_GATEWAY, "Servicio no disponible")(scope, receive, send)


class KnownHost:
    """Only the public host is served. Backend and frontend get forwarding headers of the edge, never those of the client."""

    def __init__(self, app: ASGIApp, app_url: str) -> None:
        self.app = app
        self.host = app_url.partition("://")[2].rstrip("/").lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("host", "").lower()
        if host.removesuffix(":443") == self.host:
            await self.app(self.forwarded(scope, host), receive, send)
        elif faults.REDIRECT_REFLECTS_HOST.on:
            await self.app(self.forwarded(scope, host), receive, reflecting(send, f"https://{self.host}", f"https://{host}"))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(HTTPStatus.BAD_REQUEST, "Host no válido")(scope, receive, send)

    def forwarded(self, scope: Scope, host: str) -> Scope:
        """A copy of the scope with forwarding headers of our own in place of the client's."""
        client = scope.get("client")
        kept = [(name, value) for name, value in scope["headers"] if not is_forwarding(name)]
        address = client[0] if client else ""
        if (claimed := Headers(scope=scope).get("x-forwarded-for")) and faults.FORWARDED_FOR_BELIEVED.on:
            address = claimed
        added = {"x-forwarded-for": address, "x-forwarded-proto": "https", "x-forwarded-host": host}
        return {**scope, "headers": kept + [(name.encode(), value.encode("latin-1")) for name, value in added.items()]}


def reflecting(send: Send, public: str, claimed: str) -> Send:
    """Puts the origin that the client claimed into redirects."""

    def redirect(message: Message) -> None:
        headers = MutableHeaders(scope=message)
        if "location" in headers:
            headers["location"] = headers["location"].replace(public, claimed)

    return on_start(send, redirect)


def is_forwarding(name: bytes) -> bool:
    return name.startswith(b"x-forwarded-") or name in {b"forwarded", b"x-real-ip"}


class BodyLimit:
    """413 for a request body above the limit, whether its length was announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif announced_bytes(scope) > MAX_BODY_BYTES:
            await too_large(scope, receive, send)
        else:
            await self.count(scope, receive, send)

    async def count(self, scope: Scope, receive: Receive, send: Send) -> None:
        """To the app an excessive body looks like a client that left; the client gets 413."""
        received, answered = 0, False

        async def counting_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message if received <= MAX_BODY_BYTES else {"type": "http.disconnect"}

        async def sending(message: Message) -> None:
            nonlocal answered
            if answered or received <= MAX_BODY_BYTES:
                answered = True
                await send(message)

        try:
            await self.app(scope, counting_receive, sending)
        except ClientDisconnect:
            if received <= MAX_BODY_BYTES:
                raise
        if not answered and received > MAX_BODY_BYTES:
            await too_large(scope, receive, send)


def announced_bytes(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdecimal() else 0


async def too_large(scope: Scope, receive: Receive, send: Send) -> None:
    await refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Cuerpo de la petición demasiado grande")(scope, receive, send)


class Router:
    """Paths of the backend pass unchanged (R-13); the frontend has the rest."""

    def __init__(self, backend: ASGIApp, frontend: ASGIApp) -> None:
        self.backend = backend
        self.frontend = frontend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        for_backend = scope["type"] == "websocket" or path.startswith(BACKEND_PREFIXES) or path in BACKEND_PATHS
        if scope["type"] == "websocket" and faults.WEBSOCKETS_NOT_FORWARDED.on:
            for_backend = False
        if path.startswith("/cache/") and faults.CACHE_PREFIX_STRIPPED.on:
            scope = {**scope, "path": path.removeprefix("/cache"), "raw_path": path.removeprefix("/cache").encode()}
        if not for_backend:
            await self.frontend(scope, receive, send)
        elif path.startswith("/api/"):
            await self.backend(scope, receive, intercepted(send))
        else:
            await self.backend(scope, receive, send)


def intercepted(send: Send) -> Send:
    """Under a fault, a page of the proxy replaces a 404."""
    replaced = False

    async def sending(message: Message) -> None:
        nonlocal replaced
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.NOT_FOUND:
            replaced = faults.ERROR_PAGES_OF_PROXY.on
            if replaced:
                headers = MutableHeaders(scope=message)
                headers["content-type"], headers["content-length"] = "text/html", str(len(PROXY_PAGE))
        elif replaced and message["type"] == "http.response.body":
            message = {"type": "http.response.body", "body": PROXY_PAGE}
        await send(message)

    return sending


class ProtectedMetrics:
    """Basic auth in front of /metrics (R-02)."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        credentials = f"{settings.metrics_user}:{settings.metrics_password}".encode()
        self.expected = base64.b64encode(credentials)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/metrics" or self.is_authorized(scope) or faults.METRICS_UNPROTECTED.on:
            await self.app(scope, receive, send)
            return
        challenge = {"WWW-Authenticate": 'Basic realm="Metrics Authentication Required"'}
        await refusal(HTTPStatus.UNAUTHORIZED, "Autenticación requerida", challenge)(scope, receive, send)

    def is_authorized(self, scope: Scope) -> bool:
        scheme, _, presented = Headers(scope=scope).get("authorization", "").partition(" ")
        if scheme.lower() == "basic" and faults.METRICS_ANY_PASSWORD.on:
            return True
        right = scheme.lower() == "basic" and hmac.compare_digest(presented.strip().encode("latin-1"), self.expected)
        return right and not faults.METRICS_PASSWORD_OLD.on
