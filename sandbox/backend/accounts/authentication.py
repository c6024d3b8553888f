"""Who is calling: access tokens, the authentication layer (contract 1.6, R-05, R-06) and roles (1.5, R-07)."""

import logging
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import jwt
from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.backend.accounts import access_tokens
from sandbox.backend.core.errors import ApiError
from sandbox.faults import declare
from sandbox.process.settings import Role, Settings

CONTACTS_WITHOUT_TOKEN = declare(
    "contacts-readable-without-token",
    "A public prefix for a landing page was written too short and exempts /api/contacts from the layer.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="Personal data is served without a token, or the path answers something other than 401.",
)
LAYER_FORGETS_DELETE = declare(
    "layer-forgets-deletions",
    "The layer has a list of the methods that need a token, and DELETE is not in it; the endpoints rely on the layer.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="Anybody may delete: DELETE without a token is carried out.",
    rulings=("R-07",),
)
LAYER_FORGETS_HEAD = declare(
    "layer-forgets-head",
    "The layer lets HEAD pass as if it were a probe.",
    part="backend",
    kind="authorization",
    severity=3,
    finding="HEAD without a token tells which paths exist, where every other method is 401.",
)
REFUSAL_TELLS_EXCEPTION = declare(
    "refusal-tells-exception",
    "The refusals of the layer are put together from the exception as Python writes it.",
    part="backend",
    kind="configuration",
    severity=2,
    finding="A stranger without a token reads the name of an exception of the code.",
    rulings=("R-28",),
)
REFUSAL_WITHOUT_REASON = declare(
    "refusal-without-reason",
    "The refusals of the layer lost their body in a rewrite: 401 and nothing else.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="A 401 has no body, so the frontend cannot say what is wrong.",
    rulings=("R-06",),
)
FORBIDDEN_IN_ENGLISH = declare(
    "forbidden-in-english",
    "The refusal of a role has the framework's own word for it.",
    part="backend",
    kind="correctness",
    severity=3,
    finding="A 403 says Forbidden to people who read Spanish.",
    rulings=("R-07",),
)
FORBIDDEN_AS_NOT_FOUND = declare(
    "forbidden-as-not-found",
    "Whoever may not do something is told that it does not exist.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="A viewer who may not write is answered 404 instead of 403.",
    rulings=("R-07",),
)
ROLES_NOT_ASKED_FOR_DELETE = declare(
    "viewer-may-delete",
    "Roles are checked for POST, PUT and PATCH, which is what the first version had.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="A viewer may delete contacts and campaigns, and may do nothing else that is not allowed.",
    rulings=("R-07",),
)
OPERATOR_IS_ADMIN = declare(
    "operator-taken-for-admin",
    "The endpoints for administrators ask whether the caller is staff.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="An operator may clear the caches and delete campaigns.",
    rulings=("R-07",),
)
OPERATOR_IS_VIEWER = declare(
    "operator-taken-for-viewer",
    "The role was renamed to agent in the code and not in user_roles.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="Operators may only look: all their writes are 403.",
    rulings=("R-07",),
    excludes=("operator-taken-for-admin",),
)
ROLE_OF_METADATA = declare(
    "role-from-user-metadata",
    "The role is read from user_metadata first, which users change themselves.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="A viewer whose own metadata says admin is one.",
    rulings=("R-07",),
)
USER_MAY_WRITE = declare(
    "self-registered-may-write",
    "Only the role viewer is refused, and who registers gets the role user.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="Whoever registers may write contacts and campaigns.",
    rulings=("R-08",),
)
CALLBACKS_WITHOUT_TOKEN = declare(
    "json-callbacks-without-token",
    "The callbacks that speak JSON were exempted like those that are signed, and they are not signed.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="Anybody can end a call with a line of JSON.",
    rulings=("R-14",),
)

JSON_CALLBACKS = frozenset({"/api/v1/calls/webhook", "/api/calls/twilio_callback"})
PUBLIC_PATHS = frozenset({"/", "/docs", "/redoc", "/openapi.json", "/health", "/metrics"})
PUBLIC_PREFIXES = ("/api/auth", "/api/v1/auth", "/api/webhook")

logger = logging.getLogger(__name__)


class TokenError(Exception):
    """The token is refused; `detail` is the text of contract 1.6."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True)
class Caller:
    """The owner of a verified token. `expires_at` is in seconds since 1970."""

    user_id: str
    roles: frozenset[str]
    token: str
    expires_at: int

    @property
    def role(self) -> Role:
        """The strongest one. Whatever is not admin or operator may only look (R-08)."""
        if "admin" in self.roles:
            return "admin"
        return "operator" if "operator" in self.roles else "viewer"


def bearer(authorization: str | None) -> str:
    """The token in the header's value. Raises TokenError."""
    if not authorization:
        raise TokenError("No se proporcionó token de autenticación")
    parts = authorization.split(" ")
    if len(parts) != 2 or parts[0].lower() != "bearer":
        raise TokenError("Tipo de token no válido")
    return parts[1]


