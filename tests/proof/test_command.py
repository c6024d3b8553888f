"""`make proof` refuses what does not exist, keeps the results when it is interrupted, and leaves nothing behind."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from record.stages import SUITES

pytestmark = pytest.mark.slow

ROOT = SUITES.parent
LIMIT_S = 600  # a proof that hangs must not hang its test; a busy machine takes minutes for what takes seconds


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a proof keeps what it throws away; short, for the sockets in it."""
    folder = tmp_path / "t"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def left_behind(temporary: Path) -> list[str]:
    """Folders of sandboxes, and processes that were started with a file in one."""
    running = subprocess.run(["pgrep", "-f", str(temporary)], capture_output=True, text=True, check=False).stdout.split()
    return [*map(str, temporary.glob("luz-verde-*")), *running]


def proof(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "proof", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


REFUSED = {
    "unknown fault": (["hsts-mising"], "hsts-missing"),
    "one of two is unknown": (["hsts-missing+redis-donw"], "redis-down"),
    "two that exclude each other": (["cors-lists-nobody+cors-reflects-any-origin"], "exclude each other"),
    "no worker": (["--workers", "0", "hsts-missing"], "1 or more"),
}


@pytest.mark.parametrize(("arguments", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_proven_is_refused_at_once(tmp_path: Path, arguments: list[str], says: str) -> None:
    """Nothing is started and nothing is overwritten."""
    kept = tmp_path / "proof.json"
    kept.write_text("{}")
    process = proof(*arguments, "--out", str(tmp_path))
    printed, _ = process.communicate(timeout=LIMIT_S)

    assert process.returncode == 2, printed
    assert says in printed
    assert "Traceback" not in printed
    assert kept.read_text() == "{}"


def test_named_faults_are_proven_and_nothing_is_left_behind(tmp_path: Path, temporary: Path) -> None:
    """Neither of the sandboxes that the workers keep warm nor of one that a fault needs for itself."""
    process = proof("hsts-missing", "certificate-expired", "--sample", "2", "--out", str(tmp_path))
    printed, _ = process.communicate(timeout=LIMIT_S)

    assert process.returncode == 0, printed
    assert left_behind(temporary) == []
    data = json.loads((tmp_path / "proof.json").read_text(encoding="utf-8"))
    assert (data["partial"], data["selection"], data["gaps"]) == (False, "named", [])
    faults = {fault["name"]: fault for fault in data["faults"]}
    assert faults.keys() == {"hsts-missing", "certificate-expired"}
    assert {each["finding"]["cause"] for each in faults["hsts-missing"]["seen_by"]} == {"security-headers-missing"}
    page = (tmp_path / "proof.html").read_text(encoding="utf-8")
    assert "<code>security-headers-missing</code>" in page
    assert "strict-transport-security" in page


def test_interrupted_proof_is_partial_and_leaves_nothing_running(tmp_path: Path, temporary: Path) -> None:
    """What was done is kept, and it is marked as partial."""
    faults = ("hsts-missing", "version-stale", "root-of-another-application")
    process = proof(*faults, "--workers", "1", "--sample", "1", "--out", str(tmp_path))
    assert process.stdout
    for line in process.stdout:
        if line.startswith("healthy"):
            break
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=LIMIT_S)

    assert process.returncode == 130, printed
    data = json.loads((tmp_path / "proof.json").read_text(encoding="utf-8"))
    assert data["partial"]
    assert data["exit_code"] == 130
    assert "PARTIAL" in printed
    assert "Traceback" not in printed
    survivors = subprocess.run(["pgrep", "-s", str(process.pid)], capture_output=True, text=True, check=False).stdout.split()
    assert survivors == []
    assert left_behind(temporary) == []
