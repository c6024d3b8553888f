"""The numbers that the plan calls success, claimed of the product's journeys under load with 95 % confidence, or not at all.

One endpoint that breaks a promise breaks it for all: its users are not consoled by the average. The limits stand in
envs/objectives.yaml, or in the file that the profile names.
"""

from collections.abc import Callable

import pytest

from fixtures.wire.finding import Message
from fixtures.wire.finding import stated as finding
from judge import growth
from judge.verdicts import Judgement
from load import diagnosis
from record.outcome import Unverified
from record.samples import Recording

Judged = Callable[[str], Judgement]
WHERE = "load of the product's journeys, load/samples.npz of this run"
SLOW = "compare the endpoints in verdicts.json: one slow query, or all slow?"


def broken(judgement: Judgement, *also: str, then: str) -> Message:
    criterion = judgement.criterion
    side = "at least" if criterion.at_least else "below"
    seen = "; ".join(part for part in (judgement.sentence, *also) if part)
    return finding(expected=f"{criterion.name} {side} {criterion.limit:g} {criterion.unit}", seen=seen, where=WHERE, then=then)


def failures(recording: Recording) -> tuple[str, ...]:
    return diagnosis.errors(recording.samples), diagnosis.company(recording.samples)


@pytest.mark.plan("SUCCESS-1")
def test_availability(judged: Judged, load_run: Recording) -> None:
    """99.9 % of the requests are answered without connection error, timeout or 5xx."""
    judgement = judged("availability")

    assert judgement.state == "met", broken(
        judgement, *failures(load_run), then="look in the samples when it went away, and at the backend log then"
    )


@pytest.mark.plan("SUCCESS-2")
def test_mean_response_time(judged: Judged, load_run: Recording) -> None:
    """An answer takes less than half a second on average, counted from when its user wanted it."""
    judgement = judged("mean response time")

    assert judgement.state == "met", broken(judgement, diagnosis.slowness(load_run.samples), then=SLOW)


@pytest.mark.plan("SUCCESS-3")
def test_error_rate(judged: Judged, load_run: Recording) -> None:
    """Fewer than one request in a hundred ends in anything but the answer that was asked for."""
    judgement = judged("error rate")

    assert judgement.state == "met", broken(
        judgement, *failures(load_run), then="the request ids of the failures lead to the backend's log"
    )


@pytest.mark.plan("W2-D2-T9")
def test_slow_tail(judged: Judged, load_run: Recording) -> None:
    """95 % of the answers come within half a second: a good average must not hide that some people always wait."""
    judgement = judged("95th percentile of response time")

    assert judgement.state == "met", broken(judgement, diagnosis.slowness(load_run.samples), then=SLOW)


@pytest.mark.plan("W2-D2-T9")
def test_slowest_hundredth(judged: Judged, load_run: Recording) -> None:
    """99 % of the answers come within a second: what stands still again and again catches one in a hundred."""
    judgement = judged("99th percentile of response time")

    assert judgement.state == "met", broken(
        judgement,
        diagnosis.slowness(load_run.samples),
        then="what happens at that moment: garbage collection, a backup, a lock, a scheduled job?",
    )


@pytest.mark.plan("W2-D2-T9")
def test_waiting_does_not_grow(sound_run: Recording) -> None:
    """It does not get slower with use: p95 of the last third is at most 1.5 times that of the first (contract 11)."""
    assert sound_run.plan is not None
    plan = sound_run.plan
    if plan.shape not in growth.STEADY:
        raise Unverified(f"a run of shape {plan.shape} asks less at one end", f"run with --shape {' or '.join(growth.STEADY)}")
    grown = growth.growth(sound_run.samples, plan.duration_s)
    if grown.state == "unverified":
        raise Unverified(f"whether it gets slower cannot be told: {grown.sentence}", "give a longer --duration")

    assert grown.state == "met", finding(
        expected="the same response time at the end as at the beginning",
        seen=grown.sentence,
        where=WHERE,
        then="what fills up? Memory, connections, a table without an index that this run made longer",
    )
