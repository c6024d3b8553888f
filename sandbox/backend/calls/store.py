"""Calls as rows: find them, add them, change them, and keep their campaign's counters in step."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from sandbox.backend.calls import faults
from sandbox.backend.calls.models import CallCreate
from sandbox.backend.calls.states import TERMINAL, CallStatus, Counters, moved, weight
from sandbox.backend.core.field_types import as_utc, as_uuid
from sandbox.backend.core.metrics import Metrics

Row = dict[str, Any]
Connection = psycopg.AsyncConnection[Row]

# A call with the columns of its contact and campaign that responses, greetings and labels need.
SELECT = """
SELECT calls.*, contacts.name AS contact_name, contacts.phone_number AS contact_phone, contacts.tags,
       campaigns.name AS campaign_name, campaigns.campaign_type
FROM calls JOIN contacts ON contacts.id = calls.contact_id JOIN campaigns ON campaigns.id = calls.campaign_id
"""
COUNT = """
UPDATE campaigns
SET total_calls = greatest(total_calls + %(total)s,
                           greatest(successful_calls + %(successful)s, 0) + greatest(failed_calls + %(failed)s, 0)),
    successful_calls = greatest(successful_calls + %(successful)s, 0),
    failed_calls = greatest(failed_calls + %(failed)s, 0),
    pending_calls = greatest(pending_calls + %(pending)s, 0)
WHERE id = %(campaign_id)s
"""
LINK = """
UPDATE campaign_contacts SET call_status = %(status)s, called_at = now()
WHERE campaign_id = %(campaign_id)s AND contact_id = %(contact_id)s
"""


async def by_id(connection: Connection, call_id: str, *, lock: bool = False) -> Row | None:
    """None also for an id that is not a UUID. `lock` keeps other changes out until the transaction ends."""
    key = as_uuid(call_id)
    return await _one(connection, "WHERE calls.id = %s", key, lock=lock) if key else None


async def by_sid(connection: Connection, sid: str, *, lock: bool = False) -> Row | None:
    return await _one(connection, "WHERE calls.twilio_sid = %s", sid, lock=lock)


async def _one(connection: Connection, where: LiteralString, key: UUID | str, *, lock: bool) -> Row | None:
    statement = SELECT + where + (" FOR UPDATE OF calls" if lock else "")
    return await (await connection.execute(statement, [key])).fetchone()


async def insert(connection: Connection, call: CallCreate, twilio_sid: str) -> Row:
    """Add a call that exists at the vendor under `twilio_sid`."""
    values = call.model_dump(exclude={"timeout", "scheduled_time"})
    values |= {"scheduled_time": call.scheduled_time and as_utc(call.scheduled_time), "twilio_sid": twilio_sid}
    statement = sql.SQL("INSERT INTO calls ({}) VALUES ({}) RETURNING *").format(
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
    )
    row = await (await connection.execute(statement, values)).fetchone()
    assert row is not None
    await count(connection, row["campaign_id"], weight(call.status))
    return row


async def count(connection: Connection, campaign_id: UUID, change: Counters) -> None:
    """Never below zero, and the total never below its parts: the counters may have been set by hand."""
    if change != Counters():
        await connection.execute(COUNT, {"campaign_id": campaign_id, **vars(change)})


async def update(connection: Connection, call: Row, metrics: Metrics, **changes: Any) -> Row:
    """Change columns of a locked call, at least one. A new status moves the counters and the clock of the call with it."""
    old = CallStatus(call["status"])
    new = CallStatus(changes.get("status", old))
    if new != old:
        changes |= _clock(call, new)
    row = await _write(connection, call["id"], changes)
    repeated = new == old and "status" in changes and new in TERMINAL
    if repeated and faults.COUNTED_TWICE.on:
        await count(connection, call["campaign_id"], replace(weight(new), total=0))
    if new != old:
        change = moved(old, new)
        await count(connection, call["campaign_id"], replace(change, pending=0) if faults.PENDING_STAYS.on else change)
        await connection.execute(LINK, {"status": new, "campaign_id": call["campaign_id"], "contact_id": call["contact_id"]})
        _measure(metrics, row, new)
    return call | row


def _clock(call: Row, status: CallStatus) -> dict[str, Any]:
    """start_time when the call is first in progress, end_time when it ends; a call that waits again has neither."""
    now = sql.SQL("now()")
    if status in TERMINAL:
        return {"end_time": now}
    if status is CallStatus.IN_PROGRESS:
        return {"start_time": now, "end_time": None} if call["start_time"] is None else {"end_time": None}
    return {"start_time": None, "end_time": None}


async def _write(connection: Connection, call_id: UUID, changes: dict[str, Any]) -> Row:
    assignments = [
        sql.SQL("{} = {}").format(sql.Identifier(name), value if isinstance(value, sql.SQL) else sql.Placeholder(name))
        for name, value in changes.items()
    ]
    statement = sql.SQL("UPDATE calls SET {} WHERE id = {} RETURNING *").format(
        sql.SQL(", ").join(assignments), sql.Placeholder("key")
    )
    row = await (await connection.execute(statement, {**changes, "key": call_id})).fetchone()
    assert row is not None
    return row


def _measure(metrics: Metrics, row: Row, status: CallStatus) -> None:
    """Each call counts once, under the status that it ends with."""
    if status in TERMINAL:
        metrics.total_calls.labels(status, str(row["campaign_id"])).inc()
    if status is CallStatus.COMPLETED and row["duration"] is not None:
        metrics.call_duration_seconds.labels(str(row["campaign_id"])).observe(row["duration"])


async def remember(connection: Connection, call: Row, user_message: str, ai_response: str) -> None:
    """One exchange of the conversation, in the call's own history and in the table that reports read."""
    exchange = {"timestamp": datetime.now(UTC).isoformat(), "user_message": user_message, "ai_response": ai_response}
    await connection.execute(
        "UPDATE calls SET interaction_history = coalesce(interaction_history, '[]') || %s WHERE id = %s",
        [Jsonb([exchange]), call["id"]],
    )
    await connection.execute(
        "INSERT INTO call_history (call_id, user_message, ai_response) VALUES (%s, %s, %s)",
        [call["id"], user_message, ai_response],
    )
