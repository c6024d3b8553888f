"""The caller of a request: access tokens, the authentication layer (contract 1.6, R-05, R-06) and roles (1.5, R-07)."""

import logging
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import jwt
from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.backend.accounts import access_tokens, faults
from sandbox.backend.core.errors import ApiError
from sandbox.backend.sessions import faults as session_faults
from sandbox.process.settings import Role, Settings

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
    if len(parts) != 2 and session_faults.HEADER_CRASHES.on:
        raise ValueError(f"not enough values to unpack (expected 2, got {len(parts)})")
    by_case = parts[0] == "bearer" and session_faults.SCHEME_BY_CASE.on
    if len(parts) != 2 or parts[0].lower() != "bearer" or by_case:
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
    role = claims.get("role", "")
    if not isinstance(role, str) and session_faults.ROLE_CRASHES.on:
        raise AttributeError(f"'{type(role).__name__}' object has no attribute 'split'")
    roles = str(role)
    own = claims.get("user_metadata")
    if isinstance(own, dict) and "role" in own and faults.ROLE_OF_METADATA.on:
        roles = str(own["role"])
    return frozenset(role.strip() for role in roles.split(",")) - {""}


def is_public(path: str) -> bool:
    return (
        path in PUBLIC_PATHS
        or path.startswith(PUBLIC_PREFIXES)
        or (path.startswith("/api/contacts") and faults.CONTACTS_WITHOUT_TOKEN.on)
        or (path in JSON_CALLBACKS and faults.CALLBACKS_WITHOUT_TOKEN.on)
    )


def is_unchecked(method: str) -> bool:
    """Whether a fault lets the method pass without a token."""
    return (method == "DELETE" and faults.LAYER_FORGETS_DELETE.on) or (method == "HEAD" and faults.LAYER_FORGETS_HEAD.on)


def identify(scope: Scope, settings: Settings) -> Caller:
    """The caller of an http request, verified once per request. Raises TokenError."""
    state = scope["state"]
    if "caller" not in state:
        state["caller"] = decode(bearer(Headers(scope=scope).get("authorization")), settings)
    caller: Caller = state["caller"]
    return caller


class AuthenticationLayer:
    """ASGI layer that refuses requests without a valid token, except on public paths. WebSockets check for themselves (R-25)."""

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
            if is_unchecked(scope["method"]):
                await self.app(scope, receive, send)
            else:
                detail = repr(error) if faults.REFUSAL_TELLS_EXCEPTION.on else error.detail
                await _refuse(401, detail, scope, receive, send)
        except Exception as error:
            logger.exception("authentication failed")
            detail = f": {error!r}" if faults.MALFORMED_CRASHES.on else ""
            await _refuse(500, f"Error interno de autenticación{detail}", scope, receive, send)
        else:
            if _refused_by_router(scope["path"]):
                await _refuse(401, "Token inválido: Audience doesn't match", scope, receive, send)
            else:
                await self.app(scope, receive, send)


def _refused_by_router(path: str) -> bool:
    return any(path.startswith(router.prefix) and router.fault.on for router in session_faults.REFUSED_BY)


async def _refuse(status: Literal[401, 500], detail: str, scope: Scope, receive: Receive, send: Send) -> None:
    scope["state"]["hide_request_id"] = True  # contract 2.1
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    response: Response = JSONResponse({"detail": detail}, status, headers)
    if faults.REFUSAL_WITHOUT_REASON.on:
        response = Response(status_code=status, headers=headers)
    await response(scope, receive, send)


def reader(request: Request) -> Caller:
    """Any signed-in person; checked on public prefixes too, which the layer skips."""
    try:
        caller = identify(request.scope, request.app.state.settings)
    except TokenError as error:
        if stranger := _let_in_under_fault(request):
            return stranger
        raise ApiError(401, "No autenticado") from error
    return _under_fault(caller, request)


def _let_in_under_fault(request: Request) -> Caller | None:
    if request.method == "DELETE" and faults.LAYER_FORGETS_DELETE.on:
        return Caller("", frozenset({"admin"}), "", 0)
    if request.scope["path"].startswith("/api/contacts") and faults.CONTACTS_WITHOUT_TOKEN.on:
        return Caller("", frozenset(), "", 0)
    if request.scope["path"] in JSON_CALLBACKS and faults.CALLBACKS_WITHOUT_TOKEN.on:
        return Caller("", frozenset({"operator"}), "", 0)
    return None


def _under_fault(caller: Caller, request: Request) -> Caller:
    """The caller, or who a fault takes them for."""
    last_token: str = request.app.state.identity_provider.last_token
    of_data = not request.scope["path"].startswith("/api/auth")
    if of_data and last_token not in ("", caller.token) and session_faults.DATA_OF_LAST_SIGN_IN.on:
        return decode(last_token, request.app.state.settings)
    if request.method == "DELETE" and caller.role == "viewer" and faults.ROLES_NOT_ASKED_FOR_DELETE.on:
        return replace(caller, roles=frozenset({"admin"}))
    if caller.role != "admin" and faults.NO_ROLES.on:
        return replace(caller, roles=frozenset({"admin"}))
    return caller


Reader = Annotated[Caller, Depends(reader)]


def writer(caller: Reader) -> Caller:
    if caller.role == "operator" and faults.OPERATOR_IS_VIEWER.on:
        raise forbidden()
    if caller.role == "viewer" and not ("user" in caller.roles and faults.USER_MAY_WRITE.on):
        raise forbidden()
    return caller


def admin(caller: Reader) -> Caller:
    if caller.role == "admin" or (caller.role == "operator" and faults.OPERATOR_IS_ADMIN.on):
        return caller
    raise forbidden()


def forbidden() -> ApiError:
    """The refusal of a role (R-07)."""
    if faults.FORBIDDEN_AS_NOT_FOUND.on:
        return ApiError(404, "No encontrado")
    return ApiError(403, "Forbidden" if faults.FORBIDDEN_IN_ENGLISH.on else "Permisos insuficientes")


Writer = Annotated[Caller, Depends(writer)]
Admin = Annotated[Caller, Depends(admin)]
