"""Each journey of the product's people can be walked from its first request to its last; load sends the same ones."""

import pytest

from fixtures.product.identities import People
from fixtures.product.journeys import JOURNEYS, Journey, Visit
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding
from fixtures.wire.ledger import Ledger


def _cases() -> list[object]:
    return [
        pytest.param(journey, id=journey.name, marks=[pytest.mark.writes(journey.writes)] if journey.writes else [])
        for journey in JOURNEYS
    ]


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
@pytest.mark.parametrize("journey", _cases())
def test_journey_leads_to_its_end(sign_in: People, env: Environment, ledger: Ledger, journey: Journey) -> None:
    """Every step is answered as agreed, with what belongs to this visit."""
    product = sign_in(journey.who) if journey.who else sign_in.anonymous
    if journey.signed:
        env.require("twilio.auth_token", "app.url")
    known = Visit(journey, 1, ledger.run_id).known

    for step in journey.steps:
        answer = product.take(step, known, step.signature(env.twilio.auth_token or "", env.app.url or ""))
        assert answer.status_code == step.expects, finding("journey-step-not-served", answer, status=step.expects)
        wrong = step.wrong(answer.response.content, known)
        assert not wrong, finding("journey-answer-wrong", answer, seen=wrong)
