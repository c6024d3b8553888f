"""What changed since the base of a change, as git knows it: commits, what is not committed, and new files."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from proof.catalogue import Unusable
from record.suite import ROOT

TRUNKS = ("origin/main", "main")


@dataclass(frozen=True)
class Change:
    """`files` are paths below the root of the repository that differ from the commit `base`, removed ones included."""

    base: str
    files: tuple[str, ...]


def since(base: str = "", root: Path = ROOT) -> Change | None:
    """Since `base`, or else since the change left the trunk, or since the last commit on it; None where there is no history.

    Raises Unusable where `base` was asked for and is no commit.
    """
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}") if base else _fork_point(root)
    if base and not commit:
        raise Unusable(f"BASE={base} is no commit here: name one that `git log` shows, or fetch it first")
    if not commit:
        return None
    changed = _git(root, "diff", "--name-only", "--no-renames", commit) or ""
    new = _git(root, "ls-files", "--others", "--exclude-standard") or ""
    return Change(commit, tuple(sorted({*changed.splitlines(), *new.splitlines()})))


def _fork_point(root: Path) -> str | None:
    head = _git(root, "rev-parse", "HEAD")
    for trunk in TRUNKS:
        found = _git(root, "merge-base", "HEAD", trunk)
        if found and found != head:
            return found
    return _git(root, "rev-parse", "--verify", "--quiet", "HEAD~1")


def _git(root: Path, *arguments: str) -> str | None:
    """What it prints; None where it fails, is missing, or prints nothing."""
    try:
        asked = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return (asked.stdout.strip() or None) if asked.returncode == 0 else None
