"""Which runs a gate is decided by: of each stage the newest one that looked at the whole of it, green or not.

A green run does not excuse a red one that came after it, and what is newer but only a part is no verdict on the stage.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from record import releases, run_folder
from record.run import Check
from record.run_folder import NotARun, Recorded
from record.stages import stage_of_id
from reports.plan.gates import STAGES, Gate

LOCAL = {"local": "sandbox"}  # what `--env=local` is called in its own profile


class Counted(NamedTuple):
    """A check that counts, and the name of its run."""

    run: str
    check: Check


class WrongRun(ValueError):  # noqa: N818 - states the fact
    """A run that does not belong in the requested dossier; the message says what the run is and what was requested."""


def environment(name: str) -> str:
    """The name that runs record for `--env=NAME`."""
    return LOCAL.get(name, name)


def runs_on(out: Path, environment_name: str, unsound: list[str]) -> Iterator[Recorded]:
    """The runs on an environment, the newest first, each read when it is asked for; why a folder is no run goes to `unsound`."""
    for folder, its_environment in run_folder.heads(out):
        if its_environment == environment_name:
            try:
                yield run_folder.read(folder)
            except NotARun as error:
                unsound.append(str(error))


def newest(out: Path, gate: Gate, environment_name: str, release: str) -> tuple[list[Recorded], list[str]]:
    """The deciding runs below `out`, the oldest first, and the folders that were passed over because they are no sound run."""
    chosen: dict[str, Recorded] = {}
    partly: dict[str, Recorded] = {}
    unsound: list[str] = []
    for run in runs_on(out, environment_name, unsound):
        if _may_be_of(run, release):
            _take(run, gate, chosen, partly)
        if chosen.keys() >= set(gate.stages):
            break
    return _in_order({**partly, **chosen}.values()), unsound


def _may_be_of(run: Recorded, release: str) -> bool:
    """A target without a version, because it was down, may be any: a run on it must not make room for an older one."""
    target = run.content.target
    version = target.version_at_end or target.version_at_start
    return version is None or releases.fits(version, release)


def _take(run: Recorded, gate: Gate, chosen: dict[str, Recorded], partly: dict[str, Recorded]) -> None:
    for stage in gate.stages:
        if run.content.selection.is_whole(stage):
            chosen.setdefault(stage, run)
        elif stage in run.content.selection.stages:
            partly.setdefault(stage, run)


def _in_order(picked: Iterable[Recorded]) -> list[Recorded]:
    return sorted({run.digest: run for run in picked}.values(), key=lambda run: (run.started_at, run.name))


def named(folders: Sequence[Path], environment_name: str, release: str) -> list[Recorded]:
    """The runs that a person names. WrongRun for one of another release or environment, NotARun for a folder that holds none."""
    read = [run_folder.read(folder) for folder in folders]
    for run in read:
        if run.content.environment != environment_name:
            raise WrongRun(f"{run.folder}: is a run on {run.content.environment}, and the dossier is about {environment_name}")
        if not _may_be_of(run, release):
            raise WrongRun(
                f"{run.folder}: its target was {run.content.target.version_at_end}, and the dossier is about {release}"
            )
    return _in_order(read)


def deciding(picked: Sequence[Recorded], stage: str) -> Recorded | None:
    """The newest of these runs that looked at a whole stage; else the newest that looked at a part of it."""
    whole = [run for run in picked if run.content.selection.is_whole(stage)]
    partly = [run for run in picked if stage in run.content.selection.stages]
    return next(reversed(whole or partly), None)


def by_stage(picked: Sequence[Recorded]) -> dict[str, Recorded]:
    """The run that decides each stage, in the order of the stages."""
    return {stage: run for stage in STAGES if (run := deciding(picked, stage))}


def counted(picked: Sequence[Recorded]) -> list[Counted]:
    """The checks that count, each from the run that decides its stage."""
    chosen = by_stage(picked).items()
    return [Counted(run.name, check) for stage, run in chosen for check in run.checks if stage == stage_of(check)]


def stage_of(check: Check) -> str:
    """As the run recorded it; of a check that never ran, by its folder."""
    return str(check.stage or stage_of_id(check.id))


def stages_of(run: Recorded) -> tuple[str, ...]:
    return tuple(stage for stage in STAGES if stage in run.content.selection.stages)