def decode(token: str, settings: Settings) -> Caller:
    """Verify an access token. Raises TokenError."""
    try:
        claims = access_tokens.verified_claims(token, settings.supabase_jwt_secret)
    except jwt.ExpiredSignatureError as error:
        raise TokenError("Token expirado") from error
    except (jwt.InvalidTokenError, ValueError, OverflowError) as error:
        raise TokenError(f"Token inválido: {error}") from error
    return Caller(str(claims.get("sub", "")), _roles(claims), token, int(claims.get("exp", 0)))


def _roles(claims: dict[str, Any]) -> frozenset[str]:
    told = str(claims.get("role", ""))
    own = claims.get("user_metadata")
    if isinstance(own, dict) and "role" in own and ROLE_OF_METADATA.on:
        told = str(own["role"])
    return frozenset(role.strip() for role in told.split(",")) - {""}


def is_public(path: str) -> bool:
    return (
        path in PUBLIC_PATHS
        or path.startswith(PUBLIC_PREFIXES)
        or (path.startswith("/api/contacts") and CONTACTS_WITHOUT_TOKEN.on)
        or (path in JSON_CALLBACKS and CALLBACKS_WITHOUT_TOKEN.on)
    )


def is_overlooked(method: str) -> bool:
    """Whether the layer lets a method pass that it has never heard of."""
    return (method == "DELETE" and LAYER_FORGETS_DELETE.on) or (method == "HEAD" and LAYER_FORGETS_HEAD.on)


def identify(scope: Scope, settings: Settings) -> Caller:
    """The caller of an http request, verified once per request. Raises TokenError."""
    state = scope["state"]
    if "caller" not in state:
        state["caller"] = decode(bearer(Headers(scope=scope).get("authorization")), settings)
    caller: Caller = state["caller"]
    return caller


class AuthenticationLayer:
    """ASGI layer that lets nobody without a token past, except on the public paths. WebSockets check for themselves (R-25)."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_public(scope["path"]):
            await self.app(scope, receive, send)
            return
        try:
            identify(scope, self.settings)
        except TokenError as error:
            if is_overlooked(scope["method"]):
                await self.app(scope, receive, send)
            else:
                detail = repr(error) if REFUSAL_TELLS_EXCEPTION.on else error.detail
                await _refuse(401, detail, scope, receive, send)
        except Exception as error:
            logger.exception("authentication failed")
            detail = f": {error!r}" if access_tokens.MALFORMED_CRASHES.on else ""
            await _refuse(500, f"Error interno de autenticación{detail}", scope, receive, send)
        else:
            await self.app(scope, receive, send)


async def _refuse(status: Literal[401, 500], detail: str, scope: Scope, receive: Receive, send: Send) -> None:
    scope["state"]["hide_request_id"] = True  # contract 2.1
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    answer: Response = JSONResponse({"detail": detail}, status, headers)
    if REFUSAL_WITHOUT_REASON.on:
        answer = Response(status_code=status, headers=headers)
    await answer(scope, receive, send)


def reader(request: Request) -> Caller:
    """Any signed-in person; on a public prefix too, where the layer does not look."""
    try:
        caller = identify(request.scope, request.app.state.settings)
    except TokenError as error:
        if request.method == "DELETE" and LAYER_FORGETS_DELETE.on:
            return Caller("", frozenset({"admin"}), "", 0)
        if request.scope["path"].startswith("/api/contacts") and CONTACTS_WITHOUT_TOKEN.on:
            return Caller("", frozenset(), "", 0)
        if request.scope["path"] in JSON_CALLBACKS and CALLBACKS_WITHOUT_TOKEN.on:
            return Caller("", frozenset({"operator"}), "", 0)
        raise ApiError(401, "No autenticado") from error
    if request.method == "DELETE" and caller.role == "viewer" and ROLES_NOT_ASKED_FOR_DELETE.on:
        return replace(caller, roles=frozenset({"admin"}))
    return caller


Reader = Annotated[Caller, Depends(reader)]


def writer(caller: Reader) -> Caller:
    if caller.role == "operator" and OPERATOR_IS_VIEWER.on:
        raise forbidden()
    if caller.role == "viewer" and not ("user" in caller.roles and USER_MAY_WRITE.on):
        raise forbidden()
    return caller


def admin(caller: Reader) -> Caller:
    if caller.role == "admin" or (caller.role == "operator" and OPERATOR_IS_ADMIN.on):
        return caller
    raise forbidden()


def forbidden() -> ApiError:
    """The refusal of a role (R-07)."""
    if FORBIDDEN_AS_NOT_FOUND.on:
        return ApiError(404, "No encontrado")
    return ApiError(403, "Forbidden" if FORBIDDEN_IN_ENGLISH.on else "Permisos insuficientes")


Writer = Annotated[Caller, Depends(writer)]
Admin = Annotated[Caller, Depends(admin)]
