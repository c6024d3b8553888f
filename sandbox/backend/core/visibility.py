"""Who may see which phone number in rows of the database (R-07, R-29)."""

from collections.abc import Iterable
from typing import Any

from sandbox.backend.accounts.authentication import Caller
from sandbox.backend.core.privacy import mask_phone
from sandbox.faults import declare

VIEWER_SEES_PHONES = declare(
    "viewer-sees-phones",
    "Phone numbers are masked in the frontend and leave the API as they are.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="a viewer reads the phone numbers of all contacts",
    rulings=("R-29",),
)
MASK_TOO_THIN = declare(
    "phone-mask-too-thin",
    "The mask hides the last two digits only, which leaves a hundred numbers to try.",
    part="backend",
    kind="authorization",
    severity=2,
    finding="a viewer reads all but two digits of a phone number",
    rulings=("R-29",),
    excludes=("viewer-sees-phones",),
)
OPERATOR_SEES_MASKS = declare(
    "operator-sees-masked-phones",
    "Whoever is no administrator is taken for a viewer, so those who call get no numbers to call.",
    part="backend",
    kind="authorization",
    severity=2,
    finding="an operator reads +346****456 and has nobody to call",
    rulings=("R-07",),
)

PHONE_COLUMNS = ("phone_number", "from_number")


def hidden(phone: str) -> str:
    return f"{phone[:-2]}**" if MASK_TOO_THIN.on else mask_phone(phone)


def masked(row: dict[str, Any]) -> dict[str, Any]:
    return row | {column: hidden(row[column]) for column in PHONE_COLUMNS if row.get(column)}


def sees_masks(caller: Caller) -> bool:
    if caller.role == "viewer":
        return not VIEWER_SEES_PHONES.on
    return caller.role == "operator" and OPERATOR_SEES_MASKS.on


def visible_to(caller: Caller, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows as this caller may see them: a viewer gets phone numbers like +346****456."""
    rows = list(rows)
    return [masked(row) for row in rows] if rows and sees_masks(caller) else rows
