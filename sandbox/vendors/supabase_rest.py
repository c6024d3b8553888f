"""The data API of the Supabase stand-in: PostgREST's requests on real tables, in the caller's database role.

Each request is one transaction of the login `authenticator`: it becomes anon, authenticated or service_role, leaves the token's
claims where auth.uid() looks, and PostgreSQL's row-level security decides. Related tables are not embedded and functions of a
single unnamed argument are not called; everything else that the SDK's table and rpc builders send is answered.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import jwt
from psycopg import sql
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.process.settings import Settings
from sandbox.vendors import faults, supabase_refusals
from sandbox.vendors.supabase_accounts import Connection, Row
from sandbox.vendors.supabase_query import Query, QueryError, split, unquote
from sandbox.vendors.supabase_refusals import TokenError

API_KEY_ROLES = ("anon", "service_role")
SINGLE_OBJECT = "application/vnd.pgrst.object+json"


@dataclass(frozen=True)
class Caller:
    """Whose rights a request has: the database role, and the claims that policies read."""

    role: str
    claims: Mapping[str, Any]


@dataclass(frozen=True)
class Preferences:
    """The `Prefer` header."""

    representation: bool
    count: bool
    resolution: Literal["merge-duplicates", "ignore-duplicates"] | None


def create(settings: Settings, pool: AsyncConnectionPool[Connection]) -> Starlette:
    """Mounted at /rest/v1. `pool` connects as authenticator."""
    app = Starlette(
        routes=[
            Route("/rpc/{function}", call_function, methods=["GET", "POST"]),
            Route("/{table}", read, methods=["GET"]),
            Route("/{table}", insert, methods=["POST"]),
            Route("/{table}", update, methods=["PATCH"]),
            Route("/{table}", delete, methods=["DELETE"]),
        ],
        exception_handlers=supabase_refusals.HANDLERS,
    )
    app.state.settings = settings
    app.state.pool = pool
    return app


async def read(request: Request) -> Response:
    query, preferences = _query(request), _preferences(request)
    async with _transaction(request, read_only=True) as connection:
        await _columns(connection, query.table)
        statement = sql.SQL("SELECT {} FROM {}{}{}{}").format(
            query.selection(), _relation(query.table), query.where(), query.order(), query.window()
        )
        body, rows = await _as_json(connection, statement, query.values)
        total = await _count(connection, query) if preferences.count else None
    if total is not None and query.offset > total:
        details = f"An offset of {query.offset} was requested, but there are only {total} rows."
        raise QueryError("Requested range not satisfiable", code="PGRST103", status=416, details=details)
    headers = {"Content-Range": _content_range(query.offset, rows, total)}
    return _response(request, body, rows, headers, status=200 if total is None or rows == total else 206)


async def insert(request: Request) -> Response:
    query, preferences = _query(request), _preferences(request)
    records = await _records(request)
    async with _transaction(request) as connection:
        present = await _columns(connection, query.table)
        columns = _sent_columns(query, records, present)
        statement = _insert_statement(query, columns, records)
        if preferences.resolution:
            statement += await _on_conflict(connection, query, columns, preferences.resolution)
        return await _write(request, connection, query, statement, created=True)


async def update(request: Request) -> Response:
    query = _query(request)
    records = await _records(request)
    async with _transaction(request) as connection:
        columns = _sent_columns(query, records, await _columns(connection, query.table))
        if not columns:
            raise QueryError("There is nothing to update", code="PGRST102")
        assignments = (sql.SQL("{0} = sent.{0}").format(sql.Identifier(name)) for name in columns)
        statement = sql.SQL("UPDATE {} SET {} FROM ({}) AS sent").format(
            _relation(query.table), sql.SQL(", ").join(assignments), _sent_rows(query, columns, records)
        )
        return await _write(request, connection, query, statement + _required_where(query, "UPDATE"))


async def delete(request: Request) -> Response:
    query = _query(request)
    async with _transaction(request) as connection:
        await _columns(connection, query.table)
        statement = sql.SQL("DELETE FROM {}").format(_relation(query.table)) + _required_where(query, "DELETE")
        return await _write(request, connection, query, statement)


async def call_function(request: Request) -> Response:
    name = request.path_params["function"]
    arguments = await _arguments(request)
    async with _transaction(request, read_only=request.method != "POST") as connection:
        function = await _find_function(connection, name, arguments)
        values = {"sent": json.dumps(arguments)}
        if function["yields_nothing"]:
            await connection.execute(_call(name, arguments, function), values)
            return Response(status_code=204)
        shape = "coalesce(json_agg(result), '[]')" if function["yields_set"] else "to_json(result)"
        statement = sql.SQL("SELECT ({})::text AS body FROM ({}) AS call").format(
            sql.SQL(shape),
            _call(name, arguments, function),
        )
        row = await (await connection.execute(statement, values)).fetchone()
    return Response(row["body"] if row and row["body"] is not None else "null", media_type="application/json")


def _caller(request: Request) -> Caller:
    """A signed token without an API key's role is a person's: the MVP's roles are in that claim (contract 1.6)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    claims = _claims(token, request.app.state.settings) if scheme.lower() == "bearer" else {"role": "anon"}
    role = claims.get("role", "anon")
    role = role if role in API_KEY_ROLES else "authenticated"
    if role != "service_role" and (_is_open(request, role) or faults.RLS_BYPASSED.on):
        role = "service_role"
    request.state.database_role = role
    return Caller(role, claims)


