"""One run of checks in a process that is a fork of this one: everything is imported already, and nothing is shared back."""

import contextlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from record.stages import STAGES, SUITES, function_of

LIMIT_S = 900.0  # a run that hangs must not hang the proof; on a busy machine all checks of pages take minutes
POLL_S = 0.005
# pytest cannot know that the asserts of what it meets here again were rewritten before the fork.
KNOWN = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
ONLINE = tuple(folder for folder in STAGES if folder != "load")


@dataclass(frozen=True)
class ForkedRun:
    """`data` is run.json, None where the run left none; `output` is what it printed."""

    exit_code: int
    output: str
    data: dict[str, Any] | None
    took_s: float

    @property
    def checks(self) -> list[dict[str, Any]]:
        return self.data["checks"] if self.data else []

    @property
    def is_complete(self) -> bool:
        return self.data is not None and self.data["exit_code"] is not None


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
    profile: Path, folder: Path, *options: str, checks: Collection[str] = (), plugins: Collection[object] = ()
) -> ForkedRun:
    """Run `checks` (node ids, or functions with all their parameters; all that are online if empty) on the profile's target.

    `folder` gets the run's own folder and what it printed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chosen = files_of(checks) if checks else _folders(ONLINE)
    arguments = ["-q", "-p", "no:cacheprovider", f"--env-file={profile}", *KNOWN, *options, *chosen]
    extra = [*plugins, *([Only(checks)] if checks else [])]
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _be_the_run(arguments, extra, folder)
    code = _wait(child)
    took_s = time.monotonic() - began
    output = (folder / "output.txt").read_text(encoding="utf-8", errors="replace")
    return ForkedRun(code, output, _run_json(folder), took_s)


def _be_the_run(arguments: list[str], plugins: list[object], folder: Path) -> None:
    """In the child, which never returns."""
    code = 70
    try:
        os.setsid()  # its browser ends with it, also when it has to be killed
        with (folder / "output.txt").open("wb") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        from fixtures.plugin import recorder  # noqa: PLC0415 - pytest has rewritten it by now

        recorder.OUT = folder
        code = int(pytest.main(arguments, plugins=plugins))
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _wait(child: int) -> int:
    deadline = time.monotonic() + LIMIT_S
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


def _run_json(folder: Path) -> dict[str, Any] | None:
    path = folder / "latest" / "run.json"
    if not path.is_file():
        return None
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data
