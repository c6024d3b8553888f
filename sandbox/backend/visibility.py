"""Who may see which phone number in rows of the database (R-07, R-29)."""

from collections.abc import Iterable
from typing import Any

from sandbox.backend.authentication import Caller
from sandbox.backend.privacy import mask_phone

PHONE_COLUMNS = ("phone_number", "from_number")


def masked(row: dict[str, Any]) -> dict[str, Any]:
    return row | {column: mask_phone(row[column]) for column in PHONE_COLUMNS if row.get(column)}


def visible_to(caller: Caller, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows as this caller may see them: a viewer gets phone numbers like +346****456."""
    return [masked(row) for row in rows] if caller.role == "viewer" else list(rows)
