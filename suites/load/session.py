"""The load run of a session: whether it can prove anything, sending it, and what it shows."""

import contextlib
import dataclasses
import fcntl
import json
import math
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

from fixtures.profile.environment import Environment
from fixtures.wire import evidence
from fixtures.wire.policy import Policy
from judge import growth, health
from judge.growth import Growth
from judge.verdicts import Judgement, Verdict
from load import diagnosis, forecast, page, plans, run, sizing
from load.run import RunRequest
from record import samples
from record.outcome import Unverified
from record.samples import Recording
from suites.judging import Judge

LONGER = "give a longer --duration, or leave it out: then it is as long as the strictest criterion needs"
GENERATOR = "give the generator a machine of its own, or a lower --rate, and run it to its end"


class LoadSession:
    """`folder` holds the samples of the run, its pages and its pictures."""

    def __init__(self, config: pytest.Config, policy: Policy, judge: Judge, folder: Path) -> None:
        self._config, self._policy, self._env, self._judge, self.folder = config, policy, policy.env, judge, folder

    def send(self, ledger: Path | None) -> None:
        """The first process of the session that gets here sends the load; the others wait for it. LoadRefused, Unverified."""
        request = _request(self._config, self._env, self._policy)
        self._announce(request)
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "lock").open("w") as lock, _uncaptured(self._config):
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.folder / "samples.npz").exists():
                result = run.run(dataclasses.replace(request, ledger=ledger), folder=self.folder)
                page.write(self.folder, result.recording)

    @cached_property
    def recording(self) -> Recording:
        return samples.read(self.folder / "samples.npz")

    def sound(self) -> Recording:
        """The run, when its generator did what it planned: else Unverified. Whether the target bore it is another question."""
        void = health.reasons_to_void(self.recording)
        if void:
            raise Unverified(f"the load run proves nothing: {'; '.join(void)}", _remedy_of_void(self.recording))
        return self.recording

    def judged(self, name: str) -> Judgement:
        """Of the criterion of that name, with its numbers and pictures kept as evidence; Unverified when too little is proven."""
        recording = self.recording
        if recording.plan is None:
            raise Unverified(f"{name} is unverified: {'; '.join(health.reasons_to_void(recording))}", _remedy_of_void(recording))
        judgement = self._judge.of_run(name, recording)
        _keep_numbers(judgement, recording)
        self._keep_pictures(judgement)
        if judgement.state == "unverified":
            raise Unverified(judgement.sentence, _remedy(judgement, recording))
        if judgement.state == "met" and recording.plan.left_out:
            raise Unverified(
                f"{judgement.sentence}; not sent: {', '.join(recording.plan.left_out)}", "allow or set what is named"
            )
        return judgement

    def growth(self) -> Growth:
        """Unverified for a run of which this cannot be said."""
        plan = self.sound().plan
        assert plan is not None  # a sound run has one
        if plan.shape not in growth.STEADY:
            steady = " or ".join(growth.STEADY)
            raise Unverified(f"a run of shape {plan.shape} has a lower rate at one end", f"run with --shape {steady}")
        grown = growth.growth(self.recording.samples, plan.duration_s)
        if grown.state == "unverified":
            raise Unverified(f"whether it gets slower is unknown: {grown.sentence}", "give a longer --duration")
        return grown

    def errors(self) -> str:
        """The most frequent errors, and whether they depend on concurrency."""
        found = diagnosis.errors(self.recording.samples), diagnosis.concurrency(self.recording.samples)
        return "; ".join(part for part in found if part)

    def slowness(self) -> str:
        return diagnosis.slowness(self.recording.samples)

    def _announce(self, request: RunRequest) -> None:
        """What the run cannot prove, before anything is sent; Unverified when it can prove nothing at all."""
        try:
            plan = plans.of_environment(
                self._env,
                request.run_id,
                request.rate,
                request.duration_s,
                allow_writes=request.allow_writes,
                shape=request.shape,
                early_stop=request.early_stop,
            )
        except plans.NoJourneyAllowed as error:
            raise Unverified(str(error), "set what is named") from error
        forecasts = forecast.forecast(plan, plans.criteria_of(plan))
        short = forecast.too_short(forecasts)
        if not any(each.can for each in forecasts):
            raise Unverified(f"{plan.planned:,} requests prove none of the success criteria, so none were sent: {short}", LONGER)
        reporter = self._config.pluginmanager.getplugin("terminalreporter")
        if short and reporter is not None:
            with _uncaptured(self._config):
                reporter.write_line(f"load: too short to prove: {short}")

    def _keep_pictures(self, judgement: Judgement) -> None:
        """Those that belong to the criterion."""
        kinds = ("errors", "rate") if judgement.criterion.unit == "%" else ("latencies", "percentiles")
        for kind in kinds:
            evidence.attach(f"{kind}.svg", (self.folder / f"{kind}.svg").read_bytes(), "image/svg+xml")


