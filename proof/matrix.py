"""From the outcomes of the checks under each fault to whether they are proven: pure, needs no sandbox."""

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from proof.catalogue import Fault
from proof.expectations import Expectation, causes_of
from record import grouping
from record.grouping import Group
from record.outcome import Outcome
from record.run import Check
from record.stages import function_of

Part = Literal["kills", "collateral", "unrelated"]
SUITES = "suites/"


@dataclass(frozen=True)
class Gap:
    """One reason why the checks are not proven: the fault, the check (either may be empty) and a sentence."""

    fault: str
    check: str
    text: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.fault, self.check, self.text)))


@dataclass(frozen=True)
class Row:
    """A fault, or several together, and what became of the checks of its run."""

    faults: tuple[Fault, ...]
    expected: Expectation | None
    checks: tuple[Check, ...]
    exit_code: int
    took_s: float
    base_urls: tuple[str, ...] = ()
    broken_off: str = ""  # the end of the output of a run that did not come to its end

    @property
    def name(self) -> str:
        return "+".join(fault.name for fault in self.faults)

    @property
    def severity(self) -> int:
        return min(fault.severity for fault in self.faults)

    def ended(self, outcome: Outcome) -> list[Check]:
        return [check for check in self.checks if check.outcome == outcome]

    def of(self, pattern: str) -> list[Check]:
        """One check; with all its parameters unless the pattern names some."""
        return [check for check in self.checks if matches(check.id, pattern)]

    def part_of(self, check: str) -> Part:
        """What the failure of a check was expected to be."""
        expected = self.expected or Expectation({})
        if any(matches(check, kill) for kill in expected.kills):
            return "kills"
        return "collateral" if any(matches(check, pattern) for pattern in expected.collateral) else "unrelated"

    def groups(self) -> list[Group]:
        return grouping.grouped(self.checks, self.base_urls)


def matches(check: str, pattern: str) -> bool:
    """Whether a node id is meant by `smoke/test_x.py::test_y`, the same with parameters, or a pattern with `*`."""
    name = check.removeprefix(SUITES)
    return pattern in (name, function_of(name)) or ("*" in pattern and fnmatch.fnmatchcase(name, pattern.replace("[", "[[]")))


def _cause(check: Check) -> str:
    return check.finding.cause if check.finding else ""


def _seen(check: Check) -> str:
    return f"{_cause(check) or 'no cause'}: {check.finding.seen[:200] if check.finding else ''}"


def gaps_of(row: Row) -> list[Gap]:
    """Why this row proves nothing, or less than it should."""
    if row.broken_off:
        return [Gap(row.name, "", f"the run did not come to its end: {row.broken_off}")]
    if row.expected is None:
        return [Gap(row.name, "", "survives: no check is expected to see it")] if row.severity <= 2 else []
    if row.expected.blocks:
        return _gaps_of_blocking(row, row.expected.blocks)
    return [*_not_killed(row, row.expected), *_unrelated(row)]


def _gaps_of_blocking(row: Row, cause: str) -> list[Gap]:
    """One finding that blocks whatever needs the target."""
    first = row.groups()[:1]
    if not first or first[0].outcome != "blocked" or first[0].finding.cause != cause:
        return [Gap(row.name, "", f"does not block the run by {cause}")]
    return [Gap(row.name, check.id, "failed, where everything should be blocked") for check in row.ended("failed")]


def _not_killed(row: Row, expected: Expectation) -> Iterable[Gap]:
    for kill, causes in expected.kills.items():
        found = row.of(kill)
        failed = [check for check in found if check.outcome == "failed"]
        if not found:
            yield Gap(row.name, kill, "was not run: does the check exist?")
        elif not failed:
            yield Gap(row.name, kill, f"did not fail: {', '.join(sorted({check.outcome for check in found}))}")
        for check in failed:
            if _cause(check) not in causes_of(causes):
                yield Gap(row.name, check.id, f"does not name {' or '.join(causes_of(causes))}, but {_seen(check)}")


def _unrelated(row: Row) -> Iterable[Gap]:
    for check in row.ended("failed"):
        if row.part_of(check.id) == "unrelated":
            yield Gap(row.name, check.id, f"failed, and no expectation names it: {_seen(check)}")
    for check in row.ended("unverified"):
        if row.part_of(check.id) != "collateral":
            yield Gap(row.name, check.id, f"could not look, where it should have failed: {_seen(check)}")


def diagnosis(row: Row) -> str:
    """Why a reader is not led to the cause, or nothing.

    Led means: its finding comes first, and whatever else failed says the same or stands below it. Blocked checks say it anyway.
    """
    if row.expected is None:
        return "no check is expected to see it"
    groups = row.groups()
    if not groups:
        return "nothing failed"
    first, others = groups[0], groups[1:]
    if row.expected.blocks:
        return "" if row.expected.blocks == first.finding.cause else f"first comes {_shown(first)}"
    if not any(_is_by(first, kill, row.expected) for kill in row.expected.first or row.expected.kills):
        return f"first comes {_shown(first)}"
    astray = [group for group in others if group.outcome == "failed" and row.part_of(group.members[0].id) != "kills"]
    return f"apart from it stands {_shown(astray[0])}" if astray else ""


def _is_by(group: Group, kill: str, expected: Expectation) -> bool:
    """Whether the check is among those of the group, and its finding names what is expected of it."""
    named = group.finding.cause in causes_of(expected.kills[kill])
    return named and any(matches(member.id, kill) for member in group.members)


def _shown(group: Group) -> str:
    return f"{group.members[0].id.removeprefix(SUITES)}: {group.finding.cause}: {group.finding.seen[:160]}"


def killed(row: Row) -> set[str]:
    """The functions, below suites/, that failed as expected, and named the cause."""
    if row.expected is None:
        return set()
    return {
        function_of(check.id.removeprefix(SUITES))
        for kill, causes in row.expected.kills.items()
        for check in row.of(kill)
        if check.outcome == "failed" and _cause(check) in causes_of(causes)
    }


def never_killed(declared: Iterable[str], rows: Iterable[Row]) -> list[Gap]:
    """A check that no fault makes fail may be green because it does not look."""
    seen = set[str]().union(*map(killed, rows))
    return [Gap("", check, "no fault kills it") for check in sorted(set(declared) - seen)]


def not_healthy(checks: Iterable[Check]) -> list[Gap]:
    """A check that fails without a fault proves nothing by failing with one."""
    return [
        Gap("", check.id, f"{check.outcome} on the healthy sandbox: {_seen(check)}")
        for check in checks
        if check.outcome != "passed"
    ]
