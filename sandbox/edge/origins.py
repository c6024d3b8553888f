"""Which origins the browsers of our users are told to trust (R-12), answered before authentication."""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.faults import declare

CORS_REFLECTS_ANY_ORIGIN = declare(
    "cors-reflects-any-origin",
    "Any Origin is echoed back, with credentials allowed.",
    part="edge",
    kind="authorization",
    severity=1,
    finding="a foreign origin is allowed to read answers with credentials",
    rulings=("R-12",),
)
CORS_LISTS_NOBODY = declare(
    "cors-lists-nobody",
    "CORS_ORIGINS was left empty.",
    part="edge",
    kind="configuration",
    severity=1,
    finding="the frontend's own origin may not read the API's answers",
    rulings=("R-12",),
    excludes=("cors-reflects-any-origin",),
)
STAR_WITH_CREDENTIALS = declare(
    "cors-star-with-credentials",
    "Every origin is allowed with *, and credentials as well.",
    part="edge",
    kind="authorization",
    severity=1,
    finding="Access-Control-Allow-Origin is * together with credentials",
    rulings=("R-12",),
)
NULL_ORIGIN_LISTED = declare(
    "cors-lists-null",
    "The origin null was listed for a test page that was opened from a file.",
    part="edge",
    kind="authorization",
    severity=1,
    finding="a sandboxed frame of any site may read the answers",
    rulings=("R-12",),
)
ORIGIN_BY_PREFIX = declare(
    "cors-compares-the-beginning",
    "Origins are compared by their beginning.",
    part="edge",
    kind="authorization",
    severity=1,
    finding="an origin that begins like ours, such as https://our-host.evil.example, may read the answers",
    rulings=("R-12",),
)
OPEN_ON_PREFLIGHT = declare(
    "cors-open-on-preflight",
    "Preflights are answered by a location of its own, which allows whoever asks.",
    part="edge",
    kind="configuration",
    severity=2,
    finding="a foreign origin is let in at the preflight, and only there",
    rulings=("R-12",),
)
STAR_ON_REFUSALS = declare(
    "cors-star-on-refusals",
    "The refusals of the authentication layer are written by hand and allow every origin.",
    part="edge",
    kind="configuration",
    severity=2,
    finding="answers with 401 allow every origin",
    rulings=("R-12",),
)
PREFLIGHT_WANTS_TOKEN = declare(
    "cors-preflight-wants-a-token",
    "CORS stands behind the authentication layer, and a browser sends no token with a preflight.",
    part="edge",
    kind="configuration",
    severity=1,
    finding="a preflight is 401, so that no browser of another origin can use the API",
    rulings=("R-12",),
)

EXPOSED_HEADERS = (
    "Content-Disposition",
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-ID",
)


class Cors:
    """Listed origins only (R-12), answered before authentication."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self.origins = origins
        self.listed = cors(app, allow_origins=origins)
        self.closed = cors(app)
        self.reflecting = cors(app, allow_origin_regex=".*")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        preflight = scope.get("method") == "OPTIONS" and "access-control-request-method" in headers
        if origin is None:
            await self.listed(scope, receive, send)
        elif preflight and PREFLIGHT_WANTS_TOKEN.on:
            await JSONResponse({"detail": "No se proporcionó token de autenticación"}, 401)(scope, receive, send)
        elif self.lets_in_by_mistake(origin, preflight=preflight):
            await self.reflecting(scope, receive, send)
        elif STAR_WITH_CREDENTIALS.on:
            await self.listed(scope, receive, starred(send))
        elif CORS_LISTS_NOBODY.on:
            await self.closed(scope, receive, send)
        else:
            await self.listed(scope, receive, starred_if_refused(send))

    def lets_in_by_mistake(self, origin: str, *, preflight: bool) -> bool:
        if CORS_REFLECTS_ANY_ORIGIN.on or (preflight and OPEN_ON_PREFLIGHT.on):
            return True
        if origin == "null":
            return NULL_ORIGIN_LISTED.on
        return origin not in self.origins and origin.startswith(self.origins) and ORIGIN_BY_PREFIX.on


def starred(send: Send) -> Send:
    """Allows every origin, with credentials."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Access-Control-Allow-Credentials"] = "true"
        await send(message)

    return sending


def starred_if_refused(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.UNAUTHORIZED and STAR_ON_REFUSALS.on:
            MutableHeaders(scope=message)["Access-Control-Allow-Origin"] = "*"
        await send(message)

    return sending


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
