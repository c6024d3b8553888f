"""What became of each check, derived anew from what its phases raised, and where run.json says otherwise.

The functions are those of `record.verdict`, whose docstring says why that is sound: nothing that the run concluded is believed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.etree import ElementTree as ET

from record import junit, suite, verdict
from record.outcome import Outcome
from record.run import Check, Phase, Run
from record.run_folder import Recorded, parse
from record.stages import function_of, stage_of_id, writing_checks

ROUNDING_S = 0.001  # of durations that were added up
CLOCKS_APART_S = 2.0  # the monotonic clock of a machine and its clock on the wall


def disagreements(run: Recorded) -> Iterator[str]:
    """Each contradiction between what a run says of itself and what it saw, the gravest kind first."""
    yield from _about_checks(run)
    yield from verdict.disagreements(run.content)
    yield from _about_selection(run.content)
    yield from _about_time(run)
    yield from _about_junit(run)
    yield from _about_exchanges(run)


def _about_checks(run: Recorded) -> Iterator[str]:
    phases: defaultdict[str, list[Phase]] = defaultdict(list)
    for phase in run.phases:
        phases[phase.check].append(phase)
    ids = [check.id for check in run.checks]
    for twice in sorted(check for check, count in Counter(ids).items() if count > 1):
        yield f"{twice} stands twice in run.json"
    for unknown in sorted(phases.keys() - set(ids)):
        yield f"{unknown} ran and is not in run.json"
    for check in run.checks:
        yield from _about_check(check, phases[check.id], run.content)


def _about_check(check: Check, phases: Sequence[Phase], run: Run) -> Iterator[str]:
    for phase in phases:
        if phase.outcome != (outcome := _outcome(phase, run)):
            yield f"{check.id}, {phase.when}: the journal says {phase.outcome}, and what it raised says {outcome}"
            return
    outcome, deciding = verdict.outcome_of_check(phases)
    if check.outcome != outcome:
        yield f"{check.id}: run.json says {check.outcome}, and its phases say {outcome}"
        return
    if deciding:
        yield from _about_decision(check, deciding)
    phases_s = sum(phase.duration_s for phase in phases)
    if abs(check.duration_s - phases_s) > ROUNDING_S:
        yield f"{check.id}: run.json says {check.duration_s} s, and its phases say {phases_s:.4f} s"


def _about_decision(check: Check, deciding: Phase) -> Iterator[str]:
    for part in ("finding", "fingerprint", "waiver"):
        if getattr(check, part) != getattr(deciding, part):
            yield f"{check.id}: the {part} in run.json is not that of the phase that decided"
    if check.finding is not None and check.fingerprint != check.finding.fingerprint:
        yield f"{check.id}: its fingerprint is not that of its finding"


def _outcome(phase: Phase, run: Run) -> Outcome:
    """A failure that a waiver names, by check and finding, on a day, for a release and on an environment for which it holds."""
    outcome = verdict.outcome_of_phase(phase.raised, phase.when, refused=phase.refused, doubt=phase.doubt)
    waiver, found = phase.waiver, phase.finding
    if outcome != "failed" or waiver is None or found is None:
        return outcome
    holds = waiver.holds(run.started_at[:10], run.target.version_at_start, run.environment)
    return "waived" if holds and waiver.names(phase.check, found.fingerprint) else "failed"


def _about_selection(run: Run) -> Iterator[str]:
    by_stage = Counter(check.stage or stage_of_id(check.id) for check in run.checks)
    for stage, count in run.selection.stages.items():
        if by_stage[stage] < count.selected:
            yield f"run.json: {count.selected} {stage} checks were selected, and it holds {by_stage[stage]}"
        if not count.selected <= count.asked <= count.total:
            yield f"run.json: of {count.total} {stage} checks {count.asked} were asked for, and {count.selected} selected"
    yield from _about_writing(run)


def _about_writing(run: Run) -> Iterator[str]:
    """What a profile left out because it writes did not run, was asked for, and declares that it writes."""
    writing = run.selection.writing
    if writing and run.profile.get("protected") is not True:
        yield f"run.json: {len(writing)} writing checks were left out, and its profile is not protected"
    there = Counter([*writing, *(check.id for check in run.checks)])
    for check in sorted(check for check in set(writing) if there[check] > 1):
        yield f"run.json: {check} was left out because it writes, and stands there twice"
    by_stage = Counter(map(stage_of_id, writing))
    for stage, left in by_stage.items():
        count = run.selection.stages.get(stage or "")
        if count is None or count.selected + left > count.asked:
            yield f"run.json: {left} writing checks of {stage} were left out, more than were asked for and did not run"
    if run.suite.commit == suite.identity()["commit"]:
        for check in sorted(set(writing)):
            if function_of(check) not in writing_checks():
                yield f"run.json: {check} was left out because it writes, and it declares no writes"


def _about_time(run: Recorded) -> Iterator[str]:
    content, started, finished = run.content, run.started_at, run.finished_at
    if content.run_id.split("-")[1] != f"{started:%Y%m%dT%H%M%S}":
        yield f"run.json: it started at {content.started_at}, and its run id says {content.run_id}"
    if abs((finished - started).total_seconds() - content.duration_s) > CLOCKS_APART_S:
        yield f"run.json: from {content.started_at} to {content.finished_at} are not {content.duration_s} s"
    last = started
    for phase in run.phases:
        at = datetime.fromisoformat(phase.at)
        if not last <= at <= finished:
            yield f"{phase.check}, {phase.when}: ended at {phase.at}, out of order or outside of its run"
            return
        last = at


def _about_junit(run: Recorded) -> Iterator[str]:
    """junit.xml tells the same story in its two colours."""
    path = run.folder / junit.NAME
    if not path.exists():
        return
    try:
        cases = ET.parse(path).getroot().iter("testcase")  # noqa: S314 - expat bounds what entities may become
        red = {
            (case.get("classname"), case.get("name")): bool({"failure", "error"} & {part.tag for part in case}) for case in cases
        }
    except (ET.ParseError, ValueError) as error:
        yield f"junit.xml is no XML: {error}"
        return
    for check in run.checks:
        shown = red.get(junit.names(check.id))
        if shown is not None and shown != (check.outcome in junit.ELEMENTS):
            counted = "counts a failure" if shown else "counts none"
            yield f"{check.id}: run.json says {check.outcome}, and junit.xml {counted}"


def _about_exchanges(run: Recorded) -> Iterator[str]:
    """What a check is said to have used holds what its kept exchanges saw."""
    for check in run.checks:
        kept = [run.folder / name for name in check.evidence if name.endswith("/exchanges.json")]
        used = [(operation.partition(" ")[0], statuses) for operation, statuses in check.operations.items()]
        for exchange in (each for path in kept if used for each in parse(path.read_bytes(), path)):
            if not any(method == exchange["method"] and (exchange["status"] or 0) in statuses for method, statuses in used):
                yield f"{check.id}: {exchange['request_id']} saw {exchange['status']}, and run.json knows of no such answer"
