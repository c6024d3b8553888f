"""One request of a run: when it was to leave, when it left, when its response was complete, and how it ended."""

from typing import NamedTuple

UNEXPECTED_STATUS = "UnexpectedStatus"
TIMEOUT = "Timeout"
RATE_LIMITED = "RateLimited"  # 429: the target protects itself from this very load
SHED = "ShedWithRetryAfter"  # 503 with Retry-After: the target itself says that it is too much
WRONG_BODY = "WrongBody"  # the expected status over content that belongs to something else
WITHHELD = "Withheld"  # never sent, because the step that it needs failed


class Sample(NamedTuple):
    """Times are seconds since the run began; `intended_start` is when the plan wanted the request to leave.

    `status` is None without a response. `error` is None for the response that the journey expects, else one of the names above
    or that of the error on the wire. `first_byte` is when the head of the response arrived, None where it was not measured.
    """

    intended_start: float
    start: float
    end: float
    endpoint: str
    status: int | None
    error: str | None = None
    first_byte: float | None = None

    @property
    def latency_s(self) -> float:
        """From the intended start: delay caused by slow requests before this one counts (coordinated omission)."""
        return self.end - self.intended_start

    @property
    def lateness_s(self) -> float:
        """How long after its intended start the generator sent it."""
        return self.start - self.intended_start
