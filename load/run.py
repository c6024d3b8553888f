"""Start a load run beside this process and follow it: Locust's gevent must not enter a process that verifies anything else."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from load import samples
from load.samples import Recording

ROOT = Path(__file__).resolve().parent.parent
LOCUSTFILE = ROOT / "load" / "locustfile.py"
START_LIMIT_S = 60.0  # importing Locust takes half a second on a quiet machine
LOOK_EVERY_S = 0.5
KNOWN_CODES = (0, 1, 6)
TAIL = 15  # lines of the generator's log that help


@dataclass(frozen=True)
class Outcome:
    """`returncode` is Locust's; the samples decide, and what is wrong with the generator is among the recording's problems."""

    recording: Recording
    returncode: int
    journal: Path
    log: str


def show_progress(line: str) -> None:
    """One line that is written over; where nobody watches, nothing."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()


def run(
    env_file: Path,
    rate: float,
    duration_s: float,
    run_id: str,
    *,
    folder: Path,
    allow_load: bool = False,
    arrivals: str = "poisson",
    limit_s: float = 10.0,
    show: Callable[[str], None] = show_progress,
) -> Outcome:
    """Send the journey to the environment of a profile. Samples and log stay in `folder`; `limit_s` is that of one request."""
    folder.mkdir(parents=True, exist_ok=True)
    journal, log = folder / "samples.jsonl", folder / "locust.log"
    command = [
        *(sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--users", "1", "--only-summary"),
        *("--env-file", str(env_file), "--rate", f"{rate:g}", "--duration", f"{duration_s:g}", "--arrivals", arrivals),
        *("--run-id", run_id, "--samples", str(journal)),
        *(["--allow-load"] if allow_load else []),
    ]
    with _started(command, log) as process:
        deadline = time.monotonic() + START_LIMIT_S + duration_s + 2 * limit_s
        _follow(process, journal, duration_s, deadline, show)
    return _outcome(journal, log, process.returncode)


@contextlib.contextmanager
def _started(command: Sequence[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """In a session of its own, whose whole group ends with the body, whatever happens there."""
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it ended between the question and the signal
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _follow(
    process: "subprocess.Popen[bytes]", journal: Path, duration_s: float, deadline: float, show: Callable[[str], None]
) -> None:
    """Until it ends or the deadline passes."""
    began = time.monotonic()
    while time.monotonic() < deadline:
        try:
            process.wait(LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            show(_progress(samples.read(journal), time.monotonic() - began, duration_s))
        else:
            break
    show("")


def _progress(recording: Recording, elapsed_s: float, duration_s: float) -> str:
    done = recording.samples
    if recording.plan is None or not done:
        return "load: starting"
    last = done[-1].end
    errors = sum(sample.error is not None for sample in done)
    left_s = max(0.0, duration_s - min(last, elapsed_s))
    return f"load: {len(done) / max(last, 0.1):.0f}/s, {len(done):,} answers, {errors:,} errors, {left_s:.0f} s left"


def _outcome(journal: Path, log: Path, returncode: int) -> Outcome:
    """With the end of the generator's log among the problems when it ended in a way of its own."""
    recording, text = samples.read(journal), log.read_text(encoding="utf-8", errors="replace")
    if returncode not in KNOWN_CODES:
        ended = f"the generator ended with {returncode}: {' | '.join(text.splitlines()[-TAIL:])}"
        recording = Recording(recording.plan, recording.samples, (*recording.problems, ended))
    return Outcome(recording, returncode, journal, text)
