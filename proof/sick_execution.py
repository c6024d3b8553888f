"""The course of a measurement: the healthy sandbox once for each worker, then each sick deployment on a sandbox of its own."""

import argparse
import json
import shutil
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean

from proof import catalogue, expectations, forked_run, jobs, sick_report
from proof.catalogue import Unusable
from proof.execution import say
from proof.forked_run import ForkedRun
from proof.results import INTERRUPTED
from proof.sick_measures import Astray, Deployment, Known, Sick
from proof.workers import Job, Result, WorkerFailed, Workers
from record import run_folder
from record.run_folder import NotARun

NOTED = "faults.json"


@dataclass
class Measurement:
    """What is to be measured, and what was until now."""

    listed: Collection[Sick]
    known: Known
    healthy: list[Result] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    partial: bool = True

    @property
    def healthy_s(self) -> float:
        return fmean(each.run.took_s for each in self.healthy) if self.healthy else 0.0

    def jobs(self) -> list[Job]:
        """The longest lists first: what is most broken takes longest."""
        return [self._job(sick) for sick in self.listed]

    def _job(self, sick: Sick) -> Job:
        job = jobs.under("+".join(sick.faults), frozenset(), self.known.faults, cost_s=float(len(sick.faults)))
        return replace(job, name=sick.name, row=sick.name, fresh=True)

    def was_healthy(self, result: Result) -> None:
        self.healthy.append(result)
        unverified = {check.id for check in result.run.checks if check.outcome == "unverified"}
        self.known = replace(self.known, unverified=self.known.unverified | unverified)
        say(f"{result.job.name:<30}{len(result.run.checks):>7} checks {result.run.took_s:>6.1f} s")

    def was_sick(self, result: Result) -> None:
        run, sick = result.run, next(each for each in self.listed if each.name == result.job.name)
        found = Deployment(sick, self.known, run.run, run.took_s, run.output)
        self.deployments.append(found)
        say(sick_report.line(found, self.healthy_s))

    def recall(self, runs: Path) -> None:
        """From the folders of runs that an earlier measurement left there."""
        for folder in sorted(runs.glob(f"{jobs.HEALTHY}-*")):
            self.was_healthy(_recorded(Job(folder.name), folder))
        for sick, job in zip(self.listed, self.jobs(), strict=True):
            if _noted(runs / sick.name) != list(sick.faults):
                raise Unusable(f"{sick.name} has other faults than when it was measured: measure it anew, without --recorded")
            self.was_sick(_recorded(job, runs / sick.name))
        self.partial = False

    def alarms(self) -> list[Astray]:
        """Checks that did not pass on the healthy sandbox, but for those that could not look."""
        return [
            Astray(check.id, check.finding.cause if check.finding else "", check.finding.seen if check.finding else "")
            for each in self.healthy
            for check in each.run.checks
            if check.outcome not in ("passed", "unverified")
        ]


def _note(sick: Sick, folder: Path) -> None:
    """Which faults its run is about, for `recall`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NOTED).write_text(json.dumps(sick.faults), encoding="utf-8")


def _noted(folder: Path) -> list[str] | None:
    path = folder / NOTED
    faults: list[str] | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return faults


def _recorded(job: Job, folder: Path) -> Result:
    """Raises Unusable where the folder holds no run."""
    try:
        recorded = run_folder.read(folder / forked_run.LATEST).content
    except NotARun as error:
        raise Unusable(f"{job.name} was not measured before: {error}") from error
    return Result(job, ForkedRun(recorded.exit_code or 0, "", recorded, recorded.duration_s), recorded.duration_s)


def run(listed: Collection[Sick], options: argparse.Namespace) -> int:
    """What the command line asked for, to its exit code."""
    measurement = Measurement(listed, Known(catalogue.catalogue(), expectations.table()))
    runs = options.out / "sick-runs"
    if options.recorded:
        measurement.recall(runs)
        return _end(measurement, options.out)
    shutil.rmtree(runs, ignore_errors=True)  # here and below, of an earlier measurement
    sick_report.remove(options.out)
    for sick in listed:
        _note(sick, runs / sick.name)
    workers = Workers(max(1, min(options.workers, len(listed))), runs, "make sick NAME")
    try:
        _measure(measurement, workers)
    except KeyboardInterrupt:
        say("interrupted: what follows is partial")
    except WorkerFailed as error:
        say(f"broken off: {error}")
    finally:
        workers.close()
    return _end(measurement, options.out)


def _end(measurement: Measurement, out: Path) -> int:
    """Writes what was measured, says it, and gives the exit code."""
    data = sick_report.as_json(
        measurement.deployments, measurement.healthy_s, partial=measurement.partial, alarms=measurement.alarms()
    )
    sick_report.write(data, out)
    say(sick_report.as_text(data))
    say(f"report    {out / sick_report.PAGE}")
    return INTERRUPTED if measurement.partial else int(not sick_report.met(data))


def _measure(measurement: Measurement, workers: Workers) -> None:
    """The healthy runs stand side by side as the others do, so that the times can be compared."""
    workers.run([Job(f"{jobs.HEALTHY}-{number + 1}") for number in range(workers.size)], report=measurement.was_healthy)
    say(sick_report.HEAD)
    workers.run(measurement.jobs(), report=measurement.was_sick)
    measurement.partial = False
