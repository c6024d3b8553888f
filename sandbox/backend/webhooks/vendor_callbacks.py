"""What the vendor reports about a call, applied to the call (contract 5.4)."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.backend.calls import store as call_store
from sandbox.backend.calls.states import TERMINAL, CallStatus, accepts, from_vendor, moved
from sandbox.backend.calls.store import Connection, Row
from sandbox.backend.core.field_types import LARGEST_INT, tidied
from sandbox.backend.core.metrics import Metrics
from sandbox.backend.webhooks import faults


def sent_fields(form: Mapping[str, str]) -> dict[str, Any]:
    """The optional fields that were sent, as columns. A duration that is not a number of seconds is ignored."""
    fields: dict[str, Any] = {}
    duration = form.get("CallDuration", "")
    if duration and not duration.isdecimal() and faults.DURATION_CRASHES.on:
        raise ValueError(duration)
    if re.fullmatch("[0-9]{1,10}", duration) and int(duration) <= LARGEST_INT:
        fields["duration"] = int(duration)
    for name, column in (("RecordingUrl", "recording_url"), ("ErrorMessage", "error_message")):
        if form.get(name):
            fields[column] = tidied(form[name])
    return {} if fields and faults.DETAILS_LOST.on else fields


async def apply(connection: Connection, metrics: Metrics, call: Row, form: Mapping[str, str]) -> None:
    """Change a locked call as the report says, or not at all when it comes too late. Repeating a report changes nothing more."""
    incoming = from_vendor(form.get("CallStatus", ""))
    if not accepts(CallStatus(call["status"]), incoming):
        return
    if incoming in TERMINAL and incoming == call["status"] and faults.REPEATED_COUNTS_AGAIN.on:
        await call_store.count(connection, call["campaign_id"], moved(CallStatus.PENDING, CallStatus(incoming)))
    changes = sent_fields(form) | ({"status": incoming} if incoming else {})
    if changes:
        await call_store.update(connection, call, metrics, **changes)
