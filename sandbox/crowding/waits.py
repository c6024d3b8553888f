"""Delays of all requests at busy times, hardly visible in the first seconds."""

from sandbox.crowding import faults
from sandbox.crowding.traffic import Moment, is_off

LEAK_S, LONGEST_LEAK_S = 0.0005, 5.0
UNTIL_FIRST_S, BETWEEN_S, STANDSTILL_S = 2.0, 60.0, 2.0
APART_S = 0.004  # spread: Redis could not serve all at once within its limit, which would be another failure


class Waits:
    """The delays of all causes, added."""

    def __init__(self) -> None:
        self.leak, self.collection = MemoryLeak(), GarbageCollection()

    def seconds(self, moment: Moment) -> float:
        """The delay of the request that arrives now."""
        return self.leak.seconds(moment) + self.collection.seconds(moment)


class MemoryLeak:
    """Grows with each request; delays only at busy times, so that a single user never notices it."""

    def __init__(self) -> None:
        self.leaked = 0

    def seconds(self, moment: Moment) -> float:
        if is_off(faults.GETS_SLOWER):
            self.leaked = 0
        if moment.busy and faults.GETS_SLOWER.on:
            self.leaked += 1
            return min(self.leaked * LEAK_S, LONGEST_LEAK_S)
        return 0.0


class GarbageCollection:
    """Due the first time a little after the first busy moment, then once a minute; at quiet times there is nothing to collect."""

    def __init__(self) -> None:
        self.due: float | None = None
        self.ends = 0.0
        self.waiting = 0

    def seconds(self, moment: Moment) -> float:
        """A request that arrives while it runs waits for its end and for the requests before it."""
        if is_off(faults.STALLS_ONCE_A_MINUTE):
            self.due, self.ends = None, 0.0
        if moment.busy and faults.STALLS_ONCE_A_MINUTE.on:
            self._begin_if_due(moment.now)
        if moment.now >= self.ends:
            return 0.0
        self.waiting += 1
        return self.ends - moment.now + (self.waiting - 1) * APART_S

    def _begin_if_due(self, now: float) -> None:
        if self.due is None:
            self.due = now + UNTIL_FIRST_S
        elif now >= self.due:
            self.due, self.ends = now + BETWEEN_S, now + STANDSTILL_S
            self.waiting = 0
