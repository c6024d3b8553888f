"""Cells that a spreadsheet must not run as formulas (contract 2.9)."""

from sandbox.backend.core import faults

STARTERS = ("=", "+", "-", "@")


def inert(cell: str | None) -> str:
    """Free text that stays text: an apostrophe goes before what a spreadsheet would take for a formula."""
    if not cell or not cell.startswith(STARTERS) or faults.FORMULAS_RUN.on or (cell[0] != "=" and faults.PLUS_FORGOTTEN.on):
        return cell or ""
    return f"'{cell}"


def phone(cell: str | None) -> str:
    """Numbers are what the file is for, so they stay as they are."""
    return f"'{cell}" if cell and cell.startswith("+") and faults.PHONES_INERT.on else cell or ""
