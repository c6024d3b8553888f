"""What is written can be read, changed and removed, and nothing else changes with it."""

from typing import Any

import pytest

from fixtures.product.nouns import NOBODY, Contact, Product
from fixtures.wire.finding import stated as finding

WRITES = "makes an object under the run's own name and removes it"
GIVEN: dict[str, Any] = {
    "phone_number": "+34600123456",
    "email": "humo@example.com",
    "notes": "Niño, café y 100 %",
    "tags": ["humo", "niño"],
}


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T6", "W2-D2-T7")
@pytest.mark.parametrize("attempt", ["first time", "again"])
def test_contact_is_kept_as_given(operator: Product, attempt: str) -> None:
    """Accents, tags and all; twice, because the first write after a deployment may be the only one that works."""
    created = operator.contacts.create(**GIVEN)

    assert created.status_code == 201, finding(
        created, expected="201", then=f"the write failed ({attempt}): is the database read-only?"
    )
    read = operator.contacts.get(created.body["id"])
    assert read.status_code == 200, finding(
        read, expected="200 for what was just created", then="do reads go to a replica that lags?"
    )
    seen = {name: read.body.get(name) for name in GIVEN}
    assert seen == GIVEN, finding(
        read, expected=GIVEN, seen=seen, then="is something lost or damaged on the way to the database?"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T7")
def test_created_contact_is_found(operator: Product) -> None:
    """In the list, by search and counted: what nobody can find was not saved."""
    created: Contact = operator.contacts.new(**GIVEN)
    listed = operator.contacts.list(search=created["name"])
    found = operator.contacts.search(created["name"])

    assert [row["id"] for row in listed.body["data"]] == [created["id"]], finding(
        listed, expected=f"exactly the contact {created['id']}", then="is search ignored, or the list served from an old cache?"
    )
    assert listed.body["total"] == 1, finding(
        listed, expected="total 1", seen=f"total {listed.body['total']}", then="the total ignores the search"
    )
    assert found.status_code == 200, finding(found, expected="200", then="is the route shadowed by /{id}?")
    assert [row["id"] for row in found.body] == [created["id"]], finding(
        found, expected=f"exactly the contact {created['id']}", then="compare /search with the list"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T7")
def test_partial_update_leaves_the_rest(operator: Product) -> None:
    """Changing a name must not clear the tags (contract R-23)."""
    created = operator.contacts.new(**GIVEN)
    name = operator.ledger.name("contacto cambiado")
    updated = operator.contacts.update(created["id"], name=name)

    assert updated.status_code == 200, finding(updated, expected="200", then="the request id leads to the backend's log")
    read = operator.contacts.get(created["id"])
    seen = {field: read.body.get(field) for field in ("name", *GIVEN)}
    assert seen == {"name": name, **GIVEN}, finding(
        read, expected={"name": name, **GIVEN}, seen=seen, then="an update clears fields that it was not given"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T7")
def test_deleted_contact_is_gone(operator: Product) -> None:
    """From its own address and from the list; deleting it again says so."""
    created = operator.contacts.new(**GIVEN)
    deleted = operator.contacts.delete(created["id"])

    assert deleted.status_code == 200, finding(deleted, expected="200", then="the request id leads to the backend's log")
    read = operator.contacts.get(created["id"])
    assert read.status_code == 404, finding(read, expected="404", then="is it deleted, or served from a cache?")
    listed = operator.contacts.list(search=created["name"])
    assert listed.body["total"] == 0, finding(listed, expected="total 0", then="the list still shows it")


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T9", "W2-D2-T7")
@pytest.mark.parametrize("phone", ["12345", "+34 600 123 456", "abc", "+", "+34600123456789012"])
def test_invalid_phone_is_refused(operator: Product, phone: str) -> None:
    """A number that cannot be dialled is refused with its field named (contract 3.3)."""
    created = operator.contacts.create(phone_number=phone)

    assert created.status_code == 422, finding(
        created, expected=f"422 for the phone {phone!r}", then="the campaign would dial it"
    )
    seen = created.body.get("message")
    assert seen == "Error de validación", finding(
        created, expected="Error de validación", seen=seen, then="compare with contract 2.2"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T6", "W2-D2-T7")
@pytest.mark.parametrize("attempt", ["first time", "again"])
def test_draft_campaign_makes_the_round_trip(admin: Product, attempt: str) -> None:
    """Create, read, change, delete; a draft is never dialled."""
    created = admin.campaigns.create(max_retries=2, key_points=["precio", "plazo"])

    assert created.status_code == 201, finding(
        created, expected="201", then=f"the write failed ({attempt}): is the database read-only?"
    )
    campaign_id = created.body["id"]
    changed = admin.campaigns.update(campaign_id, max_retries=5)
    assert changed.status_code == 200, finding(changed, expected="200", then="is PATCH routed (contract R-04)?")
    read = admin.campaigns.get(campaign_id)
    expected = (5, "draft", ["precio", "plazo"], "Hola {name}, esta es una comprobación.")
    seen = tuple(read.body[field] for field in ("max_retries", "status", "key_points", "script_template"))
    assert seen == expected, finding(read, expected=expected, seen=seen, then="a field was lost or changed without being asked")
    deleted = admin.campaigns.delete(campaign_id)
    assert deleted.status_code == 204, finding(deleted, expected="204", then="the request id leads to the backend's log")
    gone = admin.campaigns.get(campaign_id)
    assert gone.status_code == 404, finding(gone, expected="404", then="is it deleted, or served from a cache?")


@pytest.mark.plan("W2-D1-T9")
def test_put_on_a_campaign_is_no_silent_success(admin: Product) -> None:
    """The shipped UI sends PUT; answering 200 and changing nothing would lose the user's edits (contract R-04)."""
    answer = admin.campaigns.replace(NOBODY, name="x", must_be_refused="campaigns are updated with PATCH")

    assert answer.status_code == 405, finding(answer, expected="405", then="PUT must not be accepted: it changes nothing")


@pytest.mark.rbac
@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T9")
def test_operator_cannot_delete_a_campaign(admin: Product, operator: Product) -> None:
    """Only an administrator may (contract 1.5)."""
    campaign_id = admin.campaigns.new()["id"]
    answer = operator.campaigns.delete(campaign_id)

    assert answer.status_code == 403, finding(answer, expected="403", then="roles are not enforced on campaigns")
