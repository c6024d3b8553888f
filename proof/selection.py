"""Which faults a proof takes up: all, those that were named, or what a change can touch and a tenth of the rest that moves on
day by day. Pure: what changed and what day it is are handed in.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from proof.changes import Change
from proof.expectations import Expectation

DAYS = 10  # until each fault had its turn
WIDE = 3  # one of so many, where a change can touch everything
# What every check stands on. A change of what is not here (docs, tests, reports) touches no check.
FOUNDATIONS = ("fixtures/", "record/", "judge/", "envs/", "proof/", "conftest.py", "pyproject.toml", "requirements.lock")
EXPECTATIONS, SUITES, SANDBOX, LOAD = "proof/expectations/", "suites/", "sandbox/", "load/"


@dataclass(frozen=True)
class Selection:
    """The rows to prove, out of `of`. `reasons`: why -> how many rows it adds.

    `whole_files`: files of checks, below suites/, whose checks all have to be seen failing by these rows.
    """

    kind: Literal["all", "named", "changed"]
    rows: tuple[str, ...]
    of: int
    reasons: Mapping[str, int]
    whole_files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proven:
    """What a selection is made from: all rows, what is expected of them, and the files of the sandbox that name each fault."""

    rows: Collection[str]
    table: Mapping[str, Expectation]
    places: Mapping[str, Collection[str]]


def places(faults: Iterable[str], sandbox: Path) -> dict[str, set[str]]:
    """The files of the sandbox, as paths below its parent, in which a fault's name stands; none if it is put together there."""
    found: dict[str, set[str]] = {fault: set() for fault in faults}
    for path in sandbox.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for fault, files in found.items():
            if f'"{fault}"' in text:
                files.add(path.relative_to(sandbox.parent).as_posix())
    return found


def everything(rows: Collection[str]) -> Selection:
    return Selection("all", tuple(rows), len(rows), {"everything was asked for": len(rows)})


def named(names: Collection[str], of: int) -> Selection:
    return Selection("named", tuple(names), of, {"named on the command line": len(names)})


def changed(proven: Proven, change: Change | None, day: dt.date) -> Selection:
    """What the change can touch, and today's tenth; without a history a fixed third."""
    if change is None:
        fixed = share(proven.rows, WIDE, 0)
        return Selection("changed", tuple(fixed), len(proven.rows), {"no history to compare with: a fixed third": len(fixed)})
    turn = day.timetuple().tm_yday
    reasons = {why: rows for path in change.files for why, rows in _touched(path, proven, turn)}
    reasons[f"the tenth whose turn it is ({turn % DAYS} of 0 to {DAYS - 1})"] = share(proven.rows, DAYS, turn)
    taken: set[str] = set()
    counts = {}
    for why, rows in reasons.items():
        if added := len(set(rows) - taken):
            counts[why] = added
        taken |= set(rows)
    files = tuple(path.removeprefix(SUITES) for path in change.files if path.startswith(SUITES) and "/test_" in path)
    return Selection("changed", tuple(sorted(taken)), len(proven.rows), counts, files)


def share(rows: Iterable[str], of: int, turn: int) -> list[str]:
    """One of `of` parts, by the name of the row, so that `of` turns in a row see all of them."""
    return [row for row in rows if int.from_bytes(hashlib.sha256(row.encode()).digest()[:8]) % of == turn % of]


def _touched(path: str, proven: Proven, turn: int) -> Iterable[tuple[str, list[str]]]:
    """Why, and which rows."""

    def seen_in(matching: Callable[[str], bool]) -> list[str]:
        return [row for row in proven.rows if row in proven.table and any(map(matching, proven.table[row].kills))]

    if path.startswith(EXPECTATIONS + "__"):
        yield f"{path}: any check may be touched, a third", share(proven.rows, WIDE, turn)
    elif path.startswith((EXPECTATIONS, SUITES)):
        below = path.removeprefix(EXPECTATIONS).removeprefix(SUITES)
        whole = below if PurePosixPath(below).name.startswith("test_") else f"{PurePosixPath(below).parent}/".removeprefix("./")
        yield f"checks of {whole or SUITES}", seen_in(lambda kill: kill.startswith(whole))
    elif path.startswith(SANDBOX):
        yield _touched_in_sandbox(path, proven, turn)
    elif path.startswith(LOAD):
        yield "load/: whatever is seen under load", seen_in(lambda kill: kill.startswith(LOAD))
    elif path.startswith(FOUNDATIONS):
        yield f"{path.partition('/')[0]}: any check may be touched, a third", share(proven.rows, WIDE, turn)


def _touched_in_sandbox(path: str, proven: Proven, turn: int) -> tuple[str, list[str]]:
    """The faults of the nearest folder that has some, and those whose names stand in no file because they are put together."""
    homeless = {fault for fault, files in proven.places.items() if not files}
    for folder in PurePosixPath(path).parents:
        if folder.as_posix() == SANDBOX.rstrip("/"):
            break
        here = {fault for fault, files in proven.places.items() if any(file.startswith(f"{folder}/") for file in files)}
        if here:
            return f"faults of {folder}", [row for row in proven.rows if (here | homeless) & set(row.split("+"))]
    return "sandbox: any check may be touched, a third", share(proven.rows, WIDE, turn)
