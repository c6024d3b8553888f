"""Cells that a spreadsheet must not run as formulas (contract 2.9)."""

from sandbox.faults import declare

FORMULAS_RUN = declare(
    "export-cell-injection",
    "Exports write free text as it is, so a name like =HYPERLINK(...) becomes a formula where the file is opened.",
    part="backend",
    kind="data",
    severity=2,
    finding="an exported cell starts with = where the contract asks for an apostrophe",
)


def inert(cell: str | None) -> str:
    """Free text that stays text: an apostrophe goes before what a spreadsheet would take for a formula."""
    if cell and cell.startswith(("=", "+", "-", "@")) and not FORMULAS_RUN.on:
        return f"'{cell}"
    return cell or ""
