"""Start a load run beside this process and follow it: Locust's gevent must not enter a process that verifies anything else."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from load import sample_log
from load.progress import Progress
from record import samples
from record.redaction import Redactor
from record.samples import Recording
from record.suite import ROOT

LOCUSTFILE = ROOT / "load" / "locustfile.py"
START_LIMIT_S = 60.0  # importing Locust takes half a second on a quiet machine
CLEAN_LIMIT_S = 60.0  # to remove what the journeys had not removed yet when they ended
STOP_LIMIT_S = 25.0  # a little more than the generator gives itself
LOOK_EVERY_S = 0.5
KNOWN_CODES = (0, 1, 6)
TAIL = 15  # lines of the generator's log that help


@dataclass(frozen=True)
class RunRequest:
    """The options of a run, as load/locustfile.py explains them. `limit_s` is the profile's LV_TIMEOUT_S."""

    env_file: Path
    rate: float
    duration_s: float
    run_id: str
    limit_s: float = 10.0
    shape: str = "constant"
    arrivals: str = "poisson"
    journeys: Sequence[str] = ()
    seed: int = 1
    early_stop: bool = False
    keep_going: bool = False
    allow_load: bool = False
    allow_writes: bool = False
    processes: int = 1
    ledger: Path | None = None

    def options(self, folder: Path) -> list[str]:
        values = {
            "--env-file": self.env_file,
            "--rate": f"{self.rate:g}",
            "--duration": f"{self.duration_s:g}",
            "--shape": self.shape,
            "--arrivals": self.arrivals,
            "--journeys": ",".join(self.journeys),
            "--seed": self.seed,
            "--run-id": self.run_id,
            "--samples": folder / "samples.npz",
            "--ledger": self.ledger or "",
            "--html": folder / "locust.html",
        }
        switches = {
            "--early-stop": self.early_stop,
            "--keep-going": self.keep_going,
            "--allow-load": self.allow_load,
            "--allow-writes": self.allow_writes,
        }
        several = ["--processes", str(self.processes)] if self.processes > 1 else []
        return [
            *(f"{name}={value}" for name, value in values.items() if value != ""),
            *(name for name, on in switches.items() if on),
            *several,
        ]


@dataclass(frozen=True)
class RunResult:
    """`returncode` is Locust's; the samples decide, and what is wrong with the generator is among the recording's problems."""

    recording: Recording
    returncode: int
    kept: Path
    log: str


def show_progress(line: str) -> None:
    """One line that is written over; nothing where the output is no terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()


def run(
    request: RunRequest, *, folder: Path, show: Callable[[str], None] = show_progress, redactor: Redactor | None = None
) -> RunResult:
    """Send the journeys to the environment of a profile. Samples, Locust's report and its log stay in `folder`.

    `redactor`: of the run whose artefacts these are; without one, only what looks like a secret is masked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept, log = folder / "samples.npz", folder / "locust.log"
    for old in (kept, sample_log.log_path(kept)):
        old.unlink(missing_ok=True)
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--only-summary", *request.options(folder)]
    with _started(command, log) as process:
        deadline = time.monotonic() + START_LIMIT_S + request.duration_s + 2 * request.limit_s + CLEAN_LIMIT_S
        _follow(process, Progress(sample_log.log_path(kept), request.duration_s), deadline, show)
    return _result(kept, log, process.returncode, redactor or Redactor())


@contextlib.contextmanager
def _started(command: Sequence[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """In a session of its own, whose whole group ends with the body, whatever happens there.

    SIGTERM first, so that it can remove what its journeys created; then SIGKILL.
    """
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        for sign, patience_s in ((signal.SIGTERM, STOP_LIMIT_S), (signal.SIGKILL, STOP_LIMIT_S)):
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.killpg(process.pid, sign)
                    process.wait(patience_s)


def _follow(process: "subprocess.Popen[bytes]", progress: Progress, deadline: float, show: Callable[[str], None]) -> None:
    """Until it ends or the deadline passes."""
    while time.monotonic() < deadline:
        try:
            process.wait(LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            show(progress.line())
        else:
            break
    show("")


def _result(kept: Path, log: Path, returncode: int, redactor: Redactor) -> RunResult:
    """With the end of the generator's log among the problems when its exit code is unknown or it kept no samples."""
    text = redactor.text(log.read_text(encoding="utf-8", errors="replace"))
    log.write_text(text, encoding="utf-8")
    page = log.with_suffix(".html")
    if page.exists():
        page.write_bytes(redactor.content(page.read_bytes()))
    recording = samples.read(kept) if kept.exists() else Recording(*sample_log.read(sample_log.log_path(kept)))
    if returncode not in KNOWN_CODES or not kept.exists():
        ended = f"the generator ended with {returncode}: {' | '.join(text.splitlines()[-TAIL:])}"
        recording = replace(recording, problems=(*recording.problems, ended))
        samples.write(kept, recording)
    return RunResult(recording, returncode, kept, text)
