"""The public door: what a reverse proxy does for the MVP, as an ASGI app that calls backend and frontend in process."""

import base64
import hmac
import logging
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.faults import declare
from sandbox.settings import Settings

HEADERS_MISSING_ON_ERRORS = declare(
    "header-missing-on-errors",
    "The proxy adds the security headers to successful answers only (add_header without `always`).",
    part="edge",
    kind="configuration",
    severity=2,
    finding="error responses lack the security headers",
)
CORS_REFLECTS_ANY_ORIGIN = declare(
    "cors-reflects-any-origin",
    "Any Origin is echoed back, with credentials allowed.",
    part="edge",
    kind="authorization",
    severity=1,
    finding="a foreign origin is allowed to read answers with credentials",
)
HSTS_MISSING = declare(
    "hsts-missing",
    "Strict-Transport-Security was lost from the proxy configuration.",
    part="edge",
    kind="configuration",
    severity=2,
    finding="Strict-Transport-Security is absent",
)
METRICS_UNPROTECTED = declare(
    "metrics-unprotected",
    "The basic-auth block of /metrics was left out of the proxy configuration.",
    part="edge",
    kind="authorization",
    severity=1,
    finding="/metrics answers 200 without credentials",
)
REDIRECT_REFLECTS_HOST = declare(
    "redirect-reflects-host",
    "Redirects are built from the Host header that the client sent, whatever it is.",
    part="edge",
    kind="configuration",
    severity=2,
    finding="Location points to the foreign host of the request",
)
SERVER_VERSION_SHOWN = declare(
    "server-version-shown",
    "server_tokens was left on at the proxy.",
    part="edge",
    kind="configuration",
    severity=3,
    finding="the Server header tells the version of the proxy",
)
REDIRECT_FORGETS_PATH = declare(
    "redirect-forgets-path",
    "The redirect to https leads to the start page, whatever was asked for.",
    part="edge",
    kind="configuration",
    severity=2,
    finding="a link over http ends at the start page",
)
CORS_LISTS_NOBODY = declare(
    "cors-lists-nobody",
    "CORS_ORIGINS was left empty.",
    part="edge",
    kind="configuration",
    severity=1,
    finding="the frontend's own origin may not read the API's answers",
)

BACKEND_PREFIXES = ("/api/", "/cache/", "/ws/")
BACKEND_PATHS = frozenset({"/health", "/metrics", "/openapi.json", "/docs", "/redoc"})
MAX_BODY_BYTES = 10 * 1024 * 1024
GZIP_FROM_BYTES = 1024
STATIC_CACHE = "public, max-age=2592000"  # 30 days, contract 8.1
EXPOSED_HEADERS = (
    "Content-Disposition",
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-ID",
)
RESPONSE_STARTS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})

logger = logging.getLogger(__name__)


def create(settings: Settings, backend: ASGIApp, frontend: ASGIApp) -> ASGIApp:
    app: ASGIApp = Router(ProtectedMetrics(Cors(backend, settings.cors_origins), settings), frontend)
    app = GZipMiddleware(app, minimum_size=GZIP_FROM_BYTES)
    app = BodyLimit(app)
    app = KnownHost(app, settings.app_url)
    app = LastResort(app)
    return ResponseHeaders(app, settings)


def redirector(settings: Settings) -> ASGIApp:
    """The plain-http port: everything is moved to https, same path and query."""

    async def redirect(scope: Scope, receive: Receive, send: Send) -> None:
        origin = settings.app_url.rstrip("/")
        if REDIRECT_REFLECTS_HOST.on:
            origin = f"https://{Headers(scope=scope).get('host', '')}"
        target = origin + scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        if REDIRECT_FORGETS_PATH.on:
            target = f"{origin}/"
        elif scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        await RedirectResponse(target, status_code=301)(scope, receive, send)

    return redirect


def security_headers(supabase_url: str) -> dict[str, str]:
    """The exact values of contract 8.1; the frontend signs in at Supabase, so its origin joins connect-src."""
    return {
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "X-XSS-Protection": "1; mode=block",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
        "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self' https://api.elevenlabs.io https://api.openai.com {supabase_url}",
    }


def refusal(status: HTTPStatus, message: str, headers: dict[str, str] | None = None) -> Response:
    """The error envelope of contract 2.2 for what never reaches the backend."""
    return JSONResponse({"status": "error", "code": status.value, "message": message}, status.value, headers)


