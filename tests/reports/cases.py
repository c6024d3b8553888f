"""Everything that a GO needs, made by hand: sound runs of every stage, attestations, and rules that ask for what there is."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from record import run_folder
from reports.dossier import assemble, signing
from reports.dossier.assemble import Dossier, Request
from reports.plan import gates, plan_file
from tests.reports import made
from tests.reports.made import Made

NOW = dt.datetime(2026, 11, 20, 18, 0, tzinfo=dt.UTC)
RELEASE, DIGEST = "v1.0.0-MVP", {"gitCommit": "89abcdef0123456789abcdef0123456789abcdef"}
STAGES = ("pre-deploy", "smoke", "integration", "regression")
GATE = """[deploy]
es = "Despliegue"
en = "Deployment"
environments = ["staging"]
stages = ["pre-deploy", "smoke", "integration", "regression"]
max_age_hours = 72
lines = ["W1-D1-T4", "W1-D3-T4", "W1-D3-E1", "W1-D1-T1", "TOOL-2", "W2-D1-T9"]
reading_suffices = false
approvals = [{ role = "QA Lead", people = 1 }, { role = "Release Manager", people = 1 }]
"""
APPROVERS = {"QA Lead": "Ana Pérez <ana@example.com>", "Release Manager": "Luis Gómez"}
REVIEWERS = ("Eva Ruiz", "Juan Mora")
REVIEW = b"reviewed: all pull requests of the release\n"


@dataclass(frozen=True)
class Case:
    """`folder` holds everything: `runs` below `out`, the `attestations`, the private `key` and those that are trusted."""

    folder: Path
    out: Path
    attestations: Path
    gates: Path
    key: Path
    keys: Path
    runs: list[Path] = field(default_factory=list)


def make(folder: Path, *specs: Made) -> Case:
    """Runs, attestations and rules that make a GO of the gate `deploy`, unless the runs are others."""
    case = Case(folder, folder / "out", folder / "attestations", folder / "gates.toml", folder / "key.pem", folder / "keys")
    case.out.mkdir()
    for number, spec in enumerate(specs or (Made(stages=STAGES),)):
        started_at = spec.started_at + dt.timedelta(minutes=number)
        case.runs.append(made.run(case.out, replace(spec, started_at=started_at)))
    case.gates.write_text(GATE, encoding="utf-8")
    signing.trust(signing.create(case.key), case.keys)
    write_attestations(case)
    return case


def write_attestations(case: Case) -> None:
    """A review by two people, and an approval in each role."""
    case.attestations.mkdir(exist_ok=True)
    (case.attestations / "evidence").mkdir(exist_ok=True)
    (case.attestations / "evidence" / "review.txt").write_bytes(REVIEW)
    for number, person in enumerate(REVIEWERS):
        (case.attestations / f"review-{number}.toml").write_text(attestation(person=person), encoding="utf-8")
    for number, role in enumerate(APPROVERS):
        (case.attestations / f"approval-{number}.toml").write_text(approval(case, role), encoding="utf-8")


ATTESTATION: Mapping[str, Any] = {
    "line": "W1-D1-T4",
    "person": "Eva Ruiz",
    "role": "Tech Lead",
    "statement": "Every pull request of the release was reviewed",
    "release": RELEASE,
    "date": dt.date(2026, 11, 19),
    "expires": dt.date(2026, 12, 19),
}


def attestation(**changed: Any) -> str:
    """Of a line, as a file; None leaves a key out."""
    content = {**ATTESTATION, **changed}
    lines = [f"{key} = {_toml(value)}" for key, value in content.items() if value is not None and key != "evidence"]
    evidence = content.get("evidence", {"evidence/review.txt": hashlib.sha256(REVIEW).hexdigest()})
    lines += [f'\n[[evidence]]\nfile = "{name}"\nsha256 = "{digest}"' for name, digest in evidence.items()]
    return "\n".join(lines) + "\n"


def approval(case: Case, role: str, **changed: Any) -> str:
    content = {
        "gate": "deploy",
        "person": APPROVERS.get(role, "Nadie"),
        "role": role,
        "statement": "I have read the dossier",
        "release": RELEASE,
        "environment": "staging",
        "date": "2026-11-20T17:00:00Z",
        "runs": [run_folder.digest_of(folder / "run.json") for folder in case.runs],
        "accepts": ["W1-D1-T1"],
    } | changed
    return "\n".join(f"{key} = {_toml(value)}" for key, value in content.items() if value is not None) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str) and not (value.endswith("Z") and value[:4].isdigit()):
        return f'"{value}"'
    return str(value)


def build(case: Case, *, languages: Any = (), **changed: Any) -> Dossier:
    """The dossier of a case, without pages unless languages are named, and without Allure's, which weighs megabytes."""
    request = Request(
        environment="staging",
        release=RELEASE,
        digest=DIGEST,
        out=case.out,
        attestations=case.attestations,
        languages=languages,
        gates=case.gates,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assemble, "_allure", lambda *_: [])
        return assemble.build(replace(request, **changed), signing.load(case.key), lambda *_: None, NOW)


def lines() -> Mapping[str, plan_file.Line]:
    return plan_file.load().lines


def gate() -> gates.Gate:
    return gates.load()["deploy"]
