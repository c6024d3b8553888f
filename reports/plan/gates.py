"""The gates of the plan as data: what each of them requires before it says GO.

reports/plan/gates.toml has one table a gate: its name in both languages; `environments` whose runs it decides on; `stages` that
have to be looked at as a whole, each by its newest run, none older than `max_age_hours`; success `criteria` to be met; plan
`lines` (patterns of ids) that have to be settled; `reading_suffices`, whether a protected profile may leave out the checks that
write; `approvals` by role with the number of people. A person approves in one role, and approves nothing that depends on a waiver
of their own.
"""

import fnmatch
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.plan import strict
from reports.plan.strict import PlanError, Text

GATES = Path(__file__).resolve().parent / "gates.toml"
STAGES = ("pre-deploy", "smoke", "integration", "regression", "load")
KEYS = {"es", "en", "environments", "stages", "max_age_hours", "lines", "reading_suffices", "approvals"}
OLDEST_HOURS = 24 * 366


@dataclass(frozen=True)
class Quorum:
    """`people` different persons have to approve in this role."""

    role: str
    people: int


@dataclass(frozen=True)
class Gate(Text):
    name: str
    environments: tuple[str, ...]
    stages: tuple[str, ...]
    criteria: tuple[str, ...]
    max_age_hours: int
    lines: tuple[str, ...]
    reading_suffices: bool
    approvals: tuple[Quorum, ...]

    def asks_for(self, line: str) -> bool:
        """Whether a line of the plan has to be settled before this gate."""
        return any(fnmatch.fnmatchcase(line, pattern) for pattern in self.lines)


def load(path: Path = GATES) -> dict[str, Gate]:
    """Every gate by its name, in the order of the plan."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PlanError(f"{path}: cannot be read: {error}") from error
    return {name: _gate(name, table, path) for name, table in tables.items()}


def _gate(name: str, table: Any, path: Path) -> Gate:
    place = f"{path}, [{name}]"
    strict.keys(table, KEYS, {"criteria"}, place)
    if not isinstance(table["approvals"], list):
        raise PlanError(f"{place}.approvals: is {table['approvals']!r}, and must be a list of tables")
    return Gate(
        es=strict.nonempty(table["es"], f"{place}.es"),
        en=strict.nonempty(table["en"], f"{place}.en"),
        name=name,
        environments=strict.some(table["environments"], f"{place}.environments"),
        stages=tuple(
            strict.one_of(each, f"{place}.stages", known=STAGES) for each in strict.some(table["stages"], f"{place}.stages")
        ),
        criteria=strict.names(table.get("criteria", []), f"{place}.criteria"),
        max_age_hours=strict.number(table["max_age_hours"], f"{place}.max_age_hours", most=OLDEST_HOURS),
        lines=strict.names(table["lines"], f"{place}.lines"),
        reading_suffices=strict.truth(table["reading_suffices"], f"{place}.reading_suffices"),
        approvals=tuple(_quorum(each, f"{place}.approvals") for each in table["approvals"]),
    )


def _quorum(table: Any, place: str) -> Quorum:
    strict.keys(table, {"role", "people"}, set(), place)
    return Quorum(
        strict.nonempty(table["role"], f"{place}.role"),
        strict.number(table["people"], f"{place}.people", most=strict.MOST_PEOPLE),
    )


def named(name: str, gates: Mapping[str, Gate]) -> Gate:
    if name not in gates:
        raise PlanError(f"there is no gate {name!r}; there are {', '.join(gates)}")
    return gates[name]


def suited(environment: str, gates: Mapping[str, Gate]) -> Gate:
    """The first gate that decides on an environment: the one that a release meets first."""
    found = next((gate for gate in gates.values() if environment in gate.environments), None)
    return found or next(iter(gates.values()))
