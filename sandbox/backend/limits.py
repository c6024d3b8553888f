"""How often somebody may ask: requests per client and user (R-09), failed sign-ins (R-10). Counted in Redis for all processes."""

import hashlib
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import redis.asyncio
from redis.exceptions import RedisError
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.backend.authentication import TokenError, identify
from sandbox.backend.errors import ApiError, envelope
from sandbox.faults import declare
from sandbox.settings import Settings

RATE_LIMIT_NOT_ENFORCED = declare(
    "rate-limit-not-enforced",
    "Requests are counted and announced in headers, and never refused.",
    part="backend",
    kind="configuration",
    severity=2,
    finding="More requests than X-RateLimit-Limit within a minute are all served.",
)
LOGIN_NEVER_LOCKS = declare(
    "login-never-locks",
    "The counter of failed sign-ins is kept and nobody reads it.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="The seventh wrong password in a row is still 401: passwords can be guessed without end.",
)

TOO_MANY = "Demasiadas solicitudes. Inténtalo de nuevo más tarde."
LOCKED = "Demasiados intentos fallidos. Inténtalo de nuevo más tarde."
ATTEMPTS = 5  # more than these within the window lock
ATTEMPTS_WINDOW_S = 3600
LOCK_S = 900
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
    """ASGI layer. Without Redis it lets everybody through: a cache that is down must not take the product with it."""

    def __init__(self, app: ASGIApp, settings: Settings, store: redis.asyncio.Redis) -> None:
        self.app = app
        self.settings = settings
        self.per_client = Window("ip", 60, settings.rate_limit_per_minute)
        self.per_user = Window("user", 3600, settings.rate_limit_per_hour)
        self.count: Any = store.register_script(COUNT)
        self.paused_until_s = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_exempt(scope):
            await self.app(scope, receive, send)
            return
        allowance = await self._allowance(scope)

        async def announced(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(allowance.headers)
            await send(message)

        if allowance.exceeded and not RATE_LIMIT_NOT_ENFORCED.on:
            refusal = envelope(scope, 429, TOO_MANY, headers={"Retry-After": "60"})
            await refusal(scope, receive, announced)
            return
        await self.app(scope, receive, announced)

    async def _allowance(self, scope: Scope) -> Allowance:
        now_s = time.time()
        if now_s < self.paused_until_s:
            return Allowance({}, exceeded=False)
        windows = [self.per_client]
        keys = [self.per_client.key(scope["client"][0], now_s)]
        try:
            keys.append(self.per_user.key(identify(scope, self.settings).user_id, now_s))
            windows.append(self.per_user)
        except TokenError:
            pass  # anonymous: the authentication layer decides whether that is allowed
        try:
            counts = await self.count(keys=keys, args=[window.seconds for window in windows])
        except (RedisError, OSError) as error:
            logger.warning("requests are not being counted: %s", type(error).__name__)
            self.paused_until_s = now_s + PAUSE_WITHOUT_REDIS_S
            return Allowance({}, exceeded=False)
        return _judged(list(zip(windows, counts, strict=True)), now_s)


def _judged(used: list[tuple[Window, int]], now_s: float) -> Allowance:
    """The headers speak of the client's window, unless another one is the reason for the refusal."""
    for window, count in used:
        if count > window.limit:
            return Allowance(window.headers(count, now_s), exceeded=True)
    window, count = used[0]
    return Allowance(window.headers(count, now_s), exceeded=False)


def is_exempt(scope: Scope) -> bool:
    """Probes, and what a vendor signs: the handler refuses it when the signature is wrong (R-14)."""
    path: str = scope["path"]
    if path in {"/health", "/metrics"}:
        return True
    return path.startswith("/api/webhooks/") and "x-twilio-signature" in Headers(scope=scope)


class LoginLock:
    """Failed sign-ins of one e-mail from one address. Without Redis there is no lock, and signing in goes on working."""

    def __init__(self, store: redis.asyncio.Redis, email: str, address: str) -> None:
        subject = hashlib.sha256(f"{email.lower()} {address}".encode()).hexdigest()[:32]
        self.store = store
        self.lock = f"login:lock:{subject}"
        self.failures = f"login:failures:{subject}"

    async def refuse_if_locked(self) -> None:
        """Raise ApiError 429 while the lock lasts, whatever the password."""
        with _uncounted_without_redis():
            remaining_s = await self.store.ttl(self.lock)
            if remaining_s <= 0 or LOGIN_NEVER_LOCKS.on:
                return
            raise ApiError(429, LOCKED, headers={"Retry-After": str(remaining_s)})

    async def record_failure(self) -> None:
        """Raise ApiError 429 if this was one too many."""
        with _uncounted_without_redis():
            (count,) = await self.store.register_script(COUNT)(keys=[self.failures], args=[ATTEMPTS_WINDOW_S])
            if count > ATTEMPTS:
                await self.store.set(self.lock, count, ex=LOCK_S)
                await self.refuse_if_locked()

    async def forget(self) -> None:
        with _uncounted_without_redis():
            await self.store.delete(self.failures)


@contextmanager
def _uncounted_without_redis() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        logger.warning("sign-ins are not being counted: %s", type(error).__name__)
