"""Rules about contacts that hold for any input (contract 2.7, 3.3, R-23, R-28, R-30)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fixtures.product.nouns import NOBODY, Product
from fixtures.product.payloads import unassigned_phone
from fixtures.product.properties import buys
from fixtures.wire.finding import stated as finding
from record.outcome import Blocked

PHONE = re.compile(r"\+?1?\d{9,15}", re.ASCII)  # contract 3.3
INTERNALS = ("Traceback", 'File "', "psycopg", "postgrest", "PGRST", "Exception")  # contract R-28
WRITES = "makes contacts under the run's own name and removes them"


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@buys(30)
@given(skip=st.integers(0, 300), limit=st.integers(1, 100))
@example(skip=0, limit=1)
@example(skip=2**63, limit=10)
def test_any_page_holds_the_rows_it_promises(viewer: Product, skip: int, limit: int) -> None:
    """A page has exactly the rows that the total leaves for it."""
    page = viewer.contacts.list(skip=skip, limit=limit)

    assert page.status_code < 500, finding(
        page, expected="no server error", then="is a huge skip passed to the database unchecked?"
    )
    if page.status_code == 200:
        expected = min(limit, max(0, page.body["total"] - skip))
        assert len(page.body["data"]) == expected, finding(
            page, expected=f"{expected} rows", seen=f"{len(page.body['data'])} rows", then="the total disagrees with the rows"
        )


@pytest.mark.plan("W7-D3-T2", "W1-D3-T1")
@buys(40)
@given(text=st.text(min_size=1, max_size=40))
@example(text="' OR '1'='1")
@example(text="%")
@example(text="\\")
@example(text="García López, María (casa)")
@example(text="a' UNION SELECT null--")
def test_search_text_is_only_text(viewer: Product, text: str) -> None:
    """Never a query, never a wildcard, never a server error."""
    found = viewer.contacts.list(search=text, limit=100)

    assert found.status_code in (200, 422), finding(
        found, expected="200 or 422", then=f"the text {text!r} reaches the database as more than text: quote it"
    )
    leaked = [word for word in INTERNALS if word in found.text]
    assert not leaked, finding(
        found, expected="no internals in the body", seen=leaked, then="answer errors with the envelope only (contract R-28)"
    )
    if found.status_code == 200:
        strangers = [row["id"] for row in found.body["data"] if not _mentions(row, text)]
        assert not strangers, finding(
            found,
            expected=f"only contacts that contain {text!r}",
            seen=f"{len(strangers)} others",
            then="send the text beside the statement, with the wildcards of the pattern escaped",
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
@pytest.mark.parametrize("change", [str.upper, str.lower, str.swapcase], ids=["mayúsculas", "minúsculas", "al revés"])
def test_search_ignores_case(operator: Product, change: Callable[[str], str]) -> None:
    """Ñ and accented letters included (contract 2.7)."""
    created = operator.contacts.new(name=f"{operator.ledger.name('contacto')} Muñoz Ibáñez")
    found = operator.contacts.list(search=change(created["name"]))

    assert [row["id"] for row in found.body["data"]] == [created["id"]], finding(
        found,
        expected=f"the contact {created['id']} by its name in another case",
        then="does the search fold ñ and á, and is the name stored as it was given (NFC)?",
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.parametrize("field", ["email", "phone_number"])
def test_contact_is_found_by(operator: Product, field: str) -> None:
    """A person is looked for by what is at hand (contract 2.7)."""
    phone = unassigned_phone()
    fields = {"email": f"c{phone[2:]}@example.com", "phone_number": phone}
    created = operator.contacts.new(**fields)
    found = operator.contacts.list(search=fields[field], limit=100)

    assert created["id"] in [row["id"] for row in found.body["data"]], finding(
        found, expected=f"the contact {created['id']} by its {field}", then="the search covers name, email and phone_number"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
def test_contact_must_hold_all_tags(operator: Product) -> None:
    """Two tags narrow a list down (contract 2.7)."""
    first, second = operator.ledger.name("etiqueta"), operator.ledger.name("etiqueta")
    both = operator.contacts.new(tags=[first, second])["id"]
    operator.contacts.create(tags=[second])
    listed = operator.contacts.list(tags=[first, second])

    seen = [row["id"] for row in listed.body["data"]]
    assert seen == [both], finding(listed, expected=[both], seen=seen, then="several tags: a contact must hold all of them")
    assert listed.body["total"] == 1, finding(
        listed, expected="total 1", seen=listed.body["total"], then="the total ignores the tags"
    )


@pytest.mark.writes("creates contacts under the run's own name and removes them")
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@buys(25)
@given(phone=st.one_of(st.from_regex(r"\+?1?[0-9]{7,17}", fullmatch=True), st.text("0123456789+- ", max_size=18)))
@example(phone="+34600123456")
@example(phone="12345678901234567")
def test_phone_is_kept_or_refused(operator: Product, phone: str) -> None:
    """Exactly the numbers of the contract's pattern are kept, and as they were given."""
    created = operator.contacts.create(phone_number=phone)

    expected = 201 if PHONE.fullmatch(phone) else 422
    assert created.status_code == expected, finding(
        created, expected=f"{expected} for the phone {phone!r}", then="compare the pattern with contract 3.3"
    )
    if expected == 201:
        seen = created.body["phone_number"]
        assert seen == phone, finding(created, expected=phone, seen=seen, then="a number must not be changed on its way")


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=60)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@buys(10)
@given(text=TEXTS)
@example(text="Íñigo Muñoz «el de la ñ» & Cía. <b>")
@example(text="Ana 👩‍🚀 张伟")
def test_texts_are_kept_as_given(operator: Product, text: str) -> None:
    """In any script, in the answer and when it is read again."""
    given_text = unicodedata.normalize("NFC", text).strip()
    given_fields = {"name": f"{operator.ledger.name('contacto')} {given_text}", "notes": f"Nota: {given_text}."}
    created = operator.contacts.create(**given_fields)
    read = operator.contacts.get(created.body["id"])

    row: Mapping[str, object] = read.body
    seen = {field: row[field] for field in given_fields}
    assert seen == given_fields, finding(
        read, expected=ascii(given_fields), seen=ascii(seen), then="one encoding all the way: UTF-8, neither cut nor normalised"
    )


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


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
def test_each_field_can_be_changed(operator: Product) -> None:
    """One after the other, and none of the changes is lost or takes another with it (contract R-23)."""
    contact_id = operator.contacts.new(**WHOLE)["id"]
    expected = dict(WHOLE)
    for field, value in CHANGES.items():
        expected[field] = value
        changed = operator.contacts.update(contact_id, **{field: value})
        assert changed.status_code == 200, finding(
            changed, expected=f"200 for a new {field}", then="does an update work the second time?"
        )
        read = operator.contacts.get(contact_id)
        row: Mapping[str, object] = read.body
        seen = {name: row[name] for name in expected}
        assert seen == expected, finding(
            read, expected=expected, seen=seen, then=f"the change of {field} is lost, or changed more than it said"
        )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize("field", ["email", "notes", "tags"])
