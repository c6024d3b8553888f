"""A circuit breaker: after repeated failures a vendor is left alone for a while, then tried once (contract 6.4)."""

import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TypeVar

Result = TypeVar("Result")


class BreakerState(StrEnum):
    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"


# The values of the gauge circuit_breaker_state.
GAUGE_VALUE = {BreakerState.CLOSED: 0.0, BreakerState.OPEN: 1.0, BreakerState.HALF_OPEN: 0.5}


class CircuitOpen(Exception):  # noqa: N818 - it states the fact, as every error here does
    """The vendor was not asked."""


class CircuitBreaker:
    """Opens after `limit` consecutive failures and allows one trial `rest_s` seconds later. `report` gets the gauge's value."""

    def __init__(
        self,
        limit: int = 5,
        rest_s: float = 30,
        clock: Callable[[], float] = time.monotonic,
        report: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._limit = limit
        self._rest_s = rest_s
        self._clock = clock
        self._report = report
        self._failures = 0
        self._opened_at = 0.0
        self._state = BreakerState.CLOSED
        report(GAUGE_VALUE[self._state])

    @property
    def state(self) -> BreakerState:
        return self._state

    @property
    def resting(self) -> bool:
        """Whether a call now would be refused without a trial."""
        return self._state is not BreakerState.CLOSED and not self._rested

    @property
    def _rested(self) -> bool:
        return self._state is BreakerState.OPEN and self._clock() - self._opened_at >= self._rest_s

    async def call(self, function: Callable[[], Awaitable[Result]]) -> Result:
        """Ask the vendor, or raise CircuitOpen at once. A cancelled trial counts as failed: it must not stay half open."""
        if not self._admits():
            raise CircuitOpen
        try:
            result = await function()
        except BaseException:
            self._failed()
            raise
        self._failures = 0
        self._become(BreakerState.CLOSED)
        return result

    def _admits(self) -> bool:
        """True while closed; once after the rest, which makes that caller the trial."""
        if self._rested:
            self._become(BreakerState.HALF_OPEN)
            return True
        return self._state is BreakerState.CLOSED

    def _failed(self) -> None:
        self._failures += 1
        if self._state is BreakerState.HALF_OPEN or self._failures >= self._limit:
            self._opened_at = self._clock()
            self._become(BreakerState.OPEN)

    def _become(self, state: BreakerState) -> None:
        self._state = state
        self._report(GAUGE_VALUE[state])
