"""The answers to changes are as agreed, too, whatever check of the run caused them: status, shape, envelope (contract 2, 3)."""

from collections.abc import Callable
from typing import Any

import pytest

from fixtures.product.contract.observed import Answers
from fixtures.product.contract.routes import BY_NAME
from fixtures.product.nouns import Product
from fixtures.product.phone_calls import place_test_call
from fixtures.profile.environment import Environment
from suites.answers import difference
from suites.claiming import answers_of, claiming

FILE = b"name,phone_number\nComprobaci\xc3\xb3n,12345\n"  # a row that is refused: nobody is imported
Change = Callable[[Product, Environment], Any]
# A change of the run's own, where no other check made one.
CHANGING: dict[str, Change] = {
    "POST /api/campaigns/": lambda admin, _: admin.campaigns.create(),
    "PATCH /api/campaigns/{id}": lambda admin, _: admin.campaigns.update(admin.campaigns.new()["id"], description="Otra"),
    "PATCH /api/campaigns/{id}/stats": lambda admin, _: admin.campaigns.change_stats(
        admin.campaigns.new()["id"], total_calls=1, successful_calls=1, failed_calls=0, pending_calls=0
    ),
    "DELETE /api/campaigns/{id}": lambda admin, _: admin.campaigns.delete(admin.campaigns.new()["id"]),
    "POST /api/calls/": place_test_call,
    "PATCH /api/calls/{id}/status": lambda admin, env: admin.calls.change_status(called(admin, env), status="failed"),
    "POST /api/calls/{id}/cancel": lambda admin, env: admin.calls.cancel(called(admin, env)),
    "POST /api/calls/{id}/reschedule": lambda admin, env: admin.calls.reschedule(called(admin, env), "2099-01-01T10:00:00Z"),
    "POST /api/calls/{id}/respond": lambda admin, env: admin.calls.respond(called(admin, env), "Hola"),
    "POST /api/contacts/": lambda admin, _: admin.contacts.create(),
    "POST /api/contacts/import": lambda admin, _: admin.send("POST", "/api/contacts/import", FILE),
    "PUT /api/contacts/{id}": lambda admin, _: admin.contacts.update(admin.contacts.new()["id"], notes="Otra"),
    "DELETE /api/contacts/{id}": lambda admin, _: admin.contacts.delete(admin.contacts.new()["id"]),
}

pytestmark = [
    pytest.mark.last,
    pytest.mark.plan("W2-D1-T11"),
    pytest.mark.writes("makes a contact, a campaign or a test call under the run's own name and removes it"),
]


def called(admin: Product, env: Environment) -> str:
    return str(place_test_call(admin, env)["id"])


@pytest.mark.parametrize("name", claiming({name: name for name in CHANGING}, lambda name: answers_of(BY_NAME[name])))
def test_answers_to_changes_are_as_agreed(name: str, admin: Product, env: Environment, answers: Answers) -> None:
    """What a client gets back is what it goes on with."""
    if answers.of(BY_NAME[name]) is None:
        CHANGING[name](admin, env)
    differs = difference(answers, BY_NAME[name])

    assert differs is None, differs
