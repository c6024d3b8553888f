"""Error responses: the envelope of contract 2.2, and nothing internal in it (R-28)."""

import re
import traceback
from collections.abc import Mapping
from typing import Any, Literal

import psycopg
import psycopg_pool
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.backend.core import faults
from sandbox.backend.errors import bodies
from sandbox.backend.errors import faults as error_faults

UNHANDLED = "Error interno del servidor"
UNAVAILABLE = "Servicio no disponible temporalmente"
INVALID = "Error de validación"


class ApiError(Exception):
    """A refusal that a handler decides on; `message` goes to the client as it is."""

    def __init__(self, status_code: int, message: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.message = message
        self.headers = headers


class Envelope(BaseModel):
    """What every error but the authentication layer's looks like."""

    status: Literal["error"] = "error"
    code: int
    message: str
    request_id: str | None = None


class Problem(BaseModel):
    loc: list[str | int]
    msg: str
    type: str


class ValidationEnvelope(Envelope):
    errors: list[Problem] | None = None


class LayerRefusal(BaseModel):
    """The authentication layer's own shape (contract 1.6)."""

    detail: str


DOCUMENTED: dict[int | str, dict[str, Any]] = {
    400: {"model": Envelope, "description": "Solicitud no admitida"},
    401: {"model": LayerRefusal | Envelope, "description": "Sin credenciales válidas"},
    403: {"model": Envelope, "description": "Permisos insuficientes o firma no válida"},
    404: {"model": Envelope, "description": "No encontrado"},
    422: {"model": ValidationEnvelope, "description": INVALID},
    429: {"model": Envelope, "description": "Demasiadas solicitudes"},
    500: {"model": Envelope, "description": UNHANDLED},
    503: {"model": Envelope, "description": UNAVAILABLE},
}


def envelope(scope: Scope, status_code: int, message: str, *, headers: Mapping[str, str] | None = None, **extra: Any) -> Response:
    message = bodies.message_of(status_code, message, extra.get("errors"))
    body: dict[str, Any] = {"status": "error", "code": status_code, "message": message}
    if request_id := scope["state"].get("request_id"):
        body["request_id"] = request_id
    if error_faults.REQUEST_ID_LOST.on:
        scope["state"]["hide_request_id"] = True
    return bodies.response(status_code, body | extra, headers)


def install(app: FastAPI) -> None:
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _framework_refusal)
    app.add_exception_handler(psycopg.DataError, _unstorable)
    app.add_exception_handler(psycopg.errors.CheckViolation, _unstorable)
    for error in (psycopg.OperationalError, psycopg_pool.PoolTimeout, RedisError):
        app.add_exception_handler(error, _store_unavailable)


async def _api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    if error.status_code >= 500:
        request.scope["state"]["exception"] = error
        return envelope(request.scope, error.status_code, _text_for(error, error.message), headers=error.headers)
    return envelope(request.scope, error.status_code, error.message, headers=error.headers)


async def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = [{"loc": list(each["loc"]), "msg": each["msg"], "type": each["type"]} for each in error.errors()]
    return envelope(request.scope, 422, INVALID, errors=problems)


async def _framework_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        if faults.UNKNOWN_METHOD_SUCCEEDS.on:
            return JSONResponse({})
        headers = {} if faults.ALLOW_HEADER_MISSING.on else {"Allow": allowed_methods(request)}
    return envelope(request.scope, error.status_code, str(error.detail), headers=headers)


async def _unstorable(request: Request, error: Exception) -> Response:
    """A value that passed validation and that the database cannot hold: the client's mistake, reported without SQL."""
    request.scope["state"]["exception"] = error
    problem = {"loc": ["body"], "msg": "Valor no admitido", "type": "value_error"}
    return envelope(request.scope, 422, INVALID, errors=[problem])


async def _store_unavailable(request: Request, error: Exception) -> Response:
    request.scope["state"]["exception"] = error
    return envelope(request.scope, 503, _text_for(error, UNAVAILABLE), headers={"Retry-After": "5"})


def allowed_methods(request: Request) -> str:
    """All methods of the path. The framework names only those of the first route that matches."""
    path = request.scope["path"]
    routes: list[tuple[re.Pattern[str], set[str] | None]] = request.app.state.api_routes
    return ", ".join(sorted({method for pattern, methods in routes if pattern.match(path) for method in methods or ()}))


def _text_for(error: Exception, message: str) -> str:
    if faults.ERROR_LEAKS_INTERNALS.on:
        return f"{message}: {''.join(traceback.format_exception(error))}"
    return message


class Unhandled:
    """ASGI layer around the routes: an unexpected exception becomes the envelope and a log record."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            scope["state"]["exception"] = error
            if started:
                raise  # half of the response is sent: only the server can abort the connection
            response = envelope(scope, 500, _text_for(error, UNHANDLED))
            scope["state"]["hide_request_id"] = True  # contract 2.1: an unhandled 500 has no X-Request-ID header
            await response(scope, receive, send)