def _is_open(request: Request, role: str) -> bool:
    """Whether a fault in the policies of this table allows the role this request."""
    table = request.path_params.get("table")
    if table == "call_history":
        return faults.RLS_OFF_ON_HISTORY.on
    if request.method == "GET" and table == "contacts" and role == "authenticated":
        return faults.CONTACTS_OPEN_TO_SIGNED_IN.on
    if request.method == "GET" and table == "profiles" and role == "authenticated":
        return faults.PROFILES_OPEN_TO_SIGNED_IN.on
    if request.method == "POST" and table == "contacts" and role == "anon":
        return faults.ANONYMOUS_MAY_INSERT.on
    return request.method == "POST" and table == "user_roles" and role == "authenticated" and faults.ROLES_WRITABLE.on


def _claims(token: str, settings: Settings) -> Row:
    try:
        return jwt.decode(token, settings.supabase_jwt_secret, algorithms=["HS256"], options={"verify_aud": False})
    except jwt.ExpiredSignatureError:
        raise TokenError("PGRST303", "JWT expired") from None
    except jwt.InvalidSignatureError:
        raise TokenError("PGRST301", "No suitable key or wrong key type") from None
    except jwt.InvalidTokenError as error:
        raise TokenError("PGRST301", f"JWT could not be decoded: {error}") from None


@asynccontextmanager
async def _transaction(request: Request, *, read_only: bool = False) -> AsyncIterator[Connection]:
    """In the caller's role and with the caller's claims, both for this transaction only. An exception undoes it."""
    caller = _caller(request)
    async with request.app.state.pool.connection() as connection:
        if read_only:
            await connection.execute("SET TRANSACTION READ ONLY")
        await connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(caller.role)))
        await connection.execute("SELECT set_config('request.jwt.claims', %s, true)", (json.dumps(caller.claims),))
        yield connection


async def _columns(connection: Connection, table: str) -> set[str]:
    cursor = await connection.execute(
        "SELECT attname FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p', 'f')"
        " AND relname = %s AND attnum > 0 AND NOT attisdropped",
        (table,),
    )
    columns = {row["attname"] for row in await cursor.fetchall()}
    if not columns:
        raise QueryError(f"Could not find the table 'public.{table}' in the schema cache", code="PGRST205", status=404)
    return columns


