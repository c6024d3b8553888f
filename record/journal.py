"""phases.jsonl: what each phase of each check raised, written as it happened.

From it every outcome of run.json can be derived anew by whoever does not believe it. One JSON object a line, in the order in
which the controlling process heard of them: `check` (node id), `when` (setup, call, teardown), `at` (UTC), `duration_s`,
`outcome`, `finding`, `fingerprint`, `waiver`,
`raised` (type of the error and its ancestors, nearest first), `refused` (by the suite's own guard), `doubt` (why a phase without
an error is not green: no-claim, lost), `held` (asserts that held; null: nobody counted).
"""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Literal

from record.redaction import redact

NAME = "phases.jsonl"
TOLD = ("outcome", "finding", "fingerprint", "waiver", "raw")
Doubtful = Literal["no-claim", "lost"]


def raw(error: BaseException | None, *, doubt: Doubtful | None = None, held: int | None = None) -> dict[str, Any]:
    """What a phase came to before anybody judged it."""
    ancestors = [kind for kind in type(error).__mro__ if kind not in (BaseException, object)] if error is not None else []
    return {
        "raised": [f"{kind.__module__}.{kind.__qualname__}" for kind in ancestors],
        "refused": bool(getattr(error, "refused_by_suite", False)),
        "doubt": doubt,
        "held": held,
    }


class Journal:
    """Of one run. Nothing is opened before the first phase ends."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._file: IO[bytes] | None = None

    def add(self, check: str, phase: Mapping[str, Any], duration_s: float) -> None:
        """OSError when the disk is full. A phase without `raw` came from a plugin of somebody else: that is kept as a gap."""
        told = {name: phase.get(name) for name in TOLD}
        line = {
            "check": check,
            "when": phase["when"],
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            "duration_s": round(duration_s, 6),
            **{name: value for name, value in told.items() if name != "raw"},
            **(told["raw"] or {}),
        }
        self._write(redact(json.dumps(line, ensure_ascii=False)))

    def _write(self, line: str) -> None:
        if self._file is None:
            # Unbuffered: a run that is killed leaves what it had seen, and a full disk is heard of here and not at the end.
            self._file = self.path.open("ab", buffering=0)
        self._file.write(line.encode() + b"\n")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
