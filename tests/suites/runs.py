"""A run of the suite as a person starts it, and what it left behind."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtures.plugin.options import OUT
from record.stages import SUITES, function_of
from tests.servers import forked_pytest
from tests.servers.forked_pytest import clean_environment

ROOT = SUITES.parent


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


def options(profile: Path) -> list[str]:
    return ["-q", "-p", "no:cacheprovider", f"--env-file={profile}"]


def verify(profile: Path, *arguments: str) -> Ended:
    """From its beginning to its end, as a fork."""
    server = forked_pytest.of(ROOT, forked_pytest.CHECKS)
    return ended(*server.run(*options(profile), *arguments, environment=clean_environment()))


def ended(exit_code: int, output: str) -> Ended:
    told = re.search(r"^evidence +(\S.*)$", output, re.MULTILINE)
    assert told, f"the run names no folder:\n{output[-3000:]}"
    folder = Path(told[1])
    assert folder.parent == OUT
    return Ended(exit_code, output, folder, json.loads((folder / "run.json").read_text(encoding="utf-8")))
