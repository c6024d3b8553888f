"""Which checks have to see which fault, and the words by which their findings name the cause."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from proof import expectations

JOURNEYS = {"smoke/test_whole_journeys.py::*": "it consists of what other checks look at one by one"}


@dataclass(frozen=True)
class Expected:
    """Of one fault, or of several that are on together.

    A check is written as its node id below suites/. Without parameters it stands for all of them: at least one has to fail.
    `kills`: check -> words that stand in its finding (expected, seen or next). `first` are those whose finding is the cause
    itself, where some of the others see a consequence. `collateral`: pattern of checks that may fail, too -> why they do.
    `blocks`: words of the finding by which the whole run is blocked, in place of checks that fail.
    """

    kills: Mapping[str, str] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    collateral: Mapping[str, str] = field(default_factory=dict)
    blocks: str = ""


def table() -> dict[str, Expected]:
    """Everything that the modules of proof/expectations say, by the names of the faults joined with "+"."""
    found: dict[str, Expected] = {}
    for module in pkgutil.iter_modules(expectations.__path__):
        said: Mapping[str, Expected] = importlib.import_module(f"{expectations.__name__}.{module.name}").FAULTS
        twice = found.keys() & said.keys()
        if twice:
            raise ValueError(f"{module.name} repeats {sorted(twice)}: one place for each fault")
        found |= {name: _with_journeys(expected) for name, expected in said.items()}
    return found


def _with_journeys(expected: Expected) -> Expected:
    """A journey meets whatever breaks one of its steps, so nobody has to say it again for each fault."""
    return replace(expected, collateral={**JOURNEYS, **expected.collateral})
