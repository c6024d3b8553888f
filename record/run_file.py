"""run.json, the interface that reports read: written whole or not at all, and believed only when it agrees with itself.

Beside it stands run.json.sha256 (`sha256sum -c` reads it), and the run prints the same digest. Whoever changes both files and the
verdict in them consistently is not found out by this: keep the digest that was printed, for example in the log of CI.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from record import verdict

SCHEMA = 2
NAME, DIGEST, PENDING = "run.json", "run.json.sha256", "run.json.part"


class NotEvidence(ValueError):  # noqa: N818 - states the fact
    """A run.json that must not be taken for the result of a run; the message says why."""


def write(folder: Path, text: str) -> str:
    """The digest of what was written. OSError leaves the file that was there before."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    pending = folder / PENDING
    pending.write_text(text, encoding="utf-8")
    pending.replace(folder / NAME)
    (folder / DIGEST).write_text(f"{digest}  {NAME}\n", encoding="ascii")
    return digest


def point_latest(folder: Path) -> None:
    """`latest` beside the run's folder leads to it."""
    link = folder.parent / f".latest-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(folder.parent / "latest")


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a run's folder but run.json itself, by its path in the folder."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: _digest(path) for name, path in sorted(found.items()) if name not in {NAME, DIGEST, PENDING}}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove(folder: Path) -> None:
    for name in (NAME, DIGEST):
        (folder / name).unlink(missing_ok=True)


def read(folder: Path) -> dict[str, Any]:
    """What a finished run found; NotEvidence for a file that was changed, cut short or says what its checks do not."""
    try:
        content = (folder / NAME).read_bytes()
        told = (folder / DIGEST).read_text(encoding="ascii").split()[0]
        run: dict[str, Any] = json.loads(content)
    except (OSError, ValueError, IndexError) as error:
        raise NotEvidence(f"{folder}: no whole run.json with its digest: {error}") from error
    if hashlib.sha256(content).hexdigest() != told:
        raise NotEvidence(f"{folder}: run.json was changed after its run: its digest is not {told}")
    if run.get("schema") != SCHEMA:
        raise NotEvidence(f"{folder}: run.json has schema {run.get('schema')}, and this reads {SCHEMA}")
    if wrong := disagreement(run):
        raise NotEvidence(f"{folder}: {wrong}")
    return run


def disagreement(run: Mapping[str, Any]) -> str | None:
    """What in a run.json contradicts its own checks."""
    if run["exit_code"] is None:
        return "the run did not come to its end"
    if run["exit_code"] in verdict.EXPLAINED and run["exit_code"] != verdict.exit_code(run):
        return f"it says exit code {run['exit_code']}, and its checks say {verdict.exit_code(run)}"
    if run["no_evidence"] != verdict.reasons(run):
        return "its reasons are not those of its checks"
    if run["selection"]["selected"] != sum(count["selected"] for count in run["selection"]["stages"].values()):
        return "its selection does not add up"
    if run["selection"]["selected"] > len(run["checks"]):
        return "it holds fewer checks than were selected"
    return None
