"""The process that judges a run: makes its plan, collects the samples of its workers, ends it, and keeps it as a file."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gevent import get_hub  # type: ignore[import-untyped] # gevent has no types

from fixtures.profile.environment import Environment
from fixtures.wire.policy import Policy
from judge import verdicts
from judge.criteria import FIRST_LOOK
from judge.verdicts import Judgement
from load import forecast, plans, sample_log, sizing
from load.sample_log import RECORD, SampleLog
from load.worker import Report
from record import samples
from record.samples import Plan, Recording, Samples


class Conductor:
    """Of one run. `options` are those of the command line; `path` is where the samples are kept in the end.

    `stop` is called with the reason when the run may end early.
    """

    def __init__(self, env: Environment, options: Any, run_id: str, path: Path, stop: Callable[[str], None]) -> None:
        self._env, self._options, self._run_id, self.path, self._stop = env, options, run_id, path, stop
        self.plan: Plan | None = None
        self.short = ""  # what this run cannot prove however well it goes
        self._log: SampleLog | None = None
        self._waiting: set[int] = set()
        self._reports: list[Report] = []
        self._problems: list[str] = []
        self._received = 0
        self._next_look = FIRST_LOOK
        self._settled: str | None = None
        self.lost_any = False
        self.recording: Recording | None = None
        self.judgements: list[Judgement] = []

    def begin(self, workers: int = 1) -> Plan:
        """The plan for so many workers; GuardError, ValueError or ObjectivesInvalid when this run may not be."""
        options, env = self._options, self._env
        policy = Policy(env, run_id=self._run_id, allow_load=options.allow_load)
        rate = sizing.rate_for(env, options.rate or None)
        duration_s = sizing.duration_for(rate, options.duration or None, options.shape, early_stop=options.early_stop)
        sizing.check(policy, rate, duration_s)
        only = [name.strip() for name in options.journeys.split(",") if name.strip()]
        self.plan = plans.of_environment(
            env,
            self._run_id,
            rate,
            duration_s,
            allow_writes=options.allow_writes,
            only=only,
            shape=options.shape,
            process=options.arrivals,
            seed=options.seed,
            early_stop=options.early_stop,
            workers=workers,
        )
        self.short = forecast.too_short(forecast.forecast(self.plan, plans.criteria_of(self.plan)))
        self._log = SampleLog(sample_log.log_path(self.path), self.plan)
        self._waiting = set(range(workers))
        return self.plan

    def collect(self, records: bytes) -> None:
        if self._log is None or not records:
            return
        self._log.add(records)
        self._log.flush()
        self._received += len(records) // RECORD.size
        if self.plan and self.plan.early_stop and self._received >= self._next_look and not self._settled:
            self._next_look *= 2
            self._look()

    def done(self, part: int, report: Report) -> None:
        self._waiting.discard(part)
        self._reports.append(report)
        if self._waiting and (report.distress or report.problems):
            self._stop(report.distress or report.problems[0])  # the others would only go on at a part of the load

    def problem(self, why: str) -> None:
        """What keeps the run from proving anything."""
        self._problems.append(why)

    def lost(self, part: int) -> None:
        """A worker is gone, and with it what it sent since its last message."""
        if part in self._waiting:
            self._waiting.discard(part)
            self.lost_any = True
            of = self.plan.workers if self.plan else 0
            self.problem(
                f"worker {part + 1} of {of} was lost: its part of the load was not sent, or not reported, "
                "and what the others measured is not the planned load"
            )

    @property
    def finished(self) -> bool:
        return self.plan is None or not self._waiting

    def finish(self) -> int:
        """Keep the run and judge it; the exit code that follows. Once a run."""
        if self._log:
            self._log.close()
        self.recording = self._kept()
        self.judgements = verdicts.judge_run(self.recording, plans.criteria_of(self.recording.plan))
        return verdicts.EXIT_CODES[verdicts.state_of(self.recording, self.judgements)]

    def summary(self) -> str:
        """The verdicts of the run for a terminal."""
        assert self.recording is not None  # after `finish`
        lines = [*verdicts.sentences(self.recording, self.judgements), *self.recording.notes]
        return "\n".join([*lines, f"samples: {self.path}", f"pages: python -m load page {self.path}"])

    def _kept(self) -> Recording:
        plan, collected = sample_log.read(sample_log.log_path(self.path)) if self.plan else (None, Samples.of(()))
        reports = self._reports
        recorded = Recording(
            plan,
            collected,
            problems=tuple(dict.fromkeys([*self._problems, *(each for report in reports for each in report.problems)])),
            settled=self._settled,
            distress=next((report.distress for report in reports if report.distress), None),
            due=sum(report.due for report in reports) if self._settled or any(report.distress for report in reports) else None,
            bodies=sum(report.bodies for report in reports) if reports else None,
            connections=sum(report.connections for report in reports) if reports else None,
            notes=tuple(each for report in reports for each in report.notes),
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        samples.write(self.path, recorded)
        sample_log.log_path(self.path).unlink(missing_ok=True)
        return recorded

    def _look(self) -> None:
        """In a thread of the operating system: the judge must not delay sending."""
        get_hub().threadpool.spawn(self._judge_so_far).rawlink(lambda judged: self._may_end(judged.value))

    def _judge_so_far(self) -> str | None:
        plan, collected = sample_log.read(sample_log.log_path(self.path))
        state = verdicts.worst(verdicts.judge_run(Recording(plan, collected, settled="so far", due=len(collected))))
        return f"after {len(collected):,} requests every criterion is decided: {state}" if state != "unverified" else None

    def _may_end(self, settled: str | None) -> None:
        if settled and not self._settled:
            self._settled = settled
            self._stop(settled)


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
