"""A copy of the suite with few checks of its own, and one run of it: a place to go wrong in without touching the checkout."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

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
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    write(folder, suites)
    return folder


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def clean_environment(**more: str) -> dict[str, str]:
    """A machine may be set up for something else; a case says all that holds."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LV_", "SANDBOX_", "PYTEST"))}
    return kept | {"PYTHONDONTWRITEBYTECODE": ""} | more


def run(folder: Path, *arguments: str, python: Iterable[str] = (), **environment: str) -> Ended:
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
