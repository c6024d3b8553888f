"""Lanes work through the jobs of a proof side by side; each has a sandbox of its own, kept warm from job to job."""

import contextlib
import json
import multiprocessing
import os
import shutil
import signal
import ssl
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import dotenv
import httpx

from fixtures.deployment import Boot, wait_for
from tests.proof import checks
from tests.proof.checks import Run
from tests.proof.touching import Touching

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
        wait_for(self._boot.profile, self._boot.log, self._boot.process.pid)
        self.control_url: str = self._boot.announcement()["control_url"]
        self._keys = dotenv.dotenv_values(self.profile, interpolate=False)
        return self

    @contextlib.contextmanager
    def broken(self, faults: Iterable[str]) -> Generator[None]:
        """With these faults on; healthy and tidy again afterwards."""
        with httpx.Client(base_url=self.control_url, timeout=30) as control:
            try:
                for name in faults:
                    control.put(f"/faults/{name}").raise_for_status()
                yield
            finally:
                control.delete("/faults").raise_for_status()
                self._tidy()

    def _tidy(self) -> None:
        """Under some faults a deletion does nothing; the next run must not meet what stayed."""
        with self._as_admin() as client:
            contacts = client.get("/api/contacts/", params={"search": "lv-", "limit": 100}).json()["data"]
            campaigns = client.get("/api/campaigns/", params={"page_size": 100}).json()
            for place, rows in (("contacts", contacts), ("campaigns", campaigns)):
                for row in rows:
                    if row["name"].startswith("lv-"):
                        client.delete(f"/api/{place}/{row['id']}").raise_for_status()

    @contextlib.contextmanager
    def _as_admin(self) -> Iterator[httpx.Client]:
        keys = {name: value or "" for name, value in self._keys.items()}
        tls = ssl.create_default_context(cafile=keys["LV_CA_FILE"])
        with httpx.Client(base_url=keys["LV_API_URL"], verify=tls, timeout=15) as client:
            who = {"email": keys["LV_ADMIN_EMAIL"], "password": keys["LV_ADMIN_PASSWORD"]}
            tokens = client.post("/api/auth/login", json=who).raise_for_status().json()
            client.headers["authorization"] = f"Bearer {tokens['access_token']}"
            yield client

    def stop(self) -> None:
        self._boot.stop()


def _work(jobs: Connection, folder: Path) -> None:
    """A lane's process: a job in, what was done out, until the other end closes."""
    sandbox = Sandbox().wait()
    try:
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
    """`size` processes, forked from this one, so import first what they need (`checks.warm_up`)."""

    def __init__(self, size: int, folder: Path) -> None:
        fork = multiprocessing.get_context("fork")
        self._ends: list[Connection] = []
        self._processes: list[Any] = []
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
        busy = {end: job for end in ends if (job := _hand_out(waiting, end))}
        while busy:
            for end in connection.wait(list(busy)):
                assert isinstance(end, Connection)
                tell(_received(end, busy.pop(end)))
                if job := _hand_out(waiting, end):
                    busy[end] = job

    def close(self) -> None:
        """Their sandboxes end with them. Impatience must not leave one behind; it takes at most CLOSE_LIMIT_S."""
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        for end in self._ends:
            end.close()  # one that has nothing to do ends by this
        deadline = time.monotonic() + CLOSE_LIMIT_S
        for process in self._processes:
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


def _hand_out(waiting: deque[Job], end: Connection) -> Job | None:
    if not waiting:
        return None
    job = waiting.popleft()
    end.send(job)
    return job


def _received(end: Connection, job: Job) -> Done:
    try:
        done: Done = end.recv()
    except EOFError as error:
        raise LaneDied(f"the lane that worked on {job.name} died: its traceback stands above") from error
    return done


def clear(folder: Path) -> None:
    """Remove what earlier proofs left there."""
    shutil.rmtree(folder, ignore_errors=True)
