"""The load run of a session: whether it can prove anything, sending it, and what it shows."""

import contextlib
import dataclasses
import fcntl
import json
import math
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import pytest

from fixtures.profile.environment import Environment
from fixtures.wire.evidence import Evidence
from fixtures.wire.policy import Policy
from judge import growth, health
from judge.growth import Growth
from judge.verdicts import Judgement, Verdict, finite
from load import diagnosis, forecast, page, plans, run, sizing
from load.run import RunRequest
from record import samples
from record.outcome import Unverified
from record.samples import Recording
from suites.judging import Judge


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
                result = run.run(dataclasses.replace(request, ledger=ledger), folder=self.folder, redactor=self._policy.redactor)
                page.write(self.folder, result.recording)

    @cached_property
    def recording(self) -> Recording:
        return samples.read(self.folder / "samples.npz")

    def sound(self) -> Recording:
        """The run, when its generator did what it planned: else Unverified. Whether the target bore it is another question."""
        if health.reasons_to_void(self.recording):
            raise _void(self.recording)
        return self.recording

    def judged(self, name: str, evidence: Evidence) -> Judgement:
        """Of the criterion of that name, with its numbers and pictures kept as evidence; Unverified when too little is proven."""
        recording = self.recording
        if recording.plan is None:
            raise _void(recording)
        judgement = self._judge.of_run(name, recording)
        _keep_numbers(evidence, judgement, recording)
        self._keep_pictures(evidence, judgement)
        if judgement.state == "unverified":
            raise _unproven(judgement, recording)
        if judgement.state == "met" and recording.plan.left_out:
            raise Unverified("load-journeys-left-out", criterion=name, journeys=names(recording.plan.left_out))
        return judgement

    def growth(self) -> Growth:
        """Unverified for a run of which this cannot be said."""
        plan = self.sound().plan
        assert plan is not None  # a sound run has one
        if plan.shape not in growth.STEADY:
            raise Unverified("load-shape-not-steady", shape=plan.shape, steady=", ".join(growth.STEADY))
        grown = growth.growth(self.recording.samples, plan.duration_s)
        if grown.state == "unverified":
            raise Unverified("load-growth-unclear", **self.thirds(grown))
        return grown

    @staticmethod
    def limits_of_growth() -> dict[str, str]:
        """For the sentences of a cause: how many times as slow the end may be, and from how many milliseconds on."""
        return {"most": f"{growth.MOST:g}", "floor_ms": f"{growth.FLOOR_MS:.0f}"}

    @staticmethod
    def thirds(grown: Growth) -> dict[str, str]:
        """For the sentences of a cause: p95 of the first third and of the last, as intervals in milliseconds."""
        thirds = {"first_ms": grown.first, "last_ms": grown.last}
        return {name: f"[{bounds.low:.0f}, {bounds.high:.0f}]" for name, bounds in thirds.items()}

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
            raise Unverified("load-no-journeys", journeys=names(error.left_out)) from error
        forecasts = forecast.forecast(plan, plans.criteria_of(plan))
        short = forecast.too_short(forecasts)
        if not any(each.can for each in forecasts):
            raise Unverified("load-run-too-short", planned=plan.planned)
        reporter = self._config.pluginmanager.getplugin("terminalreporter")
        if short and reporter is not None:
            with _uncaptured(self._config):
                reporter.write_line(f"load: too short to prove: {short}")

    def _keep_pictures(self, evidence: Evidence, judgement: Judgement) -> None:
        """Those that belong to the criterion."""
        kinds = ("errors", "rate") if judgement.criterion.unit == "%" else ("latencies", "percentiles")
        for kind in kinds:
            evidence.attach(f"{kind}.svg", (self.folder / f"{kind}.svg").read_bytes())


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
        limit_s=env.limits.timeout_s,
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


def names(left_out: Iterable[str]) -> str:
    """Of the journeys, without the reasons in parentheses."""
    return ", ".join(entry.partition(" (")[0] for entry in left_out)


def _unproven(judgement: Judgement, recording: Recording) -> Unverified:
    overall = judgement.overall
    if judgement.void or recording.plan is None:
        return _void(recording)
    if judgement.missing_endpoints:
        endpoints = ", ".join(judgement.missing_endpoints)
        return Unverified("load-endpoints-not-sent", criterion=overall.criterion, endpoints=endpoints)
    if not overall.needs:
        return Unverified("load-criterion-on-its-limit", **_measured(overall))
    duration_s = math.ceil((len(recording.samples) + 1.1 * overall.needs) / recording.plan.rate)
    return Unverified("load-too-few-requests", needs=overall.needs, duration_s=duration_s, **_measured(overall))


def _measured(verdict: Verdict) -> dict[str, str]:
    numbers = {name: getattr(verdict, name) for name in ("estimate", "low", "high", "limit")}
    shown = {name: "-" if value is None else f"{value:.3f}" for name, value in numbers.items()}
    return {"criterion": verdict.criterion, "unit": verdict.unit, "requests": str(verdict.samples), **shown}


def _void(recording: Recording) -> Unverified:
    """What keeps a run from proving anything."""
    if recording.problems:
        return Unverified("load-generator-failed", problems="; ".join(recording.problems))
    if recording.distress:
        return Unverified("load-run-stopped", distress=recording.distress)
    away = health.turned_away(recording.samples)
    if away > health.TURNED_AWAY_AT_MOST:
        return Unverified("load-run-turned-away", share=f"{100 * away:.1f}")
    planned = recording.plan.planned if recording.plan else 0
    late_ms = 1000 * (health.lateness_p99_s(recording.samples) or 0.0)
    return Unverified("load-run-not-as-planned", sent=len(recording.samples), planned=planned, late_ms=f"{late_ms:.0f}")


def _keep_numbers(evidence: Evidence, judgement: Judgement, recording: Recording) -> None:
    overall = judgement.overall
    for part, value in (("", overall.estimate), (", at least", overall.low), (", at most", overall.high)):
        if value is not None and math.isfinite(value):
            evidence.measure(f"{overall.criterion}{part}", value, overall.unit)
    evidence.measure("requests", len(recording.samples), "requests")
    evidence.measure("share of the planned load", 100 * health.achieved(recording), "%")
    late_s = health.lateness_p99_s(recording.samples)
    if late_s is not None:
        evidence.measure("lateness of the generator, 99th percentile", 1000 * late_s, "ms")
    verdicts = [dataclasses.asdict(verdict) for verdict in (overall, *judgement.endpoints)]
    table = json.dumps(finite(verdicts), ensure_ascii=False, indent=1)
    evidence.attach("verdicts.json", table)
