"""The success criteria of a load run, judged again from its samples, and where the run says otherwise.

The judge is the one that judged the run: with a second statistic, two could disagree without one being wrong. So what is examined
is everything between the samples and the report.
"""

import functools
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from judge import verdicts
from record import samples
from record.run import Check
from record.run_folder import NotARun, Recorded, parse

SAMPLES = "load/samples.npz"
VERDICTS = "/verdicts.json"
COMPARED = ("estimate", "low", "high", "limit", "samples", "unit")
OUTCOMES = {"met": {"passed", "unverified"}, "violated": {"failed", "waived"}, "unverified": {"unverified"}}


@functools.lru_cache(maxsize=8)
def judged(run: Recorded) -> tuple[dict[str, Any], ...]:
    """Each criterion that the run was sent for, overall; empty for a run without load. NotARun for samples that cannot be read.

    {"criterion", "state" (met, violated, unverified), "estimate", "low", "high", "limit", "unit", "samples", "at_least",
    "endpoints" (how many were judged), "proven" (how many keep it beyond doubt on their own), "sentence"}.
    """
    path = run.folder / SAMPLES
    if not path.exists():
        return ()
    try:
        judgements = verdicts.judge_run(samples.read(path))
    except (samples.SamplesUnreadable, OSError, ValueError) as error:
        raise NotARun(f"{path}: holds no samples that can be judged: {error}") from error
    return tuple(_row(judgement) for judgement in judgements)


def _row(judgement: Any) -> dict[str, Any]:
    overall = judgement.overall
    numbers = {name: verdicts.finite(getattr(overall, name)) for name in ("estimate", "low", "high", "limit")}
    return {
        "criterion": judgement.criterion.name,
        "state": judgement.state,
        **numbers,
        "unit": overall.unit,
        "samples": overall.samples,
        "at_least": judgement.criterion.at_least,
        "endpoints": len(judgement.endpoints),
        "proven": judgement.proven,
        "sentence": judgement.sentence,
    }


def criteria_in(run: Recorded, files: Iterable[str]) -> list[dict[str, Any]]:
    """The verdicts on all requests that these files of evidence hold, one a file."""
    paths = [run.folder / name for name in sorted(files) if name.endswith(VERDICTS)]
    return [parse(path.read_bytes(), path)[0] for path in paths if path.exists()]


def disagreements(run: Recorded) -> Iterator[str]:
    """Checks of success criteria whose numbers or outcomes are not those of their samples."""
    anew = {each["criterion"]: each for each in judged(run)}
    for check in run.checks:
        for name in check.evidence:
            if name.endswith(VERDICTS):
                row = parse((run.folder / name).read_bytes(), run.folder / name)[0]
                yield from _about(check, name, row, anew.get(row["criterion"]))


def _about(check: Check, name: str, row: Mapping[str, Any], anew: Mapping[str, Any] | None) -> Iterator[str]:
    if anew is None:
        yield f"{name}: says something about {row['criterion']}, and the samples were not taken for that"
        return
    for part in COMPARED:
        if not _same(row[part], anew[part]):
            yield f"{name}: {row['criterion']}, {part}: {row[part]} in the evidence, {anew[part]} from the samples"
    if check.outcome not in OUTCOMES[anew["state"]]:
        yield f"{check.id}: is {check.outcome}, and by its samples {row['criterion']} is {anew['state']}"


def _same(recorded: Any, anew: Any) -> bool:
    if isinstance(recorded, float) and isinstance(anew, float):
        return math.isclose(recorded, anew, rel_tol=1e-9, abs_tol=1e-12)  # the last digit may differ between processors
    return bool(recorded == anew)
