"""Programs that start a sandbox, and what they leave behind."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


PATIENCE_S = 20.0  # far above what is ever needed, below a hanging run


REAL = ["-m", "sandbox"]


# The platform below parts that only say ok, with caches of its own; arguments as for `python -m sandbox`, after the cache.
STANDINS = [
    "-c",
    """
import sys
from pathlib import Path
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from sandbox import __main__
from sandbox.process import parts, profile
from sandbox.services import postgres

def answering(_settings, *_parts):
    return Starlette(routes=[Route("/{path:path}", lambda request: PlainTextResponse("ok"))])

postgres.CACHE = Path(sys.argv.pop(1))
profile.SHARED = postgres.CACHE / "sandbox.env"
parts.load = lambda: parts.Parts(answering, answering, answering, answering, answering, answering, preparations=())
sys.exit(__main__.main())
""",
]


@dataclass
class Sandbox:
    """A started sandbox: its JSON line, and where all its temporary files are."""

    process: subprocess.Popen[str]
    temporary: Path
    facts: dict[str, Any] = field(default_factory=dict)

    def traces(self) -> list[str]:
        """Files that it left, and processes that work in its directory or name it in their arguments."""
        left = [str(path) for path in self.temporary.iterdir()]
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and str(self.temporary) in _about(entry):
                left.append(f"process {entry.name}: {_about(entry)}")
        return left

    def wait_without_traces(self) -> None:
        wait_for(lambda: not self.traces(), lambda: f"left behind: {self.traces()}")


def _about(process: Path) -> str:
    try:
        return f"{process.joinpath('cmdline').read_text()} {process.joinpath('cwd').readlink()}".replace("\0", " ")
    except OSError:
        return ""  # it ended meanwhile


def wait_for(true: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.02)


def launch(program: list[str], *arguments: str, temporary: Path, **environment: str) -> subprocess.Popen[str]:
    temporary.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, *program, *arguments],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": ""} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def up(program: list[str], *arguments: str, temporary: Path) -> Iterator[Sandbox]:
    process = launch(program, *arguments, temporary=temporary)
    assert process.stdout
    assert process.stderr
    with process:
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield Sandbox(process, temporary, json.loads(line))
        finally:
            process.terminate()
