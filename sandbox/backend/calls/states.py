"""The states of a call: what a vendor's status means, which change is allowed, what it does to a campaign's counters.

Pure rules (contract 3.5, 3.6, 5.4); nothing here touches a database.
"""

from dataclasses import dataclass
from enum import StrEnum

from sandbox.backend.calls import faults


class CallStatus(StrEnum):
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PENDING = "pending"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    ERROR = "error"


# Our status for each of Twilio's (contract 5.4). One that is not here changes nothing.
VENDOR_STATUS = {
    "queued": CallStatus.PENDING,
    "ringing": CallStatus.IN_PROGRESS,
    "in-progress": CallStatus.IN_PROGRESS,
    "completed": CallStatus.COMPLETED,
    "busy": CallStatus.BUSY,
    "failed": CallStatus.FAILED,
    "no-answer": CallStatus.NO_ANSWER,
    "canceled": CallStatus.CANCELLED,
}
TERMINAL = frozenset(CallStatus) - {CallStatus.SCHEDULED, CallStatus.PENDING, CallStatus.IN_PROGRESS}
FAILURES = frozenset({CallStatus.FAILED, CallStatus.ERROR, CallStatus.BUSY, CallStatus.NO_ANSWER})
RETRYABLE = frozenset({CallStatus.FAILED, CallStatus.ERROR})


def from_vendor(vendor_status: str) -> CallStatus | None:
    """None for a status outside the table."""
    status = VENDOR_STATUS.get(vendor_status)
    if status in {CallStatus.BUSY, CallStatus.NO_ANSWER} and faults.BUSY_MAPPED_TO_FAILED.on:
        return CallStatus.FAILED
    if status is CallStatus.CANCELLED and faults.CANCELED_UNKNOWN.on:
        return None
    if vendor_status and status is None and faults.UNKNOWN_STATUS_IS_AN_ERROR.on:
        return CallStatus.ERROR
    return status


def accepts(current: CallStatus, incoming: CallStatus | None) -> bool:
    """Whether a callback may change a call: a finished call accepts only a repetition of its final status (contract 5.4)."""
    return current not in TERMINAL or incoming == current or faults.TERMINAL_OVERWRITTEN.on


@dataclass(frozen=True)
class Counters:
    """Changes to a campaign's counters, in calls."""

    total: int = 0
    successful: int = 0
    failed: int = 0
    pending: int = 0

    def __sub__(self, other: "Counters") -> "Counters":
        return Counters(
            self.total - other.total,
            self.successful - other.successful,
            self.failed - other.failed,
            self.pending - other.pending,
        )


def weight(status: CallStatus) -> Counters:
    """What one call in this status adds to its campaign (contract 3.6). A cancelled call is neither a success nor a failure."""
    return Counters(
        total=1,
        successful=int(status is CallStatus.COMPLETED),
        failed=int(status in FAILURES),
        pending=int(status not in TERMINAL),
    )


def moved(old: CallStatus, new: CallStatus) -> Counters:
    """What a change of status does to the counters; zeros when it repeats itself, which makes callbacks idempotent."""
    return weight(new) - weight(old)


def retry_allowed(status: CallStatus, attempts: int, most: int) -> bool:
    return status in RETRYABLE and attempts < most
