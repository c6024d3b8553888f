"""One run of checks in a process that is a fork of this one: everything is imported already, and nothing is shared back."""

import contextlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from record import run_folder
from record.run import Check, Run
from record.run_folder import NotARun
from record.stages import STAGES, SUITES, function_of

LIMIT_S = 900.0  # a run that hangs must not hang the proof; on a busy machine all checks of pages take minutes
POLL_S = 0.005
LATEST = "latest"  # in the folder of results, the link to the newest run
# pytest cannot know that the asserts of what it meets here again were rewritten before the fork.
KNOWN = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
ONLINE = tuple(folder for folder in STAGES if folder != "load")


@dataclass(frozen=True)
class ForkedRun:
    """`run` is None where it did not come to its end; `output` is what it printed, and then why its folder holds no run."""

    exit_code: int
    output: str
    run: Run | None
    took_s: float

    @property
    def checks(self) -> tuple[Check, ...]:
        return self.run.checks if self.run else ()


class Only:
    """A pytest plugin: of everything collected only these checks, with all or with the named parameters."""

    def __init__(self, checks: Collection[str]) -> None:
        self._checks = frozenset(checks)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._checks or function_of(item.nodeid) in self._checks]


def _folders(names: Collection[str]) -> list[str]:
    return [str(SUITES / name) for name in names]


def files_of(checks: Collection[str]) -> list[str]:
    return sorted({str(SUITES.parent / check.split("::")[0]) for check in checks})


def verify(
    profile: Path,
    folder: Path,
    *options: str,
    checks: Collection[str] = (),
    plugins: Collection[object] = (),
    limit_s: float = LIMIT_S,
) -> ForkedRun:
    """Run `checks` (node ids, or functions with all their parameters; all that are online if empty) on the profile's target.

    `folder` gets the run's own folder and what it printed. After `limit_s` the run is ended.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LATEST).unlink(missing_ok=True)
    chosen = files_of(checks) if checks else _folders(ONLINE)
    arguments = ["-q", "-p", "no:cacheprovider", f"--env-file={profile}", f"--results-dir={folder}", *KNOWN, *options, *chosen]
    extra = [*plugins, *([Only(checks)] if checks else [])]
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _be_the_run(arguments, extra, folder)
    code = _wait(child, limit_s)
    took_s = time.monotonic() - began
    output = (folder / "output.txt").read_text(encoding="utf-8", errors="replace")
    try:
        return ForkedRun(code, output, run_folder.read(folder / LATEST).content, took_s)
    except NotARun as error:
        return ForkedRun(code, f"{output}\n{error}", None, took_s)


def _be_the_run(arguments: list[str], plugins: list[object], folder: Path) -> None:
    """In the child, which never returns."""
    code = 70
    try:
        os.setsid()  # its browser ends with it, also when it has to be killed
        with (folder / "output.txt").open("wb") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        code = int(pytest.main(arguments, plugins=plugins))
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _wait(child: int, limit_s: float) -> int:
    deadline = time.monotonic() + limit_s
    with _ended_with(child):
        while True:
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > deadline:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return -signal.SIGKILL
            time.sleep(POLL_S)


@contextlib.contextmanager
def _ended_with(child: int) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        raise
