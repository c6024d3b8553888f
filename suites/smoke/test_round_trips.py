"""What is written can be read, changed and removed, and nothing else changes with it."""

from typing import Any

import pytest

from fixtures.product.identities import People
from fixtures.product.nouns import NOBODY, Contact, Product
from fixtures.product.response import Response
from fixtures.wire.finding import finding, observed
from record.outcome import Blocked
from suites.claiming import by_name
from suites.masks import sees_masks

WRITES = "makes an object under the run's own name and removes it"
CONTACT: dict[str, Any] = {
    "phone_number": "+34600123456",
    "email": "humo@example.com",
    "notes": "Niño, café y 100 %",
    "tags": ["humo", "niño"],
}
CAMPAIGN: dict[str, Any] = {
    "max_retries": 2,
    "key_points": ["precio", "plazo"],
    "script_template": "Hola {name}, esta es una comprobación.",
}


def _there(read: Response[Any], record_id: str) -> str:
    """What it means that a deleted record is not told as unknown."""
    return "deleted-record-readable" if read.is_of(record_id) else "unknown-not-404"


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T6", "W2-D2-T7")
@pytest.mark.claims(
    "field/contact.phone_number/kept", "field/contact.email/kept", "field/contact.notes/kept", "field/contact.tags/kept"
)
@pytest.mark.usefixtures("attempt")
@pytest.mark.parametrize("attempt", ["first time", "again"])
def test_contact_is_kept_as_given(operator: Product) -> None:
    """Accents, tags and all; twice, because the first write after a deployment may be the only one that works."""
    created = operator.contacts.create(**CONTACT)

    assert created.status_code == 201, finding("record-not-created", created)
    read = operator.contacts.get(created.body["id"])
    assert read.status_code == 200, finding("created-record-not-readable", read)
    seen = {name: read.body.get(name) for name in CONTACT}
    masked = sees_masks(read, operator, seen, CONTACT)
    assert seen == CONTACT, masked or finding("contact-not-kept-as-written", read, seen=seen, values=CONTACT)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T7")
