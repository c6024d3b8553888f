"""What a dossier encloses, and the case that follows from it: read in the same way to build a dossier and to verify it.

decision.json  dossier.{es,en}.{html,pdf}  signoff.dsse.json    what was decided, the pages, the signed statement
inputs/        plan.toml, gates.toml, attestations/             the rules and the attestations
runs/<name>/   the folders of the deciding runs, whole          the raw evidence
proof/         proof.json, soak.json                            the proof of the suite itself
fonts/                                                          so that pages look the same everywhere
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from record import run_folder
from record.run_folder import Recorded
from reports import rendering
from reports.dossier import pages, standing, suite_proof
from reports.dossier.attestations import Question
from reports.dossier.decision import Case
from reports.plan import gates, plan_file

DECISION, ENVELOPE = "decision.json", "signoff.dsse.json"
INPUTS, RUNS, PROOF, FONTS = "inputs", "runs", "proof", "fonts"
PLAN, GATES, ATTESTATIONS = "inputs/plan.toml", "inputs/gates.toml", "inputs/attestations"
HEAD = ("release", "digest", "environment", "gate", "decided_at")


def case(folder: Path, head: Mapping[str, Any]) -> Case:
    """From the enclosed files and the head of the decision. Errors are those of the file that cannot be read."""
    every = gates.load(folder / GATES)
    gate = gates.named(head["gate"], every)
    the_plan = plan_file.load(folder / PLAN)
    picked = tuple(sorted(read_runs(folder), key=lambda run: (run.started_at, run.name)))
    decided_at = datetime.fromisoformat(head["decided_at"])
    question = Question(head["release"], head["environment"], decided_at, frozenset(run.digest for run in picked))
    return Case(
        release=head["release"],
        digest=head["digest"],
        environment=head["environment"],
        gate=gate,
        decided_at=decided_at,
        runs=picked,
        plan=the_plan,
        attestations=standing.read(folder / ATTESTATIONS, the_plan, gate, question, every),
        proof=suite_proof.read(folder / PROOF),
    )


def read_runs(folder: Path) -> list[Recorded]:
    inner = folder / RUNS
    return [run_folder.read(each) for each in sorted(inner.iterdir())] if inner.is_dir() else []


def assets(folder: Path, case: Case) -> pages.Assets:
    """The enclosed fonts, and the pictures of the load run that decides."""
    return pages.Assets(rendering.fonts(sorted((folder / FONTS).glob("*"))), pages.pictures_of(case.runs))
