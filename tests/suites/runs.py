"""A run of the suite as a person starts it, in a process of its own, and what it left behind."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtures.plugin.options import OUT
from record.stages import SUITES, function_of

ROOT = SUITES.parent
LIMIT_S = 600  # a run that hangs must not hang the tests


@dataclass(frozen=True)
class Ended:
    """`output` is what the person saw; `data` is run.json."""

    exit_code: int
    output: str
    folder: Path
    data: dict[str, Any]

    def outcomes(self) -> dict[str, str]:
        return {check["id"]: check["outcome"] for check in self.data["checks"]}

    def of(self, check: str) -> list[dict[str, Any]]:
        """The records of one check; with all its parameters unless the id names some."""
        return [record for record in self.data["checks"] if check in (record["id"], function_of(record["id"]))]

    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


def command(profile: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--env-file={profile}", *arguments]


def surroundings(**changed: str) -> dict[str, str]:
    """The environment of this process without what pytest told it about itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "LV_"))} | changed


def verify(profile: Path, *arguments: str) -> Ended:
    done = subprocess.run(
        command(profile, *arguments),
        cwd=ROOT,
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    return ended(done.returncode, done.stdout + done.stderr)


def ended(exit_code: int, output: str) -> Ended:
    told = re.search(r"^evidence +(\S.*)$", output, re.MULTILINE)
    assert told, f"the run names no folder:\n{output[-3000:]}"
    folder = Path(told[1])
    assert folder.parent == OUT
    return Ended(exit_code, output, folder, json.loads((folder / "run.json").read_text(encoding="utf-8")))