def test_null_leaves_a_field_as_it_is(operator: Product, field: str) -> None:
    """A form sends what it does not know as null (contract R-23, 2.7)."""
    contact_id = operator.contacts.new(**WHOLE)["id"]
    changed = operator.contacts.update(contact_id, **{field: None, "name": operator.ledger.name("cambiado")})

    row: Mapping[str, object] = operator.contacts.get(contact_id).body
    seen = row[field]
    assert seen == WHOLE[field], finding(changed, expected=WHOLE[field], seen=seen, then=f"a null must not erase {field}")


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
def test_update_checks_the_phone(operator: Product) -> None:
    """As strictly as creation does, and then nothing is changed (contract R-23)."""
    contact = operator.contacts.new(**WHOLE)
    changed = operator.contacts.update(contact["id"], phone_number="12345", notes="no debe quedar")

    assert changed.status_code == 422, finding(
        changed, expected="422 for the phone 12345", then="a refused field must not be dropped in silence"
    )
    seen = operator.contacts.get(contact["id"]).body["notes"]
    assert seen == WHOLE["notes"], finding(changed, expected="nothing changed", seen=seen, then="half an update was kept")


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
def test_change_moves_updated_at(operator: Product) -> None:
    """Whoever synchronises contacts asks for what changed since."""
    created = operator.contacts.new()
    changed = operator.contacts.update(created["id"], notes="cambiada")

    seen = changed.body["updated_at"]
    assert seen > created["updated_at"], finding(
        changed, expected=f"updated_at after {created['updated_at']}", seen=seen, then="the change is not dated"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
def test_two_people_may_share_a_phone(operator: Product) -> None:
    """A household is two contacts (contract R-30)."""
    phone = "+34600555777"
    first = operator.contacts.create(phone_number=phone)
    second = operator.contacts.create(phone_number=phone)

    assert second.status_code == 201, finding(second, expected="201", then="contacts have no uniqueness (contract R-30)")
    assert second.body["id"] != first.body["id"], finding(
        second, expected="a contact of its own", seen=f"the id of the first, {first.body['id']}", then="the second person is lost"
    )


@pytest.mark.plan("W7-D3-T2")
@pytest.mark.parametrize("contact_id", [NOBODY, "no-es-un-id"])
def test_unknown_contact_is_not_found(viewer: Product, contact_id: str) -> None:
    """404, in the status and not only in the body; an id that is none is as unknown (contract 2.7)."""
    read = viewer.contacts.get(contact_id)

    assert read.status_code == 404, finding(
        read, expected="404", then="is the error an answer with 200, or does a bad id reach the database?"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
def test_deleting_again_is_not_found(operator: Product) -> None:
    """Whoever deletes what is gone has to hear it (contract 2.7)."""
    contact_id = operator.contacts.new()["id"]
    operator.contacts.delete(contact_id)
    read = operator.contacts.get(contact_id)
    if read.status_code != 404:
        raise Blocked(finding(read, expected="404 after the deletion", then="it is not deleted at all").finding)
    again = operator.contacts.delete(contact_id)

    assert again.status_code == 404, finding(again, expected="404", then="does the deletion look at how many rows it removed?")


@pytest.mark.plan("W7-D3-T2", "W2-D2-T8")
@pytest.mark.parametrize("language", ["es-ES", "es-MX,es;q=0.9", "en-US", "ca", "*"])
def test_language_changes_no_data(viewer: Product, language: str) -> None:
    """The API speaks to programs: dates and numbers are the same in every country."""
    path = "/api/contacts/?search=a&limit=3"
    plain, localised = viewer.get(path), viewer.get(path, headers={"accept-language": language})

    assert localised.status_code == 200, finding(localised, expected="200", then=f"does Accept-Language {language} break it?")
    for row in [*plain.body["data"], *localised.body["data"]]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*", row["created_at"]), finding(
            localised, expected="ISO 8601 dates", seen=row["created_at"], then=f"a date is written for {language}"
        )
