"""Processes that work through the jobs of a proof side by side, each with a sandbox that stays warm from job to job.

This process owns the sandboxes and ends them, however the workers end; a worker owns only what one job starts.
"""

import contextlib
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from proof import fault_coverage, forked_run
from proof.fault_coverage import Watch
from proof.forked_run import ForkedRun
from proof.sandbox import Sandbox


@dataclass(frozen=True)
class Job:
    """Run `checks` (all that are online if empty) while `switched` faults are on, on a sandbox that was started with `started`.

    `watch` notes which faults touch each check. `cost_s` is a guess, for the order. `row` is what it is about: names of faults
    joined with "+". `traffic`: it sends load, so nothing else may run beside it. `fresh`: on a sandbox that nothing else used, as
    many faults at once leave traces that no tidying undoes.
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
    fresh: bool = False


@dataclass(frozen=True)
class Result:
    """`touched` is check -> faults, of a watched job. `took_s` counts all, switching and booting included."""

    job: Job
    run: ForkedRun
    took_s: float
    touched: dict[str, list[str]] = field(default_factory=dict)


class WorkerFailed(Exception):  # noqa: N818 - errors state the fact
    """A worker died, or its sandbox could not be started, switched or tidied up; the message names the jobs."""


class Workers:
    """`size` processes, forked from this one with the first job, so import first what they need (`preload.up`).

    `again` is the command that repeats one job; it gets the job's row.
    """

    def __init__(self, size: int, folder: Path, again: str = "make proof FAULT") -> None:
        fork = multiprocessing.get_context("fork")
        self.size, self._folder, self._again = size, folder, again
        self._sandboxes = [Sandbox() for _ in range(size)]
        places: SimpleQueue[int] = fork.SimpleQueue()
        for place in range(size):
            places.put(place)
        self._pool = ProcessPoolExecutor(size, fork, _begin, (self._sandboxes, places))
        self._under_way: dict[Future[Result], Job] = {}
        self._is_running = False

    def run(self, jobs: Iterable[Job], *, report: Callable[[Result], None], alone: bool = False) -> None:
        """All of them, the costliest first; `report` gets each result as its job ends. `alone`: one after the other."""
        waiting = deque(sorted(jobs, key=lambda job: -job.cost_s))
        self._is_running = True  # also while the first job is handed out, before anybody knows of it
        while waiting or self._under_way:
            while waiting and len(self._under_way) < (1 if alone else self.size):
                job = waiting.popleft()
                self._under_way[self._pool.submit(_work, job, self._folder / job.name)] = job
            for future in wait(self._under_way, return_when=FIRST_COMPLETED).done:
                result = self._result_of(future)
                del self._under_way[future]
                report(result)
        self._is_running = False

    def _result_of(self, future: Future[Result]) -> Result:
        try:
            return future.result()
        except BrokenProcessPool as error:
            jobs = list(self._under_way.values())
            raise WorkerFailed(
                f"a worker died while {self._listed(jobs)} {'was' if len(jobs) == 1 else 'were'} under way"
            ) from error
        except Exception as error:
            job = self._under_way[future]
            raise WorkerFailed(f"{self._listed([job])} could not be run: {type(error).__name__}: {error}") from error

    def _listed(self, jobs: list[Job]) -> str:
        rows = " ".join(dict.fromkeys(job.row for job in jobs if job.row))
        again = f'{self._again}="{rows}"' if rows else self._again.rpartition(" ")[0]
        return f"{', '.join(job.name for job in jobs)} (again by itself: {again})"

    def close(self) -> None:
        """Ends the workers, what they have under way, and the sandboxes. Impatience must not leave one behind."""
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        if self._is_running:
            for process in multiprocessing.active_children():
                process.terminate()
        self._pool.shutdown(cancel_futures=True)
        for sandbox in self._sandboxes:
            sandbox.stop()
        signal.signal(signal.SIGINT, before)


_own: Sandbox  # of this worker; what an initializer prepares for the jobs of a ProcessPoolExecutor has nowhere else to stand


def _begin(sandboxes: list[Sandbox], places: "SimpleQueue[int]") -> None:
    """In a new worker: it takes the next sandbox, and only the process that hands out the jobs decides when it ends."""
    global _own  # noqa: PLW0603 - see above
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    os.setpgid(0, 0)
    _own = sandboxes[places.get()].wait()


def _leave(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # what follows ends what the job started, and is not to be stopped itself
    raise SystemExit(128 + signal.SIGTERM)


def _work(job: Job, folder: Path) -> Result:
    try:
        return do(job, _own, folder)
    except SystemExit as left:  # the pool would take it for the result of the job, and wait for a worker that is to end
        os._exit(int(str(left.code)))


def do(job: Job, warm: Sandbox, folder: Path) -> Result:
    """One job, on the worker's warm sandbox unless it needs one that starts with faults."""
    began = time.monotonic()
    with _sandbox_for(job, warm) as sandbox:
        watching = [Watch(sandbox.control_url, folder)] if job.watch else []
        run = forked_run.verify(sandbox.profile, folder, *job.options, checks=job.checks, plugins=watching)
    return Result(job, run, time.monotonic() - began, fault_coverage.read(folder))


@contextlib.contextmanager
def _sandbox_for(job: Job, warm: Sandbox) -> Iterator[Sandbox]:
    """With the faults of the job on."""
    if not job.started and not job.fresh:
        with warm.switched(job.switched):
            yield warm
        return
    own = Sandbox(job.started)
    try:
        own.wait().switch_on(job.switched)
        yield own
    finally:
        own.stop()
