"""Runs and criteria that a test holds in memory."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from fixtures.profile import objectives_file
from judge import objectives
from judge.criteria import Criterion
from record.sample import Sample
from record.samples import Plan, Recording, Samples


def recording(plan: Plan | None, rows: Iterable[Sample], problems: Sequence[str] = ()) -> Recording:
    return Recording(plan, Samples.of(rows), tuple(problems))


def criteria_of(path: Path | None = None) -> list[Criterion]:
    """Those of a file, ours by default, in its order."""
    return objectives.criteria(objectives_file.read(path), str(path))
