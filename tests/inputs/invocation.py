"""One run of the checks, as a person would start it, in a process of its own: what it printed, its exit code, its run.json."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 120.0  # a run that hangs must not hang its test


@dataclass(frozen=True)
class Outcome:
    """`run` is run.json, None where there is none."""

    code: int
    text: str
    run: dict[str, Any] | None

    @property
    def outcomes(self) -> set[str]:
        return {check["outcome"] for check in self.checks}

    @property
    def checks(self) -> list[dict[str, Any]]:
        assert self.run, self.text
        checks: list[dict[str, Any]] = self.run["checks"]
        return checks

    @property
    def findings(self) -> set[str]:
        """Each finding once, in one line, without the place that differs from check to check."""
        told = [check["finding"] for check in self.checks if check["outcome"] != "passed"]
        return {" | ".join(found[name] for name in ("expected", "seen", "next")) for found in told}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "tests.inputs.own_reports", *arguments]


def _clean_environment() -> dict[str, str]:
    """A machine may be set up for something else; these tests say all that holds."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LV_", "SANDBOX_", "PYTEST_"))}
    return kept | {"PYTHONDONTWRITEBYTECODE": ""}


def start(*arguments: str, prefix: tuple[str, ...] = (), **environment: str) -> "subprocess.Popen[str]":
    """In a group of its own, as a terminal does it, so that Ctrl-C reaches all of it and nothing else."""
    return subprocess.Popen(
        [*prefix, *command(*arguments)],
        cwd=ROOT,
        env=_clean_environment() | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def ctrl_c(process: "subprocess.Popen[str]") -> None:
    os.killpg(process.pid, signal.SIGINT)


def finish(process: "subprocess.Popen[str]", printed: str = "") -> Outcome:
    """Its end; `printed` is what was read of its output before."""
    try:
        rest, _ = process.communicate(timeout=LIMIT_S)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    text = printed + rest
    return Outcome(process.returncode, text, _run_json(text))


def verify(*arguments: str, prefix: tuple[str, ...] = (), environment: Mapping[str, str] | None = None) -> Outcome:
    return finish(start(*arguments, prefix=prefix, **(environment or {})))


def _run_json(text: str) -> dict[str, Any] | None:
    found = re.search(r"^evidence  (/.*)$", text, re.MULTILINE)
    path = Path(found[1]) / "run.json" if found else None
    if path is None or not path.is_file():
        return None
    run: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return run
