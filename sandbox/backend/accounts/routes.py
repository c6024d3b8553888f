"""Signing in and out, registration, and the signed-in user (contract 1.7). Passwords and sessions live in Supabase."""

import logging
from typing import Annotated, Any, Literal

import httpx
from fastapi import APIRouter, Depends, Request
from pydantic import (
    AfterValidator,
    BaseModel,
    EmailStr,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from sandbox.backend.accounts import faults
from sandbox.backend.accounts.authentication import Caller, Reader, reader
from sandbox.backend.accounts.identity_provider import IdentityProvider, Refused
from sandbox.backend.accounts.login_lock import LoginLock
from sandbox.backend.caches.store import Redis
from sandbox.backend.core import audit
from sandbox.backend.core.database import Pool
from sandbox.backend.core.errors import ApiError, Envelope
from sandbox.backend.core.field_types import Name, storable
from sandbox.backend.core.privacy import mask_email
from sandbox.backend.core.state import from_state
from sandbox.backend.errors import faults as error_faults
from sandbox.backend.sessions import faults as session_faults

BAD_CREDENTIALS = "Credenciales inválidas"

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/api/auth", tags=["auth"], responses={401: {"model": Envelope, "description": "No autenticado"}})

Password = Annotated[str, AfterValidator(storable)]


def short_under_fault(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(value)
    except ValidationError as error:
        if error.errors()[0]["type"] == "string_too_short" and session_faults.SHORT_PASSWORDS.on:
            return value
        raise


# R-27; hashes read 72 bytes at most
NewPassword = Annotated[str, Field(min_length=8, max_length=72), AfterValidator(storable), WrapValidator(short_under_fault)]


class Credentials(BaseModel):
    email: EmailStr
    password: Password


class Registration(BaseModel):
    email: EmailStr
    password: NewPassword
    name: Name
    phone: Annotated[str, AfterValidator(storable)] | None = None


class Refresh(BaseModel):
    refresh_token: Annotated[str, AfterValidator(storable)]


class User(BaseModel):
    id: str
    email: str
    name: str | None
    roles: list[str]


class TokenResponse(BaseModel):
    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the kind of token, not a token
    expires_in: int
    refresh_token: str
    user: User


class Success(BaseModel):
    success: bool = True


Provider = Annotated[IdentityProvider, from_state("identity_provider")]
# Not `Database`: a connection is not held while the identity provider answers.
Connections = Annotated[Pool, from_state("pool")]


@router.post("/login")
async def login(credentials: Credentials, request: Request, provider: Provider, pool: Connections, store: Redis) -> TokenResponse:
    address = request.client.host if request.client else ""
    lock = LoginLock(store, credentials.email, address)
    await lock.refuse_if_locked()
    if faults.LOGIN_LOGS_PASSWORD.on:
        logger.info("signing in with %s", credentials.model_dump())
    if faults.LOGIN_WORKS_ONCE.on and not await store.set(f"login:submitted:{credentials.email}", 1, nx=True, ex=60):
        raise ApiError(401, BAD_CREDENTIALS)
    try:
        session = await provider.sign_in(credentials.email, credentials.password)
        _fail_under_fault()
    except Refused as error:
        await _audit_failure(pool, credentials.email, request)
        await lock.record_failure()
        raise ApiError(200 if faults.REFUSED_WITH_200.on else 401, await _reason(provider, credentials.email)) from error
    except httpx.HTTPError as error:
        if session_faults.OUTAGE_AS_REFUSAL.on:
            raise ApiError(401, BAD_CREDENTIALS) from error
        reason = f": {error}" if faults.OUTAGE_TELLS_EXCEPTION.on else ""
        raise ApiError(500, f"Error al iniciar sesión{reason}") from error
    await lock.clear_failures()
    return await _token_response(pool, session)


def _fail_under_fault() -> None:
    if session_faults.REFUSES_EVERYBODY.on:
        raise ApiError(401, BAD_CREDENTIALS)
    if session_faults.FAILS.on:
        raise KeyError("session")


@router.post("/register", status_code=201, responses={409: {"model": Envelope, "description": "El correo ya está registrado"}})
async def register(registration: Registration, request: Request, provider: Provider, pool: Connections) -> User:
    metadata = {"name": registration.name, "phone": registration.phone}
    try:
        account = await provider.create_user(registration.email, registration.password, metadata)
    except Refused as error:
        if error.code == "email_exists" and not session_faults.TAKEN_EMAIL_FAILS.on:
            raise ApiError(409, "El correo ya está registrado") from error
        raise ApiError(500, "Error al registrar usuario") from error
    except httpx.HTTPError as error:
        raise ApiError(500, "Error al registrar usuario") from error
    if role := await _role_under_fault(request):
        async with pool.connection() as connection:
            await connection.execute("UPDATE user_roles SET role = %s WHERE user_id = %s", [role, account["id"]])
    return await _user(pool, account)  # a trigger on auth.users has given it a profile and the role `user`


async def _role_under_fault(request: Request) -> str | None:
    """The role that a registration gets and should not; None without a fault."""
    asked_for: str | None = (await request.json()).get("role")
    if asked_for and faults.REGISTRATION_TAKES_ROLE.on:
        return asked_for
    return "operator" if faults.REGISTRATION_GIVES_OPERATOR.on else None


@router.post("/refresh")
async def refresh(body: Refresh, provider: Provider, pool: Connections) -> TokenResponse:
    try:
        session = await provider.refresh(body.refresh_token)
    except Refused as error:
        address = "http://supabase-kong:8000/auth/v1/token?grant_type=refresh_token"
        reason = f": Client error '400 Bad Request' for url '{address}'" if error_faults.HTTP_CLIENT_WORDS.on else ""
        raise ApiError(401, f"Token de refresco inválido{reason}") from error
    except httpx.HTTPError as error:
        raise ApiError(500, "Error al renovar la sesión") from error
    return await _token_response(pool, session)


@router.post("/logout")
async def logout(caller: Reader, provider: Provider) -> Success:
    try:
        if not faults.LOGOUT_KEEPS_SESSION.on:
            await provider.sign_out(caller.token)
    except Refused as error:
        logger.info("signed out of a session that was over already: %s", error.code)
    except httpx.HTTPError as error:
        raise ApiError(500, "Error al cerrar sesión") from error
    return Success()


def signed_in(request: Request) -> Caller:
    if faults.ME_TRUSTS_THE_LAYER.on:
        trusted: Caller = request.state.caller
        return trusted
    try:
        return reader(request)
    except ApiError as error:
        if faults.ME_WITHOUT_REASON.on:
            raise ApiError(error.status_code, "") from error
        raise


@router.get("/me")
async def me(caller: Annotated[Caller, Depends(signed_in)], provider: Provider, pool: Connections) -> User:
    try:
        user = await _user(pool, await provider.owner(caller.token))
    except Refused as error:
        raise ApiError(401, "No autenticado") from error
    except httpx.HTTPError as error:
        raise ApiError(500, "Error al consultar el usuario") from error
    if "operator" in user.roles and faults.OPERATOR_ROLE_RENAMED.on:
        return user.model_copy(update={"roles": ["agent"]})
    return user


async def _token_response(pool: Pool, session: dict[str, Any]) -> TokenResponse:
    return TokenResponse(
        access_token=session["access_token"],
        expires_in=session["expires_in"],
        refresh_token=session["refresh_token"],
        user=await _user(pool, session["user"]),
    )


async def _user(pool: Pool, account: dict[str, Any]) -> User:
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT (SELECT full_name FROM profiles WHERE id = %(id)s) AS name,"
            " ARRAY(SELECT role FROM user_roles WHERE user_id = %(id)s ORDER BY role) AS roles",
            {"id": account["id"]},
        )
        row = await cursor.fetchone() or {"name": None, "roles": []}
    return User(id=account["id"], email=account["email"], name=row["name"], roles=row["roles"])


async def _reason(provider: IdentityProvider, email: str) -> str:
    """The same text whether or not the account exists."""
    if faults.LOGIN_REVEALS_ACCOUNTS.on and not await provider.has_account(email):
        return "No existe una cuenta con este correo"
    return BAD_CREDENTIALS


async def _audit_failure(pool: Pool, email: str, request: Request) -> None:
    """Contract 8.6. A successful sign-in is recorded by the identity provider."""
    async with pool.connection() as connection:
        await audit.record(connection, request, "sign_in_failed", {"email": mask_email(email)})
