"""One load run for all checks of the load stage, and how each success criterion is judged on it."""

import contextlib
import dataclasses
import fcntl
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fixtures.profile.environment import Environment
from fixtures.wire import evidence
from fixtures.wire.policy import Policy
from judge import health, objectives, verdicts
from judge.verdicts import Judgement, Verdict
from load import forecast, page, plans, run, sizing
from record import samples
from record.outcome import Unverified
from record.samples import Recording

Judged = Callable[[str], Judgement]
LONGER = "give a longer --duration, or leave it out: then it is as long as the strictest criterion needs"
GENERATOR = "give the generator a machine of its own, or a lower --rate, and run it to its end"


@pytest.fixture(scope="session")
def load_folder(
    request: pytest.FixtureRequest, env: Environment, policy: Policy, run_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Where the load run of this session is. The first process that asks sends the load; the others wait for it."""
    config = request.config
    wish = _wish(config, env, policy)
    _tell_what_it_can_prove(config, env, wish)
    folder = run_folder / "load" if run_folder.is_dir() else tmp_path_factory.mktemp("load")
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock, _seen_live(config):
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "samples.npz").exists():
            journal = run_folder / "ledger-load.jsonl" if run_folder.is_dir() else None
            outcome = run.run(dataclasses.replace(wish, ledger=journal), folder=folder)
            page.write(folder, outcome.recording)
    return folder


@pytest.fixture(scope="session")
def load_run(load_folder: Path) -> Recording:
    """What the run of this session saw."""
    return samples.read(load_folder / "samples.npz")


def _wish(config: pytest.Config, env: Environment, policy: Policy) -> run.Wish:
    """LoadRefused when this run may not be."""
    shape, early_stop = config.getoption("shape"), config.getoption("early_stop")
    rate = sizing.rate_for(env, config.getoption("rate"))
    duration_s = sizing.duration_for(rate, config.getoption("duration"), shape, early_stop=early_stop)
    sizing.check(policy, rate, duration_s)
    return run.Wish(
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


def _tell_what_it_can_prove(config: pytest.Config, env: Environment, wish: run.Wish) -> None:
    """Before anything is sent. Unverified when it is nothing at all, so that nobody is loaded for it."""
    journeys, left_out = plans.journeys_for(env, allow_writes=wish.allow_writes)
    documents = objectives.documents(env.objectives_file)
    if not journeys:
        raise Unverified(f"no journey can be sent to {env.name}: {'; '.join(left_out)}", "set what is named")
    plan = plans.make(
        env,
        wish.run_id,
        wish.rate,
        wish.duration_s,
        journeys=journeys,
        objectives=documents,
        shape=wish.shape,
        early_stop=wish.early_stop,
    )
    forecasts = forecast.forecast(plan, objectives.criteria(documents))
    short = forecast.too_short(forecasts)
    if not any(each.can for each in forecasts):
        raise Unverified(f"{plan.planned:,} requests prove none of the success criteria, so none were sent: {short}", LONGER)
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if short and reporter is not None:
        with _seen_live(config):
            reporter.write_line(f"load: too short to prove: {short}")


@contextlib.contextmanager
def _seen_live(config: pytest.Config) -> Iterator[None]:
    """Half a minute without a word looks like a hang: the progress line goes past pytest's capturing."""
    capturing = config.pluginmanager.getplugin("capturemanager")
    with capturing.global_and_fixture_disabled() if capturing else contextlib.nullcontext():
        yield


@pytest.fixture
def sound_run(load_run: Recording) -> Recording:
    """The run, when its generator did what it planned: else Unverified. Whether the target bore it is another question."""
    void = health.reasons_to_void(load_run)
    if void:
        raise Unverified(f"the load run proves nothing: {'; '.join(void)}", _way_out(load_run))
    return load_run


@pytest.fixture
def judged(load_run: Recording, load_folder: Path, env: Environment) -> Judged:
    """`judged("availability")` is the judgement with its numbers kept as evidence; Unverified when the run proves too little."""
    criteria = objectives.load(env.objectives_file)

    def judge_one(name: str) -> Judgement:
        judgement = verdicts.judge_run(load_run, [objectives.named(name, criteria)])[0]
        _keep(judgement, load_run)
        _show(judgement, load_folder)
        if judgement.state == "unverified":
            raise Unverified(judgement.sentence, _remedy(judgement, load_run))
        if judgement.state == "met" and load_run.plan and load_run.plan.left_out:
            raise Unverified(f"{judgement.sentence}; not sent: {', '.join(load_run.plan.left_out)}", "allow or set what is named")
        return judgement

    return judge_one


def _remedy(judgement: Judgement, recording: Recording) -> str:
    overall = judgement.overall
    if judgement.void or recording.plan is None:
        return _way_out(recording)
    if judgement.unseen:
        return "are the endpoints of the objective written as in fixtures/product/journeys.py, and are their journeys sent here?"
    if not overall.needs:
        return "look at the distribution in the samples: the value lies on its limit"
    seconds = math.ceil((len(recording.samples) + 1.1 * overall.needs) / recording.plan.rate)
    return f"send about {overall.needs:,} more requests, for example with --duration {seconds}"


def _way_out(recording: Recording) -> str:
    if recording.problems:
        return "mend that first; the log of the generator stands beside its samples"
    if recording.distress:
        return "mend what broke down first; the samples say when it began"
    if health.turned_away(recording.samples) > health.TURNED_AWAY_AT_MOST:
        return "lift the limit there for this machine, or give a --rate below it"
    return GENERATOR


def _keep(judgement: Judgement, recording: Recording) -> None:
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


def _show(judgement: Judgement, folder: Path) -> None:
    """The pictures that belong to a criterion."""
    kinds = ("errors", "rate") if judgement.criterion.unit == "%" else ("latencies", "percentiles")
    for kind in kinds:
        picture = (folder / f"{kind}.svg").read_bytes()
        evidence.attach(f"{kind}.svg", picture, "image/svg+xml")


def _row(verdict: Verdict) -> dict[str, object]:
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in dataclasses.asdict(verdict).items()
    }
