"""The auth service of the Supabase stand-in: GoTrue's endpoints, responses and error bodies, as far as the MVP uses them.

E-mails are confirmed at once and none is sent. Storage and tokens are in `supabase_accounts`.
"""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast, get_args

import jwt
import psycopg
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.process.settings import Settings
from sandbox.vendors import faults, passwords, supabase_accounts
from sandbox.vendors.supabase_accounts import Client, Connection, NewUser, Row, SignOutScope

API_VERSION = "2024-01-01"  # clients that send it get `code` as text; older ones get the status there


Pool = AsyncConnectionPool[Connection]


class AuthError(Exception):
    """A refusal in GoTrue's form. `code` is from GoTrue's list of error codes."""

    def __init__(self, status: int, code: str, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.extra = extra


def create(settings: Settings, pool: Pool) -> Starlette:
    """Mounted at /auth/v1. `pool` connects as the owner of schema `auth`."""
    app = Starlette(
        routes=[
            Route("/health", health),
            Route("/settings", public_settings),
            Route("/signup", sign_up, methods=["POST"]),
            Route("/token", token, methods=["POST"]),
            Route("/logout", sign_out, methods=["POST"]),
            Route("/user", current_user, methods=["GET"]),
            Route("/recover", recover, methods=["POST"]),
            Route("/admin/users", admin_list_users, methods=["GET"]),
            Route("/admin/users", admin_create_user, methods=["POST"]),
            Route("/admin/users/{user_id}", admin_user, methods=["GET"]),
            Route("/admin/users/{user_id}", admin_delete_user, methods=["DELETE"]),
        ],
        exception_handlers={
            AuthError: _refusal,
            UnicodeEncodeError: _unstorable,
            psycopg.DataError: _unstorable,
            psycopg.Error: _database_failed,
        },
    )
    app.state.settings = settings
    app.state.pool = pool
    return app


async def health(_request: Request) -> Response:
    return JSONResponse(
        {"version": "v2.197.0", "name": "GoTrue", "description": "GoTrue is a user registration and authentication API"}
    )


async def public_settings(_request: Request) -> Response:
    return JSONResponse(
        {
            "external": {"email": True, "phone": False, "anonymous_users": False},
            "disable_signup": False,
            "mailer_autoconfirm": True,
            "phone_autoconfirm": False,
            "sms_provider": "",
            "saml_enabled": False,
        }
    )


async def sign_up(request: Request) -> Response:
    body = await _json_object(request)
    new = NewUser(_email(body), _password(body), metadata=_metadata(body, "data"))
    async with _connection(request) as connection:
        try:
            user = await supabase_accounts.add_user(connection, new)
        except psycopg.errors.UniqueViolation:
            raise AuthError(422, "user_already_exists", "User already registered") from None
        return await _signed_in(request, connection, user)


async def token(request: Request) -> Response:
    grants = {"password": _password_grant, "refresh_token": _refresh_grant}
    grant = grants.get(request.query_params.get("grant_type", ""))
    if grant is None:
        raise AuthError(400, "invalid_credentials", "unsupported_grant_type")
    return await grant(request, await _json_object(request))


async def _password_grant(request: Request, body: Row) -> Response:
    email, password = body.get("email"), body.get("password")
    if not isinstance(email, str) or not email:
        raise AuthError(400, "validation_failed", "missing email or phone")
    refused = AuthError(400, "invalid_credentials", "Invalid login credentials")
    if not isinstance(password, str) or not supabase_accounts.EMAIL.fullmatch(email):
        raise refused
    async with _connection(request) as connection:
        user = await supabase_accounts.authenticate(connection, email, password)
        if user is None:
            raise refused
        if user["email_confirmed_at"] is None:
            raise AuthError(400, "email_not_confirmed", "Email not confirmed")
        return await _signed_in(request, connection, user)


async def _refresh_grant(request: Request, body: Row) -> Response:
    refresh_token = body.get("refresh_token")
    if not isinstance(refresh_token, str) or not refresh_token:
        raise AuthError(400, "validation_failed", "refresh_token required")
    async with _connection(request) as connection:
        try:
            user, session_id = await supabase_accounts.spend_refresh_token(connection, refresh_token)
        except supabase_accounts.RefreshTokenNotFound:
            raise AuthError(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found") from None
        except supabase_accounts.RefreshTokenAlreadyUsed:
            await connection.commit()  # the family's revocation outlives the refusal
            raise AuthError(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used") from None
        return await _session(request, connection, user, session_id)


async def sign_out(request: Request) -> Response:
    scope = request.query_params.get("scope", "global")
    if scope not in get_args(SignOutScope):
        raise AuthError(400, "validation_failed", f'Unsupported logout scope "{scope}"')
    async with _connection(request) as connection:
        user, claims = await _caller(request, connection)
        await supabase_accounts.close_sessions(
            connection, user_id=user["id"], session_id=claims.get("session_id"), scope=cast("SignOutScope", scope)
        )
    return Response(status_code=204)


async def current_user(request: Request) -> Response:
    async with _connection(request) as connection:
        user, _ = await _caller(request, connection)
    return JSONResponse(user_body(user))


async def recover(request: Request) -> Response:
    email = _email(await _json_object(request))
    if faults.RECOVERY_REVEALS_ACCOUNTS.on:
        async with _connection(request) as connection:
            if not await supabase_accounts.is_known(connection, email):
                raise AuthError(404, "user_not_found", "User not found")
    return JSONResponse({})


async def admin_list_users(request: Request) -> Response:
    _require_service_role(request)
    page, per_page = _page_number(request, "page", 1), _page_number(request, "per_page", 50)
    async with _connection(request) as connection:
        users, total = await supabase_accounts.list_users(connection, page=page, per_page=per_page)
    body = {"users": [user_body(user) for user in users], "aud": "authenticated"}
    return JSONResponse(body, headers={"X-Total-Count": str(total)})


async def admin_create_user(request: Request) -> Response:
    _require_service_role(request)
    body = await _json_object(request)
    new = NewUser(
        _email(body),
        _password(body),
        id=body.get("id"),
        phone=body.get("phone"),
        confirmed=bool(body.get("email_confirm")),
        metadata=_metadata(body, "user_metadata"),
        app_metadata=_metadata(body, "app_metadata"),
    )
    async with _connection(request) as connection:
        try:
            user = await supabase_accounts.add_user(connection, new)
        except psycopg.errors.UniqueViolation:
            raise AuthError(422, "email_exists", "A user with this email address has already been registered") from None
    return JSONResponse(user_body(user))


async def admin_user(request: Request) -> Response:
    _require_service_role(request)
    async with _connection(request) as connection:
        user = await supabase_accounts.find_user(connection, _user_id(request))
    if user is None:
        raise AuthError(404, "user_not_found", "User not found")
    return JSONResponse(user_body(user))


async def admin_delete_user(request: Request) -> Response:
    _require_service_role(request)
    async with _connection(request) as connection:
        deleted = await supabase_accounts.delete_user(connection, _user_id(request))
    if not deleted:
        raise AuthError(404, "user_not_found", "User not found")
    return JSONResponse({})


def user_body(user: Row) -> Row:
    """A user as GoTrue prints one."""
    times = {name: _iso(user[name]) for name in ("email_confirmed_at", "last_sign_in_at", "created_at", "updated_at")}
    identity = {
        "identity_id": str(user["id"]),
        "id": str(user["id"]),
        "user_id": str(user["id"]),
        "identity_data": {"email": user["email"], "sub": str(user["id"])},
        "provider": "email",
        "last_sign_in_at": times["last_sign_in_at"],
        "created_at": times["created_at"],
        "updated_at": times["updated_at"],
        "email": user["email"],
    }
    return {
        "id": str(user["id"]),
        "aud": user["aud"],
        "role": user["role"],
        "email": user["email"],
        "phone": user["phone"] or "",
        "confirmed_at": times["email_confirmed_at"],
        "app_metadata": user["raw_app_meta_data"],
        "user_metadata": user["raw_user_meta_data"],
        "identities": [identity],
        "is_anonymous": False,
        **times,
    }


async def _signed_in(request: Request, connection: Connection, user: Row) -> Response:
    client = Client(request.client.host if request.client else None, request.headers.get("user-agent"))
    session_id = await supabase_accounts.open_session(connection, user, client)
    return await _session(request, connection, user, session_id)


async def _session(request: Request, connection: Connection, user: Row, session_id: str) -> Response:
    access_token, expires_at = await supabase_accounts.access_token(connection, request.app.state.settings, user, session_id)
    return JSONResponse(
        {
            "access_token": access_token,
            "token_type": "bearer",
            "expires_in": supabase_accounts.ACCESS_TOKEN_LIFETIME_S,
            "expires_at": expires_at,
            "refresh_token": await supabase_accounts.issue_refresh_token(connection, session_id),
            "user": user_body(user),
        }
    )


async def _caller(request: Request, connection: Connection) -> tuple[Row, Row]:
    """The user and claims of the bearer token, whose session, if it names one, must still be open."""
    claims = _claims(request)
    if not claims.get("sub"):
        raise AuthError(403, "bad_jwt", "invalid claim: missing sub claim")
    if not _is_uuid(claims["sub"]):
        raise AuthError(403, "bad_jwt", "invalid claim: sub claim must be a UUID")
    user = await supabase_accounts.find_user(connection, claims["sub"])
    if user is None:
        raise AuthError(403, "user_not_found", "User from sub claim in JWT does not exist")
    session_id = claims.get("session_id")
    if session_id and not (_is_uuid(session_id) and await supabase_accounts.session_exists(connection, session_id)):
        raise AuthError(403, "session_not_found", "Session from session_id claim in JWT does not exist")
    return user, claims


def _claims(request: Request) -> Row:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not bearer:
        raise AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token")
    try:
        return jwt.decode(
            bearer, request.app.state.settings.supabase_jwt_secret, algorithms=["HS256"], options={"verify_aud": False}
        )
    except jwt.InvalidTokenError as error:
        raise AuthError(403, "bad_jwt", f"invalid JWT: unable to parse or verify signature, {error}") from None


def _require_service_role(request: Request) -> None:
    role = _claims(request).get("role")
    if role == "anon" and faults.ADMIN_API_OPEN.on:
        return
    if role != "service_role":
        raise AuthError(403, "not_admin", "User not allowed")


def _user_id(request: Request) -> str:
    user_id: str = request.path_params["user_id"]
    if not _is_uuid(user_id):
        raise AuthError(404, "validation_failed", "user_id must be an UUID")
    return user_id


def _is_uuid(text: Any) -> bool:
    try:
        return bool(uuid.UUID(text))
    except (ValueError, AttributeError, TypeError):
        return False


def _email(body: Row) -> str:
    email = body.get("email")
    if not isinstance(email, str) or not supabase_accounts.EMAIL.fullmatch(email):
        raise AuthError(400, "validation_failed", "Unable to validate email address: invalid format")
    return email


def _password(body: Row) -> str:
    password = body.get("password")
    if not isinstance(password, str) or not password:
        raise AuthError(400, "validation_failed", "Signup requires a valid password")
    if len(password) < passwords.MINIMUM_LENGTH:
        raise AuthError(
            422,
            "weak_password",
            f"Password should be at least {passwords.MINIMUM_LENGTH} characters.",
            weak_password={"reasons": ["length"]},
        )
    return password


def _metadata(body: Row, name: str) -> Row:
    metadata = body.get(name) or {}
    if not isinstance(metadata, dict):
        raise AuthError(400, "bad_json", f"Could not parse request body as JSON: {name} is an object")
    return metadata


def _page_number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name) or str(default)  # the Python SDK sends `page=` for none
    if not text.isdecimal() or int(text) < 1:
        raise AuthError(400, "validation_failed", f"Bad Pagination Parameters: {name} must be a positive number")
    return int(text)


async def _json_object(request: Request) -> Row:
    try:
        body = await request.json()
    except ValueError:
        raise AuthError(400, "bad_json", "Could not parse request body as JSON") from None
    if not isinstance(body, dict):
        raise AuthError(400, "bad_json", "Could not parse request body as JSON: an object is expected")
    return body


@asynccontextmanager
async def _connection(request: Request) -> AsyncIterator[Connection]:
    pool: Pool = request.app.state.pool
    async with pool.connection() as connection:
        yield connection


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, AuthError)
    if request.headers.get("x-supabase-api-version") == API_VERSION:
        body = {"code": error.code, "message": error.message, **error.extra}
        return JSONResponse(body, error.status, {"X-Supabase-Api-Version": API_VERSION})
    return JSONResponse({"code": error.status, "error_code": error.code, "msg": error.message, **error.extra}, error.status)


async def _unstorable(request: Request, _error: Exception) -> Response:
    """A null character, half a surrogate pair, an id that is none: no text or value of PostgreSQL."""
    return await _refusal(request, AuthError(400, "validation_failed", "A value cannot be stored"))


async def _database_failed(request: Request, _error: Exception) -> Response:
    return await _refusal(request, AuthError(500, "unexpected_failure", "Database error querying schema"))
