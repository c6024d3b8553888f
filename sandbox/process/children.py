"""The processes and files of one sandbox, and the promise that they end with it."""

import os
import pwd
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sandbox.process import reaper

START_LIMIT_S = 25.0  # of one child; the whole start has to report a failure within 30 s
STOP_LIMIT_S = 5.0
PORT_ATTEMPTS = 5
LOG_LINES = 12


class PartFailed(Exception):  # noqa: N818 - errors state the fact
    """A part of the sandbox cannot start. The message names it, the reason, the end of its log and a remedy."""

    def __init__(self, part: str, reason: str, *, log: Path | None = None, remedy: str | None = None) -> None:
        lines = [f"{part} did not start: {reason}"]
        if log and log.exists():
            tail = log.read_text(errors="replace").splitlines()[-LOG_LINES:]
            lines += ["the end of its log:", *(f"  | {line}" for line in tail)] if tail else ["its log is empty"]
        if remedy:
            lines.append(f"remedy: {remedy}")
        super().__init__("\n".join(lines))


class PortTaken(Exception):  # noqa: N818 - errors state the fact
    """Another program took the port between choosing it and listening on it."""


@dataclass
class Child:
    """A program that the sandbox started, in a process group of its own. Its output goes to `log`."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals
    expected_to_run: bool = True

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Raise PortTaken or PartFailed if it ends before it is ready, PartFailed if it takes too long."""
        deadline = time.monotonic() + START_LIMIT_S
        while not ready():
            if not self.running:
                if "Address already in use" in self.log.read_text(errors="replace"):
                    raise PortTaken
                raise PartFailed(self.name, f"it exited with code {self.process.returncode}", log=self.log)
            if time.monotonic() > deadline:
                raise PartFailed(self.name, f"no answer within {START_LIMIT_S:.0f} s", log=self.log)
            time.sleep(0.01)


class Children:
    """Everything that has to be gone when the sandbox is: child processes, the directory, files elsewhere.

    The clean-up is always the reaper's, at a normal end as after SIGKILL.
    """

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="luz-verde-sandbox-"))
        self._closed = False
        self._started: list[Child] = []
        command = [sys.executable, "-I", "-S", reaper.__file__, str(self.directory)]
        self._reaper = subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=0, start_new_session=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _notify_reaper(self, line: str) -> None:
        """One unbuffered write: threads do not mix their lines, and a signal finds nothing half done."""
        assert self._reaper.stdin is not None
        self._reaper.stdin.write(f"{line}\n".encode())

    def remove_at_end(self, path: Path) -> None:
        self._notify_reaper(f"path {path}")

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        stop_signal: signal.Signals = signal.SIGKILL,
        user: str | None = None,
    ) -> Child:
        """Start a program; OSError of the start itself becomes PartFailed."""
        log = self.directory / f"{name.lower()}.log"
        if self._closed:
            raise PartFailed(name, "the sandbox is ending")
        try:
            with log.open("wb") as output:
                process = subprocess.Popen(
                    list(map(str, command)),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd=self.directory,
                    start_new_session=True,
                    user=user,
                    group=pwd.getpwnam(user).pw_gid if user else None,
                    extra_groups=[] if user else None,
                )
        except OSError as error:
            raise PartFailed(name, f"{shlex.join(map(str, command[:1]))}: {error.strerror}") from error
        self._notify_reaper(f"child {process.pid} {stop_signal.value}")
        child = Child(name, process, log, stop_signal)
        self._started.append(child)
        return child

    def run(self, name: str, command: Sequence[str | Path], *, user: str | None = None) -> None:
        """Run a program to its end; PartFailed with its log unless it succeeds."""
        child = self.start(name, command, user=user)
        try:
            code = child.process.wait(timeout=START_LIMIT_S)
        except subprocess.TimeoutExpired as error:
            raise PartFailed(name, f"not done within {START_LIMIT_S:.0f} s", log=child.log) from error
        self._forget(child)
        if code:
            raise PartFailed(name, f"it exited with code {code}", log=child.log)

    def stop(self, child: Child, stop_signal: signal.Signals) -> None:
        """End one child now, as an operator would."""
        child.expected_to_run = False
        reaper.signal_group(child.process.pid, stop_signal)
        try:
            child.process.wait(timeout=STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            reaper.signal_group(child.process.pid, signal.SIGKILL)
            child.process.wait()
        self._forget(child)

    def _forget(self, child: Child) -> None:
        """The system may soon give its number to another process."""
        self._started.remove(child)
        self._notify_reaper(f"ended {child.process.pid}")

    def died(self) -> list[Child]:
        """The children that ended by themselves, each once."""
        gone = [child for child in self._started if child.expected_to_run and not child.running]
        for child in gone:
            self._forget(child)
        return gone

    def close(self) -> None:
        """Have everything ended and removed, and wait for it."""
        self._closed = True
        assert self._reaper.stdin is not None
        self._reaper.stdin.close()
        while self._reaper.poll() is None:
            for child in self._started:
                child.process.poll()
            time.sleep(0.005)

    def end_at_once(self, number: int, _frame: object = None) -> None:
        """A signal handler: leave with everything ended and removed, without unwinding.

        An exception at any point of the start could leave Python's import lock held, which would block every clean-up.
        """
        assert self._reaper.stdin is not None
        os.close(self._reaper.stdin.fileno())
        os.waitpid(self._reaper.pid, 0)
        os._exit(128 + number)


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def on_a_free_port(name: str, start: Callable[[int], None]) -> int:
    """Call `start` with a port until it is not PortTaken; the port."""
    for _ in range(PORT_ATTEMPTS):
        port = free_port()
        try:
            start(port)
        except PortTaken:
            continue
        return port
    raise PartFailed(name, f"{PORT_ATTEMPTS} free ports in a row were taken by others")
