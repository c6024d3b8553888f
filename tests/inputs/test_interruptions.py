"""Ctrl-C at any moment: run.json is written, the exit code is 2, the sandbox is gone and nothing is left."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.inputs import product_server
from tests.inputs.invocation import Outcome, ctrl_c, finish, start
from tests.inputs.product_server import Reply

PATIENCE_S = 20.0
LIVENESS = "suites/smoke/test_liveness.py"


def interrupted(outcome: Outcome) -> Outcome:
    assert outcome.code == pytest.ExitCode.INTERRUPTED, outcome.text
    assert "Traceback" not in outcome.text
    assert "verdict   NO VERDICT" in outcome.text
    assert outcome.run
    assert outcome.run["exit_code"] == pytest.ExitCode.INTERRUPTED
    return outcome


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


def left(temporary: Path) -> list[str]:
    """Files of the sandbox, and processes that were told of this folder or work in it."""
    found = [str(path) for path in temporary.glob("luz-verde*")]
    return found + [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit() and str(temporary) in _about(entry)]


def _about(process: Path) -> str:
    try:
        return f"{process.joinpath('cmdline').read_text()} {process.joinpath('cwd').readlink()}"
    except OSError:
        return ""  # it ended meanwhile


def output_up_to(process: "subprocess.Popen[str]", text: str) -> str:
    assert process.stdout
    printed = ""
    while text not in printed:
        character = process.stdout.read(1)
        assert character, printed
        printed += character
    return printed


def test_while_the_sandbox_boots(temporary: Path) -> None:
    process = start(LIVENESS, TMPDIR=str(temporary))
    wait_until(lambda: list(temporary.glob("luz-verde-sandbox-*")))
    ctrl_c(process)

    outcome = interrupted(finish(process))
    assert "passed" not in outcome.outcomes
    wait_until(lambda: not left(temporary))


def test_while_checks_run_on_the_sandbox(temporary: Path) -> None:
    process = start(LIVENESS, "suites/smoke/test_pages.py", TMPDIR=str(temporary))
    printed = output_up_to(process, "test_pages.py ")
    ctrl_c(process)

    outcome = interrupted(finish(process, printed))
    assert {"passed", "unverified"} <= outcome.outcomes, "what ran is kept, what did not is no green"
    wait_until(lambda: not left(temporary))


def test_twice_in_a_row(temporary: Path) -> None:
    """The second comes after the verdict: the process may die of it, and its sandbox has to end all the same."""
    process = start(LIVENESS, "suites/smoke/test_pages.py", TMPDIR=str(temporary))
    printed = output_up_to(process, "test_pages.py ")
    ctrl_c(process)
    printed += output_up_to(process, "NO VERDICT")
    ctrl_c(process)

    outcome = finish(process, printed)
    assert outcome.code in (pytest.ExitCode.INTERRUPTED, -signal.SIGINT), outcome.text
    assert outcome.run
    assert outcome.run["exit_code"] == pytest.ExitCode.INTERRUPTED
    wait_until(lambda: not left(temporary))


def test_while_a_check_waits_for_an_answer(tmp_path: Path) -> None:
    hanging = Reply(wait=threading.Event())
    with product_server.serving({"GET /login": hanging}) as home:
        process = start(LIVENESS, "--env-file", str(home.write_profile(tmp_path)))
        home.wait_for("GET /login")
        ctrl_c(process)
        outcome = interrupted(finish(process))

    waiting = next(check for check in outcome.checks if "test_frontend_is_served" in check["id"])
    assert waiting["outcome"] == "unverified"


def test_while_the_target_is_looked_at_again(tmp_path: Path) -> None:
    """In clean-up: after the last check, when the run asks whether the target is still the one that it began with."""
    gate = threading.Event()
    gate.set()
    healthy = product_server.as_json({"status": "ok", "version": "1.0.0"})
    with product_server.serving({"GET /health": Reply(healthy.status, healthy.body, healthy.headers, wait=gate)}) as home:
        process = start(f"{LIVENESS}::test_frontend_is_served", "--env-file", str(home.write_profile(tmp_path)))
        home.wait_for("GET /login")
        gate.clear()
        home.wait_for("GET /health", times=2)
        ctrl_c(process)
        outcome = interrupted(finish(process))
        gate.set()

    assert outcome.run
    assert any("interrupted before the target was looked at again" in note for note in outcome.run["notes"])
    assert outcome.outcomes == {"failed"}, "what the check saw is kept"
