"""What this machine lacks costs the checks that need it, with the way out; never a traceback, never a green."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures import deployment
from tests.conftest import RunningSandbox
from tests.inputs import product_server
from tests.inputs.invocation import verify

LIVENESS = "suites/smoke/test_liveness.py"
ONE_CHECK = f"{LIVENESS}::test_health_is_ok"
PAGE = "suites/smoke/test_pages_sign_in.py::test_anonymous_visitor_is_sent_to_sign_in"


def _private_mounts() -> tuple[str, ...] | None:
    """What gives a command mounts of its own, where this machine allows that."""
    for prefix in (("unshare", "--mount"), ("unshare", "--user", "--map-root-user", "--mount")):
        if shutil.which("unshare") and subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode == 0:
            return prefix
    return None


PRIVATE_MOUNTS = _private_mounts()
needs_mounts = pytest.mark.skipif(PRIVATE_MOUNTS is None, reason="this machine allows no private mounts")


def _on_a_file_system(options: str, folder: Path) -> tuple[str, ...]:
    """A prefix for a command that sees `folder` on a file system of its own."""
    assert PRIVATE_MOUNTS
    return (*PRIVATE_MOUNTS, "sh", "-c", f'mount -t tmpfs -o {options} tmpfs "{folder}" && exec "$@"', "sh")


@needs_mounts
@pytest.mark.parametrize(("options", "why"), [("size=64k", "No space left on device"), ("ro", "Read-only file system")])
def test_reports_that_cannot_be_kept_cost_no_verdict(options: str, why: str, reports: Path, sandbox: RunningSandbox) -> None:
    """The checks looked, so their verdict stands; that there is no evidence of it is said."""
    prefix = _on_a_file_system(options, reports)
    checks = [LIVENESS, "suites/smoke/test_access.py"]
    outcome = verify(*checks, "--env-file", str(sandbox.profile_path), prefix=prefix)

    assert outcome.code == 0, outcome.text
    assert "verdict   PASSED IN PART" in outcome.text
    assert why in outcome.text
    assert outcome.text.count("\nnote ") == 1
    assert "Traceback" not in outcome.text
    assert "INTERNALERROR" not in outcome.text


@needs_mounts
def test_full_disk_does_not_hide_a_failure(tmp_path: Path, reports: Path) -> None:
    prefix = _on_a_file_system("size=4k", reports)
    with product_server.serving() as home:
        outcome = verify(LIVENESS, "-n", "2", "--env-file", str(home.write_profile(tmp_path)), prefix=prefix)

    assert outcome.code == 1, outcome.text
    assert "verdict   RED" in outcome.text
    assert "No space left on device" in outcome.text
    assert "INTERNALERROR" not in outcome.text


def test_without_a_browser_pages_are_unverified_and_the_rest_runs(sandbox: RunningSandbox) -> None:
    nowhere = {"LV_CHROMIUM": "/nonexistent/chromium"}
    outcome = verify(ONE_CHECK, PAGE, "--env-file", str(sandbox.profile_path), environment=nowhere)

    assert outcome.code == 6
    by_theme = {check["id"].split("::")[0]: check["outcome"] for check in outcome.checks}
    assert by_theme == {LIVENESS: "passed", PAGE.partition("::")[0]: "unverified"}
    [finding] = outcome.findings
    assert "LV_CHROMIUM=/nonexistent/chromium is no program" in finding
    assert "make setup" in finding


@pytest.mark.parametrize(
    ("variable", "says"),
    [("SANDBOX_PG_BIN", "PostgreSQL did not start"), ("SANDBOX_REDIS_BIN", "Redis did not start")],
)
@pytest.mark.parametrize("workers", ["0", "2"])
def test_without_a_database_the_run_is_blocked_by_one_finding(variable: str, says: str, workers: str, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    elsewhere = {variable: "/nonexistent", "TMPDIR": str(temporary)}
    outcome = verify(LIVENESS, "-n", workers, environment=elsewhere)

    assert outcome.code == 7
    assert outcome.outcomes == {"blocked"}
    [finding] = outcome.findings
    assert "the embedded deployment to start" in finding
    assert says in finding
    assert "/nonexistent" in finding
    assert "Traceback" not in outcome.text
    assert not list(temporary.glob("luz-verde*"))


def test_lock_of_a_killed_sandbox_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its profile stays when everything is killed at once; without the lock nobody attaches to it."""
    profile = tmp_path / "sandbox.env"
    monkeypatch.setattr(deployment, "ATTACH_FILE", profile)
    assert deployment.attachable() is None
    script = (
        "import fcntl, sys, time; file = open(sys.argv[1], 'w'); file.write('LV_NAME=sandbox'); file.flush();"
        "fcntl.flock(file, fcntl.LOCK_EX); print('locked', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(profile)], stdout=subprocess.PIPE) as keeper:
        assert keeper.stdout
        keeper.stdout.readline()
        assert deployment.attachable() == profile
        keeper.kill()

    assert profile.exists()
    assert deployment.attachable() is None


def test_asking_for_the_lock_does_not_keep_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that looks must not stand in the way of the next sandbox."""
    profile = tmp_path / "sandbox.env"
    profile.write_text("LV_NAME=sandbox")
    monkeypatch.setattr(deployment, "ATTACH_FILE", profile)
    assert deployment.attachable() is None

    number = os.open(profile, os.O_RDONLY)
    fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(number)