async def _find_function(connection: Connection, name: str, arguments: Row) -> Row:
    """The function of this name that takes these arguments by name; the others need defaults."""
    cursor = await connection.execute(
        """
        SELECT prorettype = 'void'::regtype AS yields_nothing, proretset AS yields_set, required.names AS required,
               (SELECT json_object_agg(name, format_type(type, NULL))
                FROM unnest(proargnames[1:pronargs], proargtypes::oid[]) AS argument(name, type)) AS types
        FROM pg_proc, LATERAL (SELECT coalesce(proargnames[1:pronargs - pronargdefaults], '{}') AS names) AS required
        WHERE pronamespace = 'public'::regnamespace AND proname = %(name)s AND prokind = 'f' AND prorettype <> 'trigger'::regtype
          AND coalesce(proargnames[1:pronargs], '{}') @> %(sent)s::text[] AND required.names <@ %(sent)s::text[]
        """,
        {"name": name, "sent": list(arguments)},
    )
    functions = await cursor.fetchall()
    if len(functions) != 1:
        signature = f"public.{name}({', '.join(sorted(arguments))})"
        message = f"Could not find the function {signature} in the schema cache"
        raise QueryError(message, code="PGRST202", status=404)
    return functions[0]


def _call(name: str, arguments: Row, function: Row) -> sql.Composed:
    callee = sql.Identifier("public", name)
    if not arguments:
        return sql.SQL("SELECT result FROM {}() AS result").format(callee)
    typed = (sql.SQL("{} {}").format(sql.Identifier(key), sql.SQL(function["types"][key])) for key in arguments)
    passed = (sql.SQL("{0} => sent.{0}").format(sql.Identifier(key)) for key in arguments)
    return sql.SQL("SELECT result FROM json_to_record(%(sent)s::json) AS sent({}), LATERAL {}({}) AS result").format(
        sql.SQL(", ").join(typed), callee, sql.SQL(", ").join(passed)
    )


async def _write(
    request: Request, connection: Connection, query: Query, statement: sql.Composable, *, created: bool = False
) -> Response:
    """Run the change; return its rows when they are asked for. A refusal raises and so undoes the change."""
    preferences = _preferences(request)
    returned = query.selection() if preferences.representation else sql.SQL("1")
    body, rows = await _as_json(connection, statement + sql.SQL(" RETURNING ") + returned, query.values)
    headers = {"Content-Range": f"*/{rows if preferences.count else '*'}"}
    if not preferences.representation:
        return Response(status_code=201 if created else 204, headers=headers)
    return _response(request, body, rows, headers, status=201 if created else 200)


async def _as_json(connection: Connection, statement: sql.Composable, values: Row) -> tuple[str, int]:
    """The rows as one JSON text, printed by PostgreSQL itself, and how many they are."""
    cursor = await connection.execute(
        sql.SQL("WITH found AS ({}) SELECT coalesce(json_agg(found), '[]')::text AS body, count(*) AS rows FROM found").format(
            statement
        ),
        values,
    )
    row = await cursor.fetchone()
    assert row is not None  # an aggregate yields one row
    return row["body"], row["rows"]


async def _count(connection: Connection, query: Query) -> int:
    counted = Query(query.table, query.parameters)
    statement = sql.SQL("SELECT count(*) AS total FROM {}{}").format(_relation(query.table), counted.where())
    row = await (await connection.execute(statement, counted.values)).fetchone()
    assert row is not None  # an aggregate yields one row
    return int(row["total"])


def _sent_columns(query: Query, records: list[Row], present: set[str]) -> list[str]:
    named = query.parameter("columns")
    sent = [unquote(name) for name in split(named)] if named else list(dict.fromkeys(key for row in records for key in row))
    for name in sent:
        if name not in present:
            raise QueryError(f"Could not find the '{name}' column of '{query.table}' in the schema cache", code="PGRST204")
    return sent


def _sent_rows(query: Query, columns: list[str], records: list[Row]) -> sql.Composable:
    return sql.SQL("SELECT {} FROM json_populate_recordset(NULL::{}, {}::json)").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), _relation(query.table), query.bind(json.dumps(records))
    )


