"""Which origins the browsers of our users are told to trust (R-12), answered before authentication."""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.edge import faults

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
        elif preflight and faults.PREFLIGHT_WANTS_TOKEN.on:
            await JSONResponse({"detail": "No se proporcionó token de autenticación"}, 401)(scope, receive, send)
        elif self.lets_in_by_mistake(origin, preflight=preflight):
            await self.reflecting(scope, receive, send)
        elif faults.STAR_WITH_CREDENTIALS.on:
            await self.listed(scope, receive, starred(send))
        elif faults.CORS_LISTS_NOBODY.on:
            await self.closed(scope, receive, send)
        else:
            await self.listed(scope, receive, starred_if_refused(send))

    def lets_in_by_mistake(self, origin: str, *, preflight: bool) -> bool:
        if faults.CORS_REFLECTS_ANY_ORIGIN.on or (preflight and faults.OPEN_ON_PREFLIGHT.on):
            return True
        if origin == "null":
            return faults.NULL_ORIGIN_LISTED.on
        return origin not in self.origins and origin.startswith(self.origins) and faults.ORIGIN_BY_PREFIX.on


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
        if (
            message["type"] == "http.response.start"
            and message["status"] == HTTPStatus.UNAUTHORIZED
            and faults.STAR_ON_REFUSALS.on
        ):
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
