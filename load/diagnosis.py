"""What else the samples say when a criterion is violated: which errors, where the time went, and whether concurrency matters."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from judge.criteria import failed, failures
from record.sample import RATE_LIMITED, SHED, TIMEOUT, UNEXPECTED_STATUS, WITHHELD, WRONG_BODY
from record.samples import Numbers, Samples

SHOWN = 3
HALF = 0.5
DESCRIPTIONS = {
    SHED: "503 with Retry-After: it sheds load of its own accord",
    TIMEOUT: "no whole response in time",
    WRONG_BODY: "the right status over another request's content",
    RATE_LIMITED: "429: its rate limit",
}


class Stall(NamedTuple):
    """Seconds since the run began."""

    begin: float
    end: float

    @property
    def length_s(self) -> float:
        return self.end - self.begin


def errors(samples: Samples) -> str:
    """The most frequent errors, each with the endpoint where it is most frequent; "" without one."""
    bad = failures(samples)
    counts = Counter(zip(bad.error.tolist(), bad.status.tolist(), strict=True))
    shown = [_error(bad, code, status, count) for (code, status), count in counts.most_common(SHOWN)]
    return "; ".join(shown) + (f"; and {len(counts) - SHOWN} other kinds" if len(counts) > SHOWN else "")


def _error(bad: Samples, code: int, status: int, count: int) -> str:
    alike = bad.where((bad.error == code) & (bad.status == status))
    code_of_endpoint, most = Counter(alike.endpoint.tolist()).most_common(1)[0]
    name = bad.errors[code]
    description = f"{status}" if name == UNEXPECTED_STATUS else DESCRIPTIONS.get(name, name)
    return f"{count:,} times {description} ({most:,} of them {bad.endpoints[code_of_endpoint]})"


def concurrency(samples: Samples) -> str:
    """Whether errors come only while other requests are under way; "" when the samples do not say."""
    bad = failed(samples) & ~samples.ended_in(WITHHELD, RATE_LIMITED)
    crowded = under_way(samples) > 1
    if not bad.any() or crowded.all() or not crowded.any():
        return ""
    alone, together = float(bad[~crowded].mean()), float(bad[crowded].mean())
    if together <= 2 * alone:
        return ""
    return f"of requests that were under way alone {100 * alone:.1f} % failed, of the others {100 * together:.1f} %"


def slowness(samples: Samples) -> str:
    """Where the time of the slow requests went, and the longest time without a response."""
    return "; ".join(part for part in (_first_byte(samples), _stall(samples)) if part)


def _first_byte(samples: Samples) -> str:
    known = np.isfinite(samples.first_byte)
    if not known.any():
        return ""
    measured = samples.where(known)
    slow = measured.where(measured.latency_s >= np.quantile(measured.latency_s, 0.95))
    waited, whole = float((slow.first_byte - slow.start).sum()), float((slow.end - slow.start).sum())
    if whole <= 0:
        return ""
    phase = "before the first byte" if waited >= HALF * whole else "between the first byte and the last"
    share = waited if waited >= HALF * whole else whole - waited
    return f"the slowest twentieth spent {100 * share / whole:.0f} % of its time {phase}"


def _stall(samples: Samples) -> str:
    stall = longest_stall(samples)
    return (
        f"no response arrived for {stall.length_s:.1f} s, from second {stall.begin:.1f}"
        if stall and stall.length_s > HALF
        else ""
    )


def longest_stall(samples: Samples) -> Stall | None:
    """The longest time between two responses while a request was under way; None without a sample."""
    if not len(samples):
        return None
    ends = np.sort(samples.end)
    starts = np.sort(samples.start)
    before = np.concatenate([[starts[0]], ends[:-1]])
    # A request waits from the response before, or from its own start when nothing was under way then.
    waiting = np.searchsorted(starts, before, side="right") > np.arange(len(ends))
    nexts = starts[np.minimum(np.searchsorted(starts, before, side="right"), len(starts) - 1)]
    begins = np.where(waiting, before, np.maximum(before, np.minimum(nexts, ends)))
    longest = int(np.argmax(ends - begins))
    return Stall(float(begins[longest]), float(ends[longest]))


def under_way(samples: Samples) -> Numbers:
    """How many requests were under way when each one left, itself included."""
    begun = np.searchsorted(np.sort(samples.start), samples.start, side="right")
    ended = np.searchsorted(np.sort(samples.end), samples.start, side="right")
    return (begun - ended).astype(float)
