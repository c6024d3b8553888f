"""What a dossier says, as one JSON document: decision.json. The pages show it, and a verifier derives it anew from the inputs.

Nothing in it is a sentence in one language; texts come from the plan, reasons.texts.toml and the templates.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from record.outcome import SEVERITY as WORST
from record.run_folder import Run
from reports.dossier import attestations, criteria, decision, run_selection
from reports.dossier.decision import Case
from reports.plan import line_states
from reports.plan.gates import STAGES
from reports.plan.plan_file import SEVERITIES

SCHEMA = 2
METRICS = tuple(f"SUCCESS-{number}" for number in range(1, 7))


def of(case: Case) -> dict[str, Any]:
    """The whole account of a case; `reports/templates/` shows every part of it."""
    records = run_selection.records(case.runs)
    states = line_states.states(case.plan, records, case.attestations["standing"], case.gate.stages)
    reasons = decision.reasons(case, states)
    # A success metric is not met by the part that a gate asks for.
    whole = line_states.states(case.plan, records, case.attestations["standing"])
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
        "totals": _totals(records),
        "metrics": [_metric(name, case, whole[name], records) for name in METRICS],
        "criteria": [each for run in _load_runs(case) for each in criteria.judged(run)],
        "lines": states,
        "findings": findings(case, records),
        "waivers": [_waiver(record) for record in records if record["outcome"] == "waived"],
        **{name: case.attestations[name] for name in ("attestations", "approvals", "refused", "accepted")},
        "devices": _devices(case.runs),
        "proof": case.proof,
        "checks": {record["id"]: record["outcome"] for record in records},
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


def _target(runs: Sequence[Run]) -> dict[str, Any]:
    targets = [run.data["target"] for run in runs]
    versions = {each[moment] for each in targets for moment in ("version_at_start", "version_at_end")}
    return {
        "versions": sorted(version or "?" for version in versions),
        "base_urls": sorted({url for each in targets for url in each["base_urls"]}),
    }


def _period(runs: Sequence[Run]) -> dict[str, str] | None:
    if not runs:
        return None
    return {"from": min(run.data["started_at"] for run in runs), "to": max(run.data["finished_at"] for run in runs)}


def _run(run: Run, case: Case) -> dict[str, Any]:
    data = run.data
    kept = ("run_id", "started_at", "finished_at", "duration_s", "exit_code", "suite", "no_evidence", "notes", "findings")
    return {
        "name": run.name,
        "digest": run.digest,
        "stages": list(run_selection.stages_of(run)),
        "decides": [stage for stage in run_selection.stages_of(run) if run_selection.deciding(case.runs, stage) is run],
        "counts": dict(sorted(Counter(check["outcome"] for check in run.checks).items())),
        "selection": data["selection"],
        **{name: data[name] for name in kept},
    }


def _totals(records: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        counts[run_selection.stage_of(record)][record["outcome"]] += 1
    return {stage: dict(sorted(counts[stage].items())) for stage in STAGES if stage in counts}


def _load_runs(case: Case) -> list[Run]:
    run = run_selection.deciding(case.runs, "load")
    return [run] if run else []


def _metric(name: str, case: Case, state: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A success metric of the plan with the criteria that its checks put to the test."""
    line = case.plan.lines[name]
    files = {file for record in records if line.matches(record["id"]) for file in record["evidence"]}
    tested = {each["criterion"] for run in _load_runs(case) for each in criteria.criteria_in(run, files)}
    found = [each for run in _load_runs(case) for each in criteria.judged(run) if each["criterion"] in tested]
    return {
        "line": name,
        "state": state["state"],
        "criteria": found,
        "source": [run.name for run in _load_runs(case)] if found else [],
    }


def findings(case: Case, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What did not pass, each finding once with all the checks that share it, the gravest first."""
    groups: defaultdict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for record in records:
        if record["outcome"] in line_states.OF_OUTCOME and record["finding"]:
            found = record["finding"]
            groups[record["outcome"], record["fingerprint"] or found["seen"], found["expected"]].append(record)
    merged = [_group(outcome, members, case) for (outcome, _, _), members in groups.items()]
    return sorted(merged, key=lambda each: (WORST.index(each["outcome"]), SEVERITIES.index(each["severity"]), each["checks"][0]))


def _group(outcome: str, members: Sequence[Mapping[str, Any]], case: Case) -> dict[str, Any]:
    checks = sorted(member["id"] for member in members)
    return {
        "outcome": outcome,
        "severity": case.plan.severity_of(*checks),
        "checks": checks,
        "finding": members[0]["finding"],
        "fingerprint": members[0]["fingerprint"],
        "lines": sorted({line.id for check in checks for line in case.plan.lines_of(check)}),
        "runs": sorted({member["run"] for member in members}),
        "evidence": sorted({f"runs/{member['run']}/{file}" for member in members for file in member["evidence"]}),
    }


def _waiver(record: Mapping[str, Any]) -> dict[str, Any]:
    waiver = record["waiver"]
    kept = {name: waiver.get(name) for name in ("role", "statement", "date", "expires", "file")}
    return {"check": record["id"], "run": record["run"], "person": attestations.name_of(waiver["person"]), **kept}


def _devices(runs: Sequence[Run]) -> dict[str, dict[str, Any]]:
    """Each device that the suite knows: its own engine, how many checks looked at pages on it, and in which engines they did."""
    devices: dict[str, dict[str, Any]] = {}
    for run in runs:
        for name, engine in run.data["devices"].items():
            devices.setdefault(name, {"engine": engine, "checks": 0, "in": []})
        for check in run.checks:
            for name, engine in check["devices"].items():
                row = devices.setdefault(name, {"engine": "?", "checks": 0, "in": []})
                row["checks"] += 1
                row["in"] = sorted({*row["in"], engine})
    return dict(sorted(devices.items()))
