"""The gates of the plan as data: what each of them requires before it says GO.

reports/plan/gates.toml has one table a gate: its name in both languages; `environments` whose runs it decides on; `stages` that
have to be looked at as a whole, each by its newest run, none older than `max_age_hours`; success `criteria` to be met; plan
`lines` (patterns of ids) that have to be settled; `approvals` by role with the number of people. Whoever approves does so for one
role, and approves nothing that stands on a waiver of their own.
"""

import fnmatch
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.plan.plan_file import Text

GATES = Path(__file__).resolve().parent / "gates.toml"
STAGES = ("pre-deploy", "smoke", "integration", "regression", "load")
KEYS: dict[str, type] = {
    "es": str,
    "en": str,
    "environments": list,
    "stages": list,
    "criteria": list,
    "max_age_hours": int,
    "lines": list,
    "approvals": list,
}
OPTIONAL = frozenset({"criteria"})


class GateError(ValueError):
    """A file of gates that breaks a rule; the message names file, gate, rule and remedy."""


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
    approvals: tuple[Quorum, ...]

    def asks_for(self, line: str) -> bool:
        """Whether a line of the plan has to be settled before this gate."""
        return any(fnmatch.fnmatchcase(line, pattern) for pattern in self.lines)


def load(path: Path = GATES) -> dict[str, Gate]:
    """Every gate by its name, in the order of the plan."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GateError(f"{path}: cannot be read: {error}") from error
    return {name: _gate(name, table, path) for name, table in tables.items()}


def _gate(name: str, table: Any, path: Path) -> Gate:
    place = f"{path}, [{name}]"
    if not isinstance(table, dict):
        raise GateError(f"{place}: is no table; each gate is one")
    if unknown := sorted(table.keys() - KEYS.keys()):
        raise GateError(f"{place}: unknown {', '.join(unknown)}; the keys are {', '.join(KEYS)}")
    if missing := sorted(KEYS.keys() - OPTIONAL - table.keys()):
        raise GateError(f"{place}: {', '.join(missing)} must be there")
    for key, kind in KEYS.items():
        if type(table.get(key, kind())) is not kind:
            raise GateError(f"{place}: {key} is {table[key]!r}, and must be a {kind.__name__}")
    if wrong := sorted(set(table["stages"]) - set(STAGES)):
        raise GateError(f"{place}: there is no stage {', '.join(wrong)}; there are {', '.join(STAGES)}")
    if not table["stages"] or not table["environments"] or table["max_age_hours"] < 1:
        raise GateError(f"{place}: a gate without stages, environments or an age of 1 hour or more would open by itself")
    names = {key: tuple(map(str, table.get(key, ()))) for key in ("environments", "stages", "criteria", "lines")}
    quorums = tuple(_quorum(each, place) for each in table["approvals"])
    return Gate(table["es"], table["en"], name, **names, max_age_hours=table["max_age_hours"], approvals=quorums)


def _quorum(table: Mapping[str, Any], place: str) -> Quorum:
    if (
        not isinstance(table, dict)
        or table.keys() != {"role", "people"}
        or type(table["people"]) is not int
        or table["people"] < 1
    ):
        raise GateError(f'{place}: approvals are like {{ role = "QA Lead", people = 1 }}, and {table!r} is not')
    return Quorum(str(table["role"]), table["people"])


def named(name: str, gates: Mapping[str, Gate]) -> Gate:
    if name not in gates:
        raise GateError(f"there is no gate {name!r}; there are {', '.join(gates)}")
    return gates[name]


def suited(environment: str, gates: Mapping[str, Gate]) -> Gate:
    """The first gate that decides on an environment: the one that a release meets first."""
    found = next((gate for gate in gates.values() if environment in gate.environments), None)
    return found or next(iter(gates.values()))
