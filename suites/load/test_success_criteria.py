"""The numbers that the plan calls success, claimed of the product's journeys under load with 95 % confidence, or not at all.

One endpoint that breaks a promise breaks it for all: the average does not help its users. The limits are in
envs/objectives.yaml, or in the file that the profile names.
"""

from typing import TYPE_CHECKING

import pytest

from fixtures.wire.evidence import Evidence
from fixtures.wire.finding import Message, finding

if TYPE_CHECKING:
    from judge.verdicts import Judgement, Verdict
    from suites.load.session import LoadSession

WHERE = "load/samples.npz"  # in the folder of the run


def broken(cause: str, judgement: "Judgement", *details: str) -> Message:
    """With what was measured where the criterion is violated: over all, or at single endpoints."""
    criterion = judgement.criterion
    seen = "; ".join(filter(None, (*map(measured, judgement.violations), *details)))
    return finding(cause, WHERE, seen=seen, criterion=criterion.name, limit=f"{criterion.limit:g}", unit=criterion.unit)


def measured(verdict: "Verdict") -> str:
    """The endpoints, the value with the bounds of its interval, and the number of requests."""
    bounds = f"{verdict.estimate:.3f} [{verdict.low:.3f}, {verdict.high:.3f}] {verdict.unit}"
    return f"{verdict.scope}: {bounds}, n = {verdict.samples}"


@pytest.mark.plan("SUCCESS-1")
def test_availability(load_session: "LoadSession", evidence: Evidence) -> None:
    """99.9 % of the requests are answered without connection error, timeout or 5xx."""
    judgement = load_session.judged("availability", evidence)

    assert judgement.state == "met", broken("load-unavailable", judgement, load_session.errors())


@pytest.mark.plan("SUCCESS-2")
def test_mean_response_time(load_session: "LoadSession", evidence: Evidence) -> None:
    """An answer takes less than half a second on average, counted from when its user wanted it."""
    judgement = load_session.judged("mean response time", evidence)

    assert judgement.state == "met", broken("load-slow", judgement, load_session.slowness())


@pytest.mark.plan("SUCCESS-3")
def test_error_rate(load_session: "LoadSession", evidence: Evidence) -> None:
    """Fewer than one request in a hundred ends in anything but the answer that was asked for."""
    judgement = load_session.judged("error rate", evidence)

    assert judgement.state == "met", broken("load-errors", judgement, load_session.errors())


@pytest.mark.plan("W2-D2-T9")
def test_slow_tail(load_session: "LoadSession", evidence: Evidence) -> None:
    """95 % of the answers come within half a second: a good average must not hide that some people always wait."""
    judgement = load_session.judged("95th percentile of response time", evidence)

    assert judgement.state == "met", broken("load-slow", judgement, load_session.slowness())


@pytest.mark.plan("W2-D2-T9")
def test_slowest_hundredth(load_session: "LoadSession", evidence: Evidence) -> None:
    """99 % of the answers come within a second: what stands still again and again catches one in a hundred."""
    judgement = load_session.judged("99th percentile of response time", evidence)

    assert judgement.state == "met", broken("load-stalls", judgement, load_session.slowness())


@pytest.mark.plan("W2-D2-T9")
def test_waiting_does_not_grow(load_session: "LoadSession") -> None:
    """It does not get slower with use: p95 of the last third is at most 1.5 times that of the first (contract 11)."""
    grown = load_session.growth()

    limits = load_session.limits_of_growth()
    assert grown.state == "met", finding("load-response-time-grows", WHERE, **limits, **load_session.thirds(grown))
