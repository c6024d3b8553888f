"""A viewer sees no whole phone number, in any place; the roles that call people see all of it (contract 1.5, R-29)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fixtures.product.identities import People
from fixtures.product.nouns import Product
from fixtures.product.response import Response
from fixtures.wire.finding import finding, locate, observed
from record.outcome import Blocked, Unverified
from suites.claiming import named
from suites.masks import MASKED

FIELDS = ("phone_number", "contact_phone")
WRITES = "makes a contact under the run's own name and removes it"


def _first(listing: Response[Any]) -> str:
    rows = listing.body["data"]
    if not rows:
        raise Unverified("no-contact-or-call")
    return str(rows[0]["id"])


PLACES: dict[str, Callable[[Product], Response[Any]]] = {
    "lista de contactos": lambda viewer: viewer.contacts.list(limit=20),
    "búsqueda de contactos": lambda viewer: viewer.contacts.search("a"),
    "un contacto": lambda viewer: viewer.contacts.get(_first(viewer.contacts.list(limit=1))),
    "listas de contactos": lambda viewer: viewer.contacts.lists(),
    "lista de llamadas": lambda viewer: viewer.calls.list(page_size=20),
    "una llamada": lambda viewer: viewer.calls.get(_first(viewer.calls.list(page_size=1))),
    "historial": lambda viewer: viewer.reports.call_history(page_size=20),
}


# The row of the contract that each is.
ROWS = {
    "lista de contactos": "mask/GET /api/contacts//viewer",
    "búsqueda de contactos": "mask/GET /api/contacts/search/viewer",
    "un contacto": "mask/GET /api/contacts/{id}/viewer",
    "listas de contactos": "mask/GET /api/contacts/lists/viewer",
    "lista de llamadas": "mask/GET /api/calls//viewer",
    "una llamada": "mask/GET /api/calls/{id}/viewer",
    "historial": "mask/GET /api/reports/call_history/viewer",
}


def _phones(body: Any) -> Iterator[str]:
    """Every phone of a person, at any depth."""
    if isinstance(body, list):
        for each in body:
            yield from _phones(each)
    elif isinstance(body, dict):
        for name, value in body.items():
            if name in FIELDS and isinstance(value, str):
                yield value
            else:
                yield from _phones(value)


@pytest.mark.privacy
@pytest.mark.plan("W7-D3-T2", "W1-D3-T3")
@pytest.mark.parametrize("place", named(ROWS))
def test_viewer_sees_masks_only(viewer: Product, place: str) -> None:
    """First three and last three digits, wherever a phone is shown."""
    answer = PLACES[place](viewer)
    if answer.status_code != 200:
        raise Blocked(observed("masked-place-unreadable", answer))

    require_masked(answer)


@pytest.mark.privacy
@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W1-D3-T3")
@pytest.mark.claims("header/api/unshared", "mask/GET /api/contacts/{id}/viewer")
def test_viewer_is_not_served_what_an_operator_saw(viewer: Product, operator: Product) -> None:
    """Read by the operator first and then by the viewer: an answer cached for one must not go to the other."""
    unread, contact = operator.contacts.new(), operator.contacts.new()
    require_masked(viewer.contacts.get(unread["id"]))
    operator.contacts.get(contact["id"])
    read = viewer.contacts.get(contact["id"])

    assert MASKED.fullmatch(read.body["phone_number"]), finding("phone-cached-across-roles", where=locate(read.response))


@pytest.mark.privacy
@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize("role", ["admin", "operator"])
@pytest.mark.claims("mask/GET /api/contacts/{id}/staff")
def test_who_calls_sees_numbers(sign_in: People, operator: Product, viewer: Product, role: str) -> None:
    """Also after a viewer looked at the same contact."""
    caller = sign_in(role)
    contact = operator.contacts.new(phone_number="+34600123999")
    viewer.contacts.get(contact["id"])
    read = caller.contacts.get(contact["id"])

    seen = read.body["phone_number"]
    assert "*" not in seen, finding("calling-role-sees-masks", read, seen=seen, role=role)


def require_masked(answer: Response[Any]) -> None:
    """No telephone number of a person stands whole in it; Unverified where there is none at all."""
    path, phones = answer.response.url.path, list(_phones(answer.body))
    if not phones:
        raise Unverified("no-phone-to-mask", path=path)
    bare = [phone for phone in phones if not MASKED.fullmatch(phone)]
    assert not bare, finding("phone-not-masked", where=locate(answer.response), bare=len(bare), phones=len(phones))
