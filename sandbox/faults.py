"""The catalogue of faults: named, realistic mistakes that are switched on and off while the sandbox runs.

Each area declares its faults in a `faults` module beside the product, which asks for them: `if faults.STALE_BUILD.on: ...`.
Several can be on at once. The control port (`sandbox/process/control.py`) and `--fault` switch them by name.
"""

import difflib
import fnmatch
import functools
import importlib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Literal

AREAS = (
    *(
        f"backend.{area}"
        for area in (
            "accounts",
            "caches",
            "calls",
            "campaigns",
            "contact_lists",
            "contacts",
            "core",
            "errors",
            "failures",
            "reports",
            "sessions",
            "webhooks",
        )
    ),
    *("crowding", "edge", "frontend", "process", "services", "vendors"),
)
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


class ExclusiveFaults(ValueError):  # noqa: N818 - errors state the fact
    """Two faults that cannot both be true; the message names them."""


@dataclass(frozen=True)
class Fault:
    """One realistic mistake. `severity` is 1 (stops a release) to 3 (a blemish); `finding` is what the report should say.

    `rulings`: what it breaks of contract 0.3, such as "R-05". `start_only`: what it breaks is read once, so it works only as
    `--fault` of `up`. `excludes`: faults that contradict it, so that only one of them can be on.
    `everywhere`: no code reads it and it may affect anything, such as a service that is down. `hides`: names of faults, or
    patterns of names (`contact-*`), that nobody can see from outside while this one is on.
    """

    name: str
    sentence: str
    part: str
    kind: Kind
    severity: Literal[1, 2, 3]
    finding: str
    rulings: tuple[str, ...] = ()
    start_only: bool = False
    excludes: tuple[str, ...] = ()
    everywhere: bool = False
    hides: tuple[str, ...] = ()

    @property
    def on(self) -> bool:
        """The read is recorded: what never reads a fault cannot be affected by it."""
        _asked_for.add(self.name)
        return self.name in _active

    def as_json(self) -> dict[str, Any]:
        """The fields as the catalogue prints them; `kind` under its usual name."""
        fields = asdict(self)
        return {"name": self.name, "class": fields.pop("kind"), **fields}


_catalogue: dict[str, Fault] = {}
_active: set[str] = set()
_asked_for: set[str] = set()


def declare(
    name: str,
    sentence: str,
    *,
    part: str,
    kind: Kind,
    severity: Literal[1, 2, 3],
    finding: str,
    rulings: tuple[str, ...] = (),
    start_only: bool = False,
    excludes: tuple[str, ...] = (),
    everywhere: bool = False,
    hides: tuple[str, ...] = (),
) -> Fault:
    """Add a fault to the catalogue; its name is kebab-case and unique. Of two that exclude each other, one names the other."""
    if name in _catalogue:
        raise ValueError(f"fault {name!r} is declared twice")
    fault = Fault(name, sentence, part, kind, severity, finding, rulings, start_only, excludes, everywhere, hides)
    _catalogue[name] = fault
    return fault


@functools.cache
def _declare_all() -> None:
    for area in AREAS:
        importlib.import_module(f"sandbox.{area}.faults")


def catalogue() -> list[Fault]:
    """Every fault, by part and name."""
    _declare_all()
    return sorted(_catalogue.values(), key=lambda fault: (fault.part, fault.name))


def visible(names: Collection[str]) -> set[str]:
    """Those of these faults that can be seen from outside while all of them are on."""
    hidden = {
        name
        for name in names
        for other in names
        if other != name and any(fnmatch.fnmatchcase(name, pattern) for pattern in get(other).hides)
    }
    return set(names) - hidden


def active() -> list[str]:
    return sorted(_active)


def get(name: str) -> Fault:
    """Raise UnknownFault for a name outside the catalogue."""
    _declare_all()
    if name not in _catalogue:
        near = ", ".join(difflib.get_close_matches(name, _catalogue, n=3))
        raise UnknownFault(
            f"no fault is called {name!r}. {f'Nearest: {near}. ' if near else ''}python -m sandbox faults lists them all"
        )
    return _catalogue[name]


def switch(name: str, on: bool) -> None:
    """Raise UnknownFault for a name outside the catalogue, ExclusiveFaults where an active fault contradicts it."""
    fault = get(name)
    against = [other for other in active() if other in fault.excludes or name in get(other).excludes]
    if on and against:
        raise ExclusiveFaults(f"{name} and {against[0]} exclude each other: switch {against[0]} off first")
    (_active.add if on else _active.discard)(name)


def asked_for() -> list[str]:
    """The faults that were read since the last call: only these can have affected what happened in between."""
    asked = sorted(_asked_for)
    _asked_for.clear()
    return asked
