"""The numbers that the plan calls success, claimed with 95 % confidence of the main journey under load, or not at all.

One endpoint that breaks a promise breaks it for all: its users are not consoled by the average.
"""

from collections.abc import Callable

import pytest

from fixtures.finding import Finding, finding
from load.criteria import AVAILABILITY, ERROR_RATE, MEAN_RESPONSE, SLOW_TAIL, Criterion
from load.judge import Judgement

Judged = Callable[[Criterion], Judgement]
WHERE = "load of the main journey, load/samples.jsonl of this run"


def broken(judgement: Judgement, *, then: str) -> Finding:
    criterion = judgement.criterion
    side = "at least" if criterion.at_least else "below"
    return finding(
        expected=f"{criterion.name} {side} {criterion.limit:g} {criterion.unit}", seen=judgement.sentence, where=WHERE, then=then
    )


@pytest.mark.plan("SUCCESS-1")
def test_availability(judged: Judged) -> None:
    """99.9 % of the requests are answered without connection error, timeout or 5xx."""
    judgement = judged(AVAILABILITY)

    assert judgement.state == "met", broken(judgement, then="look in the samples when it went away, and at the backend log then")


@pytest.mark.plan("SUCCESS-2")
def test_mean_response_time(judged: Judged) -> None:
    """An answer takes less than half a second on average, counted from when its user wanted it."""
    judgement = judged(MEAN_RESPONSE)

    assert judgement.state == "met", broken(
        judgement, then="compare the endpoints in verdicts.json: one slow query, or all slow?"
    )


@pytest.mark.plan("SUCCESS-3")
def test_error_rate(judged: Judged) -> None:
    """Fewer than one request in a hundred ends in anything but the answer that was asked for."""
    judgement = judged(ERROR_RATE)

    assert judgement.state == "met", broken(judgement, then="which status is it in the samples? 429 is the rate limit, not a bug")


@pytest.mark.plan("W2-D2-T9")
@pytest.mark.plan("W2-D2-T9")
def test_slow_tail(judged: Judged) -> None:
    """95 % of the answers come within half a second: a good average must not hide that some people always wait."""
    judgement = judged(SLOW_TAIL)

    assert judgement.state == "met", broken(
        judgement, then="compare the endpoints in verdicts.json: one slow query, or all slow?"
    )
