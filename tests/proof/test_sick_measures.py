"""How useful a verdict on a sick deployment was: each measure with a run that has it, and one that has not."""

import pytest

from proof import sick_measures
from proof.catalogue import Fault
from proof.expectations import ANYWHERE, Expectation
from proof.sick_measures import GOALS, Deployment, Known, Sick
from record.finding import Finding
from record.outcome import Outcome
from record.run import SCHEMA, Check, Run, Selection, Suite, Target

FAULTS = {
    "grave": Fault("grave", severity=1),
    "slight": Fault("slight", severity=3),
    "partner": Fault("partner", severity=2),
    "busy": Fault("busy", severity=1),
    "gone": Fault("gone", severity=1),
    "kept": Fault("kept", severity=1),
    "dumb": Fault("dumb", severity=1),
}
TABLE = {
    "grave": Expectation(
        {"smoke/test_a.py::test_a": "cause-grave"},
        collateral={"smoke/test_b.py::test_b": "it uses a", "regression/*": "all of it uses a", **ANYWHERE},
        blocked={"smoke/test_c.py::*": "it needs a"},
    ),
    "slight": Expectation({"smoke/test_s.py::test_s": ("cause-slight", "cause-slighter")}),
    "slight+partner": Expectation({"smoke/test_p.py::test_p": "cause-partner"}),
    "busy": Expectation({"load/test_l.py::test_l": "cause-busy"}),
    "gone": Expectation(blocks="target-gone"),
    "kept": Expectation({"smoke/test_c.py::test_c": ("cause-kept", "no-answer"), "smoke/test_c.py::test_d[1]": "cause-kept"}),
    "dumb": Expectation({"smoke/test_m.py::test_m": "no-answer"}),
}


def check(name: str, outcome: Outcome, cause: str = "", where: str = "", status: int = 200) -> Check:
    """At an address of its own, unless it shares one; what met a server error follows from what found it there, too."""
    place = f"GET https://t/{where or name}"
    finding = None if outcome == "passed" else Finding("x", f"seen: {cause}", f"{place}, 1 s", "z", cause)
    return Check(f"suites/{name}", "smoke", outcome, 0.1, finding=finding, operations={place: (status,)})


def run_of(*checks: Check) -> Run:
    return Run(
        schema=SCHEMA,
        run_id="lv-20260101T000000-abcd",
        environment="local",
        profile={},
        target=Target(None, None, ("https://t",)),
        stage=None,
        exit_code=1,
        started_at="2026-11-30T04:00:00.000+00:00",
        finished_at="2026-11-30T04:00:01.000+00:00",
        duration_s=1.0,
        suite=Suite("1", None, None),
        selection=Selection({}),
        stopped=None,
        clock_apart_s=None,
        notes=(),
        findings=(),
        checks=checks,
        devices={},
    )


def measured(*checks: Check, faults: tuple[str, ...] = ("grave", "slight"), visible: tuple[str, ...] = ()) -> Deployment:
    sick = Sick("sick", faults, frozenset(visible or faults))
    return Deployment(sick, Known(FAULTS, TABLE, frozenset({"suites/smoke/test_u.py::test_u"})), run_of(*checks), 30.0)


GRAVE = check("smoke/test_a.py::test_a", "failed", "cause-grave")
BROKEN = check("smoke/test_a.py::test_a", "failed", "cause-grave", status=500)
SLIGHT = check("smoke/test_s.py::test_s", "failed", "cause-slighter")


def test_a_fault_is_reported_by_any_of_its_causes() -> None:
    """Also by a check that could not look and says why."""
    assert measured(GRAVE, SLIGHT).reported == {"grave", "slight"}
    assert measured(check("smoke/test_x.py::test_x", "blocked", "cause-grave")).reported == {"grave"}
    assert measured(check("smoke/test_a.py::test_a", "failed", "something-else")).missed == ["grave", "slight"]


def test_a_fault_below_another_finding_is_reported_and_counted() -> None:
    """It uses what the other found broken."""
    below = check("smoke/test_s.py::test_s", "failed", "cause-slight", "smoke/test_a.py::test_a", 500)

    assert measured(BROKEN, below).reported == {"grave", "slight"}
    assert measured(BROKEN, below).only_below == ["slight"]
    assert measured(GRAVE, SLIGHT).only_below == []


def test_what_cannot_be_seen_is_not_missed() -> None:
    """What another fault hides, what only load sees, and what shows only beside a fault that is off."""
    assert measured(GRAVE, visible=("grave",)).missed == []
    assert measured(GRAVE, faults=("grave", "busy", "partner")).seeable == {"grave"}
    assert measured(faults=("slight", "partner")).seeable == {"slight", "partner"}


def test_what_no_check_can_look_at_is_not_missed() -> None:
    """Another fault keeps every check that would see it from looking, or hides it with the whole run."""
    assert measured(faults=("grave", "kept")).missed == ["grave"]
    assert measured(faults=("kept",)).missed == ["kept"]
    assert measured(faults=("gone", "slight"), visible=("gone",)).missed == ["gone"]


