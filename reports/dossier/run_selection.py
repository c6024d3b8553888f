"""Which runs a gate is decided by: of each stage the newest one that looked at the whole of it, green or not.

A green run does not excuse a red one that came after it, and what is newer but only a part is no verdict on the stage.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from record import releases, run_folder
from record.run_folder import NotARun, Run
from reports.plan.gates import STAGES, Gate

LOCAL = {"local": "sandbox"}  # what `--env=local` is called in its own profile


class WrongRun(ValueError):  # noqa: N818 - states the fact
    """A run that does not belong in the requested dossier; the message says what the run is and what was requested."""


def environment(name: str) -> str:
    """The name that runs record for `--env=NAME`."""
    return LOCAL.get(name, name)


def runs_on(out: Path, environment_name: str, unsound: list[str]) -> Iterator[Run]:
    """The runs on an environment, the newest first, each read when it is asked for; why a folder is no run goes to `unsound`."""
    for folder, its_environment in run_folder.heads(out):
        if its_environment == environment_name:
            try:
                yield run_folder.read(folder)
            except NotARun as error:
                unsound.append(str(error))


def newest(out: Path, gate: Gate, environment_name: str, release: str) -> tuple[list[Run], list[str]]:
    """The deciding runs below `out`, the oldest first, and the folders that were passed over because they are no sound run."""
    chosen: dict[str, Run] = {}
    partly: dict[str, Run] = {}
    unsound: list[str] = []
    for run in runs_on(out, environment_name, unsound):
        if _may_be_of(run, release):
            _take(run, gate, chosen, partly)
        if chosen.keys() >= set(gate.stages):
            break
    return _in_order({**partly, **chosen}.values()), unsound


def _may_be_of(run: Run, release: str) -> bool:
    """A target without a version, because it was down, may be any: a run on it must not make room for an older one."""
    version = run.data["target"]["version_at_end"] or run.data["target"]["version_at_start"]
    return version is None or releases.fits(version, release)


def _take(run: Run, gate: Gate, chosen: dict[str, Run], partly: dict[str, Run]) -> None:
    selection = run.data["selection"]
    for stage in gate.stages:
        if stage in selection["whole"]:
            chosen.setdefault(stage, run)
        elif stage in selection["stages"]:
            partly.setdefault(stage, run)


def _in_order(picked: Iterable[Run]) -> list[Run]:
    return sorted({run.digest: run for run in picked}.values(), key=lambda run: (run.started_at, run.name))


def named(folders: Sequence[Path], environment_name: str, release: str) -> list[Run]:
    """The runs that a person names. WrongRun for one of another release or environment, NotARun for a folder that holds none."""
    read = [run_folder.read(folder) for folder in folders]
    for run in read:
        if run.environment != environment_name:
            raise WrongRun(f"{run.folder}: is a run on {run.environment}, and the dossier is about {environment_name}")
        if not _may_be_of(run, release):
            raise WrongRun(
                f"{run.folder}: its target was {run.data['target']['version_at_end']}, and the dossier is about {release}"
            )
    return _in_order(read)


def deciding(picked: Sequence[Run], stage: str) -> Run | None:
    """The newest of these runs that looked at a whole stage; else the newest that looked at a part of it."""
    whole = [run for run in picked if stage in run.data["selection"]["whole"]]
    partly = [run for run in picked if stage in run.data["selection"]["stages"]]
    return next(reversed(whole or partly), None)


def by_stage(picked: Sequence[Run]) -> dict[str, Run]:
    """The run that decides each stage, in the order of the stages."""
    return {stage: run for stage in STAGES if (run := deciding(picked, stage))}


def records(picked: Sequence[Run]) -> list[dict[str, Any]]:
    """The checks that count, each from the run that decides its stage, with that run's name."""
    chosen = by_stage(picked).items()
    return [{**check, "run": run.name} for stage, run in chosen for check in run.checks if stage == stage_of(check)]


def stage_of(check: Mapping[str, Any]) -> str:
    """As the run recorded it; of a check that never ran, by its folder."""
    return str(check["stage"] or check["id"].split("/")[1].replace("_", "-"))


def stages_of(run: Run) -> tuple[str, ...]:
    return tuple(stage for stage in STAGES if stage in run.data["selection"]["stages"])
