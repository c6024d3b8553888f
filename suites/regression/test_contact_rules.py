"""Rules about contacts that hold for any input (contract 2.7, 3.3, R-23, R-28, R-30)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fixtures.product.inner_text import revealed_by
from fixtures.product.nouns import NOBODY, ContactPage, Product
from fixtures.product.payloads import unassigned_phone
from fixtures.product.properties import buys
from fixtures.product.response import Response
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding, locate, observed
from record.outcome import Blocked
from suites.claiming import by_name
from suites.listed import require_listed
from suites.masks import sees_masks
from suites.moving import look_until

PHONE = re.compile(r"\+?1?\d{9,15}", re.ASCII)  # contract 3.3
TOO_SHORT = "12345"
WRITES = "makes contacts under the run's own name and removes them"


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("listing/GET /api/contacts//page-total", "listing/GET /api/contacts//limit-1")
@buys(30)
@given(skip=st.integers(0, 300), limit=st.integers(1, 100))
@example(skip=0, limit=1)
@example(skip=2**63, limit=10)
def test_any_page_holds_the_rows_it_promises(viewer: Product, skip: int, limit: int) -> None:
    """A page has exactly the rows that the total leaves for it."""

    def promised(page: Response[ContactPage]) -> int:
        return min(limit, max(0, page.body["total"] - skip))

    def whole(page: Response[ContactPage]) -> bool:
        return page.status_code != 200 or len(page.body["data"]) == promised(page)

    page = look_until(whole, lambda: viewer.contacts.list(skip=skip, limit=limit))

    assert page.status_code < 500, finding("page-bounds-crash", page)
    if page.status_code == 200:
        expected, seen = promised(page), len(page.body["data"])
        assert seen == expected, finding("list-total-wrong", page, seen=seen, rows=expected, total=page.body["total"])


@pytest.mark.plan("W7-D3-T2", "W1-D3-T1")
@pytest.mark.claims(
    "listing/GET /api/contacts//search-only",
    "listing/GET /api/contacts//search-quotes-is-text",
    "listing/GET /api/contacts//search-union-is-text",
    "listing/GET /api/contacts//search-percent-is-text",
    "listing/GET /api/contacts//search-backslash-is-text",
    "listing/GET /api/contacts//search-commas-and-brackets-is-text",
)
@buys(40)
@given(text=st.text(min_size=1, max_size=40))
@example(text="' OR '1'='1")
@example(text="%")
@example(text="\\")
@example(text="García López, María (casa)")
@example(text="a' UNION SELECT null--")
def test_search_text_is_only_text(viewer: Product, env: Environment, text: str) -> None:
    """Never a query, never a wildcard, never a server error."""
    found = viewer.contacts.list(search=text, limit=100)

    assert found.status_code in (200, 422), finding("search-text-not-quoted", found, text=repr(text))
    assert revealed_by(found, env) is None, finding("error-reveals-internals", found)
    if found.status_code == 200:
        others = [row["id"] for row in found.body["data"] if not _mentions(row, text)]
        assert not others, finding(
            "search-pasted-into-query" if "'" in text else "search-finds-others",
            where=locate(found.response),
            text=repr(text),
            others=len(others),
        )


def _mentions(row: object, text: str) -> bool:
    """Whether the text stands in name, email or phone. A masked phone cannot be judged, so digits and + always may match it."""
    assert isinstance(row, dict)
    if re.fullmatch(r"[\d+]+", text.strip()):
        return True
    fields = (str(row.get(field) or "") for field in ("name", "email", "phone_number"))
    return any(text.strip().casefold() in field.casefold() for field in fields)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("listing/GET /api/contacts//search-ignores-case", "listing/GET /api/contacts//search-looks-at-name")
@pytest.mark.parametrize("change", [str.upper, str.lower, str.swapcase], ids=["mayúsculas", "minúsculas", "al revés"])
def test_search_ignores_case(operator: Product, change: Callable[[str], str]) -> None:
    """Ñ and accented letters included (contract 2.7)."""
    created = operator.contacts.new(name=f"{operator.ledger.name('contacto')} Muñoz Ibáñez")
    found = operator.contacts.list(search=change(created["name"]))
    ids = [row["id"] for row in found.body["data"]]
    if not ids:
        require_listed(operator, created)

    assert ids == [created["id"]], finding("search-depends-on-case", found, contact_id=created["id"])


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.parametrize(
    "field", by_name(["email", "phone_number"], lambda field: [f"listing/GET /api/contacts//search-looks-at-{field}"])
)
def test_contact_is_found_by(operator: Product, field: str) -> None:
    """A person is looked for by what is at hand (contract 2.7)."""
    phone = unassigned_phone()
    fields = {"email": f"c{phone[2:]}@example.com", "phone_number": phone}
    created = operator.contacts.new(**fields)
    found = operator.contacts.list(search=fields[field], limit=100)
    ids = [row["id"] for row in found.body["data"]]
    if created["id"] not in ids:
        require_listed(operator, created)

    assert created["id"] in ids, finding("search-leaves-out-field", found, contact_id=created["id"], field=field)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("listing/GET /api/contacts//tags-only", "listing/GET /api/contacts//tags-all")
def test_contact_must_hold_all_tags(operator: Product) -> None:
    """Two tags narrow a list down (contract 2.7)."""
    first, second = operator.ledger.name("etiqueta"), operator.ledger.name("etiqueta")
    both = operator.contacts.new(tags=[first, second])["id"]
    operator.contacts.new(tags=[second])
    listed = operator.contacts.list(tags=[first, second])

    seen = [row["id"] for row in listed.body["data"]]
    assert seen == [both], finding("tags-not-all-required", listed, seen=seen, contact_ids=[both])


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("listing/GET /api/contacts//tags-total")
def test_total_counts_contacts_with_the_tags(operator: Product) -> None:
    """As many as the rows that are shown, whichever those are (contract 2.7)."""
    tag = operator.ledger.name("etiqueta")
    operator.contacts.new(tags=[tag])
    listed = operator.contacts.list(tags=[tag])

    seen, expected = listed.body["total"], len(listed.body["data"])
    assert seen == expected, finding("contacts-total-ignores-tags", listed, seen=seen, total=expected)


@pytest.mark.writes("creates contacts under the run's own name and removes them")
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims(
    "field/contact.phone_number/kept",
    "field/contact.phone_number/accepts-plus-and-34",
    "field/contact.phone_number/refuses-17-digits",
)
@buys(25)
@given(phone=st.one_of(st.from_regex(r"\+?1?[0-9]{7,17}", fullmatch=True), st.text("0123456789+- ", max_size=18)))
@example(phone="+34600123456")
@example(phone="12345678901234567")
def test_phone_is_kept_or_refused(operator: Product, phone: str) -> None:
    """Exactly the numbers of the contract's pattern are kept, and as they were sent."""
    created = operator.contacts.create(phone_number=phone)

    expected = 201 if PHONE.fullmatch(phone) else 422
    assert created.status_code == expected, finding("phone-pattern-differs", created, status=expected, phone=repr(phone))
    if expected == 201:
        seen = created.body["phone_number"]
        masked = sees_masks(created, operator, {"phone_number": seen}, {"phone_number": phone})
        assert seen == phone, masked or finding("phone-changed-on-save", created, seen=seen, phone=phone)


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=60)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims(
    "field/contact.name/kept",
    "field/contact.notes/kept",
    "field/contact.name/accepts-accents",
    "field/contact.name/accepts-other-scripts",
    "field/contact.name/accepts-markup",
    "field/contact.notes/accepts-accents",
    "field/contact.notes/accepts-other-scripts",
    "field/contact.notes/accepts-markup",
)
@buys(10)
@given(text=TEXTS)
@example(text="Íñigo Muñoz «el de la ñ» & Cía. <b>")
@example(text="Ana 👩‍🚀 张伟")
def test_texts_are_kept_as_given(operator: Product, text: str) -> None:
    """In any script, in the answer and when it is read again."""
    composed = unicodedata.normalize("NFC", text).strip()
    sent = {"name": f"{operator.ledger.name('contacto')} {composed}", "notes": f"Nota: {composed}."}
    created = operator.contacts.new(**sent)
    read = operator.contacts.get(created["id"])

    row: Mapping[str, object] = read.body
    seen = {field: row[field] for field in sent}
    assert seen == sent, finding("text-changed-on-save", read, seen=ascii(seen), values=ascii(sent))


