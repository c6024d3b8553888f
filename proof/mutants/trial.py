"""One mutant against the checks: a sandbox of its own, and its checks until the first that fails."""

import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pytest

from proof import forked_run
from proof.mutants.generation import Mutant
from proof.mutants.tree import booted, mutated
from record.finding import Finding
from record.operation import IDS
from record.outcome import Blocked
from record.run import Check

Outcome = Literal["killed", "does not boot", "stumbled", "survived", "untouched", "equivalent"]
LIMIT_S = 240.0  # of all checks of one mutant; a sandbox that answers nothing makes each check wait
BOOT: Literal["does not boot"] = "does not boot"
# In the `where` of a finding: a request, or a page by its path alone.
ADDRESS = re.compile(r"(?:\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) )?\b(?:https?|wss?)://[^/\s]+([^\s,?]*)")
PAGE = re.compile(r"^(/[^\s?]*)")


@dataclass(frozen=True)
class Trial:
    """What is to be run: `checks` in their order, `touching` how many of them can touch it, `operations` that execute it.

    `last`: checks that judge the answers of all others, and so end each run.
    """

    mutant: Mutant
    checks: tuple[str, ...]
    touching: int
    operations: frozenset[str]
    last: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant. `ran`: how many checks ended. `first_is_cause`: None unless a check failed.

    `doubtful`: checks that failed and are not held for its killers: by themselves they passed, or nobody knows whose mistake
    they saw.
    """

    mutant: Mutant
    outcome: Outcome
    killed_by: str = ""
    finding: Finding | None = None
    first_is_cause: bool | None = None
    seconds: float = 0.0
    boot_s: float = 0.0
    ran: int = 0
    touching: int = 0
    stumbled: tuple[str, ...] = ()
    note: str = ""
    doubtful: tuple[str, ...] = ()


class InOrder:
    """A pytest plugin: only these checks, in this order, and none after the first that failed."""

    def __init__(self, checks: Sequence[str]) -> None:
        self._place = {check: place for place, check in enumerate(checks)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((item for item in items if item.nodeid in self._place), key=lambda item: self._place[item.nodeid])

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self._session = session

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        data: Mapping[str, Any] | None = getattr(report, "luz_verde", None)
        if data and data["phase"]["outcome"] == "failed":
            self._session.shouldstop = f"{report.nodeid} failed"


@dataclass(frozen=True)
class Ran:
    """What one sandbox showed. `unbooted`: why it did not start. `note`: how a run that did not come to its end ended.

    `unrepeated`: a check that failed and then passed by itself; it counts as passed.
    """

    checks: tuple[Check, ...]
    seconds: float
    boot_s: float = 0.0
    unbooted: Finding | None = None
    note: str = ""
    unrepeated: tuple[str, ...] = ()

    def failed(self, order: Sequence[str]) -> Check | None:
        """The first in the order of the run."""
        place = {check: number for number, check in enumerate(order)}
        failed = [check for check in self.checks if check.outcome == "failed"]
        return min(failed, key=lambda check: place.get(check.id, len(place)), default=None)

    @property
    def ended(self) -> list[Check]:
        """Those that were begun before an earlier one failed."""
        return [check for check in self.checks if check.finding is None or check.finding.cause != "not-run"]

    @property
    def stumbled(self) -> tuple[str, ...]:
        return tuple(
            check.id for check in self.ended if check.outcome in ("unverified", "blocked") and not _rests_on_nothing(check)
        )


def _rests_on_nothing(check: Check) -> bool:
    """It judges the answers that other checks of the run got, and none of these asked what it is about."""
    return check.finding is not None and check.finding.cause == "route-never-answered"


def run(mutants: Collection[Mutant], checks: Sequence[str], folder: Path, copy: Path) -> Ran:
    """Boots a sandbox with the mutants and runs the checks on it. `folder` gets what was recorded, `copy` the changed code."""
    began = time.monotonic()
    with mutated(mutants, copy) as root, booted(root) as boot:
        try:
            profile = boot.wait()
        except Blocked as error:
            return Ran((), time.monotonic() - began, unbooted=error.because)
        boot_s = time.monotonic() - began
        done = forked_run.verify(profile, folder, checks=checks, plugins=[InOrder(checks)], limit_s=LIMIT_S)
        ran = Ran(done.checks, 0.0, boot_s, note="" if done.run else done.output[-300:] or "it did not end")
        doubtful = ran.failed(checks)
        if doubtful and not _fails_again(doubtful, profile, folder):
            passed = replace(doubtful, outcome="passed", finding=None)
            checked = tuple(passed if each == doubtful else each for each in ran.checks)
            ran = replace(ran, checks=checked, unrepeated=(doubtful.id,))
    return replace(ran, seconds=time.monotonic() - began)


def _fails_again(check: Check, profile: Path, folder: Path) -> bool:
    """Once more by itself, as a busy machine can be the reason; what cannot look by itself is taken at its word."""
    again = forked_run.verify(profile, folder / "again", checks=[check.id], limit_s=LIMIT_S)
    return all(each.outcome != "passed" for each in again.checks)


def names_one_of(finding: Finding | None, operations: Collection[str]) -> bool:
    """Whether the finding points to a request or page that executes what was changed."""
    if finding is None:
        return False
    found = [*ADDRESS.findall(finding.where), *(("GET", path) for path in PAGE.findall(finding.where))]
    return any(f"{method or 'GET'} {IDS.sub('{id}', path)}" in operations for method, path in found)
