"""The conversation cache in Redis, and its way to and from the database (contract 2.10, 6.5)."""

import json
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Literal

import psycopg
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from psycopg.types.json import Jsonb
from pydantic import BaseModel
from redis.exceptions import RedisError

from sandbox.backend.accounts.authentication import Admin, Reader
from sandbox.backend.caches import faults
from sandbox.backend.caches.store import Redis
from sandbox.backend.core.database import Database
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.field_types import Text

CONVERSATION = "conv:"
CONVERSATION_TTL_S = 3600
SYNC_RECORD = "cache-sync"  # hash with `count` and `last`; not a conversation, so clearing leaves it
SYNCED_TABLES = ("conversation_memories",)

router = APIRouter(prefix="/cache", tags=["cache"])


class CacheMetrics(BaseModel):
    """The defaults are what an unreachable Redis looks like. Rates are shares between 0 and 1."""

    total_keys: int = 0
    memory_used: str = "0B"
    hit_rate: float = 0
    uptime: int = 0  # seconds
    total_requests: int = 0
    hits: int = 0
    misses: int = 0
    hit_ratio: float = 0
    avg_latency_ms: float = 0
    memory_usage_bytes: int = 0
    compression_ratio: float = 1.0
    sync_count: int = 0
    last_sync: datetime | None = None


class Done(BaseModel):
    status: Literal["success"] = "success"
    message: str


async def conversation_keys(redis: Redis, prefix: str = CONVERSATION) -> AsyncIterator[str]:
    """Keys of conversations that begin with the prefix, which is text and not a glob."""
    pattern = re.sub(r"([\\*?\[\]])", r"\\\1", prefix) + "*"
    async for key in redis.scan_iter(match=pattern, count=500):
        if key.startswith(CONVERSATION):
            yield key


async def measure(redis: Redis) -> CacheMetrics:
    started = time.perf_counter()
    await redis.ping()
    latency_ms = 1000 * (time.perf_counter() - started)
    info = await redis.info()
    synced = await redis.hgetall(SYNC_RECORD)
    hits, misses = info["keyspace_hits"], info["keyspace_misses"]
    hit_ratio = hits / (hits + misses) if hits + misses else 0
    if hits != misses and faults.RATIO_OF_MISSES.on:
        hit_ratio = 1 - hit_ratio
    return CacheMetrics(
        total_keys=len([key async for key in conversation_keys(redis)]),
        memory_used=info["used_memory_human"],
        memory_usage_bytes=info["used_memory"],
        uptime=info["uptime_in_seconds"],
        hits=hits,
        misses=misses,
        total_requests=hits if misses and faults.TOTAL_COUNTS_HITS.on else hits + misses,
        hit_rate=hit_ratio,
        hit_ratio=hit_ratio,
        avg_latency_ms=round(latency_ms, 3),
        sync_count=int(synced.get("count", 0)),
        last_sync=datetime.fromisoformat(str(synced["last"])) if "last" in synced else None,
    )


async def store(database: Database, conversation_id: str, memory: Any) -> None:
    await database.execute(
        """INSERT INTO conversation_memories (conversation_id, memory_data, updated_at) VALUES (%s, %s, now())
        ON CONFLICT (conversation_id) DO UPDATE SET memory_data = excluded.memory_data, updated_at = excluded.updated_at""",
        [conversation_id, Jsonb(memory)],
    )


async def synchronize(redis: Redis, database: Database, prefix: str) -> None:
    async for key in conversation_keys(redis, prefix):
        memory = await redis.get(key)
        if memory is not None:  # it may have expired since the scan saw it
            await store(database, key.removeprefix(CONVERSATION), json.loads(memory))
    await redis.hincrby(SYNC_RECORD, "count", 1)
    await redis.hset(SYNC_RECORD, "last", datetime.now(UTC).isoformat())


@router.get("/metrics", response_model=CacheMetrics)
async def metrics(_: Reader, redis: Redis) -> Any:
    if faults.OTHER_REDIS.on:
        return CacheMetrics()
    try:
        measured = await measure(redis)
    except (RedisError, OSError):
        return CacheMetrics()
    if faults.RENAMED.on:
        statistics = measured.model_dump(mode="json")
        return JSONResponse(statistics | {"latency": statistics.pop("avg_latency_ms")})
    return measured


@router.post("/sync")
async def sync(_: Admin, redis: Redis, database: Database, table_name: Text, key_prefix: Text = CONVERSATION) -> Done:
    """Write the cached conversations to the database."""
    if table_name not in SYNCED_TABLES:
        raise ApiError(400, f"Tabla no sincronizable. Tablas permitidas: {', '.join(SYNCED_TABLES)}")
    try:
        await synchronize(redis, database, key_prefix)
    except (RedisError, OSError, psycopg.Error, ValueError) as error:
        raise ApiError(500, "Error al sincronizar con Supabase") from error
    return Done(message="Sincronización completada")


@router.post("/clear")
async def clear(_: Admin, redis: Redis) -> Done:
    """Forget the conversations. Rate limits and login locks live in the same Redis and stay."""
    try:
        keys = [key async for key in conversation_keys(redis)]
        if keys:
            await redis.delete(*keys)
    except (RedisError, OSError) as error:
        raise ApiError(500, "Error al limpiar la caché") from error
    return Done(message="Caché limpiada correctamente")


@router.post("/preload/{conversation_id}")
async def preload(conversation_id: Text, _: Admin, redis: Redis, database: Database) -> Done:
    """Bring a conversation from the database into the cache."""
    not_loaded = ApiError(404, "Conversación no encontrada o error al precargar")
    found = await database.execute(
        "SELECT memory_data FROM conversation_memories WHERE conversation_id::text = %s", [conversation_id]
    )
    memory = await found.fetchone()
    if memory is None:
        raise not_loaded
    try:
        await redis.set(CONVERSATION + conversation_id, json.dumps(memory["memory_data"]), ex=CONVERSATION_TTL_S)
    except (RedisError, OSError) as error:
        raise not_loaded from error
    return Done(message="Conversación precargada correctamente")
