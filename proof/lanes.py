"""Lanes work through the jobs of a proof side by side; each has a sandbox of its own, kept warm from job to job."""

import contextlib
import dataclasses
import json
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from fixtures.plugin import leftovers
from fixtures.plugin.deployment import Boot
from proof import checks
from proof.checks import Run
from proof.touching import Touching
from tests.conftest import RunningSandbox

TOUCHED = "touched.json"
CLOSE_LIMIT_S = 20.0


@dataclass(frozen=True)
class Job:
    """Run `checks` (all that are online if empty) while `switched` faults are on, on a sandbox that was started with `started`.

    `watch` notes which faults touch each check. `cost_s` is a guess, for the order. `row` is what it is about: names of faults
    joined with "+". `traffic`: it sends load, so nothing else may run beside it.
    """

    name: str
    checks: frozenset[str] = frozenset()
    switched: tuple[str, ...] = ()
    started: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    watch: bool = False
    cost_s: float = 0.0
    row: str = ""
    traffic: bool = False


@dataclass(frozen=True)
class Done:
    """`touched` is check -> faults, of a watched job. `took_s` counts all, switching and booting included."""

    job: Job
    run: Run
    took_s: float
    touched: dict[str, list[str]] = field(default_factory=dict)


class LaneDied(Exception):  # noqa: N818 - errors state the fact
    """A sandbox could not be started, mended or tidied up; the message names the job."""


class Sandbox:
    """A running one, and its control port."""

    def __init__(self, faults: Iterable[str] = ()) -> None:
        self._boot = Boot(*(f"--fault={name}" for name in faults))
        self.profile = self._boot.profile

    def wait(self) -> "Sandbox":
        self._running = RunningSandbox.of(self._boot)
        self.control_url = self._running.control_url
        return self

    @contextlib.contextmanager
    def broken(self, faults: Iterable[str]) -> Generator[None]:
        """With these faults on; healthy and tidy again afterwards."""
        with self._running.control(*faults):
            yield
        self._tidy()

    def _tidy(self) -> None:
        """Under some faults a deletion does nothing; the next run must not meet what stayed."""
        anew = dataclasses.replace(self._running, tokens={})  # an old session may have ended under the fault
        with anew.client("admin") as client:
            for path in leftovers.named_after(client, "lv-"):
                client.delete(path).raise_for_status()

    def stop(self) -> None:
        self._boot.stop()


def _work(jobs: Connection, folder: Path) -> None:
    """A lane's process: a job in, what was done out, until the other end closes."""
    sandbox = Sandbox()
    try:
        sandbox.wait()
        while True:
            try:
                job: Job = jobs.recv()
            except EOFError:
                return
            jobs.send(do(job, sandbox, folder / job.name))
    finally:
        sandbox.stop()


def _leave(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # what follows stops the sandbox, and is not to be stopped itself
    raise SystemExit(128 + signal.SIGTERM)


def do(job: Job, warm: Sandbox, folder: Path) -> Done:
    """One job, on the lane's warm sandbox unless it needs one that starts broken."""
    began = time.monotonic()
    with _sandbox_for(job, warm) as sandbox, sandbox.broken(job.switched) if job.switched else contextlib.nullcontext():
        watching: list[object] = []
        if job.watch:
            folder.mkdir(parents=True, exist_ok=True)
            watching = [Touching(sandbox.control_url, lambda touched: _write(folder / TOUCHED, touched))]
        run = checks.verify(sandbox.profile, folder, *job.options, checks=job.checks, plugins=watching)
    told = folder / TOUCHED
    touched = json.loads(told.read_text(encoding="utf-8")) if told.exists() else {}
    return Done(job, run, time.monotonic() - began, touched)


def _write(path: Path, touched: dict[str, list[str]]) -> None:
    path.write_text(json.dumps(touched), encoding="utf-8")


@contextlib.contextmanager
def _sandbox_for(job: Job, warm: Sandbox) -> Iterator[Sandbox]:
    if not job.started:
        yield warm
        return
    own = Sandbox(job.started)
    try:
        yield own.wait()
    finally:
        own.stop()


class Lanes:
    """`size` processes, forked from this one, so import first what they need (`warm.up`)."""

    def __init__(self, size: int, folder: Path) -> None:
        fork = multiprocessing.get_context("fork")
        self._ends: list[Connection] = []
        self._processes: list[Any] = []
        self._busy: dict[Connection, Job] = {}
        for number in range(size):
            ours, theirs = fork.Pipe()
            process = fork.Process(target=_lane, args=(theirs, [*self._ends, ours], folder), name=f"lane-{number}")
            process.start()
            theirs.close()
            self._ends.append(ours)
            self._processes.append(process)

    def run(self, jobs: Iterable[Job], *, tell: Callable[[Done], None], alone: bool = False) -> None:
        """All of them, the costliest first; `tell` hears of each as it ends. `alone`: one after the other, in one lane."""
        waiting = deque(sorted(jobs, key=lambda job: -job.cost_s))
        ends = self._ends[:1] if alone else self._ends
        for end in ends:
            self._hand_out(waiting, end)
        while self._busy:
            for ready in connection.wait(list(self._busy)):
                assert isinstance(ready, Connection)
                tell(self._received(ready))
                self._hand_out(waiting, ready)

    def _hand_out(self, waiting: deque[Job], end: Connection) -> None:
        if waiting:
            self._busy[end] = waiting.popleft()
            with self._alive(end):
                end.send(self._busy[end])

    def _received(self, end: Connection) -> Done:
        with self._alive(end):
            done: Done = end.recv()
        del self._busy[end]
        return done

    @contextlib.contextmanager
    def _alive(self, end: Connection) -> Iterator[None]:
        try:
            yield
        except (EOFError, BrokenPipeError) as error:
            job = self._busy[end]
            alone = f"make proof FAULT={job.row}" if job.row else "make proof"
            raise LaneDied(f"the lane that worked on {job.name} died: see its traceback, and repeat it with {alone}") from error

    def close(self) -> None:
        """Their sandboxes end with them. Impatience must not leave one behind; it takes at most CLOSE_LIMIT_S."""
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        deadline = time.monotonic() + CLOSE_LIMIT_S
        for end, process in zip(self._ends, self._processes, strict=True):
            end.close()  # one that has nothing to do ends by this, in order
            if end in self._busy:
                process.terminate()
        for process in self._processes:
            process.join(timeout=max(0.1, deadline - time.monotonic()))
            if process.is_alive():
                process.kill()
        signal.signal(signal.SIGINT, before)


def _lane(jobs: Connection, others: list[Connection], folder: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who hands out the jobs
    signal.signal(signal.SIGTERM, _leave)
    os.setpgid(0, 0)
    for other in others:  # inherited copies would keep a closed pipe open
        other.close()
    _work(jobs, folder)
