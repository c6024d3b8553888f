"""CORS: whose pages may read responses (R-12). Preflights are answered before authentication."""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.backend.errors import faults as error_faults
from sandbox.edge import faults
from sandbox.edge.messages import on_start

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
        elif self.is_allowed_under_fault(origin, preflight=preflight):
            await self.reflecting(scope, receive, on_start(send, answer_as_faults_have_it))
        elif faults.STAR_WITH_CREDENTIALS.on:
            await self.listed(scope, receive, on_start(send, allow_every_origin_with_credentials))
        elif faults.CORS_LISTS_NOBODY.on:
            await self.closed(scope, receive, send)
        else:
            await self.listed(scope, receive, on_start(send, answer_as_faults_have_it))

    def is_allowed_under_fault(self, origin: str, *, preflight: bool) -> bool:
        if faults.CORS_REFLECTS_ANY_ORIGIN.on or (preflight and faults.OPEN_ON_PREFLIGHT.on):
            return True
        if origin == "null":
            return faults.NULL_ORIGIN_LISTED.on
        return origin not in self.origins and origin.startswith(self.origins) and faults.ORIGIN_BY_PREFIX.on


def allow_every_origin_with_credentials(message: Message) -> None:
    headers = MutableHeaders(scope=message)
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Allow-Credentials"] = "true"
    answer_as_faults_have_it(message)


def answer_as_faults_have_it(message: Message) -> None:
    headers = MutableHeaders(scope=message)
    if message["status"] == HTTPStatus.UNAUTHORIZED and faults.STAR_ON_REFUSALS.on:
        headers["Access-Control-Allow-Origin"] = "*"
    if message["status"] >= HTTPStatus.BAD_REQUEST and error_faults.CORS_LOST.on:
        del headers["Access-Control-Allow-Origin"]


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
