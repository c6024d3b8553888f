"""One load run for all checks of the success criteria, and how each of them is judged on it."""

import contextlib
import dataclasses
import fcntl
import json
import math
from collections.abc import Callable, Iterator

import pytest

from fixtures import evidence, guard, record
from fixtures.environment import Environment
from fixtures.verdicts import Unverified
from load import extent, health, judge, run, samples
from load.criteria import Criterion
from load.judge import Judgement, Verdict
from load.samples import Recording

Judged = Callable[[Criterion], Judgement]
GENERATOR = "give the generator a machine of its own, or a lower --rate, and run it to its end"


@pytest.fixture(scope="session")
def load_run(request: pytest.FixtureRequest, env: Environment, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """What the run of this session saw. The first process that asks sends the load; the others wait for it and read."""
    config = request.config
    policy = guard.policy_of(config, env)
    rate = extent.rate_for(env, config.getoption("rate"))
    duration_s = extent.duration_for(rate, config.getoption("duration"))
    extent.check(policy, rate, duration_s)
    kept = config.stash[record.RUN].folder
    folder = kept / "load" if kept.is_dir() else tmp_path_factory.mktemp("load")
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock, _seen_live(config):
        fcntl.flock(lock, fcntl.LOCK_EX)
        journal = folder / "samples.jsonl"
        if journal.exists():
            return samples.read(journal)
        allowed = policy.allow_load
        return run.run(
            env.file, rate, duration_s, policy.run_id, folder=folder, allow_load=allowed, limit_s=env.timeout_s
        ).recording


@contextlib.contextmanager
def _seen_live(config: pytest.Config) -> Iterator[None]:
    """Half a minute without a word looks like a hang: the progress line goes past pytest's capturing."""
    capturing = config.pluginmanager.getplugin("capturemanager")
    with capturing.global_and_fixture_disabled() if capturing else contextlib.nullcontext():
        yield


@pytest.fixture
def judged(load_run: Recording) -> Judged:
    """`judged(AVAILABILITY)` is the judgement with its numbers kept as evidence; Unverified when the run proves too little."""

    def judge_one(criterion: Criterion) -> Judgement:
        judgement = judge.judge_run(load_run, [criterion])[0]
        _keep(judgement, load_run)
        if judgement.state == "unverified":
            raise Unverified(judgement.sentence, _remedy(judgement, load_run))
        return judgement

    return judge_one


def _remedy(judgement: Judgement, recording: Recording) -> str:
    overall = judgement.overall
    if recording.problems:
        return "mend that first; the log of the generator stands beside its samples"
    if judgement.void or recording.plan is None:
        return GENERATOR
    if not overall.needs:
        return "look at the distribution in the samples: the value lies on its limit"
    seconds = math.ceil((len(recording.samples) + 1.1 * overall.needs) / recording.plan.rate)
    return f"send about {overall.needs:,} more requests, for example with --duration {seconds}"


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


def _row(verdict: Verdict) -> dict[str, object]:
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in dataclasses.asdict(verdict).items()
    }
