"""A mutant comes to its verdict alone or in company, and whose mistake a check saw is found out."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from proof.mutants import rounds
from proof.mutants.rounds import FIRST, Course, Place
from proof.mutants.trial import Ran, Trial, Verdict
from record.finding import Finding
from record.outcome import Outcome
from record.run import Check
from tests.proof.mutants.invented import LIST, mutant

FOUND = Finding("200", "500", "GET https://127.0.0.1:1/api/contacts/", "look", "server-error")
CHECKS = tuple(f"suites/a.py::test_{number}" for number in range(FIRST + 3))
LAST = CHECKS[-1]
JUDGES_ALL = "suites/answers.py::test_all"


class Sandboxes(Place):
    """In the place of real ones: `sees` is check -> the mutants that make it fail, `blind` those that keep it from looking.

    `busy`: checks that cannot look the first time, whatever the mutant.
    """

    def __init__(
        self, sees: Mapping[str, Sequence[str]], blind: Mapping[str, Sequence[str]] | None = None, busy: Sequence[str] = ()
    ) -> None:
        super().__init__(Path(), Path())
        self.__dict__.update(sees=sees, blind=blind or {}, busy=set(busy), booted=[])

    def run(self, courses: Sequence[Course], checks: Sequence[str]) -> Ran:
        names = {course.mutant.id for course in courses}
        self.__dict__["booted"].append(sorted(names))
        ended: list[Check] = []
        for check in checks:
            outcome = self._outcome(check, names)
            ended.append(Check(check, "smoke", outcome, 0.1, finding=None if outcome == "passed" else FOUND))
            if outcome == "failed":
                break
        return Ran(tuple(ended), 1.0)

    def _outcome(self, check: str, names: set[str]) -> Outcome:
        if check in self.__dict__["busy"]:
            self.__dict__["busy"].remove(check)
            return "unverified"
        if names & set(self.__dict__["sees"].get(check, ())):
            return "failed"
        return "blocked" if names & set(self.__dict__["blind"].get(check, ())) else "passed"


def course(name: str, line: int = 6) -> Course:
    return Course.of(Trial(mutant(name, line=line), CHECKS, len(CHECKS), frozenset({LIST}), (JUDGES_ALL,)))


def settled(sandboxes: Sandboxes, *names: str) -> dict[str, tuple[str, str]]:
    verdicts = rounds.settle([course(name, line) for line, name in enumerate(names)], sandboxes)
    return {verdict.mutant.id: (verdict.outcome, verdict.killed_by) for verdict in verdicts}


def test_first_round_ends_with_the_first_failure() -> None:
    verdict = rounds.first(course("m1"), Sandboxes({CHECKS[0]: ["m1"]}))

    assert isinstance(verdict, Verdict)
    assert (verdict.outcome, verdict.killed_by, verdict.first_is_cause) == ("killed", CHECKS[0], True)


def test_what_the_first_checks_do_not_see_goes_on_with_the_others() -> None:
    going_on = rounds.first(course("m1"), Sandboxes({LAST: ["m1"]}))

    assert isinstance(going_on, Course)
    assert going_on.left == list(CHECKS[FIRST:])


COMPANIES: dict[str, tuple[dict[str, list[str]], dict[str, str]]] = {
    "nobody is seen": ({}, {}),
    "one of three": ({LAST: ["m2"]}, {"m2": LAST}),
    "two by one check": ({LAST: ["m1", "m3"]}, {"m1": LAST, "m3": LAST}),
    "one by the answers of the others": ({JUDGES_ALL: ["m2"]}, {"m2": JUDGES_ALL}),
    "two by different checks": ({CHECKS[1]: ["m3"], LAST: ["m1"]}, {"m3": CHECKS[1], "m1": LAST}),
}


@pytest.mark.parametrize(("sees", "killed"), COMPANIES.values(), ids=COMPANIES)
def test_company_comes_to_the_verdicts_of_each_alone(sees: dict[str, list[str]], killed: dict[str, str]) -> None:
    names = ("m1", "m2", "m3")
    expected = {name: ("killed", killed[name]) if name in killed else ("survived", "") for name in names}

    assert settled(Sandboxes(sees), *names) == expected


def test_who_keeps_checks_from_looking_is_tried_alone() -> None:
    """In company nobody could say of whom that holds."""
    assert settled(Sandboxes({}, {LAST: ["m1"]}), "m1", "m2") == {"m1": ("stumbled", ""), "m2": ("survived", "")}


def test_check_that_stumbles_once_has_another_turn() -> None:
    """On a busy machine that can happen, and means nothing."""
    assert settled(Sandboxes({}, busy=[LAST, CHECKS[0]]), "m1", "m2") == {"m1": ("survived", ""), "m2": ("survived", "")}
    assert settled(Sandboxes({LAST: ["m1"]}, busy=[LAST]), "m1") == {"m1": ("killed", LAST)}


def test_all_survivors_ran_every_check() -> None:
    verdicts = rounds.settle([course("m1", 1), course("m2", 2)], Sandboxes({CHECKS[3]: ["m1"]}))

    assert [verdict.ran for verdict in verdicts if verdict.outcome == "survived"] == [len(CHECKS)]


def test_changes_of_the_same_lines_do_not_share_a_sandbox() -> None:
    companies = rounds.companies([course("m1", 1), course("m2", 1), course("m3", 2)])

    assert all(len({each.mutant.line for each in several}) == len(several) for several in companies)
    assert sum(map(len, companies)) == 3
