"""One line about a run in progress: rate, latency, errors, and the time that is left."""

import time
from collections import deque
from pathlib import Path

import numpy as np
import numpy.typing as npt

from load.sample_log import SampleLogReader
from record.samples import MICROSECONDS, Plan

RECENT_S = 10.0  # what the line is about: long enough for a p99, short enough to show a change


class Progress:
    """Each line covers what the run's sample log gained since the last."""

    def __init__(self, path: Path, duration_s: float) -> None:
        self._reader, self._duration_s = SampleLogReader(path), duration_s
        self._began: float | None = None
        self._recent: deque[tuple[float, npt.NDArray[np.void]]] = deque()
        self._answers = self._errors = 0

    def line(self) -> str:
        records = self._reader.new()
        plan = self._reader.plan
        if plan is None:
            return "load: starting"
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        self._answers += len(records)
        self._errors += int((records["error"] != b"").sum())
        self._recent.append((now, records))
        while self._recent[0][0] < now - RECENT_S:
            self._recent.popleft()
        return f"load: {self._latencies(plan)}{self._answers:,} answers, {self._errors:,} errors, {self._left_s(now):.0f} s left"

    def _latencies(self, plan: Plan) -> str:
        """Of the last seconds, from the intended starts."""
        latencies = np.concatenate([records["end"] for _, records in self._recent]) / MICROSECONDS * 1000
        span_s = min(RECENT_S, max(time.monotonic() - (self._began or 0.0), 1.0))
        if not len(latencies):
            return f"0/s of up to {plan.rate:g}, no answer in {span_s:.0f} s, "
        p50, p95, p99 = np.quantile(latencies, (0.5, 0.95, 0.99))
        return f"{len(latencies) / span_s:.0f}/s of up to {plan.rate:g}, p50 {p50:.0f} p95 {p95:.0f} p99 {p99:.0f} ms, "

    def _left_s(self, now: float) -> float:
        return max(0.0, self._duration_s - (now - (self._began or now)))
