"""The backend about itself: root, health, metrics (contract 2.4, R-01, R-02, R-18)."""

import asyncio
import itertools
import logging
from typing import Literal

import psycopg
import redis.asyncio
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel
from redis.exceptions import RedisError

from sandbox.backend.core import exposition, faults
from sandbox.process.settings import VERSION, Settings

PROBE_LIMIT_S = 0.8  # the response is due within 1 s
STALE_VERSION = "0.9.4"
FRONT_PAGE = (
    '<!DOCTYPE html><html lang="es"><head><title>Sistema de Automatización de Llamadas</title></head><body></body></html>'
)
WELCOME = "Bienvenido a la API de Automatización de Llamadas"

logger = logging.getLogger(__name__)
router = APIRouter(tags=["system"])
_stale_worker = itertools.cycle((True, False))  # two workers answer in turn

CheckResult = Literal["ok", "error"]


class Welcome(BaseModel):
    message: str
    version: str
    environment: str
    docs_url: str | None


class Health(BaseModel):
    status: Literal["ok", "degraded"]
    version: str
    environment: str
    checks: dict[str, CheckResult]


class DatabaseProbe:
    """One connection of its own: it fails when the server is gone and not when the pool is busy."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.AsyncConnection | None = None
        self._lock = asyncio.Lock()
        self._abandoned: set[asyncio.Task[None]] = set()

    async def check(self) -> None:
        """Raise psycopg.Error or TimeoutError when the database does not answer."""
        query = asyncio.create_task(self._query())
        done, _ = await asyncio.wait({query}, timeout=PROBE_LIMIT_S)
        if done:
            return await query
        # Not awaited: the driver takes seconds to give up a query on a server that hangs.
        self._abandoned.add(query)
        query.add_done_callback(self._forget)
        query.cancel()
        raise TimeoutError

    async def _query(self) -> None:
        async with self._lock:
            try:
                if self._connection is None:
                    self._connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
                await self._connection.execute("SELECT 1")
            except BaseException:  # a cancelled query leaves the connection unusable too
                await self._drop()
                raise

    def _forget(self, query: asyncio.Task[None]) -> None:
        self._abandoned.discard(query)
        if not query.cancelled() and (error := query.exception()):
            logger.info("the database answered a probe late: %s", type(error).__name__)

    async def close(self) -> None:
        await asyncio.gather(*self._abandoned, return_exceptions=True)
        await self._drop()

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()


def version() -> str:
    return STALE_VERSION if faults.VERSION_STALE.on or (faults.STALE_ON_ONE_WORKER.on and next(_stale_worker)) else VERSION


@router.get("/")
async def root(request: Request) -> Welcome:
    settings: Settings = request.app.state.settings
    docs_url = None if settings.app_env == "production" and not faults.ROOT_POINTS_TO_DOCUMENTATION.on else "/docs"
    message = "Hello World" if faults.ROOT_OF_ANOTHER_APPLICATION.on else WELCOME
    return Welcome(message=message, version=version(), environment=settings.app_env, docs_url=docs_url)


@router.get("/health", responses={503: {"model": Health, "description": "Una dependencia no responde"}})
async def health(request: Request) -> Response:
    return _other_health() or await _health(request)


def _other_health() -> Response | None:
    """What stands in the place of the health page under a fault."""
    if faults.HEALTH_MISSING.on:
        raise HTTPException(404, "Not Found")
    if faults.HEALTH_BEHIND_SIGN_IN.on:
        return JSONResponse({"detail": "No se proporcionó token de autenticación"}, 401, {"WWW-Authenticate": "Bearer"})
    if faults.HEALTH_RESHAPED.on:
        return JSONResponse({"state": "UP", "components": {"db": "UP", "cache": "UP"}})
    return HTMLResponse(FRONT_PAGE) if faults.HEALTH_IS_A_PAGE.on else None


async def _health(request: Request) -> Response:
    checks = {"database": "ok", "redis": "ok"} if faults.HEALTH_LIES.on else await _checks(request)
    if faults.HEALTH_SLOW.on:
        await asyncio.sleep(2.5)
    healthy = set(checks.values()) == {"ok"}
    body = {
        "status": "ok" if healthy else "degraded",
        "version": STALE_VERSION if faults.HEALTH_VERSION_FIXED.on else version(),
        "environment": request.app.state.settings.app_env,
        "checks": checks,
    }
    return JSONResponse(body, 200 if healthy else 503, {"Cache-Control": "no-store"})


async def _checks(request: Request) -> dict[str, CheckResult]:
    state = request.app.state
    database, cache = await asyncio.gather(_database(state.database_probe), _redis(state.redis))
    return {"database": database, "redis": "ok" if cache != "ok" and faults.HEALTH_IGNORES_REDIS.on else cache}


async def _database(probe: DatabaseProbe) -> CheckResult:
    try:
        await probe.check()
    except (psycopg.Error, OSError) as error:  # TimeoutError is an OSError
        logger.warning("the database does not answer: %s", type(error).__name__)
        return "error"
    return "ok"


async def _redis(store: redis.asyncio.Redis) -> CheckResult:
    try:
        async with asyncio.timeout(PROBE_LIMIT_S):
            await store.ping()
    except (RedisError, OSError) as error:
        logger.warning("Redis does not answer: %s", type(error).__name__)
        return "error"
    return "ok"


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    return exposition.rendered(request.app.state.metrics)
