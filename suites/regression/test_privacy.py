"""A viewer sees no phone number, in no place; who calls people sees all of them (contract 1.5, R-29)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fixtures.product.nouns import Product
from fixtures.product.response import Response
from fixtures.wire.finding import stated as finding
from record.outcome import Blocked, Unverified

MASKED = re.compile(r"\+?\d{3}\*+\d{3}")  # contract 8.5: first three and last three digits
FIELDS = ("phone_number", "contact_phone")
WRITES = "makes a contact under the run's own name and removes it"


def _first(listing: Response[Any]) -> str:
    rows = listing.body["data"]
    if not rows:
        raise Unverified("there is nothing to look at", "run it where there are contacts and calls")
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
@pytest.mark.parametrize("place", PLACES)
def test_viewer_sees_masks_only(viewer: Product, place: str) -> None:
    """First three and last three digits, wherever a phone is shown."""
    answer = PLACES[place](viewer)
    if answer.status_code != 200:
        raise Blocked(finding(answer, expected="200", then="it has to be readable before its masks can be judged").finding)

    phones = list(_phones(answer.body))
    if not phones:
        raise Unverified(f"no phone number stands in this place: {place}", "run it where there are contacts, lists and calls")
    bare = [phone for phone in phones if not MASKED.fullmatch(phone)]
    assert not bare, finding(
        answer,
        expected="phone numbers like +346****456",
        seen=f"{len(bare)} of {len(phones)} show more",
        then=f"mask them in this place, too ({place}): stop the release",
    )


@pytest.mark.privacy
@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W1-D3-T3")
def test_viewer_is_not_served_what_an_operator_saw(viewer: Product, operator: Product) -> None:
    """Read by the operator first and by the viewer then: an answer that was kept for one must not go to the other."""
    contact = operator.contacts.new()
    operator.contacts.get(contact["id"])
    seen = viewer.contacts.get(contact["id"])

    assert MASKED.fullmatch(seen.body["phone_number"]), finding(
        seen,
        expected="a masked phone number",
        seen="the bare number",
        then="is a cache shared by roles, or the mask missing here? Stop the release",
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize("role", ["admin", "operator"])
def test_who_calls_sees_numbers(admin: Product, operator: Product, viewer: Product, role: str) -> None:
    """Also after a viewer looked at the same contact."""
    caller = {"admin": admin, "operator": operator}[role]
    contact = operator.contacts.new(phone_number="+34600123999")
    viewer.contacts.get(contact["id"])
    seen = caller.contacts.get(contact["id"])

    assert "*" not in seen.body["phone_number"], finding(
        seen, expected="the whole number", seen=seen.body["phone_number"], then=f"the {role} has nobody to call: who is masked?"
    )
