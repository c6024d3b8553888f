"""The phone numbers that a caller may see in rows of the database (R-07, R-29)."""

from collections.abc import Iterable
from typing import Any

from sandbox.backend.accounts.authentication import Caller
from sandbox.backend.core import faults
from sandbox.backend.core.privacy import mask_phone
from sandbox.faults import Fault

PHONE_COLUMNS = ("phone_number", "from_number")


def hidden(phone: str) -> str:
    return f"{phone[:-2]}**" if faults.MASK_TOO_THIN.on else mask_phone(phone)


def masked(row: dict[str, Any]) -> dict[str, Any]:
    return row | {column: hidden(row[column]) for column in PHONE_COLUMNS if row.get(column)}


def sees_masks(caller: Caller) -> bool:
    if caller.role == "viewer":
        return not faults.VIEWER_SEES_PHONES.on
    return caller.role == "operator" and faults.OPERATOR_SEES_MASKS.on


def visible_to(caller: Caller, rows: Iterable[dict[str, Any]], *, unless: Fault | None = None) -> list[dict[str, Any]]:
    """The rows as this caller may see them: a viewer gets phone numbers like +346****456, `unless` that fault is on."""
    rows = list(rows)
    if unless and caller.role == "viewer" and unless.on:
        return rows
    return [masked(row) for row in rows] if rows and sees_masks(caller) else rows
