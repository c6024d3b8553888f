"""The faults of the sandbox, as it lists them itself: it is another program. And the rows of a proof, made of them."""

import difflib
import functools
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from record.suite import ROOT


class Unusable(Exception):  # noqa: N818 - errors state the fact
    """What was asked for cannot be proven; the message says why."""


@dataclass(frozen=True)
class Fault:
    """What the catalogue says of one, as `sandbox/faults.py` explains it; `kind` is printed as "class"."""

    name: str
    sentence: str = ""
    part: str = ""
    kind: str = ""
    severity: int = 1
    finding: str = ""
    rulings: tuple[str, ...] = ()
    start_only: bool = False
    excludes: tuple[str, ...] = ()
    everywhere: bool = False
    hides: tuple[str, ...] = ()

    @classmethod
    def parse(cls, printed: Mapping[str, Any]) -> "Fault":
        fields = {
            **printed,
            "kind": printed["class"],
            "rulings": tuple(printed["rulings"]),
            "excludes": tuple(printed["excludes"]),
            "hides": tuple(printed["hides"]),
        }
        del fields["class"]
        return cls(**fields)

    def as_json(self) -> dict[str, Any]:
        """What a reader of the proof wants to know of it."""
        fields = asdict(self)
        return {
            "class": self.kind,
            **{key: fields[key] for key in ("name", "sentence", "part", "severity", "finding", "rulings")},
        }


@functools.cache
def catalogue() -> dict[str, Fault]:
    """Every declared fault by its name."""
    listed = subprocess.run(
        [sys.executable, "-m", "sandbox", "faults", "--json"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return {fault["name"]: Fault.parse(fault) for fault in json.loads(listed.stdout)}


def rows(known: Mapping[str, Fault], expected: Iterable[str]) -> list[str]:
    """All that can be proven: each combination that is expected, and each fault that is in none. Raises Unusable."""
    combinations = set(expected)
    combined = {fault for name in combinations for fault in name.split("+")}
    if undeclared := sorted(combined - known.keys()):
        raise Unusable(f"proof/expectations names faults that are not declared: {', '.join(undeclared)}")
    return sorted({*combinations, *(known.keys() - combined)})


def require(names: Iterable[str], known: Mapping[str, Fault]) -> None:
    """Raises Unusable where a name is unknown, or two that are joined exclude each other."""
    for name in names:
        faults = name.split("+")
        for fault in faults:
            _require_known(fault, known)
        for fault in faults:
            if against := [other for other in known[fault].excludes if other in faults]:
                raise Unusable(f"{fault} and {against[0]} exclude each other: prove them one at a time")


def _require_known(name: str, known: Mapping[str, Fault]) -> None:
    if name not in known:
        near = ", ".join(difflib.get_close_matches(name, known, n=3)) or "none"
        raise Unusable(f"no fault is called {name!r}. Nearest: {near}. python -m sandbox faults lists them all")
