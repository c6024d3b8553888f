"""Who is put on a contact list or taken off it, and that nobody else is (contract 2.7, 3.3, 4.4).

A list has no DELETE: those of the run are removed at Supabase, with the service key.
"""

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.product.nouns import NOBODY, Contact, Product
from fixtures.product.response import Response
from fixtures.wire.finding import finding, observed
from record.outcome import Blocked

if TYPE_CHECKING:
    from supabase import Client

NO_LIST, NO_MEMBER = "Lista de contactos no encontrada", "Lista o contacto no encontrados"
Row = Mapping[str, Any]
NewList = Callable[..., Row]

pytestmark = [
    pytest.mark.plan("W7-D3-T2", "W2-D1-T11"),
    pytest.mark.writes("makes contacts and lists under the run's own name and removes them"),
]


@pytest.fixture
def new_list(operator: Product, supabase_as_service: "Client") -> Generator[NewList]:
    """`new_list(*contacts, **fields)`: a list of the run's own with these contacts; Blocked where none is made."""
    made: list[str] = []

    def create(*contacts: Contact, **fields: Any) -> Row:
        name = operator.ledger.name("lista")
        created = operator.contacts.create_list(name=name, contacts=[each["id"] for each in contacts], **fields)
        if created.status_code != 201:
            raise Blocked(observed("record-not-created", created))
        made.append(created.body["id"])
        return {"name": name, **created.body}

    yield create
    for list_id in made:
        supabase_as_service.table("contact_lists").delete().eq("id", list_id).execute()


def read(product: Product, made: Row) -> Response[Any]:
    """The list at its own address; Blocked where it cannot be read."""
    answer = product.contacts.contact_list(made["id"])
    if answer.status_code != 200:
        raise Blocked(observed("created-record-not-readable", answer))
    return answer


def members(answer: Response[Any]) -> set[str]:
    return {contact["id"] for contact in answer.body["contacts"]}


@pytest.mark.claims("field/contact_list.name/kept", "field/contact_list.description/kept", "relation/list/created-with-members")
def test_list_is_kept_as_given(operator: Product, new_list: NewList) -> None:
    """With its name and description, and with those who were put on it."""
    first, second = operator.contacts.new(), operator.contacts.new()
    made = new_list(first, second, description="Campaña de otoño: ñ, 100 %")
    answer = read(operator, made)

    seen = {name: answer.body.get(name) for name in ("name", "description")}
    expected = {"name": made["name"], "description": "Campaña de otoño: ñ, 100 %"}
    assert seen == expected, finding("list-not-kept-as-written", answer, seen=seen, values=expected)
    require_members(answer, {first["id"], second["id"]})


@pytest.mark.claims("relation/list/members-as-contacts")
def test_list_shows_its_members_as_they_are(operator: Product, new_list: NewList) -> None:
    """Whole contacts, and not only their ids (contract 3.3)."""
    contact = operator.contacts.new(notes="Prefiere las tardes", tags=["otoño"])
    shown = read(operator, new_list(contact)).body["contacts"][0]
    alone = operator.contacts.get(contact["id"])

    seen, expected = dict(shown), dict(alone.body)
    assert seen == expected, finding("list-member-differs", alone, seen=seen)


@pytest.mark.claims("relation/list/listed")
def test_new_list_is_listed(operator: Product, new_list: NewList) -> None:
    """Among all lists, where campaigns choose theirs."""
    made = new_list()
    listed = operator.contacts.lists()

    assert made["id"] in {each["id"] for each in listed.body}, finding("list-not-listed", listed, list=made["id"])


@pytest.mark.claims("relation/list/added-are-members", "relation/list/added-to-no-other", "relation/list/added-counted")
def test_contact_joins_one_list_alone(operator: Product, new_list: NewList) -> None:
    """The list that was named, and no other."""
    here, there, contact = new_list(), new_list(), operator.contacts.new()
    added = operator.contacts.add_to_list(here["id"], contact["id"])

    assert added.status_code == 200, finding("request-not-served", added, status=200)
    require_members(read(operator, here), {contact["id"]})
    require_members(read(operator, there), set())
    assert added.body == {"added": 1}, finding("list-added-wrongly-counted", added, added=1)


