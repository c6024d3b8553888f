"""Signing in and out, registration, and who am I (contract 1.7). Passwords and sessions live in Supabase."""

import logging
from typing import Annotated, Any, Literal

import httpx
from fastapi import APIRouter, Depends, Request
from psycopg.types.json import Jsonb
from pydantic import AfterValidator, BaseModel, EmailStr, Field

from sandbox.backend.authentication import Caller, Reader, reader
from sandbox.backend.cache_store import Redis
from sandbox.backend.database import Pool
from sandbox.backend.errors import ApiError, Envelope
from sandbox.backend.field_types import Name, storable
from sandbox.backend.identity_provider import IdentityProvider, Refused
from sandbox.backend.limits import LoginLock
from sandbox.backend.privacy import mask_email
from sandbox.faults import declare

LOGIN_WORKS_ONCE = declare(
    "login-works-once",
    "A guard against double submission holds the e-mail for a minute instead of a moment.",
    part="backend",
    kind="correctness",
    severity=1,
    finding="The second sign-in with the same good credentials within a minute fails.",
)
LOGIN_REVEALS_ACCOUNTS = declare(
    "login-reveals-accounts",
    "The refusal of a sign-in says whether the e-mail has an account.",
    part="backend",
    kind="authorization",
    severity=2,
    finding="An unknown e-mail is refused in other words than a wrong password, so accounts can be listed.",
)
LOGIN_LOGS_PASSWORD = declare(
    "login-logs-password",
    "A line that helped to debug a failing sign-in was left in: it logs the credentials.",
    part="backend",
    kind="observability",
    severity=1,
    finding="The log holds the passwords of everybody who signs in.",
)
ME_TRUSTS_THE_LAYER = declare(
    "me-trusts-the-layer",
    "The endpoint takes the caller that the authentication layer found, and on a public prefix the layer does not look.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="/api/auth/me without a token is a server error instead of 401.",
)
LOGOUT_KEEPS_SESSION = declare(
    "logout-keeps-session",
    "Signing out answers success without telling the identity provider.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="The refresh token goes on working after logout.",
)

BAD_CREDENTIALS = "Credenciales inválidas"

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/api/auth", tags=["auth"], responses={401: {"model": Envelope, "description": "No autenticado"}})

Password = Annotated[str, AfterValidator(storable)]


class Credentials(BaseModel):
    email: EmailStr
    password: Password


class Registration(BaseModel):
    email: EmailStr
    password: Annotated[str, Field(min_length=8, max_length=72), AfterValidator(storable)]  # R-27; hashes read 72 bytes at most
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


def _provider(request: Request) -> IdentityProvider:
    provider: IdentityProvider = request.app.state.identity_provider
    return provider


def _pool(request: Request) -> Pool:
    pool: Pool = request.app.state.pool
    return pool


Provider = Annotated[IdentityProvider, Depends(_provider)]
# Not `Database`: a connection is not held while the identity provider answers.
Connections = Annotated[Pool, Depends(_pool)]


@router.post("/login")
async def login(credentials: Credentials, request: Request, provider: Provider, pool: Connections, store: Redis) -> TokenResponse:
    address = request.client.host if request.client else ""
    lock = LoginLock(store, credentials.email, address)
    await lock.refuse_if_locked()
    if LOGIN_LOGS_PASSWORD.on:
        logger.info("signing in with %s", credentials.model_dump())
    if LOGIN_WORKS_ONCE.on and not await store.set(f"login:submitted:{credentials.email}", 1, nx=True, ex=60):
        raise ApiError(401, BAD_CREDENTIALS)
    try:
        session = await provider.sign_in(credentials.email, credentials.password)
    except Refused as error:
        await _audit_failure(pool, credentials.email, request)
        await lock.record_failure()
        raise ApiError(401, await _reason(provider, credentials.email)) from error
    except httpx.HTTPError as error:
        raise ApiError(500, "Error al iniciar sesión") from error
    await lock.forget()
    return await _token_response(pool, session)


@router.post("/register", status_code=201, responses={409: {"model": Envelope, "description": "El correo ya está registrado"}})
async def register(registration: Registration, provider: Provider, pool: Connections) -> User:
    metadata = {"name": registration.name, "phone": registration.phone}
    try:
        account = await provider.create_user(registration.email, registration.password, metadata)
    except Refused as error:
        if error.code == "email_exists":
            raise ApiError(409, "El correo ya está registrado") from error
        raise ApiError(500, "Error al registrar usuario") from error
    except httpx.HTTPError as error:
        raise ApiError(500, "Error al registrar usuario") from error
    return await _user(pool, account)  # a trigger on auth.users has given it a profile and the role `user`


@router.post("/refresh")
async def refresh(body: Refresh, provider: Provider, pool: Connections) -> TokenResponse:
    try:
        session = await provider.refresh(body.refresh_token)
    except Refused as error:
        raise ApiError(401, "Token de refresco inválido") from error
    except httpx.HTTPError as error:
        raise ApiError(500, "Error al renovar la sesión") from error
    return await _token_response(pool, session)


@router.post("/logout")
async def logout(caller: Reader, provider: Provider) -> Success:
    try:
        if not LOGOUT_KEEPS_SESSION.on:
            await provider.sign_out(caller.token)
    except Refused as error:
        logger.info("signed out of a session that was over already: %s", error.code)
    except httpx.HTTPError as error:
        raise ApiError(500, "Error al cerrar sesión") from error
    return Success()


def signed_in(request: Request) -> Caller:
    found: Caller = request.state.caller if ME_TRUSTS_THE_LAYER.on else reader(request)
    return found


@router.get("/me")
async def me(caller: Annotated[Caller, Depends(signed_in)], provider: Provider, pool: Connections) -> User:
    try:
        return await _user(pool, await provider.owner(caller.token))
    except Refused as error:
        raise ApiError(401, "No autenticado") from error
    except httpx.HTTPError as error:
        raise ApiError(500, "Error al consultar el usuario") from error


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
    """The same words for everybody."""
    if LOGIN_REVEALS_ACCOUNTS.on and not await provider.knows(email):
        return "No existe una cuenta con este correo"
    return BAD_CREDENTIALS


async def _audit_failure(pool: Pool, email: str, request: Request) -> None:
    """Contract 8.6. A good sign-in is recorded by the identity provider."""
    address = request.client.host if request.client else None
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO auth_audit_log (event_type, ip_address, user_agent, metadata) VALUES ('sign_in_failed', %s, %s, %s)",
            [address, request.headers.get("user-agent"), Jsonb({"email": mask_email(email)})],
        )
