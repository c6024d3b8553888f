"""Refusals of the data API: PostgREST's error bodies, and its choice of HTTP status for an error of PostgreSQL."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.vendors.supabase_query import QueryError

# PostgREST's table of HTTP states: SQLSTATE, or a class of them; the longest key that fits wins. Anything else is 400.
STATUS_OF_SQLSTATE = {
    "08": 503,
    "09": 500,
    "0L": 403,
    "0P": 403,
    "23503": 409,
    "23505": 409,
    "25006": 405,
    "25": 500,
    "28": 403,
    "2D": 500,
    "38": 500,
    "39": 500,
    "3B": 500,
    "40": 500,
    "42883": 404,
    "42P01": 404,
    "42P17": 500,
    "53400": 500,
    "53": 503,
    "54": 500,
    "55": 500,
    "57": 500,
    "58": 500,
    "P0001": 400,
    "P0": 500,
    "XX": 500,
}


class TokenError(Exception):
    """The bearer token is no token of this project."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def refusal(status: int, code: str, message: str, details: str | None = None, hint: str | None = None) -> Response:
    return JSONResponse({"code": code, "details": details, "hint": hint, "message": message}, status)


async def query_refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, QueryError)
    return refusal(error.status, error.code, error.message, error.details)


async def token_refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, TokenError)
    response = refusal(401, error.code, error.message)
    response.headers["WWW-Authenticate"] = f'Bearer error="invalid_token", error_description="{error.message}"'
    return response


async def not_routed(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == 405:
        return refusal(405, "PGRST117", f"Unsupported HTTP method: {request.method}")
    return refusal(404, "PGRST125", "Invalid path specified in request URL")


async def database_away(_request: Request, _error: Exception) -> Response:
    return refusal(504, "PGRST003", "Timed out acquiring connection from connection pool.")


async def database_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, psycopg.Error)
    if error.sqlstate is None:
        return _refused_by_driver(error)
    status = _status(error.sqlstate, anonymous=request.state.database_role == "anon")
    diagnosis = error.diag
    return refusal(status, error.sqlstate, diagnosis.message_primary or "", diagnosis.message_detail, diagnosis.message_hint)


def _refused_by_driver(error: psycopg.Error) -> Response:
    """No SQLSTATE: a value that PostgreSQL could never hold, or no connection."""
    if isinstance(error, psycopg.DataError):
        return refusal(400, "22021", str(error))
    return refusal(503, "PGRST001", "Database client error. Retrying the connection.")


def _status(sqlstate: str, *, anonymous: bool) -> int:
    if sqlstate == "42501":  # insufficient privilege: signing in may help, unless one is signed in
        return 401 if anonymous else 403
    fitting = [key for key in STATUS_OF_SQLSTATE if sqlstate.startswith(key)]
    return STATUS_OF_SQLSTATE[max(fitting, key=len)] if fitting else 400


HANDLERS: Mapping[Any, Any] = {
    QueryError: query_refused,
    TokenError: token_refused,
    HTTPException: not_routed,
    psycopg.Error: database_refused,
    PoolTimeout: database_away,
}
