"""Who is calling: access tokens, the authentication layer (contract 1.6, R-05, R-06) and roles (1.5, R-07)."""

import logging
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import jwt
from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.backend.errors import ApiError
from sandbox.faults import declare
from sandbox.settings import Role, Settings

TOKEN_NO_EXP_ACCEPTED = declare(
    "token-no-exp-accepted",
    "The expiry claim is checked only when it is there.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="A signed token without exp is accepted for ever.",
)
TOKEN_SIGNATURE_NOT_CHECKED = declare(
    "token-signature-not-checked",
    "A debugging aid was left in: tokens are decoded and not verified.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="A forged, unsigned or expired token opens the API.",
)
CONTACTS_WITHOUT_TOKEN = declare(
    "contacts-readable-without-token",
    "A public prefix for a landing page was written too short and exempts /api/contacts from the layer.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="Personal data is served without a token, or the path answers something other than 401.",
)

PUBLIC_PATHS = frozenset({"/", "/docs", "/redoc", "/openapi.json", "/health", "/metrics"})
PUBLIC_PREFIXES = ("/api/auth", "/api/v1/auth", "/api/webhook")
AUDIENCE = "authenticated"

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
        claims = _verified_claims(token, settings.supabase_jwt_secret)
    except jwt.ExpiredSignatureError as error:
        raise TokenError("Token expirado") from error
    except (jwt.InvalidTokenError, ValueError, OverflowError) as error:
        raise TokenError(f"Token inválido: {error}") from error
    roles = frozenset(role.strip() for role in str(claims.get("role", "")).split(",")) - {""}
    return Caller(str(claims.get("sub", "")), roles, token, int(claims.get("exp", 0)))


def _verified_claims(token: str, secret: str) -> dict[str, Any]:
    if TOKEN_SIGNATURE_NOT_CHECKED.on:
        return jwt.decode(token, options={"verify_signature": False})
    required = ["sub"] if TOKEN_NO_EXP_ACCEPTED.on else ["exp", "sub"]
    claims = jwt.decode(token, secret, algorithms=["HS256"], options={"require": required, "verify_aud": False})
    audience = claims.get("aud", AUDIENCE)
    if audience != AUDIENCE and not (isinstance(audience, list) and AUDIENCE in audience):
        raise jwt.InvalidAudienceError("Audience doesn't match")
    return claims


def is_public(path: str) -> bool:
    return (
        path in PUBLIC_PATHS
        or path.startswith(PUBLIC_PREFIXES)
        or (CONTACTS_WITHOUT_TOKEN.on and path.startswith("/api/contacts"))
    )


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
            await _refuse(401, error.detail, scope, receive, send)
        except Exception:
            logger.exception("authentication failed")
            await _refuse(500, "Error interno de autenticación", scope, receive, send)
        else:
            await self.app(scope, receive, send)


async def _refuse(status: Literal[401, 500], detail: str, scope: Scope, receive: Receive, send: Send) -> None:
    scope["state"]["hide_request_id"] = True  # contract 2.1
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    await JSONResponse({"detail": detail}, status, headers)(scope, receive, send)


def reader(request: Request) -> Caller:
    """Any signed-in person; on a public prefix too, where the layer does not look."""
    try:
        return identify(request.scope, request.app.state.settings)
    except TokenError as error:
        if CONTACTS_WITHOUT_TOKEN.on and is_public(request.scope["path"]):
            return Caller("", frozenset(), "", 0)
        raise ApiError(401, "No autenticado") from error


Reader = Annotated[Caller, Depends(reader)]


def writer(caller: Reader) -> Caller:
    if caller.role == "viewer":
        raise ApiError(403, "Permisos insuficientes")
    return caller


def admin(caller: Reader) -> Caller:
    if caller.role != "admin":
        raise ApiError(403, "Permisos insuficientes")
    return caller


Writer = Annotated[Caller, Depends(writer)]
Admin = Annotated[Caller, Depends(admin)]
