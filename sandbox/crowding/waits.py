"""What makes everybody wait at busy times, and hardly shows in the first seconds of them."""

from sandbox.crowding import faults
from sandbox.crowding.traffic import Moment, is_off

LEFT_BEHIND_S, LONGEST_WALK_S = 0.0005, 5.0
UNTIL_FIRST_S, BETWEEN_S, STANDSTILL_S = 2.0, 60.0, 2.0
APART_S = 0.004  # afterwards: all at once are more than Redis answers within its limit, and that would be a failure of its own


class Waits:
    """Both together."""

    def __init__(self) -> None:
        self.leak, self.collection = Leak(), Collection()

    def seconds(self, moment: Moment) -> float:
        """How long the request that arrives now has to wait before it is served."""
        return self.leak.seconds(moment) + self.collection.seconds(moment)


class Leak:
    """Grows with each request; felt at busy times only, so that a single user never sees it."""

    def __init__(self) -> None:
        self.left_behind = 0

    def seconds(self, moment: Moment) -> float:
        if is_off(faults.GETS_SLOWER):
            self.left_behind = 0
        if moment.busy and faults.GETS_SLOWER.on:
            self.left_behind += 1
            return min(self.left_behind * LEFT_BEHIND_S, LONGEST_WALK_S)
        return 0.0


class Collection:
    """Due the first time a little after the first busy moment, then once a minute; at quiet times there is nothing to collect."""

    def __init__(self) -> None:
        self.due: float | None = None
        self.ends = 0.0
        self.waiting = 0

    def seconds(self, moment: Moment) -> float:
        """Whoever arrives while it runs waits for its end, and then for those who came before."""
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
