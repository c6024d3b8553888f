"""Supabase's stand-in: the API gateway in front of the auth service and the data API, and the database objects they need."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.datastructures import Headers, QueryParams
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.process.settings import Settings
from sandbox.vendors import faults, supabase_accounts, supabase_auth, supabase_rest
from sandbox.vendors.supabase_accounts import NewUser

SCHEMA = Path(__file__).with_name("auth_schema.sql")
INSTALL_LOCK = 4_870_001  # any number that nothing else in this database locks
POOL_TIMEOUT_S = 1.5  # a database that is down is reported within the 2 s that the backend has for its own response
SLOW_S = 1.5


def create(settings: Settings) -> ASGIApp:
    owner, authenticator = _pool(settings.database_url, size=8), _pool(settings.authenticator_url, size=10)

    @asynccontextmanager
    async def pools(_app: Starlette) -> AsyncIterator[None]:
        async with owner, authenticator:
            yield

    return Starlette(
        routes=[
            Mount("/auth/v1", supabase_auth.create(settings, owner)),
            Mount("/rest/v1", supabase_rest.create(settings, authenticator)),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=[settings.app_url],
                allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
                allow_headers=["apikey", "authorization", "content-type", "prefer", "x-client-info", "x-supabase-api-version"],
                expose_headers=["content-range", "x-supabase-api-version", "x-total-count"],
                max_age=3600,
            ),
            Middleware(Gateway, settings=settings),
        ],
        exception_handlers={404: no_route},
        lifespan=pools,
    )


async def install(settings: Settings) -> None:
    """Create schema `auth` and the accounts of settings.identities. Idempotent, and safe when two starts share a database."""
    async with await psycopg.AsyncConnection.connect(settings.database_url, row_factory=dict_row) as connection:
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (INSTALL_LOCK,))
        await connection.execute(SCHEMA.read_bytes())
        for person in settings.identities:
            account = NewUser(person.email, person.password, id=person.id, metadata={"name": person.name})
            await supabase_accounts.keep_identity(connection, account)


class Gateway:
    """Refuses requests without one of the project's two API keys."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.keys = (settings.supabase_key, settings.supabase_service_key)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        response = self.refusal(scope)
        if response is None and scope["path"].startswith("/auth/v1/"):
            response = await auth_outage()
        await (response or self.app)(scope, receive, send)

    def refusal(self, scope: Scope) -> JSONResponse | None:
        key = Headers(scope=scope).get("apikey") or QueryParams(scope["query_string"]).get("apikey")
        if not key:
            hint = "No `apikey` request header or url param was found."
            return JSONResponse({"message": "No API key found in request", "hint": hint}, 401)
        if not any(hmac.compare_digest(key.encode(), known.encode()) for known in self.keys):
            hint = "Double check your Supabase `anon` or `service_role` API key."
            return JSONResponse({"message": "Invalid API key", "hint": hint}, 401)
        return None


async def no_route(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"message": "no Route matched with those values"}, 404)


async def auth_outage() -> JSONResponse | None:
    if faults.AUTH_DOWN.on:
        return JSONResponse({"message": "name resolution failed"}, 503)
    if faults.AUTH_SLOW.on:
        await asyncio.sleep(SLOW_S)
    return None


def _pool(url: str, *, size: int) -> AsyncConnectionPool[supabase_accounts.Connection]:
    kwargs: dict[str, Any] = {"row_factory": dict_row}
    return AsyncConnectionPool(
        url,
        connection_class=psycopg.AsyncConnection[dict[str, Any]],
        kwargs=kwargs,
        min_size=1,
        max_size=size,
        timeout=POOL_TIMEOUT_S,
        check=AsyncConnectionPool.check_connection,  # PostgreSQL may have been restarted since
        reconnect_timeout=0,  # the next request tries again: recovery does not wait for a back-off
        open=False,
    )
