"""GO, NO-GO or NOT YET, with every reason: computed from runs, plan, attestations and a gate's rules, and from nothing else.

NO-GO when something required was looked at and does not hold. NOT YET when something required is missing. GO when no reason is
left. Pure: the same case decides the same way on every machine, so a verifier can come to it again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from record import verdict as verdict_of_run
from record.grouping import in_reading_order
from record.run_folder import Recorded
from record.signed import identity, name_of
from reports.dossier import criteria, run_selection
from reports.plan import line_states
from reports.plan.gates import Gate
from reports.plan.plan_file import Plan

Verdict = Literal["GO", "NO-GO", "NOT YET"]
AGAINST = frozenset({"checks-failed", "run-finding", "criterion-violated", "line-fails"})
HOUR_S = 3600.0
CLOCK_S = 120.0  # apart from the target's clock, before an age in hours says nothing


@dataclass(frozen=True, eq=False)
class Case:
    """What is decided on. `attestations` are as `standing.read` returns them, `proof` as `suite_proof.read` does."""

    release: str
    digest: Mapping[str, str]
    environment: str
    gate: Gate
    decided_at: datetime
    runs: Sequence[Recorded]
    plan: Plan
    attestations: Mapping[str, Any]
    proof: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Reason:
    """`code` is a key of reasons.texts.toml, `values` fill in its sentence."""

    code: str
    values: tuple[tuple[str, str], ...]

    @property
    def against(self) -> bool:
        return self.code in AGAINST

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "against": self.against, "values": dict(self.values)}


def because(code: str, /, **values: object) -> Reason:
    return Reason(code, tuple((name, str(value)) for name, value in values.items()))


def verdict(reasons: Sequence[Reason]) -> Verdict:
    if any(reason.against for reason in reasons):
        return "NO-GO"
    return "NOT YET" if reasons else "GO"


def reasons(case: Case, states: Mapping[str, Mapping[str, Any]]) -> list[Reason]:
    """Against first, then what is missing; each once."""
    every = dict.fromkeys(
        [
            *_about_stages(case),
            *_about_criteria(case),
            *_about_runs(case),
            *_about_the_release(case),
            *_about_lines(case, states),
            *_about_approvals(case),
        ]
    )
    return sorted(every, key=lambda reason: not reason.against)


def _about_stages(case: Case) -> Iterator[Reason]:
    for stage in case.gate.stages:
        run = run_selection.deciding(case.runs, stage)
        if run is None:
            yield because("run-missing", stage=stage, environment=case.environment, release=case.release)
            continue
        if not verdict_of_run.ran_whole(run.content, stage):
            count = run.content.selection.stages[stage]
            yield because("run-partial", stage=stage, run=run.name, selected=count.selected, total=count.total)
        writing = verdict_of_run.left_to_writing(run.content, stage)
        if writing and not case.gate.reading_suffices:
            yield because("reading-only", stage=stage, run=run.name, count=len(writing))
        yield from _about_checks(stage, run)


def _about_checks(stage: str, run: Recorded) -> Iterator[Reason]:
    of_stage = (check for check in run.checks if run_selection.stage_of(check) == stage)
    checks = in_reading_order(of_stage, run.content.target.base_urls)
    for outcome in ("failed", "unverified", "blocked"):
        of_it = [check.id for check in checks if check.outcome == outcome]
        if of_it:
            yield because(f"checks-{outcome}", stage=stage, count=len(of_it), first=of_it[0])


def _about_criteria(case: Case) -> Iterator[Reason]:
    run = run_selection.deciding(case.runs, "load")
    judged = {each["criterion"]: each for each in criteria.judged(run)} if run else {}
    for name in case.gate.criteria:
        found = judged.get(name)
        if found is None or found["state"] == "unverified":
            yield because("criterion-unverified", criterion=name)
        elif found["state"] == "violated":
            parts = {part: f"{found[part]:g}" for part in ("estimate", "limit")}
            yield because("criterion-violated", criterion=name, unit=found["unit"], **parts)


def _about_runs(case: Case) -> Iterator[Reason]:
    for run in case.runs:
        yield from _about_run(run, case)
    if len(commits := sorted({str(run.content.suite.commit)[:12] for run in case.runs})) > 1:
        yield because("suites-differ", commits=", ".join(commits))


def _about_run(run: Recorded, case: Case) -> Iterator[Reason]:
    content = run.content
    if content.exit_code not in verdict_of_run.DECIDED:
        yield because("run-broken", run=run.name, code=content.exit_code)
    if content.stopped:
        yield because("run-stopped", run=run.name, why=content.stopped)
    left_out = verdict_of_run.left_out(content)
    if left_out or content.selection.missing:
        yield because("run-left-out", run=run.name, count=left_out or len(content.selection.missing))
    for found in content.findings:
        yield because("run-finding", run=run.name, expected=found.expected, seen=found.seen)
    yield from _about_its_time(run, case)
    yield from _about_its_version(run)
    if content.suite.commit is None or content.suite.changed is None:
        yield because("suite-unknown", run=run.name)
    elif content.suite.changed:
        yield because("suite-changed", run=run.name)


def _about_its_time(run: Recorded, case: Case) -> Iterator[Reason]:
    hours = (case.decided_at - run.started_at).total_seconds() / HOUR_S
    if run.finished_at > case.decided_at:
        yield because("run-early", run=run.name)
    elif hours > case.gate.max_age_hours:
        yield because("run-old", run=run.name, hours=f"{hours:.0f}", limit=case.gate.max_age_hours)
    if abs(run.content.clock_apart_s or 0) > CLOCK_S:
        yield because("run-clock", run=run.name, seconds=f"{run.content.clock_apart_s:.0f}")


def _about_its_version(run: Recorded) -> Iterator[Reason]:
    start, end = run.content.target.version_at_start, run.content.target.version_at_end
    if start is None or end is None:
        yield because("version-unknown", run=run.name)
    elif start != end:
        yield because("version-changed", run=run.name, start=start, end=end)


def _about_the_release(case: Case) -> Iterator[Reason]:
    if case.environment not in case.gate.environments:
        yield because("environment", wanted=", ".join(case.gate.environments), environment=case.environment)
    if not case.digest:
        yield because("unbound")


def _about_lines(case: Case, states: Mapping[str, Mapping[str, Any]]) -> Iterator[Reason]:
    accepted = set(case.attestations["accepted"])
    for line, found in states.items():
        if not case.gate.asks_for(line) or found["state"] in line_states.SETTLED:
            continue
        if found["state"] in line_states.AGAINST:
            yield because("line-fails", line=line, count=found["checks"].get("failed", 0))
        elif found["state"] not in line_states.GAPS:
            yield because("line-open", line=line, state=found["state"])
        elif line not in accepted:
            yield because("gap", line=line)


def _about_approvals(case: Case) -> Iterable[Reason]:
    for quorum in case.gate.approvals:
        people = {approval["person"] for approval in case.attestations["approvals"] if approval["role"] == quorum.role}
        if len(people) < quorum.people:
            yield because("approval-missing", role=quorum.role, people=quorum.people - len(people))
    yield from _about_waivers(case)


def _about_waivers(case: Case) -> Iterator[Reason]:
    for check, waiver in ((check, check.waiver) for run in case.runs for check in run.checks):
        if waiver is None:
            continue
        if any(identity(waiver.person) & known for known in case.attestations["approvers"]):
            yield because("duties", person=name_of(waiver.person), check=check.id)
        if waiver.expires < f"{case.decided_at:%Y-%m-%d}":
            yield because("waiver-expired", person=name_of(waiver.person), check=check.id, expires=waiver.expires)
