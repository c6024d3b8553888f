"""From the outcomes of the checks on a sick deployment to how useful its verdict is: pure, needs no sandbox."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from proof.catalogue import Fault
from proof.expectations import Expectation, causes_of
from proof.matrix import SUITES, matches
from record import grouping
from record.cause import SERVER_ERROR, SHOWN_BY
from record.grouping import STUMBLED, Group
from record.run import Check, Run

LOAD = "load/"


@dataclass(frozen=True)
class Sick:
    """A deployment as the sandbox lists it; `visible` are those of its faults that can be seen while all are on."""

    name: str
    faults: tuple[str, ...]
    visible: frozenset[str]


@dataclass(frozen=True)
class Known:
    """What is known before a deployment is looked at. `unverified`: ids of checks that could not look on the healthy one."""

    faults: Mapping[str, Fault]
    table: Mapping[str, Expectation]
    unverified: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Astray:
    """A finding, or a check that could not look, that no active fault explains. `below`: it stands as a consequence."""

    check: str
    cause: str
    seen: str
    below: str = ""


@dataclass(frozen=True)
class Deployment:
    """What the suite said of a sick deployment. `run` is None where it did not come to its end, and `output` ends with why."""

    sick: Sick
    known: Known
    run: Run | None
    took_s: float = 0.0
    output: str = ""

    @property
    def name(self) -> str:
        return self.sick.name

    @property
    def faults(self) -> tuple[str, ...]:
        return self.sick.faults

    @property
    def checks(self) -> tuple[Check, ...]:
        return self.run.checks if self.run else ()

    @cached_property
    def groups(self) -> list[Group]:
        return grouping.grouped(self.checks, self.run.target.base_urls) if self.run else []

    @property
    def leads(self) -> list[Group]:
        return [group for group in self.groups if group.outcome == "failed"]

    def expectations_of(self, fault: str) -> list[Expectation]:
        """Its own, and those of combinations that are on here."""
        return expectations_of(fault, self.faults, self.known.table)

    def causes_of(self, fault: str) -> set[str]:
        """Any of these in a finding means that the fault was reported."""
        expected = self.expectations_of(fault)
        kills = {cause for each in expected for kill in each.kills.values() for cause in causes_of(kill)}
        kills |= {each.blocks for each in expected if each.blocks}
        return kills - STUMBLED or kills  # what any check may fall over names no fault, unless nothing else does

    @cached_property
    def told(self) -> set[str]:
        """Of all that are on, also of those that another one should hide."""
        named = {check.finding.cause for check in self.checks if check.outcome != "passed" and check.finding}
        return {fault for fault in self.faults if self.causes_of(fault) & named}

    @property
    def reported(self) -> set[str]:
        return self.seeable & self.told

    @property
    def only_below(self) -> list[str]:
        """Reported, but only by what stands as a consequence of another finding: its team may not read so far."""
        own = {group.finding.cause for group in self.groups}
        return sorted(fault for fault in self.reported if not self.causes_of(fault) & own)

    @cached_property
    def seeable(self) -> set[str]:
        """The visible ones that some check outside of the load stage can see, and that no other fault keeps from looking."""
        return {fault for fault in self.sick.visible if self._can_be_seen(fault)}

    def _can_be_seen(self, fault: str) -> bool:
        expected = self.expectations_of(fault)
        looking = [kill for each in expected for kill in each.kills if not kill.startswith(LOAD)]
        others = [pattern for other in self.faults if other != fault for pattern in self._named_by(other)]
        kept = [kill for kill in looking if any(_covers(pattern, kill) for pattern in others)]
        return len(kept) < len(looking) or any(each.blocks for each in expected)

    def _named_by(self, fault: str) -> list[str]:
        """Patterns of checks that cannot look while it is on. What ends the whole run says in the catalogue what it hides."""
        return [pattern for each in self.expectations_of(fault) for pattern in each.blocked]

    def _kept_by(self, fault: str) -> list[str]:
        """The same, with all checks where the fault ends the whole run."""
        return ["*"] if any(each.blocks for each in self.expectations_of(fault)) else self._named_by(fault)

    @property
    def missed(self) -> list[str]:
        return sorted(self.seeable - self.reported)

    def of_severity(self, severity: int, names: Iterable[str]) -> set[str]:
        return {name for name in names if self.known.faults[name].severity == severity}

    @property
    def first_is_cause(self) -> bool:
        """Whether the finding that is read first is a real cause, and no graver one that was told stands below it."""
        if not self.groups or not self.told:
            return False
        cause = self.groups[0].finding.cause
        meant = [self.known.faults[fault].severity for fault in self.told if cause in self.causes_of(fault)]
        return bool(meant) and min(meant) == min(self.known.faults[fault].severity for fault in self.told)

    @cached_property
    def false(self) -> list[Astray]:
        """Failures that no active fault explains. A consequence that names no cause of its own accuses nobody."""
        found = [_astray(lead) for lead in self.leads if not self._explained(lead)]
        for lead in self.leads:
            for group in lead.consequences:
                if not _accuses_nobody(group) and not self._explained(group):
                    found.append(_astray(group, below=lead.finding.cause))
        return found

    @cached_property
    def stumbled_below(self) -> list[Astray]:
        """Consequences without a cause of their own that no active fault declares."""
        return [
            _astray(group, below=lead.finding.cause)
            for lead in self.leads
            for group in lead.consequences
            if _accuses_nobody(group) and not self._explained(group)
        ]

    def _explained(self, group: Group) -> bool:
        cause = group.finding.cause
        if any(cause in self.causes_of(fault) for fault in self.faults):
            return True
        stumbled = cause in STUMBLED or cause == SHOWN_BY[SERVER_ERROR]
        return all(self._declared(member.id, stumbled) or self._killed(member.id, cause) for member in group.members)

    def _killed(self, check: str, cause: str) -> bool:
        """Whether that check is expected to name that cause, which may be one that any check falls over."""
        kills = [item for fault in self.faults for each in self.expectations_of(fault) for item in each.kills.items()]
        return any(matches(check, kill) and cause in causes_of(causes) for kill, causes in kills)

    def _declared(self, check: str, stumbled: bool) -> bool:
        """A pattern that takes in whole files explains only what fell over something, never an accusation of its own."""
        patterns = {pattern for fault in self.faults for each in self.expectations_of(fault) for pattern in each.collateral}
        return any(matches(check, pattern) for pattern in patterns if stumbled or _names_checks(pattern))

    @cached_property
    def blocked_avoidable(self) -> list[Astray]:
        """Checks that did not look, although no active fault keeps them from it."""
        return [
            Astray(check.id, check.finding.cause if check.finding else "", check.finding.seen if check.finding else "")
            for check in self.checks
            if (check.outcome == "blocked" and not self._kept_from_looking(check.id))
            or (check.outcome == "unverified" and not self._excused(check.id))
        ]

    def _excused(self, check: str) -> bool:
        return check in self.known.unverified or self._kept_from_looking(check) or self._declared(check, stumbled=True)

    def _kept_from_looking(self, check: str) -> bool:
        return any(matches(check, pattern) for fault in self.faults for pattern in self._kept_by(fault))

    @property
    def groups_per_cause(self) -> float:
        return len(self.leads) / len(self.told) if self.told else float(len(self.leads))


def expectations_of(fault: str, active: Collection[str], table: Mapping[str, Expectation]) -> list[Expectation]:
    """Of the rows that speak of the fault and of nothing that is off."""
    rows = {name: frozenset(name.split("+")) for name in table}
    return [table[name] for name, parts in rows.items() if fault in parts and parts <= set(active)]


def _accuses_nobody(consequence: Group) -> bool:
    """It fell over something, or says only that the server failed, as the finding does from which it follows."""
    return consequence.finding.cause in STUMBLED or consequence.shown == {SHOWN_BY[SERVER_ERROR]}


def _names_checks(pattern: str) -> bool:
    """Whether it means some checks of a file, and not whole files."""
    _, _, check = pattern.partition("::")
    return bool(check.strip("*"))


def _covers(pattern: str, kill: str) -> bool:
    """Whether all that the kill stands for is among what the pattern means."""
    return matches(SUITES + kill, pattern) or matches(f"{SUITES}{kill}[x]", pattern)


def _astray(group: Group, below: str = "") -> Astray:
    return Astray(group.members[0].id.removeprefix(SUITES), group.finding.cause, group.finding.seen, below)


@dataclass(frozen=True)
class Goal:
    """What the totals have to reach: `at least` this share or number, or at most."""

    key: str
    sentence: str
    limit: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit


GOALS = (
    Goal("recall", "visible faults reported", 0.85, at_least=True),
    Goal("recall_severity_1", "of severity 1", 0.97, at_least=True),
    Goal("first", "first finding is the gravest cause", 0.9, at_least=True),
    Goal("false", "false findings", 0),
    Goal("groups_per_cause", "findings for each cause", 1.3),
    Goal("blocked_avoidable", "checks that could have looked", 0),
    Goal("time_ratio", "mean time, of the healthy one", 2.0),  # one that waits two seconds for everything may take longer
)


def totals(deployments: Collection[Deployment], healthy_s: float) -> dict[str, float]:
    """By the keys of GOALS, and the longest time beside the mean. Shares of nothing are 1: nothing was missed."""
    seen = sum(len(each.reported) for each in deployments)
    told = sum(len(each.told) for each in deployments)
    times = [time_ratio(each, healthy_s) for each in deployments]
    grave = [(each.of_severity(1, each.reported), each.of_severity(1, each.seeable)) for each in deployments]
    return {
        "recall": _share(seen, sum(len(each.seeable) for each in deployments)),
        "recall_severity_1": _share(sum(len(part) for part, _ in grave), sum(len(whole) for _, whole in grave)),
        "first": _share(sum(each.first_is_cause for each in deployments), len(deployments)),
        "false": sum(len(each.false) for each in deployments),
        "only_below": sum(len(each.only_below) for each in deployments),
        "groups_per_cause": round(sum(len(each.leads) for each in deployments) / max(told, 1), 2),
        "blocked_avoidable": sum(len(each.blocked_avoidable) for each in deployments),
        "time_ratio": round(sum(times) / len(times), 2) if times else 0.0,
        "longest": max(times, default=0.0),
    }


def time_ratio(deployment: Deployment, healthy_s: float) -> float:
    return round(deployment.took_s / healthy_s, 2) if healthy_s else 0.0


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0
