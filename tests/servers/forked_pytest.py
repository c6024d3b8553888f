"""A server that runs pytest in forks of itself, where pytest, its plugins and the suite in a folder are imported already.

A run is what `python -m pytest` is in that folder, without most of the second that its start takes. What is decided before the
first import is not repeated: a test about Python's own flags and variables, or about signals, starts a process of its own.
"""

import atexit
import contextlib
import functools
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

LIMIT_S = 600.0  # a run that hangs must not hang its test
# What pytest is called with before the first run. It loads plugins and conftest.py, and no file of checks.
PLUGINS = ("--help",)
CHECKS = ("--collect-only", "suites")  # and these, where they stay as they are


class ForkedPytest:
    """For the suite in `folder`, once pytest was called there with `warm_up`; until it is closed or its parent ends."""

    def __init__(self, folder: Path, environment: Mapping[str, str], warm_up: tuple[str, ...]) -> None:
        self._output = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - for as long as the server
        self._process = subprocess.Popen(
            [sys.executable, __file__, *warm_up],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[self._output.fileno()],
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, environment: Mapping[str, str]) -> tuple[int, str]:
        """Exit code (negative: the signal it died of) and what was printed. RuntimeError if it hangs or the server is gone."""
        assert self._process.stdin
        assert self._process.stdout
        request = {"arguments": arguments, "environment": dict(environment), "output": self._output.fileno()}
        hanging = threading.Timer(LIMIT_S, self._kill)
        hanging.start()
        try:
            print(json.dumps(request), file=self._process.stdin, flush=True)
            code = self._process.stdout.readline()
        finally:
            hanging.cancel()
        self._output.seek(0)
        printed = self._output.read().decode("utf-8", "replace")
        if not code:
            raise RuntimeError(f"the server of runs ended:\n{printed[-3000:]}")
        return int(code), printed

    def close(self) -> None:
        """With the run that is under way."""
        self._kill()
        with self._process:
            self._output.close()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


@functools.cache
def of(folder: Path, warm_up: tuple[str, ...] = PLUGINS) -> ForkedPytest:
    """One for all tests of this process."""
    server = ForkedPytest(folder, clean_environment(), warm_up)
    atexit.register(server.close)
    return server


def clean_environment(**more: str) -> dict[str, str]:
    """A machine may be set up for something else; a test says all that holds."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LV_", "SANDBOX_", "PYTEST"))}
    return kept | {"PYTHONDONTWRITEBYTECODE": ""} | more


def _serve(warm_up: list[str]) -> None:
    """Requests on stdin, exit codes on stdout, a line each."""
    replies, folder = os.fdopen(os.dup(1), "w"), Path.cwd()
    with Path(os.devnull).open("r+b") as nothing:
        _redirect(nothing.fileno())
    sys.path[0] = str(folder)  # as for `python -m`
    with contextlib.suppress(SystemExit):
        _call_pytest(warm_up)
    tempfile.tempdir = None  # each run has a TMPDIR of its own
    gc.collect()
    gc.freeze()  # collecting in a fork would copy every page of what it inherited
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.chdir(folder)  # which may be another one under this name
            _be_the_run(**json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=replies, flush=True)


def _be_the_run(arguments: list[str], environment: dict[str, str], output: int) -> None:
    """In the child, which ends as a process of its own does."""
    os.ftruncate(output, 0)
    os.lseek(output, 0, os.SEEK_SET)
    _redirect(output)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.environ.clear()
    os.environ.update(environment)
    _call_pytest(arguments)


def _redirect(output: int) -> None:
    """What is printed from now on goes to this file, also what other processes print."""
    os.dup2(output, 1)
    os.dup2(output, 2)


def _call_pytest(arguments: list[str]) -> None:
    """SystemExit with its exit code."""
    sys.argv = ["pytest", *arguments]
    runpy.run_module("pytest", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve(sys.argv[1:])
