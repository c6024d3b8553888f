"""Cells that a spreadsheet must not run as formulas (contract 2.9)."""

from sandbox.faults import declare

FORMULAS_RUN = declare(
    "export-cell-injection",
    "Exports write free text as it is, so a name like =HYPERLINK(...) becomes a formula where the file is opened.",
    part="backend",
    kind="data",
    severity=2,
    finding="an exported cell starts with = where the contract asks for an apostrophe",
    excludes=("export-cell-injection-by-plus",),
)
PLUS_FORGOTTEN = declare(
    "export-cell-injection-by-plus",
    "Only = is taken for the beginning of a formula; +, - and @ begin one too.",
    part="backend",
    kind="data",
    severity=2,
    finding="an exported cell starts with + or @ where the contract asks for an apostrophe",
)
PHONES_INERT = declare(
    "export-phones-with-apostrophe",
    "The guard against formulas is applied to every column, phone numbers included.",
    part="backend",
    kind="data",
    severity=2,
    finding="exported phone numbers cannot be imported again: they begin with an apostrophe",
)

STARTERS = ("=", "+", "-", "@")


def inert(cell: str | None) -> str:
    """Free text that stays text: an apostrophe goes before what a spreadsheet would take for a formula."""
    if not cell or not cell.startswith(STARTERS) or FORMULAS_RUN.on or (cell[0] != "=" and PLUS_FORGOTTEN.on):
        return cell or ""
    return f"'{cell}"


def phone(cell: str | None) -> str:
    """Numbers are what the file is for, so they stay as they are."""
    return f"'{cell}" if cell and cell.startswith("+") and PHONES_INERT.on else cell or ""
