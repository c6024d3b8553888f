"""From the outcomes of the checks under each fault to whether they are proven: pure, needs no sandbox."""

import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from proof.catalogue import Fault
from proof.expectations import Expectation
from record import causes
from record.causes import Group
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
    """A fault, or several together: the outcomes of its run. `checks` are those of run.json."""

    faults: tuple[Fault, ...]
    expected: Expectation | None
    checks: tuple[dict[str, Any], ...]
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

    def ended(self, outcome: str) -> list[dict[str, Any]]:
        return [check for check in self.checks if check["outcome"] == outcome]

    def of(self, pattern: str) -> list[dict[str, Any]]:
        """The records of one check; with all its parameters unless the pattern names some."""
        return [check for check in self.checks if matches(check["id"], pattern)]

    def part_of(self, check: str) -> Part:
        """What the failure of a check was expected to be."""
        expected = self.expected or Expectation({})
        if any(matches(check, kill) for kill in expected.kills):
            return "kills"
        return "collateral" if any(matches(check, pattern) for pattern in expected.collateral) else "unrelated"

    def groups(self) -> list[Group]:
        return causes.grouped(self.checks, self.base_urls)


def matches(check: str, pattern: str) -> bool:
    """Whether a node id is meant by `smoke/test_x.py::test_y`, the same with parameters, or a pattern with `*`."""
    name = check.removeprefix(SUITES)
    return pattern in (name, function_of(name)) or ("*" in pattern and fnmatch.fnmatchcase(name, pattern.replace("[", "[[]")))


def text_of(finding: Mapping[str, str]) -> str:
    """What may name the cause: everything but the place."""
    return "\n".join(finding[part] for part in ("expected", "seen", "next"))


def gaps_of(row: Row) -> list[Gap]:
    """Why this row proves nothing, or less than it should."""
    if row.broken_off:
        return [Gap(row.name, "", f"the run did not come to its end: {row.broken_off}")]
    if row.expected is None:
        return [Gap(row.name, "", "survives: no check is expected to see it")] if row.severity <= 2 else []
    if row.expected.blocks:
        return _gaps_of_blocking(row, row.expected.blocks)
    return [*_not_killed(row, row.expected), *_unrelated(row)]


def _gaps_of_blocking(row: Row, words: str) -> list[Gap]:
    """One finding that blocks whatever needs the target."""
    first = row.groups()[:1]
    if not first or first[0].outcome != "blocked" or words not in text_of(first[0].finding):
        return [Gap(row.name, "", f"does not block the run by a finding that says {words!r}")]
    return [Gap(row.name, check["id"], "failed, where everything should be blocked") for check in row.ended("failed")]


def _not_killed(row: Row, expected: Expectation) -> Iterable[Gap]:
    for check, words in expected.kills.items():
        found = row.of(check)
        failed = [record for record in found if record["outcome"] == "failed"]
        if not found:
            yield Gap(row.name, check, "was not run: does the check exist?")
        elif not failed:
            yield Gap(row.name, check, f"did not fail: {', '.join(sorted({record['outcome'] for record in found}))}")
        for record in failed:
            if words not in text_of(record["finding"]):
                yield Gap(row.name, record["id"], f"does not say {words!r}: {record['finding']['seen'][:200]}")


def _unrelated(row: Row) -> Iterable[Gap]:
    for record in row.ended("failed"):
        if row.part_of(record["id"]) == "unrelated":
            yield Gap(row.name, record["id"], f"failed, and no expectation names it: {record['finding']['seen'][:200]}")
    for record in row.ended("unverified"):
        if row.part_of(record["id"]) != "collateral":
            yield Gap(row.name, record["id"], f"could not look, where it should have failed: {record['finding']['seen'][:200]}")


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
        return "" if row.expected.blocks in text_of(first.finding) else f"first comes {_shown(first)}"
    if not any(_names_the_cause(first, check, row.expected.kills[check]) for check in row.expected.first or row.expected.kills):
        return f"first comes {_shown(first)}"
    astray = [group for group in others if group.outcome == "failed" and row.part_of(group.members[0]["id"]) != "kills"]
    return f"apart from it stands {_shown(astray[0])}" if astray else ""


def _names_the_cause(group: Group, check: str, words: str) -> bool:
    return words in text_of(group.finding) and any(matches(member["id"], check) for member in group.members)


def _shown(group: Group) -> str:
    return f"{group.members[0]['id'].removeprefix(SUITES)}: {group.finding['seen'][:160]}"


def killed(row: Row) -> set[str]:
    """The functions, below suites/, that failed as expected, in words that name the cause."""
    if row.expected is None:
        return set()
    return {
        function_of(record["id"].removeprefix(SUITES))
        for check, words in row.expected.kills.items()
        for record in row.of(check)
        if record["outcome"] == "failed" and words in text_of(record["finding"])
    }


def never_killed(declared: Iterable[str], rows: Iterable[Row]) -> list[Gap]:
    """A check that no fault makes fail may be green because it does not look."""
    seen = set[str]().union(*map(killed, rows))
    return [Gap("", check, "no fault kills it") for check in sorted(set(declared) - seen)]


def not_healthy(checks: Iterable[dict[str, Any]]) -> list[Gap]:
    """A check that fails without a fault proves nothing by failing with one."""
    return [
        Gap("", check["id"], f"{check['outcome']} on the healthy sandbox: {(check['finding'] or {}).get('seen', '')[:200]}")
        for check in checks
        if check["outcome"] != "passed"
    ]
