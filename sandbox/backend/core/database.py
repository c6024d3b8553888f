"""PostgreSQL: the pool, one connection per request, and the migrations."""

import asyncio
import select
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import psycopg
from fastapi import Depends, Request
from psycopg.rows import DictRow, dict_row
from psycopg.sql import SQL
from psycopg_pool import AsyncConnectionPool

from sandbox.backend.core import faults
from sandbox.process.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 4_004  # any number, as long as everything that migrates uses the same one
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Connection = psycopg.AsyncConnection[DictRow]
Pool = AsyncConnectionPool[Connection]


def create_pool(settings: Settings) -> Pool:
    """A pool that notices a restart of PostgreSQL before a request does. A request waits at most 1.5 s for a connection."""

    async def refuse_if_severed(connection: Connection) -> None:
        if _was_closed(connection):
            await connection.close()
            await pool.drain()  # the others were severed with it, and would be found one by one, a second apart
            raise psycopg.OperationalError("the server has closed the connection")

    pool: Pool = AsyncConnectionPool(
        settings.database_url,
        connection_class=psycopg.AsyncConnection[DictRow],
        kwargs={"row_factory": dict_row, "connect_timeout": 2, "application_name": "backend"},
        configure=_become_service_role,
        check=refuse_if_severed,
        reset=_reset_autocommit,
        name="backend",
        min_size=2,
        max_size=16,
        timeout=1.5,
        # Give up a failed attempt at once: the next request tries again, so that recovery does not wait for a back-off.
        reconnect_timeout=0,
        open=False,
    )
    return pool


async def _become_service_role(connection: Connection) -> None:
    """The backend passes row-level security by its role, as with the vendor's service key, and not by owning the tables."""
    await connection.execute("SET ROLE service_role")
    await connection.execute("SET statement_timeout = '8s'")
    await connection.commit()


def _was_closed(connection: Connection) -> bool:
    """Nothing else can be waiting to be read on an idle connection. Unlike SELECT 1, to look costs no round trip."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


async def _reset_autocommit(connection: Connection) -> None:
    await connection.set_autocommit(False)


async def connection(request: Request) -> AsyncIterator[Connection]:
    """A pooled connection: a transaction for requests that write, none for the others."""
    pool: Pool = request.app.state.pool
    async with pool.connection() as pooled:
        if request.method in SAFE_METHODS:
            # READ COMMITTED gives single reads nothing that autocommit does not, at two round trips less.
            await pooled.set_autocommit(True)
        yield pooled
        if faults.WRITES_NOT_COMMITTED.on:
            await pooled.rollback()


# Scope "function": committed before the response is sent, so that a client that has the response can read the record.
Database = Annotated[psycopg.AsyncConnection[dict[str, Any]], Depends(connection, scope="function")]


async def migrate(settings: Settings) -> None:
    """Apply what is new in migrations/, each file in a transaction of its own, recorded in schema_migrations."""
    async with await psycopg.AsyncConnection.connect(settings.database_url) as connection:
        await connection.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS public.schema_migrations "
            "(version text PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        await connection.commit()
        applied = {row[0] for row in await (await connection.execute("SELECT version FROM schema_migrations")).fetchall()}
        for path in sorted(await asyncio.to_thread(lambda: list(MIGRATIONS.glob("*.sql")))):
            version, _, name = path.stem.partition("_")
            if version not in applied:
                await _apply(connection, path, version, name)


async def _apply(connection: psycopg.AsyncConnection, path: Path, version: str, name: str) -> None:
    statements = await asyncio.to_thread(path.read_text, encoding="utf-8")
    async with connection.transaction():
        await connection.execute(SQL(statements))
        await connection.execute("INSERT INTO schema_migrations (version, name) VALUES (%s, %s)", [version, name])
