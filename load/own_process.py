"""Whether this process could measure at all: its clock was left alone, it had its turn, and was not saturated."""

import time
from collections.abc import Iterator

CLOCK_JUMP_S = 1.0
STALL_S = 1.0  # what is under way meanwhile looks slower by that; requests are judged against limits of this size
BUSY = 0.95  # of one core: a process that computes all the time sends late


class OwnProcess:
    """Begins with the run; `look` is called every `turn_s` seconds while it lasts."""

    def __init__(self, turn_s: float) -> None:
        self.began = self._looked = time.perf_counter()
        self._wall, self._busy = time.time(), time.process_time()
        self._turn_s = turn_s

    def look(self) -> str | None:
        """That the process stood still, as a sentence, when this turn comes much too late."""
        now = time.perf_counter()
        stalled_s, self._looked = now - self._looked - self._turn_s, now
        if stalled_s <= STALL_S:
            return None
        return f"the generator stood still for {stalled_s:.1f} s: its machine was too busy, or suspended"

    def problems(self) -> Iterator[str]:
        """Of the whole run, in sentences: what must not be taken for the product."""
        elapsed_s = time.perf_counter() - self.began
        jumped_s = time.time() - self._wall - elapsed_s
        used = (time.process_time() - self._busy) / max(elapsed_s, 0.001)
        if stalled := self.look():
            yield stalled
        if abs(jumped_s) > CLOCK_JUMP_S:
            yield f"the clock of this machine jumped by {jumped_s:.1f} s in the run: was it suspended, or set?"
        if used > BUSY:
            yield (
                f"the generator used {100 * used:.0f} % of a core: it was saturated; "
                "spread the rate over --processes or --worker, or lower it"
            )