def _insert_statement(query: Query, columns: list[str], records: list[Row]) -> sql.Composable:
    if not columns and len(records) == 1:
        return sql.SQL("INSERT INTO {} DEFAULT VALUES").format(_relation(query.table))
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("INSERT INTO {} ({}) {}").format(_relation(query.table), names, _sent_rows(query, columns, records))


async def _on_conflict(connection: Connection, query: Query, columns: list[str], resolution: str) -> sql.Composable:
    named = query.parameter("on_conflict")
    target = split(named) if named else await _primary_key(connection, query.table)
    clause = sql.SQL(" ON CONFLICT ({})").format(sql.SQL(", ").join(map(sql.Identifier, target)))
    if resolution == "ignore-duplicates":
        return clause + sql.SQL(" DO NOTHING")
    replaced = (sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in columns)
    return clause + sql.SQL(" DO UPDATE SET ") + sql.SQL(", ").join(replaced)


async def _primary_key(connection: Connection, table: str) -> list[str]:
    cursor = await connection.execute(
        "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)"
        " WHERE indisprimary AND indrelid = %s::regclass",
        (_relation(table).as_string(connection),),
    )
    return [row["attname"] for row in await cursor.fetchall()]


def _required_where(query: Query, verb: str) -> sql.Composable:
    """Supabase loads pg-safeupdate for the API: no change of a whole table by a forgotten filter."""
    if not query.conditions():
        raise QueryError(f"{verb} requires a WHERE clause", code="21000")
    return query.where()


def _relation(table: str) -> sql.Identifier:
    return sql.Identifier("public", table)


def _query(request: Request) -> Query:
    return Query(request.path_params["table"], request.query_params.multi_items())


def _preferences(request: Request) -> Preferences:
    asked = {preference.strip() for line in request.headers.getlist("prefer") for preference in line.split(",")}
    resolutions: tuple[Literal["merge-duplicates", "ignore-duplicates"], ...] = ("merge-duplicates", "ignore-duplicates")
    return Preferences(
        representation="return=representation" in asked,
        count=any(preference.startswith("count=") for preference in asked),
        resolution=next((name for name in resolutions if f"resolution={name}" in asked), None),
    )


async def _records(request: Request) -> list[Row]:
    body = await _json(request)
    records = body if isinstance(body, list) else [body]
    if not records or not all(isinstance(record, dict) for record in records):
        raise QueryError("A JSON object, or an array of some, is expected", code="PGRST102")
    return records


async def _arguments(request: Request) -> Row:
    if request.method == "POST":
        body = await _json(request) if await request.body() else {}
        if isinstance(body, dict):
            return body
        raise QueryError("The arguments of a function are a JSON object", code="PGRST102")
    return dict(request.query_params)


async def _json(request: Request) -> Any:
    try:
        return await request.json()
    except ValueError:
        raise QueryError("Empty or invalid json", code="PGRST102") from None


def _content_range(offset: int, rows: int, total: int | None) -> str:
    window = f"{offset}-{offset + rows - 1}" if rows else "*"
    return f"{window}/{'*' if total is None else total}"


def _response(request: Request, body: str, rows: int, headers: dict[str, str], *, status: int) -> Response:
    accepted = request.headers.get("accept", "*/*")
    if "json" not in accepted and "*/*" not in accepted:
        raise QueryError(f"None of these media types are available: {accepted}", code="PGRST107", status=406)
    if SINGLE_OBJECT not in accepted:
        return Response(body, status, headers, media_type="application/json; charset=utf-8")
    if rows != 1:
        message = "Cannot coerce the result to a single JSON object"
        raise QueryError(message, code="PGRST116", status=406, details=f"The result contains {rows} rows")
    return Response(body[1:-1], status, headers, media_type=f"{SINGLE_OBJECT}; charset=utf-8")
