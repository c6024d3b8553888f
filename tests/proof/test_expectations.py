"""The table of expectations is whole: names that exist, and at least two faults for each ruling that the suite asserts."""

import fnmatch
import re
from collections import Counter

import pytest

from proof import expectations
from proof.catalogue import Fault
from proof.catalogue import catalogue as listed
from proof.matrix import matches
from record import stages
from record.cause import causes

RULINGS = [f"R-{number:02}" for number in range(1, 32)]
NOT_ASSERTED = {
    "R-31": "how the reference deployment is put together; nothing that a deployment promises",
}
# Faults that are lighter than the cause that their check names, and why it cannot name another.
LIGHTER = {
    "call-detail-duration-negative": "a figure of the detail that is not the list's reads like the detail of another call",
    "forbidden-as-not-found": "where 403 is missing, whether the role is enforced is not known",
    "login-refused-with-200": "a client that looks at the status takes it for a sign-in",
    "webhook-unknown-call-crashes": "a callback that is answered with 500 is not admitted, whatever it crashed on",
}
FAULTS_OF_A_RULING = 2
FAULTS = 70


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Fault]:
    return listed()


def declared() -> set[str]:
    checks = set[str]().union(*(stages.declared_checks(marker) for marker, _ in stages.STAGES.values()))
    return {check.removeprefix("suites/") for check in checks}


def test_catalogue_is_large_enough(catalogue: dict[str, Fault]) -> None:
    assert len(catalogue) >= FAULTS


def test_expectations_name_faults_and_checks_that_exist(catalogue: dict[str, Fault]) -> None:
    table = expectations.table()
    checks = declared()

    assert {fault for name in table for fault in name.split("+")} <= catalogue.keys()
    assert {kill.split("[")[0] for each in table.values() for kill in each.kills} <= checks
    patterns = {pattern for each in table.values() for pattern in (*each.collateral, *each.blocked)}
    # Of a pattern that reaches into the parameters, which are known only when checks are collected, the part before them.
    aimless = {pattern for pattern in patterns if not any(matches(check, pattern.partition("[")[0]) for check in checks)}
    assert aimless == set()


def test_expectations_name_causes_that_exist() -> None:
    table = expectations.table()
    named = {cause for each in table.values() for kill in each.kills.values() for cause in expectations.causes_of(kill)}
    blocking = {each.blocks for each in table.values() if each.blocks}

    assert (named | blocking) - causes().keys() == set()


def test_modules_mirror_the_suites() -> None:
    """Each stands where its file of checks stands, and holds the faults whose cause that file names first."""
    assert [file for file in expectations.files() if not (stages.SUITES / file).is_file()] == []
    misplaced = {
        name: file
        for file in expectations.files()
        for name, each in expectations.stated(file).items()
        if (names_the_cause := [*each.first, *each.kills][:1]) and not names_the_cause[0].startswith(f"{file}::")
    }
    assert misplaced == {}


def test_what_leads_is_among_what_kills() -> None:
    assert {name for name, each in expectations.table().items() if not set(each.first) <= each.kills.keys()} == set()


def test_every_expectation_expects_something() -> None:
    assert {name for name, each in expectations.table().items() if not (each.kills or each.blocks)} == set()


def test_fault_is_as_grave_as_its_cause(catalogue: dict[str, Fault]) -> None:
    """The gravest of those that lead, or of all where none does: who fixes first what stops a release reads only those."""
    known = causes()
    unlike = {}
    for name, each in expectations.table().items():
        leading = [cause for check in each.first or each.kills for cause in expectations.causes_of(each.kills[check])]
        gravest = min(known[cause].severity for cause in leading or [each.blocks])
        if "+" not in name and catalogue[name].severity != gravest:
            unlike[name] = f"{catalogue[name].severity}, and its cause {gravest}"

    assert unlike.keys() == LIGHTER.keys(), unlike


def test_every_asserted_ruling_is_broken_in_two_ways(catalogue: dict[str, Fault]) -> None:
    """By faults that some check has to see."""
    seen = {fault for name in expectations.table() for fault in name.split("+")}
    broken = Counter(ruling for name in seen for ruling in catalogue[name].rulings)

    few = {ruling: broken[ruling] for ruling in RULINGS if broken[ruling] < FAULTS_OF_A_RULING and ruling not in NOT_ASSERTED}
    assert few == {}


def test_rulings_are_those_of_the_contract(catalogue: dict[str, Fault]) -> None:
    broken = {ruling for fault in catalogue.values() for ruling in fault.rulings}

    assert broken <= set(RULINGS)
    assert not broken & NOT_ASSERTED.keys(), "a reason for leaving out is no longer true"


def test_every_fault_is_described_in_sentences(catalogue: dict[str, Fault]) -> None:
    unclear = [name for name, fault in catalogue.items() if len(fault.sentence) < 20 or len(fault.finding) < 15]
    assert unclear == []
    assert [name for name in catalogue if not re.fullmatch(r"[a-z0-9.]+(-[a-z0-9.]+)+", name)] == []


def test_exclusions_name_faults_that_exist(catalogue: dict[str, Fault]) -> None:
    assert {other for fault in catalogue.values() for other in fault.excludes} <= catalogue.keys()


def test_what_is_hidden_exists(catalogue: dict[str, Fault]) -> None:
    for fault in catalogue.values():
        for pattern in fault.hides:
            assert [name for name in catalogue if fnmatch.fnmatchcase(name, pattern)], (fault.name, pattern)
