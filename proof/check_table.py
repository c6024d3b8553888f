"""The table of `make check`: its lines, and those that the linters give."""

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from record.suite import ROOT

LINTERS = {"lint": ("ruff", "check", "--quiet"), "format": ("ruff", "format", "--check", "--quiet"), "types": ("mypy",)}
LINES = 12  # of what a tool prints; the rest follows when these are fixed


@dataclass(frozen=True)
class Line:
    """One of the table: what was looked at, whether it is as it should be, and why."""

    subject: str
    ok: bool
    text: str

    def __str__(self) -> str:
        return f"{self.subject:<9}{'ok' if self.ok else 'NOT OK':<8}{self.text}"


class Linters:
    """They look at these files while the checks run."""

    def __init__(self, files: list[str]) -> None:
        self._files = files
        self._running = {
            name: subprocess.Popen(
                [sys.executable, "-m", *command, *files], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            for name, command in LINTERS.items()
        }

    def lines(self) -> Iterable[Line]:
        for name, process in self._running.items():
            output, _ = process.communicate()
            shown = "".join(f"\n    {line}" for line in output.splitlines()[:LINES]) if process.returncode else ""
            yield Line(name, process.returncode == 0, f"{len(self._files)} files{shown}")
