"""More than a few failed sign-ins lock the door for a while (R-10). Counted in Redis for all processes."""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import redis.asyncio
from redis.exceptions import RedisError

from sandbox.backend.accounts.limits import COUNT
from sandbox.backend.core.errors import ApiError
from sandbox.faults import declare

NEVER_LOCKS = declare(
    "login-never-locks",
    "The counter of failed sign-ins is kept and nobody reads it.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="The seventh wrong password in a row is still 401: passwords can be guessed without end.",
    rulings=("R-10",),
)
LOCKS_TOO_EARLY = declare(
    "login-locks-after-two",
    "The lock was set to two mistakes for a demonstration of it.",
    part="backend",
    kind="configuration",
    severity=2,
    finding="The third wrong password locks the account: people call the support.",
    rulings=("R-10",),
    excludes=("login-never-locks",),
)
LOCKS_FOR_A_DAY = declare(
    "login-locks-for-a-day",
    "The length of the lock is given in minutes where seconds are read, or the other way round: it lasts a day.",
    part="backend",
    kind="configuration",
    severity=2,
    finding="Retry-After of a locked sign-in is a day instead of at most 15 minutes.",
    rulings=("R-10",),
)
LOCK_SAYS_NOTHING = declare(
    "login-lock-without-retry-after",
    "The refusal of a locked sign-in lost its headers.",
    part="backend",
    kind="correctness",
    severity=3,
    finding="A locked sign-in does not say when to try again.",
    rulings=("R-10",),
)
LOCK_COUNTS_SUCCESSES = declare(
    "login-lock-counts-successes",
    "Each sign-in is counted, and nobody asks whether it succeeded.",
    part="backend",
    kind="correctness",
    severity=1,
    finding="Whoever signs in six times within an hour is locked out.",
    rulings=("R-10",),
)
LOCKS_THE_ADDRESS = declare(
    "login-locks-the-address",
    "The lock forgets the e-mail: what one account did wrong is held against everybody who comes from its address.",
    part="backend",
    kind="correctness",
    severity=1,
    finding="A colleague's mistakes lock the whole office out.",
    rulings=("R-10",),
)

LOCKED = "Demasiados intentos fallidos. Inténtalo de nuevo más tarde."
ATTEMPTS = 5  # more than these within the window lock
ATTEMPTS_WINDOW_S = 3600
LOCK_S = 900
A_DAY_S = 86_400

logger = logging.getLogger(__name__)

# What only the faults count. They are forgotten when the fault is off.
_successes: Counter[str] = Counter()
_locked_addresses: set[str] = set()


class LoginLock:
    """Failed sign-ins of one e-mail from one address. Without Redis there is no lock, and signing in goes on working."""

    def __init__(self, store: redis.asyncio.Redis, email: str, address: str) -> None:
        subject = hashlib.sha256(f"{email.lower()} {address}".encode()).hexdigest()[:32]
        self.store = store
        self.address = address
        self.lock = f"login:lock:{subject}"
        self.failures = f"login:failures:{subject}"

    async def refuse_if_locked(self) -> None:
        """Raise ApiError 429 while the lock lasts, whatever the password."""
        if self._is_locked_by_mistake():
            raise refusal(LOCK_S)
        with _uncounted_without_redis():
            remaining_s = await self.store.ttl(self.lock)
            if remaining_s <= 0 or NEVER_LOCKS.on:
                return
            raise refusal(remaining_s)

    def _is_locked_by_mistake(self) -> bool:
        if _successes and not LOCK_COUNTS_SUCCESSES.on:
            _successes.clear()
        if _locked_addresses and not LOCKS_THE_ADDRESS.on:
            _locked_addresses.clear()
        return _successes[self.failures] > ATTEMPTS or self.address in _locked_addresses

    async def record_failure(self) -> None:
        """Raise ApiError 429 if this was one too many."""
        with _uncounted_without_redis():
            (count,) = await self.store.register_script(COUNT)(keys=[self.failures], args=[ATTEMPTS_WINDOW_S])
            if count > ATTEMPTS or (count > 2 and LOCKS_TOO_EARLY.on):
                await self.store.set(self.lock, count, ex=LOCK_S)
                if LOCKS_THE_ADDRESS.on:
                    _locked_addresses.add(self.address)
                await self.refuse_if_locked()

    async def forget(self) -> None:
        if LOCK_COUNTS_SUCCESSES.on:
            _successes[self.failures] += 1
        with _uncounted_without_redis():
            await self.store.delete(self.failures)


def refusal(remaining_s: int) -> ApiError:
    if LOCK_SAYS_NOTHING.on:
        return ApiError(429, LOCKED)
    return ApiError(429, LOCKED, headers={"Retry-After": str(A_DAY_S if LOCKS_FOR_A_DAY.on else remaining_s)})


@contextmanager
def _uncounted_without_redis() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        logger.warning("sign-ins are not being counted: %s", type(error).__name__)
