"""A copy of the suite with few checks of its own, and one run of it: a place to go wrong in without touching the checkout."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.servers import forked_pytest
from tests.servers.forked_pytest import clean_environment

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("record", "judge", "fixtures", "load", "envs")
FILES = ("conftest.py", "pyproject.toml", "reports/plan/plan.toml")
LIMIT_S = 600  # a run that hangs must not hang its test
SAID = re.compile(r"^(?:verdict   |note      |ERROR:? |.*: error: |E +|INTERNALERROR> ).*$", re.MULTILINE)


@dataclass(frozen=True)
class Ended:
    """`verdict` is the line of the verdict, empty where none was printed; `said` holds it, the notes and the errors."""

    code: int
    output: str

    @property
    def verdict(self) -> str:
        found = re.search(r"^verdict   .*$", self.output, re.MULTILINE)
        return found[0] if found else ""

    @property
    def said(self) -> str:
        """With what follows an ERROR line, because a refusal may list more than one thing."""
        refused = self.output[found.start() :] if (found := re.search(r"^ERROR:? ", self.output, re.MULTILINE)) else ""
        return "\n".join([*SAID.findall(self.output), refused])


def copy_suite(folder: Path, suites: Mapping[str, str]) -> Path:
    """The suite without its checks, and these in their place (by path)."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    _copy_files(folder, FILES)
    write(folder, suites)
    return folder


def _copy_files(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run(folder: Path, *arguments: str, python: Iterable[str] = (), **environment: str) -> Ended:
    """In a process of its own; `python` are flags of the interpreter."""
    done = subprocess.run(
        [sys.executable, *python, "-m", "pytest", "-q", *arguments],
        cwd=folder,
        env=clean_environment(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    return Ended(done.returncode, done.stdout)


class SuiteCopy:
    """A copy of the suite in a `folder` that stays the same however often it is made anew. Its runs are forks.

    Only what a fork would not see is run in a process of its own: code of the suite that was changed, and flags and variables
    that Python or pytest reads at its start.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: set[str] = set()  # since it was made anew

    def renew(self, suites: Mapping[str, str]) -> None:
        """With these checks, and nothing of what was there. Folders of the suite stay, but for what was written into them."""
        if not self.folder.is_dir():
            copy_suite(self.folder, {})
        for path in self.folder.iterdir():
            if path.name not in FOLDERS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name in filter(_in_suite, self._written):
            (self.folder / name).unlink()
        _copy_files(self.folder, (*FILES, *(name for name in self._written if _in_suite(name) and (ROOT / name).exists())))
        self._written.clear()
        self.write(suites)

    def write(self, files: Mapping[str, str]) -> None:
        write(self.folder, files)
        self._written.update(files)

    def run(self, *arguments: str, python: Iterable[str] = (), **environment: str) -> Ended:
        """As `run` of this module."""
        at_start = any(name.startswith(("PYTHON", "PYTEST")) for name in environment)
        changed = any(_in_suite(name) and name.endswith(".py") for name in self._written)
        if changed or python or at_start:
            return run(self.folder, *arguments, python=python, **environment)
        server = forked_pytest.of(self.folder)
        return Ended(*server.run("-q", *arguments, environment=clean_environment(**environment)))


def _in_suite(name: str) -> bool:
    return name.partition("/")[0] in FOLDERS
