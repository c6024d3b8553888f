"""Calls as a file: CSV or an Excel sheet (contract 2.9)."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from psycopg import sql

from sandbox.backend.calls import faults
from sandbox.backend.calls.figures import IN_SCOPE
from sandbox.backend.core.database import Database
from sandbox.backend.core.spreadsheet_cells import inert

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCUMENTED: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}, EXCEL: {}}}}
MOST_ROWS = 10_000
FREE_TEXT = ("notes", "error_message", "campaign_name")
COLUMNS = (
    "contact_id",
    "scheduled_time",
    "status",
    "duration",
    "recording_url",
    "notes",
    "twilio_sid",
    "retry_attempts",
    "max_retries",
    "script_template",
    "webhook_url",
    "status_callback_url",
    "phone_number",
    "from_number",
    "error_message",
    "id",
    "created_at",
    "updated_at",
    "campaign_id",
    "interaction_history",
)

Cells = list[str | int]


async def newest(database: Database, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    query = sql.SQL(
        """SELECT calls.*, campaigns.name AS campaign_name FROM calls JOIN campaigns ON campaigns.id = calls.campaign_id
        WHERE {} ORDER BY calls.created_at DESC, calls.id LIMIT %(limit)s"""
    ).format(IN_SCOPE)
    return await (await database.execute(query, parameters | {"limit": MOST_ROWS})).fetchall()


def cell(column: str, value: Any) -> str | int:
    if column in FREE_TEXT:
        return inert(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return value
    return "" if value is None else str(value)


def table(calls: Iterable[dict[str, Any]], columns: tuple[str, ...]) -> list[Cells]:
    return [list(columns), *([cell(column, call[column]) for column in columns] for call in calls)]


def as_csv(rows: list[Cells]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def as_excel(rows: list[Cells]) -> bytes:
    """One sheet. Every text is stored as text, so that none becomes a formula, without the control characters XML lacks."""
    from openpyxl import Workbook  # noqa: PLC0415 - a third of a second that only this export needs
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("call_history")
    for row in rows[:-1] if len(rows) > 1 and faults.LAST_ROW_LOST.on else rows:
        cells = [WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value) for value in row]
        for written in cells:
            if written.data_type == "f":
                written.data_type = "s"
        sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


async def attachment(calls: list[dict[str, Any]], columns: tuple[str, ...], *, excel: bool) -> Response:
    rows = table(calls, columns)
    content = await run_in_threadpool(as_excel if excel else as_csv, rows)
    name = f"call_history_{datetime.now(UTC):%Y%m%d_%H%M%S}.{'xlsx' if excel else 'csv'}"
    return Response(
        content,
        media_type=EXCEL if excel else "text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )
