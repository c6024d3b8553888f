"""What a run is: run.json and the lines of phases.jsonl as data.

The JSON schema beside this file is generated from these classes (`python -m record.schema`). Times are UTC in ISO form, durations
seconds by the monotonic clock. Unknown keys are refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from record.cause import Party
from record.finding import Finding
from record.outcome import Outcome
from record.waivers import Waiver

SCHEMA: Literal[4] = 4
RUN_ID = re.compile(r"lv-\d{8}T\d{6}-[0-9a-f]{4}")
COMMIT = re.compile(r"[0-9a-f]{40,64}")
When = Literal["setup", "call", "teardown"]
Doubt = Literal["no-claim", "lost"]


@dataclass(frozen=True)
class Phase:
    """One phase of one check, before a verdict on the whole: what was raised, and what follows from it.

    `raised` are the error's type and its ancestors, nearest first; `refused`: by the suite's own guard; `doubt`: why a phase
    without an error is not green; `held`: asserts that held, None where nothing was called.
    """

    check: str
    when: When
    at: str
    duration_s: float
    outcome: Outcome
    finding: Finding | None
    fingerprint: str | None
    waiver: Waiver | None
    raised: tuple[str, ...] = ()
    refused: bool = False
    doubt: Doubt | None = None
    held: int | None = None


@dataclass(frozen=True)
class Attribution:
    """Whose it is that a check did not pass, and the evidence that this rests on."""

    to: Party
    because: str


@dataclass(frozen=True)
class Check:
    """`operations`: what it used, `GET https://host/path` -> statuses (0: no answer). `devices`: where it looked -> engine.

    `rows`: ids of the rows of the contract that it claims (record/contract.json).
    """

    id: str
    stage: str | None
    outcome: Outcome
    duration_s: float
    plan: tuple[str, ...] = ()
    finding: Finding | None = None
    fingerprint: str | None = None
    attribution: Attribution | None = None
    waiver: Waiver | None = None
    evidence: tuple[str, ...] = ()
    operations: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    """Checks of one stage: `selected` ran, of `asked` that the command named, of `total` that there are.

    `at_least`: a file was not collected, so the parameters of its checks are unknown.
    """

    selected: int
    asked: int
    total: int
    at_least: bool = False


@dataclass(frozen=True)
class Selection:
    """`left_out_by`: the options that took checks away, as a person types them. `missing`: files or folders that are gone.

    `writing`: ids of checks that declare `writes` and that a protected profile left out. Whether it may is `record.verdict`'s.
    """

    stages: Mapping[str, Count]
    left_out_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    writing: tuple[str, ...] = ()

    @property
    def selected(self) -> int:
        return sum(count.selected for count in self.stages.values())

    @property
    def asked(self) -> int:
        return sum(count.asked for count in self.stages.values())

    @property
    def total(self) -> int:
        return sum(count.total for count in self.stages.values())

    @property
    def at_least(self) -> bool:
        return any(count.at_least for count in self.stages.values())

    def is_whole(self, stage: str) -> bool:
        """Whether the command named all of a stage."""
        count = self.stages.get(stage)
        return count is not None and count.asked == count.total


@dataclass(frozen=True)
class Target:
    """What answered, before the checks and after them; None where it told no version."""

    version_at_start: str | None
    version_at_end: str | None
    base_urls: tuple[str, ...]

    @property
    def version(self) -> str | None:
        """When it was the same all the time."""
        return self.version_at_start if self.version_at_start == self.version_at_end else None


@dataclass(frozen=True)
class Suite:
    """Which suite looked. `changed`: tracked files differ from the commit; None where git is not there."""

    version: str
    commit: str | None
    changed: bool | None

    def __post_init__(self) -> None:
        if self.commit is not None and not COMMIT.fullmatch(self.commit):
            raise ValueError(f"{self.commit!r} is no commit")


@dataclass(frozen=True)
class Reason:
    """Why a run is no evidence: a code of record/verdict.toml, whose sentence the facts fill."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """run.json. `findings` are about the run as a whole: any of them makes it red. `exit_code` is None until its end.

    `stopped`: why it ended before its last check. `clock_apart_s`: target's clock and this machine's, where it matters.
    `devices`: each that the suite knows, with its own engine. `files`: SHA-256 of every other file. `no_evidence`: why it is
    not green. `sign_ins`: role -> the way in: "login", "supabase", "own token", or "none". `rows`: ids of all rows
    of the contract that the suite knows; those that a check claims stand with it.
    """

    schema: Literal[4]
    run_id: str
    environment: str | None
    profile: Mapping[str, Any]
    target: Target
    stage: str | None
    exit_code: int | None
    started_at: str
    finished_at: str
    duration_s: float
    suite: Suite
    selection: Selection
    stopped: str | None
    clock_apart_s: float | None
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    devices: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
    no_evidence: tuple[Reason, ...] = ()
    sign_ins: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not RUN_ID.fullmatch(self.run_id):
            raise ValueError(f"{self.run_id!r} is no id of a run")
        for moment in (self.started_at, self.finished_at):
            if datetime.fromisoformat(moment).tzinfo is None:
                raise ValueError(f"{moment} is no moment with its zone")
        if self.duration_s < 0:
            raise ValueError(f"{self.duration_s} is no duration")

    def ended(self, outcome: Outcome) -> list[Check]:
        return [check for check in self.checks if check.outcome == outcome]
