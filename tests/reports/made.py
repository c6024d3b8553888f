"""Runs made by hand: whole folders as a run leaves them, that agree with themselves, for tests of what reads them."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from fixtures.plugin import allure
from record import journal, junit, run_folder, verdict
from record.finding import Finding
from record.outcome import Blocked, Outcome, Unverified
from record.run import SCHEMA, Attribution, Check, Count, Phase, Run, Selection, Suite, Target
from record.stages import declared_checks, stage_of_id
from record.waivers import Waiver

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SEEN = Finding("200 with a list", "500 Internal Server Error", "GET https://staging.example.com/api/contacts", "look at the log")
WAIVER = Waiver(
    check="",
    fingerprint=SEEN.fingerprint,
    person="Eva Mora",
    role="Tech Lead",
    statement="known",
    release="v1.0.0-MVP",
    date="2026-11-01",
    expires="2027-01-01",
    file="known.toml",
)
RAISED: dict[Outcome, BaseException | None] = {
    "passed": None,
    "failed": AssertionError("no"),
    "waived": AssertionError("no"),
    "unverified": Unverified("no secret", "set it"),
    "blocked": Blocked(Finding("API up", "it is down", "API", "start it")),
}


@dataclass(frozen=True)
class Made:
    """A run to be made. `odd` are the outcomes of the checks that do not pass, by id; `changed` overrides fields of the run."""

    stages: tuple[str, ...] = ("smoke",)
    environment: str = "staging"
    version: str | None = "1.0.0"
    started_at: dt.datetime = dt.datetime(2026, 11, 20, 10, 0, 0, tzinfo=dt.UTC)
    odd: Mapping[str, Outcome] = field(default_factory=dict)
    only: Sequence[str] | None = None  # ids of checks; None: one of each function that the stages declare
    waiver: Waiver | None = None
    changed: Mapping[str, Any] = field(default_factory=dict)


def checks_of(stages: Iterable[str]) -> list[str]:
    """A node id for each check function of the stages."""
    return sorted(check for stage in stages for check in declared_checks(stage))


def run(out: Path, made: Made, name: str | None = None) -> Path:
    """The folder of a run that came to its end."""
    stamp = f"{made.started_at:%Y%m%dT%H%M%S}"
    tail = hashlib.sha256(repr((made.stages, made.environment, stamp)).encode()).hexdigest()[:4]
    folder = out / (name or f"{stamp}Z-{made.environment}-{'-or-'.join(made.stages)}-{tail}")
    folder.mkdir(parents=True)
    ids = list(made.only) if made.only is not None else checks_of(made.stages)
    checks = tuple(_check(check, made.odd.get(check, "passed"), made.waiver) for check in ids)
    (folder / journal.NAME).write_text("".join(_phases(checks, made)), encoding="utf-8")
    content = replace(_content(made, checks, f"lv-{stamp}-{tail}"), **made.changed)
    if "exit_code" not in made.changed:
        content = replace(content, exit_code=verdict.exit_code(content))
    content = replace(content, no_evidence=verdict.reasons(content))
    junit.write(folder, content)
    allure.write(folder, content, [], str)
    write(folder, replace(content, files=run_folder.digests(folder)))
    return folder


def write(folder: Path, content: Run | Mapping[str, Any]) -> None:
    """run.json with its digest; also of what is no run."""
    if isinstance(content, Run):
        run_folder.write(folder, content)
        return
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / run_folder.RUN).write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / run_folder.DIGEST).write_text(f"{digest}  {run_folder.RUN}\n", encoding="ascii")


def _check(check: str, outcome: Outcome, waiver: Waiver | None) -> Check:
    found = None if outcome == "passed" else SEEN
    return Check(
        id=check,
        stage=stage_of_id(check),
        outcome=outcome,
        duration_s=0.01,
        finding=found,
        fingerprint=found.fingerprint if found else None,
        attribution=Attribution("product", "made by hand") if found else None,
        waiver=replace(waiver, check=check) if waiver and outcome == "waived" else None,
        devices={"iPhone SE": "Chromium 140.0"} if "test_pages" in check else {},
    )


def _phases(checks: Iterable[Check], made: Made) -> Iterable[str]:
    for number, check in enumerate(checks):
        at = made.started_at + dt.timedelta(milliseconds=10 * (number + 1))
        phase = Phase(
            check=check.id,
            when="call",
            at=at.isoformat(timespec="milliseconds"),
            duration_s=0.01,
            outcome=check.outcome,
            finding=check.finding,
            fingerprint=check.fingerprint,
            waiver=check.waiver,
            raised=journal.raised(RAISED[check.outcome]),
            held=int(check.outcome == "passed"),
        )
        yield json.dumps(asdict(phase)) + "\n"


def _content(made: Made, checks: tuple[Check, ...], run_id: str) -> Run:
    lasted = dt.timedelta(milliseconds=10 * (len(checks) + 2))
    stages = {}
    for stage in made.stages:
        selected = sum(check.stage == stage for check in checks)
        total = max(len(checks_of([stage])), selected) if made.only is not None else selected
        stages[stage] = Count(selected, total, total)
    return Run(
        schema=SCHEMA,
        run_id=run_id,
        environment=made.environment,
        profile={"name": made.environment},
        target=Target(made.version, made.version, ("https://staging.example.com",)),
        stage="+".join(made.stages),
        exit_code=0,
        started_at=made.started_at.isoformat(timespec="milliseconds"),
        finished_at=(made.started_at + lasted).isoformat(timespec="milliseconds"),
        duration_s=round(lasted.total_seconds(), 3),
        suite=Suite("0.1.0", COMMIT, False),
        selection=Selection(stages, ("-k 'x'",) if made.only is not None else ()),
        stopped=None,
        clock_apart_s=0.0,
        notes=(),
        findings=(),
        checks=checks,
        devices={"iPhone SE": "WebKit", "Galaxy S24": "Blink"},
    )


def just_now() -> dt.datetime:
    """A while ago, for what is judged by the clock of this machine."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=1)