@pytest.mark.claims("listing/GET /api/contacts//search-looks-at-name")
def test_created_contact_is_listed(operator: Product) -> None:
    """In the list: what cannot be found was not saved."""
    created: Contact = operator.contacts.new(**CONTACT)
    listed = operator.contacts.list(search=created["name"])

    assert [row["id"] for row in listed.body["data"]] == [created["id"]], finding(
        "created-contact-not-listed", listed, contact=created["id"]
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T7")
@pytest.mark.claims("listing/GET /api/contacts//search-total")
def test_total_counts_what_was_searched_for(operator: Product) -> None:
    """Not more than the rows that are shown, or the pages beyond are empty."""
    created: Contact = operator.contacts.new(**CONTACT)
    listed = operator.contacts.list(search=created["name"])

    total, expected = listed.body["total"], len(listed.body["data"])
    assert total == expected, finding("list-total-ignores-search", listed, seen=f"total {total}", rows=expected)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T7")
@pytest.mark.claims("listing/GET /api/contacts/search/q-looks-at-name", "relation/path/contacts-search")
def test_search_finds_the_created_contact(operator: Product) -> None:
    """At the address of the search box too, which has a route of its own (contract R-03)."""
    created: Contact = operator.contacts.new(**CONTACT)
    found = operator.contacts.search(created["name"])

    assert found.status_code < 500, finding("request-not-served", found, status=200)
    assert found.status_code == 200, finding("fixed-path-taken-for-id", found)
    assert [row["id"] for row in found.body] == [created["id"]], finding(
        "search-disagrees-with-list", found, contact=created["id"]
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T7")
@pytest.mark.claims(
    "field/contact.name/changed-alone",
    "field/contact.phone_number/left-by-others",
    "field/contact.email/left-by-others",
    "field/contact.notes/left-by-others",
    "field/contact.tags/left-by-others",
)
def test_partial_update_leaves_the_rest(operator: Product) -> None:
    """Changing a name must not clear the tags (contract R-23)."""
    created = operator.contacts.new(**CONTACT)
    before = operator.contacts.get(created["id"])
    if before.status_code != 200:
        raise Blocked(observed("created-record-not-readable", before))
    name = operator.ledger.name("contacto cambiado")
    updated = operator.contacts.update(created["id"], name=name)

    assert updated.status_code == 200, finding("request-not-served", updated, status=200)
    read = operator.contacts.get(created["id"])
    seen = {field: read.body.get(field) for field in ("name", *CONTACT)}
    expected = {field: dict(before.body).get(field) for field in CONTACT} | {"name": name}
    assert seen == expected, finding("update-clears-other-fields", read, seen=seen, values=expected)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T7")
@pytest.mark.claims("relation/contact-deleted/its-own-address-gone", "route/DELETE /api/contacts/{id}/status")
def test_deleted_contact_is_gone(operator: Product) -> None:
    """From its own address."""
    created = operator.contacts.new(**CONTACT)
    deleted = operator.contacts.delete(created["id"])

    assert deleted.status_code == 200, finding("request-not-served", deleted, status=200)
    read = operator.contacts.get(created["id"])
    assert read.status_code == 404, finding(_there(read, created["id"]), read)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T7")
@pytest.mark.claims("relation/contact-deleted/listing-gone")
def test_deleted_contact_leaves_the_list(operator: Product) -> None:
    """Or somebody is called who asked not to be."""
    created = operator.contacts.new(**CONTACT)
    deleted = operator.contacts.delete(created["id"])
    listed = operator.contacts.list(search=created["name"])

    assert deleted.status_code == 200, finding("request-not-served", deleted, status=200)
    assert created["id"] not in [row["id"] for row in listed.body["data"]], finding(
        "deleted-contact-listed", listed, contact=created["id"]
    )


UNDIALLABLE = {
    "12345": "5-digits",
    "+34 600 123 456": "spaces",
    "abc": "letters",
    "+": "a-plus-alone",
    "+34600123456789012": "17-digits",
}  # as the contract's rows call them


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T9", "W2-D2-T7")
@pytest.mark.parametrize(
    "phone", by_name(UNDIALLABLE, lambda phone: [f"field/contact.phone_number/refuses-{UNDIALLABLE[phone]}"])
)
def test_invalid_phone_is_refused(operator: Product, phone: str) -> None:
    """A number that cannot be dialled is refused with its field named (contract 3.3)."""
    created = operator.contacts.create(phone_number=phone)

    assert created.status_code == 422, finding("undiallable-phone-accepted", created, phone=repr(phone))
    seen, expected = created.message, "Error de validación"
    assert seen == expected, finding("validation-message-wrong", created, seen=seen, message=expected)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T6", "W2-D2-T7")
@pytest.mark.claims(
    "field/campaign.max_retries/kept",
    "field/campaign.key_points/kept",
    "field/campaign.script_template/kept",
    "field/campaign.status/accepts-draft",
)
@pytest.mark.usefixtures("attempt")
@pytest.mark.parametrize("attempt", ["first time", "again"])
def test_draft_campaign_is_kept_as_given(admin: Product) -> None:
    """A draft, which is never dialled; twice, because the first write after a deployment may be the only one that works."""
    created = admin.campaigns.create(**CAMPAIGN)

    assert created.status_code == 201, finding("record-not-created", created)
    read = admin.campaigns.get(created.body["id"])
    assert read.status_code == 200, finding("created-record-not-readable", read)
    expected = CAMPAIGN | {"status": "draft"}
    seen = {field: read.body.get(field) for field in expected}
    assert seen == expected, finding("campaign-not-kept-as-written", read, seen=seen, values=expected)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T6", "W2-D2-T7")
@pytest.mark.claims(
    "field/campaign.max_retries/changed-alone",
    "field/campaign.key_points/left-by-others",
    "field/campaign.script_template/left-by-others",
)
def test_draft_campaign_can_be_changed(admin: Product) -> None:
    """One field, and the others stay as they were, whatever creation made of them (contract R-04)."""
    campaign_id = admin.campaigns.new(**CAMPAIGN)["id"]
    before = admin.campaigns.get(campaign_id)
    if before.status_code != 200:
        raise Blocked(observed("created-record-not-readable", before))
    changed = admin.campaigns.update(campaign_id, max_retries=5)

    assert changed.status_code == 200, finding("campaign-patch-not-routed", changed)
    read = admin.campaigns.get(campaign_id)
    fields = (*CAMPAIGN, "status")
    expected = tuple((before.body | {"max_retries": 5}).get(field) for field in fields)
    seen = tuple(read.body.get(field) for field in fields)
    assert seen == expected, finding("campaign-changed-otherwise", read, seen=seen, fields=", ".join(fields), values=expected)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T11", "W2-D2-T6", "W2-D2-T7")
@pytest.mark.claims("relation/campaign-deleted/its-own-address-gone", "route/DELETE /api/campaigns/{id}/status")
def test_deleted_campaign_is_gone(admin: Product) -> None:
    """Whether or not it could be changed before."""
    campaign_id = admin.campaigns.new()["id"]
    deleted = admin.campaigns.delete(campaign_id)

    assert deleted.status_code == 204, finding("request-not-served", deleted, status=204)
    gone = admin.campaigns.get(campaign_id)
    assert gone.status_code == 404, finding(_there(gone, campaign_id), gone)


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("relation/campaign/put-refused")
def test_put_on_a_campaign_is_no_silent_success(admin: Product) -> None:
    """The shipped UI sends PUT; answering 200 and changing nothing would lose the user's edits (contract R-04)."""
    path = f"/api/campaigns/{NOBODY}"
    answer = admin.forbidden("PUT", path, {"name": "x"}, because="campaigns are updated with PATCH")

    assert answer.status_code == 405, finding("campaign-put-not-refused", answer)


@pytest.mark.rbac
@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("route/DELETE /api/campaigns/{id}/operator")
def test_operator_cannot_delete_a_campaign(admin: Product, sign_in: People) -> None:
    """Only an administrator may (contract 1.5)."""
    campaign_id = admin.campaigns.new()["id"]
    answer = sign_in("operator").campaigns.delete(campaign_id)

    assert answer.status_code == 403, finding("role-not-enforced", answer)
