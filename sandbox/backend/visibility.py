"""Who may see which phone number in rows of the database (R-07, R-29)."""

from collections.abc import Iterable
from typing import Any

from sandbox.backend.authentication import Caller
from sandbox.backend.privacy import mask_phone
from sandbox.faults import declare

VIEWER_SEES_PHONES = declare(
    "viewer-sees-phones",
    "Phone numbers are masked in the frontend and leave the API as they are.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="a viewer reads the phone numbers of all contacts",
)

PHONE_COLUMNS = ("phone_number", "from_number")


def masked(row: dict[str, Any]) -> dict[str, Any]:
    return row | {column: mask_phone(row[column]) for column in PHONE_COLUMNS if row.get(column)}


def visible_to(caller: Caller, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows as this caller may see them: a viewer gets phone numbers like +346****456."""
    return [masked(row) for row in rows] if caller.role == "viewer" and not VIEWER_SEES_PHONES.on else list(rows)
