"""Sick deployments: five to twenty-five faults at once, as teams meet them. Named ones stand beside this file, a TOML file each;
others are drawn by a seed.
"""

import difflib
import functools
import math
import random
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sandbox import faults
from sandbox.faults import Fault, UnknownFault

FOLDER = Path(__file__).parent
FEWEST, MOST = 5, 25
SIZE = 12  # of a draw
LANGUAGES = ("en", "es")
KEYS = {"title", "sentence", "faults"}
OF_SEVERITY = {1: 3, 2: 2, 3: 1}  # how likely a fault is drawn: what stops a release is what the verdict has to be right about
DRAWS = 2_000  # many times what any size needs


class SickInvalid(ValueError):  # noqa: N818 - states the fact
    """A file of a sick deployment that cannot be used; the message says which, why, and what would be right."""


class UnknownSick(LookupError):  # noqa: N818 - states the fact
    """No deployment has this name; the message offers the nearest."""


class SizeRefused(ValueError):  # noqa: N818 - states the fact
    """So many faults cannot all be seen at once, or so few are no sick deployment."""


@dataclass(frozen=True)
class Sick:
    """`title` and `sentence` by language, `en` and `es`; `faults` in the order of the file or of the draw."""

    name: str
    title: dict[str, str]
    sentence: dict[str, str]
    faults: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """With those of the faults that can be seen while all of them are on."""
        return {**asdict(self), "visible": sorted(faults.visible(self.faults))}


def read(path: Path) -> Sick:
    """One file, strictly. Raises SickInvalid."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SickInvalid(f"{path.name} is not TOML: {error}") from error
    if reason := next(_reasons(told), ""):
        raise SickInvalid(f"{path.name}: {reason}")
    return Sick(path.stem, told["title"], told["sentence"], tuple(told["faults"]))


def _reasons(told: dict[str, Any]) -> Iterator[str]:
    """Why it cannot be used, the plainest first: a later one may rest on the earlier ones."""
    if told.keys() != KEYS:
        yield f"has {', '.join(sorted(told)) or 'nothing'}, where {', '.join(sorted(KEYS))} belong"
        return
    yield from (f"{key} needs a text in each of {', '.join(LANGUAGES)}" for key in ("title", "sentence") if not _texts(told[key]))
    names = told["faults"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        yield "faults is a list of names"
        return
    if not FEWEST <= len(names) <= MOST:
        yield f"{len(names)} faults, where {FEWEST} to {MOST} belong"
    if twice := sorted({name for name in names if names.count(name) > 1}):
        yield f"{', '.join(twice)} stands twice"
    yield from _contradictions(names)


def _texts(told: object) -> bool:
    return (
        isinstance(told, dict) and told.keys() == set(LANGUAGES) and all(isinstance(text, str) and text for text in told.values())
    )


def _contradictions(names: Sequence[str]) -> Iterator[str]:
    known: list[Fault] = []
    for name in names:
        try:
            known.append(faults.get(name))
        except UnknownFault as error:
            yield str(error)
    for fault in known:
        yield from (f"{fault.name} and {other} exclude each other: leave one out" for other in fault.excludes if other in names)


@functools.cache
def named(folder: Path = FOLDER) -> dict[str, Sick]:
    """Every deployment of the folder by its name. Raises SickInvalid for the first file that cannot be used."""
    return {path.stem: read(path) for path in sorted(folder.glob("*.toml"))}


def get(name: str) -> Sick:
    """Raises UnknownSick."""
    if name not in named():
        near = ", ".join(difflib.get_close_matches(name, named(), n=3))
        nearest = f"Nearest: {near}. " if near else ""
        raise UnknownSick(f"no sick deployment is called {name!r}. {nearest}python -m sandbox sick lists them all")
    return named()[name]


def drawn(seed: int, size: int) -> Sick:
    """`size` faults that can be on together, each visible beside the others; the same for the same seed and catalogue.

    First a part and a kind of fault are drawn, so that those with many faults do not crowd out the others.
    Raises SizeRefused.
    """
    if not FEWEST <= size <= MOST:
        raise SizeRefused(f"{size} faults, where {FEWEST} to {MOST} can be told apart")
    source = random.Random(seed)
    chosen: list[str] = []
    for _ in range(DRAWS):
        if len(chosen) == size:
            break
        candidate = _one(source).name
        if candidate not in chosen and _go_together([*chosen, candidate]):
            chosen.append(candidate)
    if len(chosen) < size:
        raise SizeRefused(f"{size} faults that can all be seen at once were not found: ask for fewer")
    title = {"en": f"Seed {seed}", "es": f"Semilla {seed}"}
    sentence = {"en": f"{size} faults drawn by a seed.", "es": f"{size} fallos elegidos con una semilla."}
    return Sick(f"seed-{seed}", title, sentence, tuple(chosen))


def _one(source: random.Random) -> Fault:
    places = _places()
    (there,) = source.choices(places, [math.sqrt(len(place)) for place in places])
    return source.choices(there, [OF_SEVERITY[fault.severity] for fault in there])[0]


@functools.cache
def _places() -> list[list[Fault]]:
    """The faults of each part and kind."""
    found: defaultdict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in faults.catalogue():
        found[fault.part, fault.kind].append(fault)
    return [found[place] for place in sorted(found)]


def _go_together(names: Collection[str]) -> bool:
    excluded = {other for name in names for other in faults.get(name).excludes}
    return not excluded & set(names) and faults.visible(names) == set(names)
