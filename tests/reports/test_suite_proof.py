"""The proof of the suite in a dossier is what the proofs left behind, or is named as missing."""

import json
from pathlib import Path

import pytest

from record.run_folder import NotARun
from reports.dossier import suite_proof

FAULTS = [{"seen_by": ["a"], "diagnosed": True}, {"seen_by": [], "diagnosed": False}]
PROOF = {
    "faults": FAULTS,
    "checks": [{"killed_by": ["x"]}] * 3,
    "partial": False,
    "selection": "all",
    "finished_at": "2026-11-25T00:00:00+00:00",
}


def write(folder: Path, **files: object) -> Path:
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_proof_is_counted(tmp_path: Path) -> None:
    """Faults that were seen, checks that were seen failing, causes that were named."""
    soak = {"executions": 500, "false_alarms": 0, "confidence_pct": 95, "share_at_most": 0.006, "runs": 3}
    found = suite_proof.read(write(tmp_path, proof=PROOF, soak=soak, vacuity={"ways": 9, "refused": 9}))

    assert found is not None
    assert (found["faults"], found["checks"], found["vacuity"]) == (
        {"count": 1, "of": 2},
        {"count": 3, "of": 3},
        {"count": 9, "of": 9},
    )
    assert found["alarms"]["share_at_most"] == 0.006
    assert not found["partial"]


def test_a_proof_of_some_faults_is_partial(tmp_path: Path) -> None:
    """And says so."""
    found = suite_proof.read(write(tmp_path, proof=PROOF | {"selection": "some"}))

    assert found is not None
    assert found["partial"]
    assert found["alarms"] is None


def test_no_proof_is_none(tmp_path: Path) -> None:
    """The dossier says how to make one."""
    assert suite_proof.read(tmp_path) is None


def test_something_else_is_no_proof(tmp_path: Path) -> None:
    """It is named."""
    with pytest.raises(NotARun, match=r"proof\.json: is not what those commands write"):
        suite_proof.read(write(tmp_path, proof={"faults": []}))
