"""The numbers that the plan calls success, claimed of the product's journeys under load with 95 % confidence, or not at all.

One endpoint that breaks a promise breaks it for all: its users are not consoled by the average. The limits stand in
envs/objectives.yaml, or in the file that the profile names.
"""

from typing import TYPE_CHECKING

import pytest

from record.finding import Finding, finding

if TYPE_CHECKING:
    from judge.verdicts import Judgement
    from suites.load.session import LoadSession

WHERE = "load of the product's journeys, load/samples.npz of this run"
SLOW = "compare the endpoints in verdicts.json: one slow query, or all slow?"


def broken(judgement: "Judgement", details: str, *, then: str) -> Finding:
    criterion = judgement.criterion
    side = "at least" if criterion.at_least else "below"
    seen = "; ".join(part for part in (judgement.sentence, details) if part)
    return finding(expected=f"{criterion.name} {side} {criterion.limit:g} {criterion.unit}", seen=seen, where=WHERE, then=then)


@pytest.mark.plan("SUCCESS-1")
def test_availability(load_session: "LoadSession") -> None:
    """99.9 % of the requests are answered without connection error, timeout or 5xx."""
    judgement = load_session.judged("availability")

    assert judgement.state == "met", broken(
        judgement, load_session.errors(), then="look in the samples when it went away, and at the backend log then"
    )


@pytest.mark.plan("SUCCESS-2")
def test_mean_response_time(load_session: "LoadSession") -> None:
    """An answer takes less than half a second on average, counted from when its user wanted it."""
    judgement = load_session.judged("mean response time")

    assert judgement.state == "met", broken(judgement, load_session.slowness(), then=SLOW)


@pytest.mark.plan("SUCCESS-3")
def test_error_rate(load_session: "LoadSession") -> None:
    """Fewer than one request in a hundred ends in anything but the answer that was asked for."""
    judgement = load_session.judged("error rate")

    assert judgement.state == "met", broken(
        judgement, load_session.errors(), then="the request ids of the failures lead to the backend's log"
    )


@pytest.mark.plan("W2-D2-T9")
def test_slow_tail(load_session: "LoadSession") -> None:
    """95 % of the answers come within half a second: a good average must not hide that some people always wait."""
    judgement = load_session.judged("95th percentile of response time")

    assert judgement.state == "met", broken(judgement, load_session.slowness(), then=SLOW)


@pytest.mark.plan("W2-D2-T9")
def test_slowest_hundredth(load_session: "LoadSession") -> None:
    """99 % of the answers come within a second: what stands still again and again catches one in a hundred."""
    judgement = load_session.judged("99th percentile of response time")

    assert judgement.state == "met", broken(
        judgement,
        load_session.slowness(),
        then="what happens at that moment: garbage collection, a backup, a lock, a scheduled job?",
    )


@pytest.mark.plan("W2-D2-T9")
def test_waiting_does_not_grow(load_session: "LoadSession") -> None:
    """It does not get slower with use: p95 of the last third is at most 1.5 times that of the first (contract 11)."""
    grown = load_session.growth()

    assert grown.state == "met", finding(
        expected="the same response time at the end as at the beginning",
        seen=grown.sentence,
        where=WHERE,
        then="what fills up? Memory, connections, a table without an index that this run made longer",
    )
