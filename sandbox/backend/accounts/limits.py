"""Limits of requests per client and user (R-09), counted in Redis for all processes."""

import logging
import time
from dataclasses import dataclass
from typing import Any

import redis.asyncio
from redis.exceptions import RedisError
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.backend.accounts import faults
from sandbox.backend.accounts.authentication import TokenError, identify, is_public
from sandbox.backend.accounts.token_faults import UnpackError
from sandbox.backend.core.errors import envelope
from sandbox.process.settings import Settings

TOO_MANY = "Demasiadas solicitudes. Inténtalo de nuevo más tarde."
PAUSE_WITHOUT_REDIS_S = 1

# Count and set the expiry in one step: a counter that never expires would refuse its owner for ever.
COUNT = """
local counts = {}
for i, key in ipairs(KEYS) do
    counts[i] = redis.call('INCR', key)
    if counts[i] == 1 then redis.call('EXPIRE', key, ARGV[i]) end
end
return counts
"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Window:
    """A fixed window of `seconds` in which `limit` requests are served."""

    name: str
    seconds: int
    limit: int

    def key(self, subject: str, now_s: float) -> str:
        return f"limit:{self.name}:{subject}:{int(now_s) // self.seconds}"

    def headers(self, count: int, now_s: float) -> dict[str, str]:
        reset_at = (int(now_s) // self.seconds + 1) * self.seconds
        remaining = max(0, self.limit - count)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": str(reset_at),
        }


@dataclass(frozen=True)
class Allowance:
    headers: dict[str, str]
    exceeded: bool


class RateLimit:
    """ASGI layer. Without Redis every request passes: a cache that is down must not take the product down."""

    def __init__(self, app: ASGIApp, settings: Settings, store: redis.asyncio.Redis) -> None:
        self.app = app
        self.settings = settings
        self.per_client = Window("ip", 60, settings.rate_limit_per_minute)
        self.per_user = Window("user", 3600, settings.rate_limit_per_hour)
        self.count: Any = store.register_script(COUNT)
        self.paused_until_s = 0.0
        self.second_worker = False  # moves only when the fault is on

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_exempt(scope) or faults.NO_LIMITS.on:
            await self.app(scope, receive, send)
            return
        allowance = await self._allowance(scope)

        async def announced(message: Message) -> None:
            if message["type"] == "http.response.start" and not faults.LIMITS_NOT_ANNOUNCED.on:
                headers = MutableHeaders(scope=message)
                headers.update(allowance.headers)
                if allowance.headers and faults.OTHER_LIMIT.on:
                    headers["X-RateLimit-Limit"] = "60"
            await send(message)

        if allowance.exceeded:
            refusal = envelope(scope, 429, TOO_MANY, headers={"Retry-After": "60"})
            await refusal(scope, receive, announced)
            return
        await self.app(scope, receive, announced)

    async def _allowance(self, scope: Scope) -> Allowance:
        now_s = time.time()
        if now_s < self.paused_until_s:
            return Allowance({}, exceeded=False)
        windows = [self.per_client]
        keys = [self.per_client.key(self._client(scope), now_s)]
        try:
            keys.append(self.per_user.key(identify(scope, self.settings).user_id, now_s))
            windows.append(self.per_user)
        except (TokenError, UnpackError):  # anonymous: the authentication layer decides whether that is allowed
            if not is_public(scope["path"]) and faults.REFUSED_NOT_COUNTED.on:
                return Allowance(self.per_client.headers(0, now_s), exceeded=False)
        try:
            counts = await self.count(keys=keys, args=[window.seconds for window in windows])
        except (RedisError, OSError) as error:
            logger.warning("requests are not being counted: %s", type(error).__name__)
            self.paused_until_s = now_s + PAUSE_WITHOUT_REDIS_S
            return Allowance({}, exceeded=False)
        return _allowance_of(list(zip(windows, counts, strict=True)), now_s)

    def _client(self, scope: Scope) -> str:
        """The subject of the count: the client's address."""
        address: str = scope["client"][0]
        if faults.COUNTS_PER_PROCESS.on:
            self.second_worker = not self.second_worker
            return f"{address} at worker {int(self.second_worker)}"
        return address


def _allowance_of(used: list[tuple[Window, int]], now_s: float) -> Allowance:
    """The headers are those of the client's window, unless another one is the reason for the refusal."""
    for window, count in used:
        if count > window.limit:
            return Allowance(window.headers(count, now_s), exceeded=True)
    window, count = used[0]
    return Allowance(window.headers(count, now_s), exceeded=False)


def is_exempt(scope: Scope) -> bool:
    """Probes, and what a vendor signs: the handler refuses it when the signature is wrong (R-14)."""
    path: str = scope["path"]
    if path in {"/health", "/metrics"}:
        return not (path == "/health" and faults.HEALTH_COUNTED.on)
    return path.startswith("/api/webhooks/") and "x-twilio-signature" in Headers(scope=scope)
