"""Several processes send one plan, and one judges it: with Locust's own master and workers, unchanged."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from judge import health, verdicts
from load.run import LOCUSTFILE, RunRequest, run
from load.sample_log import SampleLogReader, log_path
from record import samples
from record.suite import ROOT
from tests.load.product import Small, serving

RATE, LIMIT_S = 60.0, 2.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_processes_share_one_plan(tmp_path: Path) -> None:
    """Whole visits fall to each: together they send every request of the plan once."""
    with serving() as small:
        request = RunRequest(small.profile(tmp_path), RATE, 4.0, "lv-test-run", limit_s=LIMIT_S, processes=2)
        outcome = run(request, folder=tmp_path / "load")
    recording = outcome.recording

    assert recording.problems == (), outcome.log
    assert recording.plan is not None
    assert recording.plan.workers == 2
    assert len(recording.samples) == recording.plan.planned
    assert health.achieved(recording) == 1.0
    assert outcome.returncode == 6, "so few requests prove no 99.9 %"
    assert small.rows == {}


def start(small: Small, folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--env-file", str(small.profile(folder)), *options]
    path = folder / f"{'master' if '--master' in options else f'worker-{time.monotonic_ns()}'}.log"
    with path.open("wb") as log:
        return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL)


def test_a_lost_worker_voids_the_run(tmp_path: Path) -> None:
    """Half of the load was not sent any more: nothing is called met on the other half, and the run says why."""
    port, kept = str(free_port()), tmp_path / "run.npz"
    master_options = ("--master", "--headless", "--only-summary", "--expect-workers=2", f"--master-bind-port={port}")
    with serving() as small:
        master = start(
            small,
            tmp_path,
            *master_options,
            "--master-bind-host=127.0.0.1",
            f"--rate={RATE}",
            "--duration=40",
            f"--samples={kept}",
        )
        workers = [start(small, tmp_path, "--worker", "--master-host=127.0.0.1", f"--master-port={port}") for _ in range(2)]
        try:
            log = SampleLogReader(log_path(kept))
            deadline = time.monotonic() + 120
            while not len(log.new()) and time.monotonic() < deadline:
                time.sleep(0.1)
            os.kill(workers[0].pid, signal.SIGKILL)
            killed_at = time.monotonic()
            code = master.wait(120)
            took_s = time.monotonic() - killed_at
            others = workers[1].wait(60)
        finally:
            for process in (master, *workers):
                process.kill()
                process.wait()
    recording = samples.read(kept)

    assert (code, others) == (6, 0)
    assert took_s < 30, "the rest of the run is not sent for nothing"
    assert any(re.search(r"worker \d of 2 was lost", problem) for problem in recording.problems)
    assert {judgement.state for judgement in verdicts.judge_run(recording)} == {"unverified"}
    assert small.rows == {}, "the worker that is left removes what its journeys created"
