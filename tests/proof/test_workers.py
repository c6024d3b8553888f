"""Workers do the jobs in order, name the one that could not be done, and leave no sandbox behind."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from proof import workers
from proof.forked_run import ForkedRun
from proof.workers import Job, Result, WorkerFailed, Workers

Do = Callable[[Job, object, Path], Result]


class NoSandbox:
    """In place of a sandbox: it only counts how many were stopped, and knows which faults are on."""

    stopped = 0
    profile = Path("sandbox.env")

    def __init__(self, faults: Iterable[str] = ()) -> None:
        self.on = list(faults)

    def switch_on(self, faults: Iterable[str]) -> None:
        self.on += faults

    @contextlib.contextmanager
    def switched(self, faults: Iterable[str]) -> Iterator[None]:
        self.on += faults
        yield
        self.on.clear()

    def wait(self) -> "NoSandbox":
        return self

    def stop(self) -> None:
        NoSandbox.stopped += 1


def done(job: Job, _: object, __: Path) -> Result:
    return Result(job, ForkedRun(0, "", None, 0.0), time.monotonic())


def killed(_: Job, __: object, ___: Path) -> Result:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still here")


def lost(_: Job, __: object, ___: Path) -> Result:
    raise ConnectionError("the sandbox hung up")


def hanging(job: Job, warm: object, folder: Path) -> Result:
    folder.mkdir()
    time.sleep(600)
    return done(job, warm, folder)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[Do], Workers]]:
    """Two workers that do each job in this way; closed at the end."""
    monkeypatch.setattr(workers, "Sandbox", NoSandbox)
    monkeypatch.setattr(NoSandbox, "stopped", 0)
    started: list[Workers] = []

    def start(do: Do) -> Workers:
        monkeypatch.setattr(workers, "do", do)
        started.append(Workers(2, tmp_path))
        return started[0]

    yield start
    started[0].close()
    assert NoSandbox.stopped == 2


def test_costliest_job_comes_first(start: Callable[[Do], Workers]) -> None:
    results: list[Result] = []
    start(done).run([Job("cheap", cost_s=1), Job("dear", cost_s=9), Job("fair", cost_s=5)], report=results.append, alone=True)

    assert [result.job.name for result in results] == ["dear", "fair", "cheap"]


@pytest.mark.parametrize(("do", "says"), [(killed, "a worker died"), (lost, "ConnectionError: the sandbox hung up")])
def test_job_that_could_not_be_done_is_named(start: Callable[[Do], Workers], do: Do, says: str) -> None:
    """With the command that repeats it."""
    with pytest.raises(WorkerFailed, match=says) as raised:
        start(do).run([Job("hsts-missing, load", row="hsts-missing")], report=lambda _: None)

    assert "hsts-missing, load" in str(raised.value)
    assert 'make proof FAULT="hsts-missing"' in str(raised.value)


def test_interruption_ends_the_jobs_under_way(start: Callable[[Do], Workers], tmp_path: Path) -> None:
    """At once, not when they would have ended."""

    def interrupt() -> None:
        while not (tmp_path / "slow").is_dir():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, signal.default_int_handler)
    running = start(hanging)
    began = time.monotonic()
    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        running.run([Job("slow")], report=lambda _: None)
    running.close()
    signal.signal(signal.SIGUSR1, before)

    assert time.monotonic() - began < 300
    NoSandbox.stopped = 0  # the fixture closes once more, and counts that


@pytest.mark.parametrize(
    ("job", "on_warm"),
    [
        (Job("warm", switched=("a",)), ["a"]),
        (Job("start only", switched=("a",), started=("b",)), []),
        (Job("fresh", switched=("a",), fresh=True), []),
    ],
)
def test_warm_sandbox_gets_only_what_can_be_undone(monkeypatch: pytest.MonkeyPatch, job: Job, on_warm: list[str]) -> None:
    """What starts with faults, or is to meet no traces of others, has a sandbox of its own."""
    warm = NoSandbox()
    seen: list[str] = []

    def verify(*_: object, **__: object) -> ForkedRun:
        seen.extend(warm.on)
        return ForkedRun(0, "", None, 0.0)

    monkeypatch.setattr(workers, "Sandbox", NoSandbox)
    monkeypatch.setattr("proof.forked_run.verify", verify)
    stopped = NoSandbox.stopped
    workers.do(job, warm, Path("runs"))  # type: ignore[arg-type]

    assert seen == on_warm
    assert NoSandbox.stopped - stopped == int(not on_warm)
    NoSandbox.stopped = stopped
