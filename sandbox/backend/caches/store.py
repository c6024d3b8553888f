"""Redis: one client per application."""

from typing import Annotated

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from sandbox.backend.core.state import from_state
from sandbox.process.settings import Settings


def create_client(settings: Settings) -> redis.asyncio.Redis:
    """A client that decodes to str and fails within half a second when Redis is gone."""
    return redis.asyncio.Redis.from_url(
        settings.redis_url,
        password=settings.redis_password,
        decode_responses=True,
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        retry=Retry(NoBackoff(), 1),  # once, for the connection that a restart of Redis left behind
    )


Redis = Annotated[redis.asyncio.Redis, from_state("redis")]
