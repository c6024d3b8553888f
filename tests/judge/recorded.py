"""Runs that a test holds in memory, one request after the other."""

from collections.abc import Iterable, Sequence

from record.samples import Plan, Recording, Sample, Samples


def recording(plan: Plan | None, rows: Iterable[Sample], problems: Sequence[str] = ()) -> Recording:
    return Recording(plan, Samples.of(rows), tuple(problems))
