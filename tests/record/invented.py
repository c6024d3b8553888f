"""Runs that nobody made: whole, with one kind of everything that run.json can hold."""

from dataclasses import replace
from typing import Any

from record import verdict
from record.finding import Finding
from record.outcome import Outcome
from record.run import SCHEMA, Attribution, Check, Count, Run, Selection, Suite, Target
from record.signed import Evidence
from record.waivers import Waiver

FOUND = Finding(
    "200", "503 Service Unavailable", "GET https://x/health, 0.1 s", "is Redis up?", "", 1, "product", {"role": "admin"}
)
WAIVER = Waiver(
    "suites/smoke/test_x.py::test_waived",
    "0123456789ab",
    "Ana Pérez",
    "QA Lead",
    "Redis is moved on Friday",
    "v1.0.0",
    "2026-11-01",
    "2026-12-31",
    "redis.toml",
    ("staging",),
    (Evidence("evidence/mail.txt", "0" * 64),),
)
URL = "https://x"


def check(outcome: Outcome, name: str = "", **changed: Any) -> Check:
    """One check that ended so, with everything that a check of this outcome carries."""
    node_id = f"suites/smoke/test_x.py::test_{name or outcome}"
    whole = Check(node_id, "smoke", outcome, 0.25, ("W2-D1-T9",), operations={f"GET {URL}/health": (0, 200)})
    if outcome != "passed":
        whose = Attribution("product", "cause not-looked")
        waiver = WAIVER if outcome == "waived" else None
        whole = replace(whole, finding=FOUND, fingerprint=FOUND.fingerprint, attribution=whose, waiver=waiver)
    return replace(whole, **changed)


def run(*checks: Check, **changed: Any) -> Run:
    """With these checks, all that there are of their stage; it did not end unless an exit code is among the changes."""
    count = len(checks)
    whole = Run(
        schema=SCHEMA,
        run_id="lv-20261130T040000-0abc",
        environment="staging",
        profile={"protected": True, "limits.max_rps": 5.0},
        target=Target("1.0.0", "1.0.0", (URL,)),
        stage="smoke",
        exit_code=None,
        started_at="2026-11-30T04:00:00.000+00:00",
        finished_at="2026-11-30T04:00:09.000+00:00",
        duration_s=9.0,
        suite=Suite("0.1.0", "0" * 40, changed=False),
        selection=Selection({"smoke": Count(count, count, count)}),
        stopped=None,
        clock_apart_s=None,
        notes=("a note",),
        findings=(),
        checks=checks,
        devices={"iPhone SE": "Chromium"},
        files={"phases.jsonl": "0" * 64},
    )
    return replace(whole, **changed)


def ended(run: Run) -> Run:
    """The same run, come to its end: with the exit code and the reasons that follow from its checks."""
    coded = replace(run, exit_code=verdict.exit_code(run))
    return replace(coded, no_evidence=verdict.reasons(coded))
