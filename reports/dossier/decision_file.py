"""What a dossier says, as one JSON document: decision.json. The pages show it, and a verifier derives it anew from the inputs.

Nothing in it is a sentence in one language; texts come from the plan, reasons.texts.toml and the templates.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from record import contract, grouping, verdict
from record.grouping import Group
from record.run import Check
from record.run_folder import Recorded
from record.signed import name_of
from record.waivers import Waiver
from reports.dossier import criteria, decision, run_selection
from reports.dossier.decision import Case
from reports.dossier.run_selection import Counted
from reports.plan import line_states
from reports.plan.gates import STAGES
from reports.rendering import LANGUAGES

SCHEMA = 4
METRICS = tuple(f"SUCCESS-{number}" for number in range(1, 7))


def of(case: Case) -> dict[str, Any]:
    """The whole account of a case; `reports/templates/` shows every part of it."""
    counted = run_selection.counted(case.runs)
    checks = [each.check for each in counted]
    excused = _left_to_writing(case) if case.gate.reading_suffices else {}
    states = line_states.states(
        case.plan, checks, case.attestations["standing"], case.gate.stages, [check for each in excused.values() for check in each]
    )
    reasons = decision.reasons(case, states)
    # A success metric is not met by the part that a gate asks for.
    whole = line_states.states(case.plan, checks, case.attestations["standing"])
    return {
        "schema": SCHEMA,
        "release": case.release,
        "digest": dict(case.digest),
        "environment": case.environment,
        "gate": case.gate.name,
        "decided_at": case.decided_at.isoformat(timespec="seconds"),
        "verdict": decision.verdict(reasons),
        "reasons": [reason.as_dict() for reason in reasons],
        "target": _target(case.runs),
        "period": _period(case.runs),
        "runs": [_run(run, case) for run in case.runs],
        "totals": _totals(checks),
        "left_to_writing": _left_to_writing(case),
        "contract": _contract(case, checks),
        "metrics": [_metric(name, case, whole[name], checks) for name in METRICS],
        "criteria": [each for run in _load_runs(case) for each in criteria.judged(run)],
        "lines": states,
        "findings": findings(case, counted),
        "waivers": [_waiver(each, each.check.waiver) for each in counted if each.check.waiver],
        **{name: case.attestations[name] for name in ("attestations", "approvals", "refused", "accepted")},
        "devices": _devices(case.runs),
        "proof": case.proof,
        "checks": {check.id: check.outcome for check in checks},
    }


def written(case: Case, pages: str) -> bytes:
    """decision.json, byte by byte the same on every machine: the last digits of a number may differ between processors."""
    document = _rounded({**of(case), "pages": pages})
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, Mapping):
        return {name: _rounded(inner) for name, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list | tuple) else value


def _target(runs: Sequence[Recorded]) -> dict[str, Any]:
    targets = [run.content.target for run in runs]
    versions = {version for each in targets for version in (each.version_at_start, each.version_at_end)}
    return {
        "versions": sorted(version or "?" for version in versions),
        "base_urls": sorted({url for each in targets for url in each.base_urls}),
    }


def _period(runs: Sequence[Recorded]) -> dict[str, str] | None:
    if not runs:
        return None
    return {"from": min(run.content.started_at for run in runs), "to": max(run.content.finished_at for run in runs)}


def _run(run: Recorded, case: Case) -> dict[str, Any]:
    content = asdict(run.content)
    kept = ("run_id", "started_at", "finished_at", "duration_s", "exit_code", "suite", "no_evidence", "notes", "findings")
    return {
        "name": run.name,
        "digest": run.digest,
        "stages": list(run_selection.stages_of(run)),
        "decides": [stage for stage in run_selection.stages_of(run) if run_selection.deciding(case.runs, stage) is run],
        "counts": dict(sorted(Counter(check.outcome for check in run.checks).items())),
        "selection": content["selection"],
        **{name: content[name] for name in kept},
    }


def _totals(checks: Iterable[Check]) -> dict[str, dict[str, int]]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for check in checks:
        counts[run_selection.stage_of(check)][check.outcome] += 1
    return {stage: dict(sorted(counts[stage].items())) for stage in STAGES if stage in counts}


def _left_to_writing(case: Case) -> dict[str, list[str]]:
    """By stage, the checks that the deciding runs left out because they write and the profile is protected."""
    left = {stage: verdict.left_to_writing(run.content, stage) for stage, run in run_selection.by_stage(case.runs).items()}
    return {stage: list(checks) for stage, checks in left.items() if checks}


def _contract(case: Case, checks: Iterable[Check]) -> dict[str, Any]:
    """How many rows of the contract the checks looked at, and the ids of those that differ or that nothing looked at."""
    found = contract.coverage({row for run in case.runs for row in run.content.rows}, checks)
    left, differ = found.ids("not looked at"), found.ids("differs")
    return {"rows": found.total, "looked_at": found.looked_at, "differ": differ, "not_looked_at": left}


def _load_runs(case: Case) -> list[Recorded]:
    run = run_selection.deciding(case.runs, "load")
    return [run] if run else []


def _metric(name: str, case: Case, state: Mapping[str, Any], checks: Iterable[Check]) -> dict[str, Any]:
    """A success metric of the plan with the criteria that its checks put to the test."""
    line = case.plan.lines[name]
    files = {file for check in checks if line.matches(check.id) for file in check.evidence}
    tested = {each["criterion"] for run in _load_runs(case) for each in criteria.criteria_in(run, files)}
    found = [each for run in _load_runs(case) for each in criteria.judged(run) if each["criterion"] in tested]
    return {
        "line": name,
        "state": state["state"],
        "criteria": found,
        "source": [run.name for run in _load_runs(case)] if found else [],
    }


def findings(case: Case, counted: Sequence[Counted]) -> list[dict[str, Any]]:
    """What did not pass, each cause once with all the checks that name it, in reading order."""
    by_id = defaultdict(list)
    for each in counted:
        if each.check.outcome in line_states.OF_OUTCOME and each.check.finding:
            by_id[each.check.id].append(each)
    own = tuple({url for run in case.runs for url in run.content.target.base_urls})
    groups = grouping.grouped([each.check for several in by_id.values() for each in several], own)
    return [_group(group, by_id, case) for lead in groups for group in (lead, *lead.consequences)]


def _group(group: Group, by_id: Mapping[str, Sequence[Counted]], case: Case) -> dict[str, Any]:
    checks = sorted({member.id for member in group.members})
    members = [each for check in checks for each in by_id[check] if each.check.outcome == group.outcome]
    return {
        "outcome": group.outcome,
        "severity": case.plan.severity_of(*checks),
        "checks": checks,
        "cause": group.finding.cause,
        "finding": {language: group.finding.lines(language) for language in LANGUAGES},
        "fingerprints": sorted({str(each.check.fingerprint) for each in members}),
        "lines": sorted({line.id for check in checks for line in case.plan.lines_of(check)}),
        "runs": sorted({each.run for each in members}),
        "evidence": sorted({f"runs/{each.run}/{file}" for each in members for file in each.check.evidence}),
    }


def _waiver(counted: Counted, waiver: Waiver) -> dict[str, Any]:
    kept = {name: getattr(waiver, name) for name in ("role", "statement", "date", "expires", "file")}
    return {"check": counted.check.id, "run": counted.run, "person": name_of(waiver.person), **kept}


def _devices(runs: Sequence[Recorded]) -> dict[str, dict[str, Any]]:
    """Each device that the suite knows: its own engine, how many checks looked at pages on it, and in which engines they did."""
    devices: dict[str, dict[str, Any]] = {}
    for run in runs:
        for name, engine in run.content.devices.items():
            devices.setdefault(name, {"engine": engine, "checks": 0, "in": []})
        for check in run.checks:
            for name, engine in check.devices.items():
                row = devices.setdefault(name, {"engine": "?", "checks": 0, "in": []})
                row["checks"] += 1
                row["in"] = sorted({*row["in"], engine})
    return dict(sorted(devices.items()))
