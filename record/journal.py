"""phases.jsonl: what each phase of each check raised, written as it happened, one JSON object a line (`record.run.Phase`).

From it every outcome of run.json can be derived anew. Lines stand in the order in which the controlling process learned of them.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO

from record.run import Phase

NAME = "phases.jsonl"


class Journal:
    """Of one run. Nothing is opened before the first phase ends."""

    def __init__(self, folder: Path, redact: Callable[[str], str]) -> None:
        self.path = folder / NAME
        self._redact = redact
        self._file: IO[bytes] | None = None

    def add(self, phase: Phase) -> None:
        """OSError when the disk is full."""
        if self._file is None:
            # Unbuffered: a run that is killed leaves what it had seen, and a full disk shows here and not at the end.
            self._file = self.path.open("ab", buffering=0)
        self._file.write(self._redact(json.dumps(asdict(phase), ensure_ascii=False)).encode() + b"\n")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def raised(error: BaseException | None) -> tuple[str, ...]:
    """The type of an error and its ancestors, nearest first."""
    ancestors = [kind for kind in type(error).__mro__ if kind not in (BaseException, object)] if error is not None else []
    return tuple(f"{kind.__module__}.{kind.__qualname__}" for kind in ancestors)
