"""A lock after repeated failed sign-ins (R-10), counted in Redis for all processes."""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import redis.asyncio
from redis.exceptions import RedisError

from sandbox.backend.accounts import faults
from sandbox.backend.accounts.limits import COUNT
from sandbox.backend.core.errors import ApiError

LOCKED = "Demasiados intentos fallidos. Inténtalo de nuevo más tarde."
ATTEMPTS = 5  # more than these within the window lock
ATTEMPTS_WINDOW_S = 3600
LOCK_S = 900
A_DAY_S = 86_400

logger = logging.getLogger(__name__)

# Counted for faults only, and cleared when the fault is off.
_successes: Counter[str] = Counter()
_locked_addresses: set[str] = set()
_locked_at_once: set[str] = set()


class LoginLock:
    """Failed sign-ins of one e-mail from one address. Without Redis there is no lock and signing in still works."""

    def __init__(self, store: redis.asyncio.Redis, email: str, address: str) -> None:
        subject = hashlib.sha256(f"{email.lower()} {address}".encode()).hexdigest()[:32]
        self.store = store
        self.address = address
        self.lock = f"login:lock:{subject}"
        self.failures = f"login:failures:{subject}"

    async def refuse_if_locked(self) -> None:
        """Raise ApiError 429 while the lock lasts, whatever the password."""
        if self._is_locked_under_fault():
            raise refusal(LOCK_S)
        with _skipped_without_redis():
            remaining_s = await self.store.ttl(self.lock)
            if remaining_s <= 0 or faults.NEVER_LOCKS.on or faults.NO_LIMITS.on:
                return
            raise refusal(remaining_s)

    def _is_locked_under_fault(self) -> bool:
        if _successes and not faults.LOCK_COUNTS_SUCCESSES.on:
            _successes.clear()
        if _locked_addresses and not faults.LOCKS_THE_ADDRESS.on:
            _locked_addresses.clear()
        if _locked_at_once and not faults.LOCKS_AT_ONCE.on:
            _locked_at_once.clear()
        locked = self.failures in _locked_at_once or self.address in _locked_addresses
        return locked or _successes[self.failures] > ATTEMPTS

    async def record_failure(self) -> None:
        """Raise ApiError 429 if the failures exceed the limit."""
        with _skipped_without_redis():
            (count,) = await self.store.register_script(COUNT)(keys=[self.failures], args=[ATTEMPTS_WINDOW_S])
            if faults.LOCKS_AT_ONCE.on:
                _locked_at_once.add(self.failures)
            if count > ATTEMPTS or (count > 2 and faults.LOCKS_TOO_EARLY.on):
                await self.store.set(self.lock, count, ex=LOCK_S)
                if faults.LOCKS_THE_ADDRESS.on:
                    _locked_addresses.add(self.address)
                await self.refuse_if_locked()

    async def clear_failures(self) -> None:
        if faults.LOCK_COUNTS_SUCCESSES.on:
            _successes[self.failures] += 1
        with _skipped_without_redis():
            await self.store.delete(self.failures)


def refusal(remaining_s: int) -> ApiError:
    if faults.LOCK_SAYS_NOTHING.on:
        return ApiError(429, LOCKED)
    return ApiError(429, LOCKED, headers={"Retry-After": str(A_DAY_S if faults.LOCKS_FOR_A_DAY.on else remaining_s)})


@contextmanager
def _skipped_without_redis() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        logger.warning("sign-ins are not being counted: %s", type(error).__name__)