CHANGES: dict[str, Any] = {
    "phone_number": "+34600999888",
    "email": "cambiado@example.com",
    "notes": "Otra nota",
    "tags": ["otra"],
}
WHOLE: dict[str, Any] = {
    "phone_number": "+34600123457",
    "email": "antes@example.com",
    "notes": "Una nota",
    "tags": ["una", "dos"],
}


def _of_change(field: str) -> list[str]:
    """It is changed, and the others are as before."""
    return [f"field/contact.{field}/changed-alone", *(f"field/contact.{name}/left-by-others" for name in WHOLE if name != field)]


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize("field", by_name(CHANGES, _of_change))
def test_field_can_be_changed(operator: Product, field: str) -> None:
    """By itself, and takes no other with it (contract R-23)."""
    contact_id = operator.contacts.new(**WHOLE)["id"]
    before = operator.contacts.get(contact_id)
    if before.status_code != 200:
        raise Blocked(observed("created-record-not-readable", before))
    changed = operator.contacts.update(contact_id, **{field: CHANGES[field]})

    assert changed.status_code == 200, finding("request-not-served", changed, status=200)
    read = operator.contacts.get(contact_id)
    seen = {name: dict(read.body)[name] for name in WHOLE}
    expected = {name: dict(before.body)[name] for name in WHOLE} | {field: CHANGES[field]}
    masked = sees_masks(read, operator, seen, expected)
    assert seen == expected, masked or finding("contact-change-wrong", read, seen=seen, values=expected, field=field)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("field/contact/updated-again")
