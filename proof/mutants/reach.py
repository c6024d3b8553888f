"""What each check reaches of the product: the lines that its requests execute, the templates and files of its pages, the tables.

Learned once on the healthy sandbox, under a tracer, and kept under .cache until a check or the sandbox changes.
"""

import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from proof import fault_coverage, forked_run
from proof.catalogue import Unusable
from proof.fault_coverage import Watch
from proof.mutants.tree import booted, changed
from record.suite import ROOT

CACHE = ROOT / ".cache"
DECIDE = (
    "sandbox",
    "suites",
    "fixtures",
    "record",
    "judge",
    "load",
    "proof/mutants/tracer.py",
    "proof/mutants/probes.py",
)  # where a change makes it worthless
OPERATION = "op "


@dataclass(frozen=True)
class Reach:
    """`checks`: check -> places, see `tracer`. `operations`: operation -> places. `loads`: page or file -> files it loads.

    `seconds`: of each check on the healthy sandbox. `not_passed`: checks that did not pass there, which show nothing of a mutant.
    `start`: places that are reached before the first request.
    """

    checks: dict[str, frozenset[str]]
    operations: dict[str, frozenset[str]]
    loads: dict[str, frozenset[str]]
    seconds: dict[str, float] = field(default_factory=dict)
    not_passed: frozenset[str] = frozenset()
    start: frozenset[str] = frozenset()

    @cached_property
    def _by_place(self) -> dict[str, set[str]]:
        return _turned(self.checks)

    @cached_property
    def _operations_by_place(self) -> dict[str, set[str]]:
        return _turned(self.operations)

    @cached_property
    def _used(self) -> dict[str, frozenset[str]]:
        """Of each check, its operations."""
        return {
            check: frozenset(place.removeprefix(OPERATION) for place in places if place.startswith(OPERATION))
            for check, places in self.checks.items()
        }

    @cached_property
    def _loaded_by(self) -> dict[str, frozenset[str]]:
        """Page -> all files, those that its files load included."""
        return {page: frozenset(_all_below(page, self.loads)) for page in self.loads}

    def checks_at(self, places: Iterable[str]) -> set[str]:
        return {check for place in places for check in self._by_place.get(place, ())}

    def operations_at(self, places: Iterable[str]) -> set[str]:
        return {each for place in places for each in self._operations_by_place.get(place, ())}

    def operations_loading(self, path: str) -> set[str]:
        """The file's own, and those of pages that load it."""
        return {
            each for each in self.operations if (page := each.partition(" ")[2]) == path or path in self._loaded_by.get(page, ())
        }

    def checks_using(self, operations: Iterable[str]) -> set[str]:
        return self.checks_at(OPERATION + each for each in operations)

    def operations_of(self, check: str) -> frozenset[str]:
        return self._used[check]


def _turned(places: dict[str, frozenset[str]]) -> dict[str, set[str]]:
    by_place: defaultdict[str, set[str]] = defaultdict(set)
    for name, reached in places.items():
        for place in reached:
            by_place[place].add(name)
    return dict(by_place)


def _all_below(page: str, loads: dict[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [page]
    while waiting:
        for file in loads.get(waiting.pop(), ()):
            if file not in found:
                found.add(file)
                waiting.append(file)
    return found


def digest(root: Path = ROOT) -> str:
    """Of all files that decide what a check reaches."""
    summed = hashlib.sha256()
    for room in DECIDE:
        for path in sorted((root / room).rglob("*")) if (root / room).is_dir() else [root / room]:
            if path.is_file() and path.suffix in (".py", ".sql", ".html", ".js", ".css"):
                summed.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return summed.hexdigest()[:12]


def file_of(root: Path = ROOT) -> Path:
    return CACHE / f"mutants-reach-{digest(root)}.json"


def read(path: Path) -> Reach:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    names: list[str] = data["places"]

    def named(numbers: dict[str, list[int]]) -> dict[str, frozenset[str]]:
        return {key: frozenset(names[number] for number in each) for key, each in numbers.items()}

    loads = {page: frozenset(files) for page, files in data["loads"].items()}
    not_passed, start = frozenset(data["not_passed"]), frozenset(data["start"])
    return Reach(named(data["checks"]), named(data["operations"]), loads, data["seconds"], not_passed, start)


def write(reach: Reach, path: Path) -> None:
    names = sorted({place for each in (*reach.checks.values(), *reach.operations.values()) for place in each})
    number = {name: place for place, name in enumerate(names)}

    def numbered(places: dict[str, frozenset[str]]) -> dict[str, list[int]]:
        return {key: sorted(number[place] for place in each) for key, each in sorted(places.items())}

    data = {
        "places": names,
        "checks": numbered(reach.checks),
        "operations": numbered(reach.operations),
        "loads": {page: sorted(files) for page, files in sorted(reach.loads.items())},
        "seconds": reach.seconds,
        "not_passed": sorted(reach.not_passed),
        "start": sorted(reach.start),
    }
    path.parent.mkdir(exist_ok=True)
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps(data), encoding="utf-8")
    aside.rename(path)


def traced(folder: Path, copy: Path, names: Collection[str], files: Mapping[str, bytes], checks: Collection[str] = ()) -> Reach:
    """Of these checks (all that are online if empty). Raises Unusable.

    `folder` gets what was recorded, `copy` the code with `files`, the scripts with their probes. `names`: tables and functions of
    the database.
    """
    with tempfile.TemporaryDirectory() as announced, changed(files, copy) as root:
        announce = Path(announced) / "address"
        (root / "proof").symlink_to(ROOT / "proof")
        (root / "record").symlink_to(ROOT / "record")
        tracer = (
            "proof.mutants.tracer",
            "--package",
            "sandbox",
            "--names",
            ",".join(sorted(names)),
            "--announce",
            str(announce),
            "--",
        )
        with booted(root, tracer) as boot:
            profile = boot.wait()
            address = announce.read_text(encoding="utf-8")
            start = httpx.post(f"{address}/asked-for", timeout=60).json()  # noqa: TID251 - the tracer is no target
            run = forked_run.verify(profile, folder, checks=checks, plugins=[Watch(address, folder)])
            if not run.checks:
                raise Unusable(f"no check ran on the traced sandbox:\n{run.output[-2000:]}")
            noted = httpx.get(f"{address}/operations", timeout=60).json()  # noqa: TID251 - the tracer is no target
    loads: defaultdict[str, set[str]] = defaultdict(set)
    for page, file in noted["loads"]:
        loads[page].add(file)
    return Reach(
        {check: frozenset(places) for check, places in fault_coverage.read(folder).items()},
        {name: frozenset(places) for name, places in noted["operations"].items()},
        {page: frozenset(files) for page, files in loads.items()},
        {check.id: check.duration_s for check in run.checks},
        frozenset(check.id for check in run.checks if check.outcome != "passed"),
        frozenset(start),
    )
