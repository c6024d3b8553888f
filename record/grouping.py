"""What to read first when much went wrong: each cause once, with all places where it was seen, and under it what follows from it.

Nothing declares what depends on what. That one finding follows from another rests on evidence: the very exchange that failed the
check is what the other found broken (no answer, a server error, a refusal), or the target itself names a part that is down.
Findings about headers, texts and versions explain nothing else.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from record.cause import KINDS, SHOWN_BY, kind_of, shown_by
from record.finding import Finding, steady
from record.operation import NO_ANSWER, area, operation
from record.outcome import SEVERITY, Outcome
from record.run import Check

WHERE = re.compile(r"(?:(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE) )?(https?://[^\s,]+)")  # a page has no method
STAGE_ORDER = {"smoke": 0, "integration": 1, "pre-deploy": 2, "regression": 3, "load": 4}
ACCEPTED = "accepted-"  # begins the causes of requests that should have been refused and were not
OF_SHAPES = frozenset({"body-list-too-short", "body-not-json", "body-shape-differs", "body-without-field", "error-without-field"})
# Causes of a check that fell over what it did not expect, so that the finding is not its own.
STUMBLED = frozenset(
    {
        "claim-does-not-hold",
        "journey-answer-wrong",
        "journey-step-not-served",
        "no-answer",
        "not-undone",
        "page-api-call-failed",
        "page-expectation",
        "reads-refused",
        "request-forbidden",
        "request-limited",
        "request-path-missing",
        "request-token-refused",
        "unexpected-shape",
        *OF_SHAPES,
    }
)
BY_STATUS = frozenset(SHOWN_BY.values())  # what an answer shows by its status: of a whole area of the product, at most
# Causes under which each page may have a mistake of its own: what was seen says which one it is.
OF_MANY = frozenset(
    {"page-blocked-by-policy", "page-console-error", "page-part-missing", "page-script-error", "page-script-missing"}
)
# Causes of routes that serve nobody, whatever is asked of them.
OF_ROUTES = frozenset({"route-answers-5xx", "route-behind-basic-auth", "token-opens-no-router", "token-opens-not-every-router"})
REFUSED = re.compile(r"4\d\d(?= )")  # begins what was seen
REFUSING = re.compile(r" 4\d\d$")  # ends the operation that was refused
DATABASE = "database"  # as /health names it (contract R-01)
STORE = ("/rest/v1/", "/auth/v1/")  # of Supabase


@dataclass
class Group:
    """Checks of a run that ended alike with one cause, wherever each of them saw it.

    `consequences`: groups that met what this one found broken.
    """

    outcome: Outcome
    members: list[Check]
    consequences: list["Group"] = field(default_factory=list)

    @property
    def finding(self) -> Finding:
        return _finding(self.members[0])

    @cached_property
    def kind(self) -> str:
        return kind_of(self.finding.cause)

    @cached_property
    def about(self) -> set[str]:
        """The operations that the findings speak of."""
        return {used for member in self.members if (used := _operation_in(_finding(member).where))}

    @cached_property
    def areas(self) -> set[str]:
        return {_area(_finding(member)) for member in self.members}

    @cached_property
    def shown(self) -> set[str | None]:
        """What the answers show by their status alone."""
        return {shown_by(_finding(member).seen) for member in self.members}

    def shows(self, found: Finding) -> bool:
        """Whether that one saw, in the same area, an answer of the status that this one is about."""
        return shown_by(found.seen) in self.shown - {None} and _area(found) in self.areas

    @cached_property
    def failures(self) -> set[str]:
        """The operations by whose failure the checks failed."""
        return set[str]().union(*map(_failures, self.members))

    @cached_property
    def stumbled(self) -> bool:
        return self.finding.cause in STUMBLED

    @cached_property
    def of_health(self) -> bool:
        """The target itself says that a part of it is down."""
        return any(urlsplit(used.split(" ", 1)[1]).path == "/health" for used in self.failures & self.about)

    @cached_property
    def of_store(self) -> bool:
        """It is about where the product keeps its data."""
        return any(urlsplit(used.split(" ", 1)[1]).path.startswith(STORE) for used in self.failures)

    def is_vendor_down(self, own: Collection[str]) -> bool:
        """That a vendor, on whom the product stands, does not answer: the cause says so, or checks that used nothing else."""
        if self.finding.attribution == "vendor" and self.kind in ("availability", "sign-in"):
            return True
        used = {used for member in self.members for used in member.operations}
        foreign = bool(used) and not any(used.split(" ", 1)[1].startswith(tuple(own)) for used in used)
        return foreign and bool(self.failures) and self.kind in ("availability", "sign-in")

    def rank(self, own: Collection[str]) -> tuple[float, ...]:
        """What is read first: what nobody can use, who cannot sign in, whose data is open, then grave to light."""
        severity = min(_finding(member).severity for member in self.members)
        kind = KINDS.index(self.kind) if severity == 1 else len(KINDS)
        fewest = min(len(member.operations) for member in self.members)
        stage = min(STAGE_ORDER.get(str(member.stage), len(STAGE_ORDER)) for member in self.members)
        down = not self.of_health, not self.is_vendor_down(own)
        return (*down, self.stumbled, kind, severity, self.kind == "policy", fewest, stage, -len(self.members))


def _finding(check: Check) -> Finding:
    assert check.finding is not None, "only checks with a finding are grouped"
    return check.finding


def _operation_in(where: str) -> str | None:
    found = WHERE.match(where)
    return operation(found[1] or "GET", found[2]) if found else None


def _area(found: Finding) -> str:
    """The part of the target that a finding speaks of, such as https://host/api/contacts; the place if it is no address."""
    place = WHERE.match(found.where)
    return area(place[2]) if place else found.where


