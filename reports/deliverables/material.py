"""What deliverables are made of: all sound runs on one environment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from record import releases
from record.run_folder import Run
from reports.deliverables import history
from reports.deliverables.history import FindingHistory
from reports.dossier import outcomes, run_selection
from reports.plan import plan_file
from reports.plan.gates import STAGES
from reports.plan.plan_file import Plan


@dataclass(frozen=True)
class Material:
    """`history` is every sound run, the oldest first; `passed_over` says why others are not among them."""

    environment: str
    history: Sequence[Run]
    passed_over: Sequence[str]
    plan: Plan
    made_at: datetime

    @property
    def deciding(self) -> list[Run]:
        """The newest run of each stage."""
        return list({run.digest: run for _, run in self._by_stage()}.values())

    def records(self) -> list[dict[str, Any]]:
        """The checks of the newest run of each stage, in the order of the stages."""
        return [check for stage, run in self._by_stage() for check in run.checks if check["stage"] == stage]

    def _by_stage(self) -> list[tuple[str, Run]]:
        found = ((stage, run_selection.deciding(self.history, stage)) for stage in STAGES)
        return [(stage, run) for stage, run in found if run]

    def findings(self) -> list[FindingHistory]:
        return history.findings(self.history)


def gather(out: Path, environment: str, release: str | None, now: datetime | None = None) -> Material:
    """From the runs below `out`; `release` keeps those on one version."""
    name = run_selection.environment(environment)
    passed_over: list[str] = []
    found: list[Run] = []
    for run in run_selection.runs_on(out, name, passed_over):
        if wrong := next(outcomes.disagreements(run), None):
            passed_over.append(f"{run.folder}: contradicts itself: {wrong}")
        elif release is None or releases.fits(run.data["target"]["version_at_end"], release):
            found.append(run)
    in_order = sorted(found, key=lambda run: (run.started_at, run.name))
    return Material(name, in_order, passed_over, plan_file.load(), now or datetime.now(UTC))
