"""The catalogue of faults: named, realistic mistakes that can be switched on and off while the sandbox runs.

A fault is declared beside the part that it breaks, as a module-level constant, and asked there: `if STALE_BUILD.on: ...`.
Several can be on at once. The control port (`sandbox/control.py`) and `--fault` switch them by name.
"""

import difflib
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "availability",
    "correctness",
    "authorization",
    "data",
    "configuration",
    "performance",
    "vendor",
    "observability",
    "frontend",
    "supply chain",
]


class UnknownFault(LookupError):  # noqa: N818 - errors state the fact
    """The name is not in the catalogue; the message offers the nearest known ones."""


@dataclass(frozen=True)
class Fault:
    """One mistake. `severity` is 1 (stops a release) to 3 (a blemish); `finding` is what a reader of the report should get.

    `start_only`: what it breaks is read once, so it works only as `--fault` of `up`.
    """

    name: str
    sentence: str
    part: str
    kind: Kind
    severity: Literal[1, 2, 3]
    finding: str
    start_only: bool = False

    @property
    def on(self) -> bool:
        return self.name in _active


_catalogue: dict[str, Fault] = {}
_active: set[str] = set()


def declare(
    name: str,
    sentence: str,
    *,
    part: str,
    kind: Kind,
    severity: Literal[1, 2, 3],
    finding: str,
    start_only: bool = False,
) -> Fault:
    """Add a fault to the catalogue; its name is kebab-case and unique."""
    if name in _catalogue:
        raise ValueError(f"fault {name!r} is declared twice")
    fault = _catalogue[name] = Fault(name, sentence, part, kind, severity, finding, start_only)
    return fault


def catalogue() -> list[Fault]:
    """Every declared fault, by part and name. Import the parts first."""
    return sorted(_catalogue.values(), key=lambda fault: (fault.part, fault.name))


def active() -> list[str]:
    return sorted(_active)


def get(name: str) -> Fault:
    """Raise UnknownFault for a name outside the catalogue."""
    if name not in _catalogue:
        near = ", ".join(difflib.get_close_matches(name, _catalogue, n=3))
        raise UnknownFault(
            f"no fault is called {name!r}. {f'Nearest: {near}. ' if near else ''}python -m sandbox faults lists them all"
        )
    return _catalogue[name]


def switch(name: str, on: bool) -> None:
    """Raise UnknownFault for a name outside the catalogue."""
    get(name)
    (_active.add if on else _active.discard)(name)
