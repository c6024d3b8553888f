"""`python -m reports coverage`: how much of the contract runs looked at, by its sections, and which rows nothing looked at."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from record import contract
from record.contract import Coverage
from reports import folders
from reports.terminal import write

EXAMPLE = "coverage reports/out/latest --rows 2.6"
WIDTH = 10


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", nargs="*", type=Path, metavar="RUN", help="folders, counted together (default: the latest run)")
    parser.add_argument("--rows", metavar="SECTION", help="the rows of a section, such as 2.6, each with what became of it")


def run(options: argparse.Namespace) -> int:
    runs = [recorded.content for recorded in folders.runs(options.runs)]
    found = contract.coverage({row for each in runs for row in each.rows}, [check for each in runs for check in each.checks])
    if options.rows:
        sections = contract.by_section(found)
        if options.rows not in sections:
            raise ValueError(f"--rows {options.rows}: the contract has no rows there, only in {', '.join(sections)}")
        write("\n".join(_rows(found, sections[options.rows])))
    else:
        write("\n".join(_table(found)))
    return 0


def _table(found: Coverage) -> Iterator[str]:
    yield f"{'section':<{WIDTH}}{'rows':>8}{'looked at':>12}{'differ':>8}{'grave, not looked at':>24}"
    for section, ids in contract.by_section(found).items():
        yield _line(section, found, ids)
    yield _line("all", found, list(found.states))


def _line(name: str, found: Coverage, ids: list[str]) -> str:
    left = [row for row in ids if found.states[row] == "not looked at"]
    differ = sum(found.states[row] == "differs" for row in ids)
    grave = sum(contract.rows()[row].severity == 1 for row in left)
    return f"{name:<{WIDTH}}{len(ids):>8}{len(ids) - len(left):>12}{differ:>8}{grave:>24}"


def _rows(found: Coverage, ids: list[str]) -> Iterator[str]:
    for row in ids:
        stated = contract.rows()[row]
        yield f"{found.states[row]:<15}severity {stated.severity}  {row}"
        yield f"{'':<15}{stated.claim} [{stated.tag}]"
