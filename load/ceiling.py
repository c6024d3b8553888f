"""LV_MAX_RPS where a plan sends: never more in any second, and no request held back because the one before it was late."""

import threading
import time
from collections import deque

from fixtures.wire.limits import Pace
from load.arrivals import window


class Ceiling(Pace):
    """Counts instead of spacing: close to the ceiling, even spacing would pass one request's lateness on to all after it."""

    def __init__(self, per_second: float) -> None:
        super().__init__(per_second)
        worth, self._window_s = window(per_second)
        self._recent: deque[float] = deque(maxlen=worth)
        self._counting = threading.Lock()

    def wait(self) -> None:
        with self._counting:
            now = time.monotonic()
            while self._recent and self._recent[0] <= now - self._window_s:
                self._recent.popleft()
            full = len(self._recent) == self._recent.maxlen
            leave = max(now, self._recent[0] + self._window_s) if full else now
            self._recent.append(leave)
        if leave > now:
            time.sleep(leave - now)
