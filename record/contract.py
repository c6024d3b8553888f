"""The contract's rows as a run is counted in them: which were looked at, which of those hold, and which nothing looked at.

record/contract.json is written from the tables of fixtures/product/contract (`python -m fixtures.product.contract`).
"""

import fnmatch
import functools
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from record.run import Check

FILE = Path(__file__).with_name("contract.json")
State = Literal["held", "differs", "not looked at"]


class RowLike(Protocol):
    """A row of a table. `optional`: not claimed by default."""

    @property
    def id(self) -> str: ...
    @property
    def section(self) -> str: ...
    @property
    def tag(self) -> str: ...
    @property
    def severity(self) -> int: ...
    @property
    def claim(self) -> str: ...
    @property
    def optional(self) -> bool: ...


@dataclass(frozen=True)
class ContractRow:
    """As FILE has it: `severity` 1 is the gravest, `section` a number of the contract."""

    id: str
    section: str
    tag: str
    severity: int
    claim: str
    optional: bool


NAMES = tuple(ContractRow.__annotations__)


def text(rows: Iterable[RowLike]) -> str:
    """A line a row, so that a change reads as one."""
    lines = [json.dumps([getattr(row, name) for name in NAMES], ensure_ascii=False) for row in rows]
    return "[\n" + ",\n".join(lines) + "\n]\n"


@functools.cache
def rows() -> Mapping[str, ContractRow]:
    """By id, in the order of the ids."""
    read: list[list[Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {row.id: row for row in (ContractRow(*values) for values in read)}


@functools.cache
def matching(pattern: str) -> tuple[str, ...]:
    """The ids that a claim of a check means: one id, or a pattern such as `route/*/viewer`. None for what is neither."""
    if pattern in rows():
        return (pattern,)
    return tuple(fnmatch.filter(rows(), pattern)) if "*" in pattern else ()


def claimed(patterns: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({row for pattern in patterns for row in matching(pattern)}))


@dataclass(frozen=True)
class Coverage:
    """Of the contract, by one run or by several. `states` has every row that their suite knows."""

    states: Mapping[str, State]

    def ids(self, *states: State) -> list[str]:
        return [row for row, state in self.states.items() if state in states]

    @property
    def total(self) -> int:
        return len(self.states)

    @property
    def looked_at(self) -> int:
        return len(self.ids("held", "differs"))


def coverage(known: Iterable[str], checks: Iterable[Check]) -> Coverage:
    """Of these rows by these checks. A row holds where a check that claims it passed and none failed.

    Blocked or unverified checks looked at nothing.
    """
    outcomes: dict[str, set[str]] = defaultdict(set)
    for check in checks:
        for row in check.rows:
            outcomes[row].add(check.outcome)
    return Coverage({row: _state(outcomes[row]) for row in sorted(known)})


def _state(outcomes: Collection[str]) -> State:
    if {"failed", "waived"} & set(outcomes):
        return "differs"
    return "held" if "passed" in outcomes else "not looked at"


def by_section(found: Coverage) -> dict[str, list[str]]:
    """Section -> the ids of its rows, in the order of the sections' numbers."""
    sections: dict[str, list[str]] = defaultdict(list)
    for row in rows().values():
        if row.id in found.states:
            sections[row.section].append(row.id)
    return dict(sorted(sections.items(), key=lambda item: [int(part) for part in item[0].split(".") if part.isdigit()]))
