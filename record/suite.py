"""Which suite looked: its version and the commit that its files are of. The record of a run names it."""

import functools
import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOMS = ("record", "judge", "suites", "fixtures", "load")  # what a verdict comes from
ROOT = Path(__file__).resolve().parent.parent


@functools.cache
def identity() -> dict[str, Any]:
    """{"version": str, "commit": 40 hexadecimal digits | None, "changed": bool | None}; None where git is not there.

    `changed` when tracked files differ from the commit, so that the commit does not say what ran.
    """
    commit = _git("rev-parse", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", *ROOMS, "conftest.py")
    return {"version": version(), "commit": commit or None, "changed": None if changed is None else bool(changed)}


@functools.cache
def version() -> str:
    """As pyproject.toml says: the suite runs from its checkout and is never installed."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _git(*arguments: str) -> str | None:
    try:
        asked = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None