def _failures(check: Check) -> set[str]:
    """What failed the check by no answer, a server error or a refusal: the request of its finding; of a page all that it sent."""
    found = _finding(check)
    failed = {used for used, statuses in check.operations.items() if any(each == NO_ANSWER or each >= 500 for each in statuses)}
    where, refused = WHERE.match(found.where), REFUSED.match(found.seen)
    if where is None or where[1] is None:
        return failed
    about = operation(where[1], where[2])
    return {f"{about} {refused[0]}"} if refused else failed & {about}


def grouped(checks: Iterable[Check], own: Collection[str]) -> list[Group]:
    """Of all that did not pass; `own` are the target's addresses. Failures come first, the first to read first of all."""
    groups: dict[tuple[str, ...], Group] = {}
    for check in checks:
        if check.finding and check.outcome != "passed":
            groups.setdefault((check.outcome, *_same(check.finding)), Group(check.outcome, [])).members.append(check)
    by_outcome: dict[Outcome, list[Group]] = defaultdict(list)
    for group in groups.values():
        by_outcome[group.outcome].append(group)
    by_outcome["failed"] = _leading(by_outcome["failed"], own)
    return [group for outcome in SEVERITY for group in by_outcome[outcome]]


def in_reading_order(checks: Iterable[Check], own: Collection[str]) -> list[Check]:
    """What did not pass, as `grouped` puts it: the first is where to begin, in the terminal and in every report."""
    return [member for group in grouped(checks, own) for each in (group, *group.consequences) for member in each.members]


def _same(found: Finding) -> tuple[str, ...]:
    """What makes two findings one: the cause, with what was seen where it stands for many mistakes; without one, what it says."""
    if found.cause in BY_STATUS:
        return found.cause, _area(found)
    if found.cause in OF_MANY:
        return found.cause, steady(found.seen)
    if found.cause and found.cause not in STUMBLED:
        return (found.cause,)
    return (found.cause, *(steady(part) for part in (found.expected, found.seen, found.next)))


def _leading(failed: list[Group], own: Collection[str]) -> list[Group]:
    """Those that lead, each with its consequences."""
    leads: list[Group] = []
    for group in sorted(failed, key=lambda each: each.rank(own)):
        if cause := next((lead for lead in leads if _follows(group, lead)), None):
            cause.consequences.append(group)
        elif left := _without_what_nobody_gets(group, leads):
            vendor = next((lead for lead in leads if _stands_on(left, lead, own)), None)
            (vendor.consequences if vendor else leads).append(left)
    return leads


def _without_what_nobody_gets(group: Group, leads: Iterable[Group]) -> Group | None:
    """The members that did not only meet routes that serve nobody; the others become consequences of who says so.

    What is shown to strangers and who cannot sign in are mistakes of their own.
    """
    left = group.members
    for lead in leads:
        if lead.finding.cause not in OF_ROUTES or group.kind in ("exposure", "sign-in"):
            continue
        met = [member for member in left if lead.shows(_finding(member))]
        if met:
            lead.consequences.append(Group(group.outcome, met))
            left = [member for member in left if member not in met]
    return Group(group.outcome, left) if left else None


def _follows(group: Group, lead: Group) -> bool:
    """Whether the one failed by what the other found broken. Nothing is shown to a stranger because something else fails."""
    if lead.kind == "policy" or group.kind == "exposure":
        return False
    if group.finding.cause in BY_STATUS and group.finding.cause in lead.shown and group.areas <= lead.areas:
        return True
    if group.stumbled and not lead.stumbled and group.about & lead.about:
        return True
    if lead.kind == "sign-in":
        return all(_operation_in(_finding(member).where) in lead.about for member in group.members)
    met = [_failures(member) for member in group.members]
    return all(met) and (_follows_from_health(group, lead) or all(failed & lead.failures for failed in met))


def _follows_from_health(group: Group, lead: Group) -> bool:
    """Whether the part that /health calls broken explains it: no refusal, and without a word of the database no whole route."""
    refused = any(REFUSING.search(used) for used in group.failures)
    parts = lead.finding.facts.get("parts", DATABASE)
    return lead.of_health and not refused and (DATABASE in parts or group.stumbled)


def _stands_on(group: Group, lead: Group, own: Collection[str]) -> bool:
    """Whether it failed by errors of what stands on the vendor that the other found down: on Supabase, all; else what is ordered.

    Nobody needs a telephone line to read a list, and none refuses a caller.
    """
    met = [_failures(member) for member in group.members]
    if group.kind == "exposure" or not all(met) or not lead.is_vendor_down(own):
        return False
    return lead.of_store or not any(used.startswith("GET ") or REFUSING.search(used) for failed in met for used in failed)
