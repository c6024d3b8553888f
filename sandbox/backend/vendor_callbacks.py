"""What the vendor reports about a call, applied to the call (contract 5.4)."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.backend import call_store
from sandbox.backend.call_states import CallStatus, accepts, from_vendor
from sandbox.backend.call_store import Connection, Row
from sandbox.backend.field_types import LARGEST_INT, tidied
from sandbox.backend.metrics import Metrics


def sent_fields(form: Mapping[str, str]) -> dict[str, Any]:
    """The optional fields that were sent, as columns. A duration that is not a number of seconds is ignored."""
    fields: dict[str, Any] = {}
    duration = form.get("CallDuration", "")
    if re.fullmatch("[0-9]{1,10}", duration) and int(duration) <= LARGEST_INT:
        fields["duration"] = int(duration)
    for name, column in (("RecordingUrl", "recording_url"), ("ErrorMessage", "error_message")):
        if form.get(name):
            fields[column] = tidied(form[name])
    return fields


async def apply(connection: Connection, metrics: Metrics, call: Row, form: Mapping[str, str]) -> None:
    """Change a locked call as the report says, or not at all when it comes too late. Repeating a report changes nothing more."""
    incoming = from_vendor(form.get("CallStatus", ""))
    if not accepts(CallStatus(call["status"]), incoming):
        return
    changes = sent_fields(form) | ({"status": incoming} if incoming else {})
    if changes:
        await call_store.update(connection, call, metrics, **changes)
