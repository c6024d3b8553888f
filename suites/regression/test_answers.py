"""The answers to changes are as agreed, too, whatever check of the run caused them: status, shape, envelope (contract 2, 3)."""

import pytest

from fixtures.product.contract.observed import Answers
from fixtures.product.contract.routes import BY_NAME
from suites.answers import difference
from suites.claiming import answers_of, claiming

# What the checks of this stage change.
CHANGING = (
    "POST /api/campaigns/",
    "PATCH /api/campaigns/{id}",
    "PATCH /api/campaigns/{id}/stats",
    "DELETE /api/campaigns/{id}",
    "POST /api/calls/",
    "PATCH /api/calls/{id}/status",
    "POST /api/calls/{id}/cancel",
    "POST /api/calls/{id}/reschedule",
    "POST /api/calls/{id}/respond",
    "POST /api/contacts/",
    "POST /api/contacts/import",
    "PUT /api/contacts/{id}",
    "DELETE /api/contacts/{id}",
    "POST /api/webhooks/twilio/",
    "POST /api/webhooks/twilio/gather",
    "POST /api/webhooks/twilio/status",
)

pytestmark = [
    pytest.mark.last,
    pytest.mark.plan("W2-D1-T11"),
    pytest.mark.writes("rests on what other checks of the run changed"),
]


@pytest.mark.parametrize("name", claiming({name: name for name in CHANGING}, lambda name: answers_of(BY_NAME[name])))
def test_answers_to_changes_are_as_agreed(name: str, answers: Answers) -> None:
    """What a client gets back is what it goes on with."""
    differs = difference(answers, BY_NAME[name])

    assert differs is None, differs
