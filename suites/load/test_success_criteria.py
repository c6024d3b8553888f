"""The numbers that the plan calls success, claimed of the product's journeys under load with 95 % confidence, or not at all.

One endpoint that breaks a promise breaks it for all: the average does not help its users. The limits are in
envs/objectives.yaml, or in the file that the profile names.
"""

from collections.abc import Callable

import pytest

from fixtures.wire.finding import Message, finding
from judge import growth
from judge.intervals import Bounds
from judge.verdicts import Judgement, Verdict
from load import diagnosis
from record.outcome import Unverified
from record.samples import Recording

Judged = Callable[[str], Judgement]
WHERE = "load/samples.npz"  # in the folder of the run


def broken(cause: str, judgement: Judgement, *diagnoses: str) -> Message:
    """With what was measured where the criterion is violated: over all, or at single endpoints."""
    criterion = judgement.criterion
    seen = "; ".join(filter(None, (*map(measured, judgement.violations), *diagnoses)))
    return finding(cause, WHERE, seen=seen, criterion=criterion.name, limit=f"{criterion.limit:g}", unit=criterion.unit)


def measured(verdict: Verdict) -> str:
    """The scope, its value with the bounds of the truth, and the number of requests."""
    bounds = f"{verdict.estimate:.3f} [{verdict.low:.3f}, {verdict.high:.3f}] {verdict.unit}"
    return f"{verdict.scope}: {bounds}, n = {verdict.samples}"


def range_ms(bounds: Bounds) -> str:
    return f"[{bounds.low:.0f}, {bounds.high:.0f}]"


def failures(recording: Recording) -> tuple[str, ...]:
    return diagnosis.errors(recording.samples), diagnosis.company(recording.samples)


@pytest.mark.plan("SUCCESS-1")
def test_availability(judged: Judged, load_run: Recording) -> None:
    """99.9 % of the requests are answered without connection error, timeout or 5xx."""
    judgement = judged("availability")

    assert judgement.state == "met", broken("load-unavailable", judgement, *failures(load_run))


@pytest.mark.plan("SUCCESS-2")
def test_mean_response_time(judged: Judged, load_run: Recording) -> None:
    """An answer takes less than half a second on average, counted from when its user wanted it."""
    judgement = judged("mean response time")

    assert judgement.state == "met", broken("load-slow", judgement, diagnosis.slowness(load_run.samples))


@pytest.mark.plan("SUCCESS-3")
def test_error_rate(judged: Judged, load_run: Recording) -> None:
    """Fewer than one request in a hundred ends in anything but the answer that was asked for."""
    judgement = judged("error rate")

    assert judgement.state == "met", broken("load-errors", judgement, *failures(load_run))


@pytest.mark.plan("W2-D2-T9")
def test_slow_tail(judged: Judged, load_run: Recording) -> None:
    """95 % of the answers come within half a second: a good average must not hide that some people always wait."""
    judgement = judged("95th percentile of response time")

    assert judgement.state == "met", broken("load-slow", judgement, diagnosis.slowness(load_run.samples))


@pytest.mark.plan("W2-D2-T9")
def test_slowest_hundredth(judged: Judged, load_run: Recording) -> None:
    """99 % of the answers come within a second: what stands still again and again catches one in a hundred."""
    judgement = judged("99th percentile of response time")

    assert judgement.state == "met", broken("load-stalls", judgement, diagnosis.slowness(load_run.samples))


@pytest.mark.plan("W2-D2-T9")
def test_waiting_does_not_grow(sound_run: Recording) -> None:
    """It does not get slower with use: p95 of the last third is at most 1.5 times that of the first (contract 11)."""
    assert sound_run.plan is not None
    plan = sound_run.plan
    if plan.shape not in growth.STEADY:
        raise Unverified("load-shape-not-steady", shape=plan.shape, steady=", ".join(growth.STEADY))
    grown = growth.growth(sound_run.samples, plan.duration_s)
    first_ms, last_ms = range_ms(grown.first), range_ms(grown.last)
    if grown.state == "unverified":
        raise Unverified("load-growth-unclear", first_ms=first_ms, last_ms=last_ms)

    assert grown.state == "met", finding(
        "load-response-time-grows",
        WHERE,
        most=f"{growth.MOST:g}",
        floor_ms=f"{growth.FLOOR_MS:.0f}",
        first_ms=first_ms,
        last_ms=last_ms,
    )