def test_contact_can_be_changed_again(operator: Product) -> None:
    """One field after the other, as often as somebody corrects it (contract R-23)."""
    contact_id = operator.contacts.new(**WHOLE)["id"]
    first = operator.contacts.update(contact_id, notes=CHANGES["notes"])
    if first.status_code != 200:
        raise Blocked(observed("request-not-served", first, status=200))
    for field, value in CHANGES.items():
        changed = operator.contacts.update(contact_id, **{field: value})

        assert changed.status_code == 200, finding("contact-changed-only-once", changed, field=field)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize("field", by_name(["email", "notes", "tags"], lambda field: [f"field/contact.{field}/null-leaves"]))
def test_null_leaves_a_field_as_it_is(operator: Product, field: str) -> None:
    """A form sends what it does not know as null (contract R-23, 2.7)."""
    contact_id = operator.contacts.new(**WHOLE)["id"]
    changed = operator.contacts.update(contact_id, **{field: None, "name": operator.ledger.name("cambiado")})

    row: Mapping[str, object] = operator.contacts.get(contact_id).body
    seen = row[field]
    assert seen == WHOLE[field], finding("null-erases-field", changed, seen=repr(seen), value=repr(WHOLE[field]), field=field)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("field/contact.phone_number/update-refuses-5-digits", "field/contact/refused-update-leaves-all")
def test_update_checks_the_phone(operator: Product) -> None:
    """As strictly as creation does, and then nothing is changed (contract R-23)."""
    contact = operator.contacts.new(**WHOLE)
    changed = operator.contacts.update(contact["id"], phone_number=TOO_SHORT, notes="no debe quedar")

    assert changed.status_code == 422, finding("bad-phone-update-accepted", changed, phone=TOO_SHORT)
    seen = operator.contacts.get(contact["id"]).body["notes"]
    assert seen == WHOLE["notes"], finding("refused-update-kept-in-part", changed, seen=seen, notes=WHOLE["notes"])


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("field/contact.updated_at/moves")
def test_change_moves_updated_at(operator: Product) -> None:
    """A program that synchronises contacts asks for what changed since its last visit."""
    created = operator.contacts.new()
    changed = operator.contacts.update(created["id"], notes="cambiada")

    seen = changed.body["updated_at"]
    assert seen > created["updated_at"], finding("updated-at-not-moved", changed, seen=seen, moment=created["updated_at"])


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("relation/contact/phone-shared")
def test_two_people_may_share_a_phone(operator: Product) -> None:
    """A household is two contacts (contract R-30)."""
    phone = "+34600555777"
    first = operator.contacts.new(phone_number=phone)
    second = operator.contacts.create(phone_number=phone)

    assert second.status_code == 201, finding("phone-taken-as-unique", second)
    assert second.body["id"] != first["id"], finding("second-contact-lost", second, seen=first["id"])


UNKNOWN = {NOBODY: "route/GET /api/contacts/{id}/404", "no-es-un-id": "relation/GET /api/contacts/{id}/malformed-id"}


@pytest.mark.plan("W7-D3-T2")
@pytest.mark.parametrize("contact_id", by_name(UNKNOWN, lambda contact_id: [UNKNOWN[contact_id]]))
def test_unknown_contact_is_not_found(viewer: Product, contact_id: str) -> None:
    """404, in the status and not only in the body; an id that is none is as unknown (contract 2.7)."""
    read = viewer.contacts.get(contact_id)

    assert read.status_code == 404, finding("unknown-not-404", read)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("route/DELETE /api/contacts/{id}/404")
def test_deleting_again_is_not_found(operator: Product) -> None:
    """A deletion that finds nothing must not look like one that worked (contract 2.7)."""
    contact_id = operator.contacts.new()["id"]
    operator.contacts.delete(contact_id)
    read = operator.contacts.get(contact_id)
    if read.status_code != 404:
        raise Blocked(observed("contact-deletion-not-carried-out" if read.is_of(contact_id) else "unknown-not-404", read))
    again = operator.contacts.delete(contact_id)

    assert again.status_code == 404, finding("deleting-nothing-succeeds", again)


@pytest.mark.plan("W7-D3-T2", "W2-D2-T8")
@pytest.mark.parametrize("language", ["es-ES", "es-MX,es;q=0.9", "en-US", "ca", "*"])
def test_language_changes_no_data(viewer: Product, language: str) -> None:
    """The API speaks to programs: dates and numbers are the same in every country."""
    path = "/api/contacts/?search=a&limit=3"
    plain, localised = viewer.get(path), viewer.get(path, headers={"accept-language": language})

    assert localised.status_code == 200, finding("language-header-breaks-list", localised, language=language)
    for row in [*plain.body["data"], *localised.body["data"]]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*", row["created_at"]), finding(
            "dates-follow-language", localised, seen=row["created_at"], language=language
        )
