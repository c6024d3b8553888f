"""What deliverables are made of: all sound runs on one environment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from record import releases
from record.run import Check
from record.run_folder import Recorded
from reports.deliverables import history
from reports.deliverables.history import FindingHistory
from reports.dossier import outcomes, run_selection
from reports.plan import plan_file
from reports.plan.plan_file import Plan


@dataclass(frozen=True)
class Material:
    """`history` is every sound run, the oldest first; `passed_over` says why others are not among them."""

    environment: str
    history: Sequence[Recorded]
    passed_over: Sequence[str]
    plan: Plan
    made_at: datetime

    @property
    def deciding(self) -> list[Recorded]:
        """The newest run of each stage."""
        return list({run.digest: run for run in run_selection.by_stage(self.history).values()}.values())

    def checks(self) -> list[Check]:
        """Those that count, in the order of the stages."""
        return [each.check for each in run_selection.counted(self.history)]

    def findings(self) -> list[FindingHistory]:
        return history.findings(self.history)


def gather(out: Path, environment: str, release: str | None, now: datetime | None = None) -> Material:
    """From the runs below `out`; `release` keeps those on one version."""
    name = run_selection.environment(environment)
    passed_over: list[str] = []
    found: list[Recorded] = []
    for run in run_selection.runs_on(out, name, passed_over):
        if wrong := next(outcomes.disagreements(run), None):
            passed_over.append(f"{run.folder}: contradicts itself: {wrong}")
        elif release is None or releases.fits(run.content.target.version_at_end, release):
            found.append(run)
    in_order = sorted(found, key=lambda run: (run.started_at, run.name))
    return Material(name, in_order, passed_over, plan_file.load(), now or datetime.now(UTC))
