"""What to read first when much went wrong: each finding once, the one nearest to the cause first, and under it what may follow.

Nothing declares what depends on what. A check that uses few operations is nearer to the cause than one that uses many, and a
check that uses what another found broken may fail for that reason alone.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from record.finding import Finding, steady
from record.operation import NO_ANSWER, operation
from record.outcome import SEVERITY, Outcome
from record.run import Check

WHERE = re.compile(r"(?:(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE) )?(https?://[^\s,]+)")  # a page has no method
STAGE_ORDER = {"smoke": 0, "integration": 1, "pre-deploy": 2, "regression": 3, "load": 4}
ACCEPTED = "accepted-"  # begins the causes of requests that should have been refused and were not
OF_SHAPES = frozenset({"body-list-too-short", "body-not-json", "body-shape-differs", "body-without-field", "error-without-field"})
# Causes of a check that fell over what it did not expect, so that the finding is not its own.
STUMBLED = frozenset({"claim-does-not-hold", "no-answer", "unexpected-shape", *OF_SHAPES, "not-undone"})


@dataclass
class Group:
    """Checks of a run that ended alike with the same finding, wherever each of them saw it.

    `consequences`: groups that used what this one found broken, or met errors while this one found a part down.
    """

    outcome: Outcome
    members: list[Check]
    consequences: list["Group"] = field(default_factory=list)

    @property
    def finding(self) -> Finding:
        found = self.members[0].finding
        assert found is not None, "only checks with a finding are grouped"
        return found

    @cached_property
    def about(self) -> set[str]:
        """The operations that the findings speak of."""
        return {used for member in self.members if member.finding and (used := _operation_in(member.finding.where))}

    @cached_property
    def stumbled(self) -> bool:
        return self.finding.cause in STUMBLED

    @cached_property
    def fewest(self) -> int:
        """How many operations the check used that needed the fewest."""
        return min(len(member.operations) for member in self.members)

    @cached_property
    def met_errors(self) -> bool:
        """Whether each of its checks was answered with a server error, or not at all."""
        return all(_errors(member.operations) for member in self.members)

    @cached_property
    def of_health(self) -> bool:
        """The target itself says that a part of it is down."""
        return any(urlsplit(used.split(" ", 1)[1]).path == "/health" and self.met_errors for used in self.about)

    def distance(self, own: Collection[str]) -> tuple[float, ...]:
        """From the cause, by guess: health, accepted requests, vendors first, then what uses least, is simplest, is of many."""
        stage = min(STAGE_ORDER.get(str(member.stage), len(STAGE_ORDER)) for member in self.members)
        accepted = self.finding.cause.startswith(ACCEPTED)
        return (not self.of_health, not accepted, not self.of_vendor(own), self.stumbled, self.fewest, stage, -len(self.members))

    def of_vendor(self, own: Collection[str]) -> bool:
        """All that its checks used is a vendor's, on whom the product stands."""
        used = {used for member in self.members for used in member.operations}
        return bool(used) and not any(used.split(" ", 1)[1].startswith(tuple(own)) for used in used)


def _operation_in(where: str) -> str | None:
    found = WHERE.match(where)
    return operation(found[1] or "GET", found[2]) if found else None


def _errors(operations: Mapping[str, Iterable[int]]) -> bool:
    return any(status == NO_ANSWER or status >= 500 for statuses in operations.values() for status in statuses)


def grouped(checks: Iterable[Check], own: Collection[str]) -> list[Group]:
    """Of all that did not pass; `own` are the target's addresses. Failures come first, the likeliest cause first of all."""
    groups: dict[tuple[Outcome, str], Group] = {}
    for check in checks:
        if check.finding and check.outcome != "passed":
            content = "\n".join(steady(part) for part in (check.finding.expected, check.finding.seen, check.finding.next))
            groups.setdefault((check.outcome, content), Group(check.outcome, [])).members.append(check)
    by_outcome: dict[Outcome, list[Group]] = defaultdict(list)
    for group in groups.values():
        by_outcome[group.outcome].append(group)
    by_outcome["failed"] = _leading(by_outcome["failed"], own)
    return [group for outcome in SEVERITY for group in by_outcome[outcome]]


def _leading(failed: list[Group], own: Collection[str]) -> list[Group]:
    """Those that lead, each with its consequences."""
    leads: list[Group] = []
    for group in sorted(failed, key=lambda each: each.distance(own)):
        cause = next((lead for lead in leads if _follows(group, lead, own)), None)
        (cause.consequences if cause else leads).append(group)
    return leads


def _follows(group: Group, lead: Group, own: Collection[str]) -> bool:
    """Whether the one may fail for no other reason than what the other found."""
    if group.stumbled and not lead.stumbled:
        return True
    if (lead.of_health or (lead.of_vendor(own) and lead.met_errors)) and group.met_errors:
        return True
    return any(lead.about & member.operations.keys() for member in group.members)
