"""Faults of the files as they were built: a wrong text in place of the right one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sandbox.faults import Fault, declare

FRONTEND = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Edit:
    """What a fault changes in one file: `wrong` stands where `right` should. `file` is a path below the frontend's folder."""

    file: str
    right: str
    wrong: str


_edits: dict[str, list[tuple[Fault, Edit]]] = {}


def edited(
    name: str,
    sentence: str,
    *edits: Edit,
    severity: Literal[1, 2, 3],
    finding: str,
    kind: Literal["frontend", "authorization", "data"] = "frontend",
    rulings: tuple[str, ...] = (),
    excludes: tuple[str, ...] = (),
    hides: tuple[str, ...] = (),
) -> None:
    """Declare a fault of the built files. Raise ValueError for an edit whose right text does not stand there exactly once."""
    for edit in edits:
        found = (FRONTEND / edit.file).read_text(encoding="utf-8").count(edit.right)
        if found != 1:
            raise ValueError(f"{name}: the text to change stands {found} times in {edit.file}")
    fault = declare(
        name,
        sentence,
        part="frontend",
        kind=kind,
        severity=severity,
        finding=finding,
        rulings=rulings,
        excludes=excludes,
        hides=hides,
    )
    for edit in edits:
        _edits.setdefault(edit.file, []).append((fault, edit))


def active(file: str) -> list[Edit]:
    """The edits of the faults that are on."""
    return [edit for fault, edit in _edits.get(file, []) if fault.on]