@pytest.mark.claims("relation/list/added-again-once")
def test_adding_again_changes_nothing(operator: Product, new_list: NewList) -> None:
    """A contact that is on a list twice is called twice; nobody was added, so none is counted."""
    contact = operator.contacts.new()
    made = new_list(contact)
    added = operator.contacts.add_to_list(made["id"], contact["id"])

    assert added.status_code == 200, finding("request-not-served", added, status=200)
    assert added.body == {"added": 0}, finding("list-added-wrongly-counted", added, added=0)
    rows = [each["id"] for each in read(operator, made).body["contacts"]]
    assert rows == [contact["id"]], finding("list-member-repeated", added, members=1, rows=len(rows))


@pytest.mark.claims(
    "relation/list/removed-is-no-member",
    "relation/list/removed-leaves-others",
    "relation/list/removed-stays-contact",
    "relation/list/member-of-several",
)
def test_contact_leaves_one_list_alone(operator: Product, new_list: NewList) -> None:
    """Neither another list, nor others on this one, nor the contact itself."""
    leaving, staying = operator.contacts.new(), operator.contacts.new()
    here, there = new_list(leaving, staying), new_list(leaving)
    removed = operator.contacts.remove_from_list(here["id"], leaving["id"])

    assert removed.status_code == 200, finding("request-not-served", removed, status=200)
    require_members(read(operator, here), {staying["id"]})
    require_members(read(operator, there), {leaving["id"]})
    kept = operator.contacts.get(leaving["id"])
    assert kept.status_code == 200, finding("list-removal-deletes-contact", kept)


@pytest.mark.claims("relation/contact-deleted/list-memberships-gone", "relation/contact-deleted/other-members-of-lists-stays")
def test_deleted_contact_leaves_its_lists(operator: Product, new_list: NewList) -> None:
    """And nobody else does (contract 4.4)."""
    leaving, staying = operator.contacts.new(), operator.contacts.new()
    made = new_list(leaving, staying)
    deleted = operator.contacts.delete(leaving["id"])
    if deleted.status_code != 200:
        raise Blocked(observed("request-not-served", deleted, status=200))

    require_members(read(operator, made), {staying["id"]})


@pytest.mark.claims("relation/list/last-member-removed")
def test_list_is_there_after_its_last_member_left(operator: Product, new_list: NewList) -> None:
    """It is empty then, and can be filled again."""
    contact = operator.contacts.new()
    made = new_list(contact)
    operator.contacts.remove_from_list(made["id"], contact["id"])
    answer = operator.contacts.contact_list(made["id"])

    assert answer.status_code == 200, finding("empty-list-gone", answer)
    require_members(answer, set())


@pytest.mark.claims(
    "relation/list/no-member-removed", "relation/DELETE /api/contacts/lists/{id}/contacts/{member}/unknown-id-message"
)
def test_who_is_not_on_a_list_cannot_be_removed(operator: Product, new_list: NewList) -> None:
    """Who removes the wrong one has to learn it."""
    answer = operator.contacts.remove_from_list(new_list()["id"], operator.contacts.new()["id"])

    assert answer.status_code == 404, finding("unknown-not-404", answer)
    assert answer.message == NO_MEMBER, finding("list-refusal-differs", answer, seen=answer.message, message=NO_MEMBER)


@pytest.mark.claims(
    "route/POST /api/contacts/lists/{id}/contacts/404", "relation/POST /api/contacts/lists/{id}/contacts/unknown-id-message"
)
def test_nobody_joins_a_list_that_is_not_there(operator: Product) -> None:
    """Told as what it is."""
    answer = operator.contacts.add_to_list(NOBODY, operator.contacts.new()["id"])

    assert answer.status_code == 404, finding("unknown-not-404", answer)
    assert answer.message == NO_LIST, finding("list-refusal-differs", answer, seen=answer.message, message=NO_LIST)


@pytest.mark.claims("field/contact_list.name/required")
def test_list_needs_a_name(operator: Product) -> None:
    """What has no name cannot be chosen."""
    answer = operator.contacts.create_list(contacts=[])

    assert answer.status_code == 422, finding("list-without-name-accepted", answer)


def require_members(answer: Response[Any], expected: set[str]) -> None:
    """These contacts, and no others."""
    seen = members(answer)
    told = f"{len(seen - expected)} strangers, {len(expected - seen)} missing"
    assert seen == expected, finding("list-members-wrong", answer, seen=told, members=len(expected))