def _request(config: pytest.Config, env: Environment, policy: Policy) -> RunRequest:
    """LoadRefused when the environment does not allow this run."""
    shape, early_stop = config.getoption("shape"), config.getoption("early_stop")
    rate = sizing.rate_for(env, config.getoption("rate"))
    duration_s = sizing.duration_for(rate, config.getoption("duration"), shape, early_stop=early_stop)
    sizing.check(policy, rate, duration_s)
    return RunRequest(
        env.file,
        rate,
        duration_s,
        policy.run_id,
        limit_s=env.timeout_s,
        shape=shape,
        early_stop=early_stop,
        allow_load=policy.allow_load,
        allow_writes=policy.allow_writes,
    )


@contextlib.contextmanager
def _uncaptured(config: pytest.Config) -> Iterator[None]:
    """Half a minute without output looks like a hang: the progress line goes past pytest's capturing."""
    capturing = config.pluginmanager.getplugin("capturemanager")
    with capturing.global_and_fixture_disabled() if capturing else contextlib.nullcontext():
        yield


def _remedy(judgement: Judgement, recording: Recording) -> str:
    overall = judgement.overall
    if judgement.void or recording.plan is None:
        return _remedy_of_void(recording)
    if judgement.missing_endpoints:
        return "are the endpoints of the objective written as in fixtures/product/journeys.py, and are their journeys sent here?"
    if not overall.needs:
        return "look at the distribution in the samples: the value lies on its limit"
    seconds = math.ceil((len(recording.samples) + 1.1 * overall.needs) / recording.plan.rate)
    return f"send about {overall.needs:,} more requests, for example with --duration {seconds}"


def _remedy_of_void(recording: Recording) -> str:
    if recording.problems:
        return "fix that first; the log of the generator is beside its samples"
    if recording.distress:
        return "fix what broke down first; the samples say when it began"
    if health.turned_away(recording.samples) > health.TURNED_AWAY_AT_MOST:
        return "lift the limit there for this machine, or give a --rate below it"
    return GENERATOR


def _keep_numbers(judgement: Judgement, recording: Recording) -> None:
    overall = judgement.overall
    for part, value in (("", overall.estimate), (", at least", overall.low), (", at most", overall.high)):
        if value is not None and math.isfinite(value):
            evidence.measure(f"{overall.criterion}{part}", value, overall.unit)
    evidence.measure("requests", len(recording.samples), "requests")
    evidence.measure("share of the planned load", 100 * health.achieved(recording), "%")
    late_s = health.lateness_p99_s(recording.samples)
    if late_s is not None:
        evidence.measure("lateness of the generator, 99th percentile", 1000 * late_s, "ms")
    table = json.dumps([_row(verdict) for verdict in (overall, *judgement.endpoints)], ensure_ascii=False, indent=1)
    evidence.attach("verdicts.json", table, "application/json")


def _row(verdict: Verdict) -> dict[str, object]:
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in dataclasses.asdict(verdict).items()
    }
