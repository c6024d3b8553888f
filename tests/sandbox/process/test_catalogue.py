"""The catalogue is complete, and an unknown name gets the nearest ones."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import faults
from tests.sandbox.starting import PATIENCE_S, REAL, ROOT, launch


def test_an_unknown_fault_is_answered_with_the_nearest(standins: list[str], tmp_path: Path) -> None:
    process = launch(standins, "up", "--fault", "certificate-expried", temporary=tmp_path / "t")
    _, message = process.communicate(timeout=PATIENCE_S)

    assert (process.returncode, "certificate-expired" in message) == (2, True), message


def test_catalogue_is_listed() -> None:
    """With the faults of all parts, each with a name of its own and a sentence."""
    done = subprocess.run(
        [sys.executable, *REAL, "faults", "--json"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    listed = json.loads(done.stdout)

    assert {"certificate-expired", "database-down", "redis-down"} <= {fault["name"] for fault in listed}
    assert {"platform", "edge"} <= {fault["part"] for fault in listed}
    assert [fault["name"] for fault in listed if not fault["sentence"] or not fault["finding"]] == []
    assert listed == sorted(listed, key=lambda fault: (fault["part"], fault["name"]))


def test_a_fault_is_declared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "_catalogue", {})
    faults.declare("declared", "It is declared", part="platform", kind="data", severity=3, finding="it")

    with pytest.raises(ValueError, match="declared twice"):
        faults.declare("declared", "It is declared", part="platform", kind="data", severity=3, finding="it")


def test_a_hidden_fault_is_not_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    faults.catalogue()
    monkeypatch.setattr(faults, "_catalogue", {})
    for name, hides in {"health-missing": ("health-*",), "health-slow": (), "hsts-missing": ()}.items():
        faults.declare(name, "It is", part="platform", kind="data", severity=3, finding="it", hides=hides)

    assert faults.visible(["health-missing", "health-slow", "hsts-missing"]) == {"health-missing", "hsts-missing"}
    assert faults.visible(["health-slow"]) == {"health-slow"}


def test_every_area_with_faults_is_in_the_catalogue() -> None:
    """The faults of an area that the catalogue does not name could not be switched on."""
    areas = {path.parent for path in (ROOT / "sandbox").glob("*/**/faults.py")}
    areas |= {path.parents[1] for path in (ROOT / "sandbox").glob("*/**/faults/__init__.py")}

    assert {".".join(area.relative_to(ROOT / "sandbox").parts) for area in areas} == set(faults.AREAS)
