"""Who took data out, and how much of it (contract 8.6)."""

from typing import Literal

from fastapi import Request
from psycopg.types.json import Jsonb

from sandbox.backend.accounts.authentication import Caller
from sandbox.backend.core.database import Database
from sandbox.backend.core.field_types import as_uuid


async def record(database: Database, caller: Caller, request: Request, what: Literal["contacts", "calls"], rows: int) -> None:
    await database.execute(
        """INSERT INTO auth_audit_log (user_id, event_type, ip_address, user_agent, metadata)
        VALUES (%s, 'data_export', %s, %s, %s)""",
        [
            as_uuid(caller.user_id),
            request.client.host if request.client else None,
            request.headers.get("user-agent"),
            Jsonb({"what": what, "rows": rows}),
        ],
    )
