"""GO only when everything that a gate requires was looked at and holds; each thing that is missing or against it is a reason."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from record import run_folder
from record.outcome import Outcome
from record.run import Check, Count, Selection, Suite
from record.run_folder import NotARun
from reports.dossier import assemble, run_selection, signing
from reports.dossier.assemble import NoDossier
from reports.dossier.run_selection import WrongRun
from reports.plan import gates, line_states, plan_file
from tests.reports import cases, made
from tests.reports.cases import Case
from tests.reports.made import Made

pytestmark = pytest.mark.slow

WHOLE = Made(stages=cases.STAGES)
ONE = made.checks_of(["smoke"])[0]
LINED = "suites/pre_deploy/test_hardening.py::test_own_origin_is_let_in"  # of line W1-D3-T4


def decided(case: Case, **changed: Any) -> Mapping[str, Any]:
    return cases.build(case, **changed).decision


def codes(decision: Mapping[str, Any]) -> set[str]:
    return {reason["code"] for reason in decision["reasons"]}


def test_everything_there_is_go(tmp_path: Path) -> None:
    """And for no other reason than that."""
    decision = decided(cases.make(tmp_path))

    assert decision["reasons"] == []
    assert decision["verdict"] == "GO"
    states = {line: decision["lines"][line]["state"] for line in ("W1-D1-T4", "W1-D3-T4", "W1-D3-E1", "W1-D1-T1", "TOOL-2")}
    assert states == {
        "W1-D1-T4": "attested",
        "W1-D3-T4": "holds",
        "W1-D3-E1": "derived",
        "W1-D1-T1": "lacking",
        "TOOL-2": "out-of-scope",
    }


def with_stage(**changed: Any) -> Callable[[Path], Case]:
    return lambda folder: cases.make(folder, dataclasses.replace(WHOLE, **changed))


def with_run(**changed: Any) -> Callable[[Path], Case]:
    return with_stage(changed=changed)


def outcome(check: str, result: Outcome, **more: Any) -> Callable[[Path], Case]:
    return with_stage(odd={check: result}, **more)


def edited(edit: Callable[[Case], object]) -> Callable[[Path], Case]:
    def build(folder: Path) -> Case:
        case = cases.make(folder)
        edit(case)
        return case

    return build


def approve(role: str, **changed: Any) -> Callable[[Case], object]:
    def edit(case: Case) -> None:
        number = list(cases.APPROVERS).index(role)
        (case.attestations / f"approval-{number}.toml").write_text(cases.approval(case, role, **changed), encoding="utf-8")

    return edit


ANA = dataclasses.replace(made.WAIVER, person="Ana Pérez <ana@example.com>")
LONG_AGO = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)
WRITES = "suites/smoke/test_round_trips.py::test_contact_is_kept_as_given[more]"
# What a protected profile left out of all stages: one check that writes.
READING: dict[str, Any] = {
    "profile": {"protected": True},
    "selection": Selection(
        {
            stage: Count(count := len(made.checks_of([stage])), count + (stage == "smoke"), count + (stage == "smoke"))
            for stage in cases.STAGES
        },
        writing=(WRITES,),
    ),
}
WAYS: dict[str, tuple[Callable[[Path], Case], str, str]] = {
    "a failed check": (outcome(ONE, "failed"), "NO-GO", "checks-failed"),
    "a line of the plan fails": (outcome(LINED, "failed"), "NO-GO", "line-fails"),
    "an unverified check": (outcome(ONE, "unverified"), "NOT YET", "checks-unverified"),
    "a blocked check": (outcome(ONE, "blocked"), "NOT YET", "checks-blocked"),
    "a waiver of who approves": (outcome(ONE, "waived", waiver=ANA), "NOT YET", "duties"),
    "a waiver that ended": (outcome(ONE, "waived", waiver=dataclasses.replace(made.WAIVER, expires="2026-11-20")), "GO", ""),
    "a stage missing": (with_stage(stages=("pre-deploy", "smoke", "integration")), "NOT YET", "run-missing"),
    "a stage looked at in part": (with_stage(only=[ONE], stages=("smoke",)), "NOT YET", "run-partial"),
    "reading alone": (with_run(**READING), "NOT YET", "reading-only"),
    "a run that was interrupted": (with_run(exit_code=2), "NOT YET", "run-broken"),
    "a run that was stopped": (with_run(stopped="--maxfail", exit_code=6), "NOT YET", "run-stopped"),
    "a finding about the run": (with_run(findings=(made.SEEN,), exit_code=1), "NO-GO", "run-finding"),
    "an old run": (with_stage(started_at=LONG_AGO), "NOT YET", "run-old"),
    "a run of the future": (with_stage(started_at=cases.NOW + dt.timedelta(hours=1)), "NOT YET", "run-early"),
    "clocks apart": (with_run(clock_apart_s=600.0), "NOT YET", "run-clock"),
    "no version": (with_stage(version=None), "NOT YET", "version-unknown"),
    "a suite with changes": (with_run(suite=Suite("1", "a" * 40, True)), "NOT YET", "suite-changed"),
    "a suite of unknown commit": (with_run(suite=Suite("1", None, None)), "NOT YET", "suite-unknown"),
    "no approval in a role": (
        edited(lambda case: (case.attestations / "approval-1.toml").unlink()),
        "NOT YET",
        "approval-missing",
    ),
    "an approval of other runs": (edited(approve("QA Lead", runs=["0" * 64])), "NOT YET", "approval-missing"),
    "an approval of another release": (edited(approve("QA Lead", release="v1.0.1")), "NOT YET", "approval-missing"),
    "an approval of another environment": (edited(approve("QA Lead", environment="prod")), "NOT YET", "approval-missing"),
    "an approval of another gate": (edited(approve("QA Lead", gate="acceptance")), "NOT YET", "approval-missing"),
    "an approval from the future": (edited(approve("QA Lead", date="2026-11-21T00:00:00Z")), "NOT YET", "approval-missing"),
    "one person in two roles": (edited(approve("Release Manager", person="ana perez")), "NOT YET", "approval-missing"),
    "a gap that one role accepts": (edited(approve("QA Lead", accepts=[])), "NOT YET", "gap"),
    "one reviewer of two": (edited(lambda case: (case.attestations / "review-1.toml").unlink()), "NOT YET", "line-open"),
}


@pytest.mark.parametrize(("make", "verdict", "code"), WAYS.values(), ids=WAYS)
def test_what_is_missing_or_against_it_is_a_reason(tmp_path: Path, make: Callable[[Path], Case], verdict: str, code: str) -> None:
    """One thing at a time."""
    decision = decided(make(tmp_path))

    assert decision["verdict"] == verdict, decision["reasons"]
    assert not code or code in codes(decision), decision["reasons"]


def test_reading_is_go_where_the_gate_says_so(tmp_path: Path) -> None:
    """And the dossier says by name what was left out."""
    case = cases.make(tmp_path, dataclasses.replace(WHOLE, changed=READING))
    case.gates.write_text(case.gates.read_text(encoding="utf-8").replace("suffices = false", "suffices = true"), encoding="utf-8")

    decision = decided(case)

    assert (decision["verdict"], decision["reasons"]) == ("GO", [])
    assert decision["left_to_writing"] == {"smoke": [WRITES]}


def test_gates_of_production_take_reading_until_the_rollout_is_whole() -> None:
    """Staging is there to be written to; the final acceptance accepts what writes, too."""
    suffices = [name for name, gate in gates.load().items() if gate.reading_suffices]

    assert suffices == ["post-deploy", "rollout-10", "rollout-25", "rollout-50", "rollout-100"]


def test_a_release_without_digest_is_bound_to_nothing(tmp_path: Path) -> None:
    """So nothing that was built is GO."""
    decision = decided(cases.make(tmp_path), digest=None)

    assert (decision["verdict"], codes(decision)) == ("NOT YET", {"unbound"})


def test_a_waiver_that_ended_before_the_decision_is_a_reason(tmp_path: Path) -> None:
    """The run could still use it."""
    case = cases.make(
        tmp_path, dataclasses.replace(WHOLE, odd={ONE: "waived"}, waiver=dataclasses.replace(made.WAIVER, expires="2026-11-20"))
    )
    request = assemble.Request(
        "staging",
        cases.RELEASE,
        digest=cases.DIGEST,
        out=case.out,
        attestations=case.attestations,
        languages=(),
        gates=case.gates,
    )

    later = assemble.build(request, signing.load(case.key), lambda *_: None, cases.NOW + dt.timedelta(hours=8))

    assert "waiver-expired" in codes(later.decision)


def test_a_gate_asks_of_a_line_what_its_stages_can_show() -> None:
    """A line that also rests on checks of a stage that the gate leaves out; not one that rests on nothing else."""
    the_plan = plan_file.load()
    smoke = [Check(check, "smoke", "passed", 0.1) for check in made.checks_of(["smoke"])]

    some = line_states.states(the_plan, smoke, {}, ["smoke"])
    every = line_states.states(the_plan, smoke, {})

    assert (some["W2-D1-T11"]["state"], every["W2-D1-T11"]["state"]) == ("holds", "unseen")  # of smoke and regression
    assert (some["W7-D3-T2"]["state"], some["W1-D3-T4"]["state"]) == ("unseen", "unseen")  # of regression, of pre-deploy


def test_evidence_behind_a_link_is_not_enclosed(tmp_path: Path) -> None:
    """Nor does an attestation that rests on it count."""
    case = cases.make(tmp_path)
    review = case.attestations / "evidence" / "review.txt"
    review.rename(tmp_path / "elsewhere.txt")
    review.symlink_to(tmp_path / "elsewhere.txt")

    built = cases.build(case)

    assert built.decision["lines"]["W1-D1-T4"]["state"] == "unattested"
    assert not (built.folder / "inputs" / "attestations" / "evidence" / "review.txt").exists()


def test_the_newest_run_of_a_stage_decides(tmp_path: Path) -> None:
    """A green run does not excuse the red one that came after it, and the other way round is a correction."""
    red = dataclasses.replace(WHOLE, odd={ONE: "failed"})
    (tmp_path / "worse").mkdir()
    (tmp_path / "better").mkdir()

    assert decided(cases.make(tmp_path / "worse", WHOLE, red))["verdict"] == "NO-GO"
    assert decided(cases.make(tmp_path / "better", red, WHOLE))["verdict"] == "GO"


def test_a_target_that_was_down_makes_no_room_for_an_older_run(tmp_path: Path) -> None:
    """It reported no version, and still it was the newest look."""
    down = dataclasses.replace(WHOLE, version=None, odd=dict.fromkeys(made.checks_of(cases.STAGES), "blocked"))

    decision = decided(cases.make(tmp_path, WHOLE, down))

    assert decision["verdict"] == "NOT YET"
    assert "checks-blocked" in codes(decision)


def test_runs_of_another_release_or_environment_are_not_taken(tmp_path: Path) -> None:
    """Neither when they are looked for nor when they are named."""
    case = cases.make(tmp_path, dataclasses.replace(WHOLE, version="1.0.1"))
    elsewhere = made.run(tmp_path / "elsewhere", dataclasses.replace(WHOLE, environment="prod"))

    with pytest.raises(NoDossier, match=r"no run on staging whose target is v1\.0\.0-MVP"):
        decided(case)
    with pytest.raises(WrongRun, match=r"its target was 1\.0\.1"):
        decided(case, folders=case.runs)
    with pytest.raises(WrongRun, match="is a run on prod"):
        decided(case, folders=[elsewhere])


def test_a_run_that_contradicts_itself_decides_nothing(tmp_path: Path) -> None:
    """It is named, with what it contradicts."""
    case = cases.make(tmp_path, dataclasses.replace(WHOLE, odd={ONE: "failed"}))
    content = run_folder.read(case.runs[0]).content
    passed = tuple(dataclasses.replace(check, outcome="passed") for check in content.checks)
    made.write(case.runs[0], dataclasses.replace(content, checks=passed, exit_code=0, no_evidence=()))

    with pytest.raises(NotARun, match=r"contradicts itself: .* its phases say failed"):
        decided(case)


def test_a_failed_build_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No half of a dossier: the next one would be read beside it."""
    case = cases.make(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(assemble, "sign", full)

    with pytest.raises(OSError, match="No space"):
        decided(case)
    assert [path.name for path in case.out.iterdir()] == [case.runs[0].name]


@pytest.mark.parametrize(("name", "environment"), [("local", "sandbox"), ("staging", "staging"), ("prod", "prod")])
def test_local_is_the_sandbox(name: str, environment: str) -> None:
    """--env=local runs on a profile that calls itself sandbox."""
    assert run_selection.environment(name) == environment
