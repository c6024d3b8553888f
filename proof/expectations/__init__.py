"""Which checks have to see which fault: a module for each file of suites/, named like it.

A fault that checks of several files have to see stands with the file of the check that names the cause first.
"""

import importlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

FOLDER = Path(__file__).parent
# What may fail under any fault, beside the checks that look for it.
ANYWHERE = {
    "smoke/test_whole_journeys.py::*": "it consists of what other checks look at one by one",
    "smoke/test_answers.py::test_*": "it compares every answer of the run with the contract",
    "regression/test_answers.py::test_*": "as above",
    "regression/test_listing_rules.py::test_*": "it asks for every parameter of every list",
}
# What is wrong with rows of a kind shows in the checks that ask for each of their fields.
OF_FIELDS = {kind: {f"regression/test_fields.py::test_*[{kind}*": "it asks for every field"} for kind in ("campaign", "contact")}


@dataclass(frozen=True)
class Expectation:
    """Of one fault, or of several that are on together.

    A check of the module's own file is written as `test_x`, any other as its node id below suites/. Without parameters it stands
    for all of them: at least one has to fail.
    `kills`: check -> the cause that its finding names (a table of record/causes), or several where its parameters differ. `first`
    are those whose finding is the cause itself, where some of the others see a consequence. `collateral`: pattern of checks that
    may fail, too -> why they do. `blocks`: the cause by which the whole run is blocked, in place of checks that fail. `blocked`:
    pattern of checks that truly cannot look while it is on -> why they cannot.
    """

    kills: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    collateral: Mapping[str, str] = field(default_factory=dict)
    blocks: str = ""
    blocked: Mapping[str, str] = field(default_factory=dict)

    def within(self, file: str) -> "Expectation":
        """The same with whole node ids, and with what may fail ANYWHERE."""
        return Expectation(
            dict(zip(_whole(self.kills, file), self.kills.values(), strict=True)),
            tuple(_whole(self.first, file)),
            {**ANYWHERE, **dict(zip(_whole(self.collateral, file), self.collateral.values(), strict=True))},
            self.blocks,
            dict(zip(_whole(self.blocked, file), self.blocked.values(), strict=True)),
        )


def causes_of(kill: str | tuple[str, ...]) -> tuple[str, ...]:
    return (kill,) if isinstance(kill, str) else kill


def _whole(checks: Iterable[str], file: str) -> Iterator[str]:
    return (f"{file}::{check}" if check.startswith("test_") else check for check in checks)


def files() -> list[str]:
    """The files of checks, below suites/, that have a module here."""
    return sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("test_*.py"))


def stated(file: str) -> dict[str, Expectation]:
    """What the module of one file of checks says."""
    name = ".".join([__name__, *Path(file).with_suffix("").parts])
    faults: Mapping[str, Expectation] = importlib.import_module(name).FAULTS
    return {fault: _with_fields(fault, expectation.within(file)) for fault, expectation in faults.items()}


def _with_fields(fault: str, expectation: Expectation) -> Expectation:
    return replace(expectation, collateral={**OF_FIELDS.get(fault.partition("-")[0], {}), **expectation.collateral})


def table() -> dict[str, Expectation]:
    """By the names of the faults, joined with "+" where several are on together."""
    found: dict[str, Expectation] = {}
    for file in files():
        of_file = stated(file)
        if twice := found.keys() & of_file.keys():
            raise ValueError(f"{file} repeats {sorted(twice)}: one place for each fault")
        found |= of_file
    return found
