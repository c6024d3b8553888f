"""`make check NAME=test_x`: one check while it is being written. Healthy, under its faults, lint and types of what it touches."""

import argparse
import difflib
import sys
import time
from collections.abc import Collection
from pathlib import Path

from proof import changes, preload
from proof.catalogue import Unusable
from proof.check_table import Line, Linters
from record.stages import STAGES, declared_checks, function_of
from record.suite import ROOT

EXPECTATIONS = "proof/expectations/"


def meant(name: str) -> frozenset[str]:
    """The checks, as `suites/file::function`, that a function, a file or a node id means. Raises Unusable for none."""
    declared = set[str]().union(*(declared_checks(marker) for marker, _ in STAGES.values()))
    wanted = function_of(name.removeprefix(f"{ROOT}/").removeprefix("suites/"))
    found = {check for check in declared if wanted in _names_of(check)}
    if not found:
        known = {each for check in declared for each in _names_of(check)}
        near = ", ".join(difflib.get_close_matches(wanted, known, n=3)) or "none"
        raise Unusable(f"no check, file of checks or node id is called {name!r}. Nearest: {near}")
    return frozenset(found)


def _names_of(check: str) -> set[str]:
    node = check.removeprefix("suites/")
    file, _, function = node.partition("::")
    return {node, file, Path(file).name, Path(file).stem, function}


def touched_files(checks: Collection[str]) -> list[str]:
    """The files of the checks, of their expectations, and whatever is not committed yet."""
    own = {check.split("::")[0] for check in checks}
    change = changes.since("HEAD")
    files = {*own, *(file.replace("suites/", EXPECTATIONS, 1) for file in own), *(change.files if change else ())}
    return sorted(file for file in files if file.endswith(".py") and (ROOT / file).is_file())


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m proof.check",
        description="Run one check on the healthy sandbox and under the faults that have to make it fail; lint what it touches.",
        epilog="Exit code: 0 all of it is as it should be, 1 something is not, 2 the name is unknown.",
    )
    parser.add_argument("name", metavar="NAME", help="a check's function, a file of checks, or a node id")
    return parser.parse_args(arguments)


def _run(checks: frozenset[str]) -> list[Line]:
    try:
        preload.up(sorted({check.split("::")[0] for check in checks}))
        from proof import check_run  # noqa: PLC0415 - pytest has to import our plugins first, to rewrite their asserts

        return check_run.run(checks)
    except Unusable as error:
        return [Line("healthy", ok=False, text=str(error))]


def main() -> int:
    began = time.monotonic()
    try:
        checks = meant(parse().name)
    except Unusable as error:
        sys.stderr.write(f"check: {error}\n")
        return 2
    linters = Linters(touched_files(checks))
    lines = [*_run(checks), *linters.lines()]
    for line in lines:
        print(line, flush=True)  # noqa: T201 - a command's output
    print(f"time     {time.monotonic() - began:.1f} s")  # noqa: T201
    return int(not all(line.ok for line in lines))


if __name__ == "__main__":
    sys.exit(main())