def test_what_any_check_may_fall_over_reports_nothing() -> None:
    """Unless it is all that is expected of the fault."""
    assert measured(check("smoke/test_x.py::test_x", "failed", "no-answer"), faults=("kept",)).reported == set()
    assert measured(check("smoke/test_x.py::test_x", "failed", "no-answer"), faults=("dumb",)).reported == {"dumb"}


@pytest.mark.parametrize(
    ("checks", "first"),
    [
        ((GRAVE, SLIGHT), True),
        ((SLIGHT,), True),
        ((check("smoke/test_x.py::test_x", "failed", "something-else"),), False),
        ((), False),
    ],
)
def test_first_finding_is_a_real_cause(checks: tuple[Check, ...], first: bool) -> None:
    assert measured(*checks).first_is_cause == first


def test_first_finding_is_the_gravest_that_was_reported() -> None:
    """The slight one uses less, so it would be read first."""
    busy = Check(
        GRAVE.id, "smoke", "failed", 0.1, finding=GRAVE.finding, operations={f"GET https://t/{n}": (200,) for n in "abc"}
    )

    assert measured(busy, SLIGHT).groups[0].finding.cause == "cause-slighter"
    assert not measured(busy, SLIGHT).first_is_cause


@pytest.mark.parametrize(
    ("name", "cause", "false"),
    [
        ("smoke/test_x.py::test_x", "something-else", 1),
        ("smoke/test_b.py::test_b", "something-else", 0),
        ("regression/test_x.py::test_x", "something-else", 1),
        ("regression/test_x.py::test_x", "claim-does-not-hold", 0),
        ("smoke/test_x.py::test_x", "cause-grave", 0),
        ("smoke/test_whole_journeys.py::test_x", "something-else", 1),
    ],
)
def test_a_failure_that_no_fault_explains_is_false(name: str, cause: str, false: int) -> None:
    """A cause of its own in a check that a pattern of whole files declares is explained by nothing."""
    assert len(measured(check(name, "failed", cause)).false) == false


def test_a_check_may_fall_over_what_it_is_expected_to() -> None:
    """But another that falls over the same is not explained by that."""
    expected, other = (check(f"smoke/test_{name}.py::test_{name}", "failed", "no-answer") for name in "mx")

    assert measured(expected, faults=("dumb",)).false == []
    assert [false.check for false in measured(other, faults=("kept",)).false] == ["smoke/test_x.py::test_x"]


def test_a_consequence_is_false_where_it_names_a_cause() -> None:
    """One that fell over what its lead found accuses nobody, and is told apart."""
    place = "smoke/test_a.py::test_a"
    named = check("smoke/test_x.py::test_x", "failed", "something-else", place, 500)
    fell = check("smoke/test_y.py::test_y", "failed", "no-answer", place, 500)
    found = measured(BROKEN, named, fell)

    assert [(false.check, false.below) for false in found.false] == [("smoke/test_x.py::test_x", "cause-grave")]
    assert [below.check for below in found.stumbled_below] == ["smoke/test_y.py::test_y"]


def test_blocked_checks_are_avoidable_unless_a_fault_declares_them() -> None:
    blocked = (check("smoke/test_c.py::test_c", "blocked", "c"), check("smoke/test_d.py::test_d", "blocked", "d"))

    assert [each.check for each in measured(*blocked).blocked_avoidable] == ["suites/smoke/test_d.py::test_d"]
    assert measured(*blocked, faults=("grave", "gone")).blocked_avoidable == []


def test_unverified_checks_count_beyond_those_of_the_healthy_run() -> None:
    unverified = (check("smoke/test_u.py::test_u", "unverified", "u"), check("smoke/test_v.py::test_v", "unverified", "v"))

    assert [each.check for each in measured(*unverified).blocked_avoidable] == ["suites/smoke/test_v.py::test_v"]


def test_totals_are_over_all_faults_not_over_deployments() -> None:
    several = [measured(GRAVE, SLIGHT), measured(faults=("slight",)), measured(GRAVE, faults=("grave",))]
    totals = sick_measures.totals(several, 20.0)

    assert totals == {
        "recall": 0.75,
        "recall_severity_1": 1.0,
        "first": 0.6667,
        "false": 0,
        "only_below": 0,
        "groups_per_cause": 1.0,
        "blocked_avoidable": 0,
        "time_ratio": 1.5,
        "longest": 1.5,
    }


def test_goals_know_their_direction() -> None:
    goals = {goal.key: goal for goal in GOALS}

    assert (goals["recall"].met(0.85), goals["recall"].met(0.84)) == (True, False)
    assert (goals["false"].met(0), goals["false"].met(1)) == (True, False)


def test_a_run_without_an_end_reports_nothing() -> None:
    found = Deployment(Sick("sick", ("grave",), frozenset({"grave"})), Known(FAULTS, TABLE), None, output="it hung")

    assert (found.missed, found.first_is_cause, found.false) == (["grave"], False, [])
