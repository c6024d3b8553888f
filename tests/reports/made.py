"""Runs made by hand: whole folders as a run leaves them, that agree with themselves, for tests of what reads them."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from fixtures.plugin import allure
from record import journal, run_file, verdict
from record.finding import Finding
from record.outcome import Blocked, Outcome, Unverified
from record.stages import declared_checks, stage_of_id

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SEEN = Finding("200 with a list", "500 Internal Server Error", "GET https://staging.example.com/api/contacts", "look at the log")
WAIVER = {
    "person": "Eva Mora",
    "role": "Tech Lead",
    "statement": "known",
    "date": "2026-11-01",
    "expires": "2027-01-01",
    "release": "v1.0.0-MVP",
}
BLANK = journal.raw(None, held=1)
RAW: dict[Outcome, dict[str, Any]] = {
    "passed": BLANK,
    "flaky": {**BLANK, "retried": 1},
    "failed": journal.raw(AssertionError("no"), held=0),
    "waived": journal.raw(AssertionError("no"), held=0),
    "unverified": journal.raw(Unverified("no secret", "set it"), held=0),
    "blocked": journal.raw(Blocked(Finding("API up", "it is down", "API", "start it")), held=0),
}


@dataclass(frozen=True)
class Made:
    """A run to be made. `odd` are the outcomes of the checks that do not pass, by id; `changed` overrides members of run.json."""

    stages: tuple[str, ...] = ("smoke",)
    environment: str = "staging"
    version: str | None = "1.0.0"
    started_at: dt.datetime = dt.datetime(2026, 11, 20, 10, 0, 0, tzinfo=dt.UTC)
    odd: Mapping[str, Outcome] = field(default_factory=dict)
    only: Sequence[str] | None = None  # ids of checks; None: one of each function that the stages declare
    waiver: Mapping[str, Any] | None = None
    changed: Mapping[str, Any] = field(default_factory=dict)


def checks_of(stages: Iterable[str]) -> list[str]:
    """A node id for each check function of the stages."""
    return sorted(check for stage in stages for check in declared_checks(stage))


def run(out: Path, made: Made, name: str | None = None) -> Path:
    """The folder of a run that came to its end."""
    stamp = f"{made.started_at:%Y%m%dT%H%M%S}"
    tail = hashlib.sha256(repr((made.stages, made.environment, stamp)).encode()).hexdigest()[:4]
    folder = out / (name or f"{stamp}Z-{made.environment}-{'-or-'.join(made.stages)}-{tail}")
    (folder / "allure-results").mkdir(parents=True)
    ids = list(made.only) if made.only is not None else checks_of(made.stages)
    checks = [_check(check, made.odd.get(check, "passed"), made.waiver) for check in ids]
    (folder / "phases.jsonl").write_text("".join(_phases(checks, made)), encoding="utf-8")
    (folder / "junit.xml").write_text(_junit(checks), encoding="utf-8")
    data = {**_data(made, checks, f"lv-{stamp}-{tail}"), **made.changed}
    data["exit_code"] = made.changed.get("exit_code", verdict.exit_code({**data, "exit_code": 0}))
    data["no_evidence"] = verdict.reasons(data)
    allure.settle(folder, data)
    data["files"] = run_file.digests(folder)
    write(folder, data)
    return folder


def write(folder: Path, data: Mapping[str, Any]) -> None:
    """run.json with its digest."""
    run_file.write(folder, json.dumps(data, ensure_ascii=False, indent=1))


def _check(check: str, outcome: Outcome, waiver: Mapping[str, Any] | None) -> dict[str, Any]:
    found = None if outcome in ("passed", "flaky") else SEEN
    return {
        "id": check,
        "stage": stage_of_id(check),
        "outcome": outcome,
        "duration_s": 0.01,
        "plan": [],
        "finding": found.as_dict() if found else None,
        "fingerprint": found.fingerprint if found else None,
        "waiver": {**waiver, "check": check, "fingerprint": SEEN.fingerprint} if waiver and outcome == "waived" else None,
        "evidence": [],
        "operations": {},
        "devices": {"iPhone SE": "Chromium 140.0"} if "test_pages" in check else {},
    }


def _phases(checks: Iterable[Mapping[str, Any]], made: Made) -> Iterable[str]:
    for number, check in enumerate(checks):
        at = made.started_at + dt.timedelta(milliseconds=10 * (number + 1))
        line = {
            "check": check["id"],
            "when": "call",
            "at": at.isoformat(timespec="milliseconds"),
            "duration_s": 0.01,
            "witnessed": False,
            **{part: check[part] for part in ("outcome", "finding", "fingerprint", "waiver")},
            **RAW[check["outcome"]],
        }
        yield json.dumps(line) + "\n"


def _junit(checks: Iterable[Mapping[str, Any]]) -> str:
    cases = []
    for check in checks:
        path, _, name = check["id"].partition("::")
        module = path.removesuffix(".py").replace("/", ".")
        red = '<failure message="no"/>' if check["outcome"] in ("failed", "unverified", "blocked") else ""
        cases.append(f"<testcase classname={quoteattr(module)} name={quoteattr(name)}>{red}</testcase>")
    return f'<testsuites><testsuite name="pytest">{"".join(cases)}</testsuite></testsuites>'


def _data(made: Made, checks: Sequence[Mapping[str, Any]], run_id: str) -> dict[str, Any]:
    lasted = dt.timedelta(milliseconds=10 * (len(checks) + 2))
    counts = {stage: sum(check["stage"] == stage for check in checks) for stage in made.stages}
    totals = {stage: max(len(checks_of([stage])) if made.only is not None else 0, counts[stage]) for stage in made.stages}
    return {
        "schema": run_file.SCHEMA,
        "run_id": run_id,
        "environment": made.environment,
        "profile": {"name": made.environment},
        "target": {
            "version_at_start": made.version,
            "version_at_end": made.version,
            "base_urls": ["https://staging.example.com"],
        },
        "stage": "+".join(made.stages),
        "started_at": made.started_at.isoformat(timespec="milliseconds"),
        "finished_at": (made.started_at + lasted).isoformat(timespec="milliseconds"),
        "duration_s": round(lasted.total_seconds(), 3),
        "suite": {"version": "0.1.0", "commit": COMMIT, "changed": False},
        "strict_flaky": False,
        "selection": {
            "selected": len(checks),
            "total": sum(totals.values()),
            "at_least": False,
            "stages": {stage: {"selected": counts[stage], "total": totals[stage], "at_least": False} for stage in made.stages},
            "whole": list(made.stages),
            "left_out": sum(totals.values()) - len(checks),
            "left_out_by": ["-k 'x'"] if made.only is not None else [],
            "missing": [],
        },
        "stopped": None,
        "clock_apart_s": 0.0,
        "notes": [],
        "findings": [],
        "checks": list(checks),
        "devices": {"iPhone SE": "WebKit", "Galaxy S24": "Blink"},
    }


def just_now() -> dt.datetime:
    """A while ago, for what is judged by the clock of this machine."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=1)