class ResponseHeaders:
    """Outermost, so that refusals and failures of the inner layers carry the security headers too (R-11)."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.app_url = settings.app_url
        self.security = security_headers(settings.supabase_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in RESPONSE_STARTS:
                self.dress(scope, message)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def dress(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        status = message.get("status", HTTPStatus.SWITCHING_PROTOCOLS)
        for name in ("server", "x-powered-by"):
            del headers[name]
        if "access-control-allow-origin" not in headers:
            # Starlette allows credentials even where it allows no origin; R-12 wants neither.
            del headers["access-control-allow-credentials"]
        if scope["path"].startswith("/static/") and status < 400:
            headers["Cache-Control"] = STATIC_CACHE
        if not (HEADERS_MISSING_ON_ERRORS.on and status >= 400):
            headers.update(self.security)
        if SERVER_VERSION_SHOWN.on:
            headers["Server"] = "nginx/1.25.3"
        if HSTS_MISSING.on:
            del headers["Strict-Transport-Security"]
        if REDIRECT_REFLECTS_HOST.on and "location" in headers:
            headers["Location"] = headers["Location"].replace(self.app_url, f"https://{Headers(scope=scope).get('host', '')}")


class LastResort:
    """An exception that escaped from a part becomes an envelope without internals (R-28); the log keeps the rest."""

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
    """Only the public host is served; the parts behind are told how the client reached us, never what it claimed."""

    def __init__(self, app: ASGIApp, app_url: str) -> None:
        self.app = app
        self.host = app_url.partition("://")[2].rstrip("/").lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("host", "").lower()
        if host.removesuffix(":443") == self.host or REDIRECT_REFLECTS_HOST.on:
            await self.app(self.forwarded(scope, host), receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(HTTPStatus.BAD_REQUEST, "Host no válido")(scope, receive, send)

    def forwarded(self, scope: Scope, host: str) -> Scope:
        """A copy of the scope with forwarding headers of our own in place of the client's."""
        client = scope.get("client")
        kept = [(name, value) for name, value in scope["headers"] if not is_forwarding(name)]
        added = {"x-forwarded-for": client[0] if client else "", "x-forwarded-proto": "https", "x-forwarded-host": host}
        return {**scope, "headers": kept + [(name.encode(), value.encode("latin-1")) for name, value in added.items()]}


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
        """To the app an excessive body looks like a client that left; the client is then told 413."""
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
        await (self.backend if for_backend else self.frontend)(scope, receive, send)


class Cors:
    """Listed origins only (R-12), answered before authentication."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self.listed = cors(app, allow_origins=origins)
        self.closed = cors(app)
        self.reflecting = cors(app, allow_origin_regex=".*")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        listed = self.closed if CORS_LISTS_NOBODY.on else self.listed
        await (self.reflecting if CORS_REFLECTS_ANY_ORIGIN.on else listed)(scope, receive, send)


def cors(app: ASGIApp, *, allow_origins: tuple[str, ...] = (), allow_origin_regex: str | None = None) -> CORSMiddleware:
    return CORSMiddleware(
        app,
        allow_origins=allow_origins,
        allow_origin_regex=allow_origin_regex,
        allow_methods=("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"),
        allow_headers=("Authorization", "Content-Type", "X-CSRF-Token", "X-Request-ID"),
        allow_credentials=True,
        expose_headers=EXPOSED_HEADERS,
    )


class ProtectedMetrics:
    """Basic auth in front of /metrics (R-02)."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        credentials = f"{settings.metrics_user}:{settings.metrics_password}".encode()
        self.expected = base64.b64encode(credentials)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/metrics" or METRICS_UNPROTECTED.on or self.knows(scope):
            await self.app(scope, receive, send)
            return
        challenge = {"WWW-Authenticate": 'Basic realm="Metrics Authentication Required"'}
        await refusal(HTTPStatus.UNAUTHORIZED, "Autenticación requerida", challenge)(scope, receive, send)

    def knows(self, scope: Scope) -> bool:
        scheme, _, presented = Headers(scope=scope).get("authorization", "").partition(" ")
        return scheme.lower() == "basic" and hmac.compare_digest(presented.strip().encode("latin-1"), self.expected)
