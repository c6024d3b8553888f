"""The audit log: failed sign-ins, and what data left the system (contract 8.6)."""

from typing import Any, Literal

import psycopg
from fastapi import Request
from psycopg.types.json import Jsonb

from sandbox.backend.accounts.authentication import Caller
from sandbox.backend.core.field_types import as_uuid

Event = Literal["sign_in_failed", "data_export"]


async def record(
    connection: psycopg.AsyncConnection[Any],
    request: Request,
    event: Event,
    details: dict[str, Any],
    caller: Caller | None = None,
) -> None:
    await connection.execute(
        """INSERT INTO auth_audit_log (user_id, event_type, ip_address, user_agent, metadata)
        VALUES (%s, %s, %s, %s, %s)""",
        [
            caller and as_uuid(caller.user_id),
            event,
            request.client.host if request.client else None,
            request.headers.get("user-agent"),
            Jsonb(details),
        ],
    )
