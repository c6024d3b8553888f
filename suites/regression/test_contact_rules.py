"""Rules about contacts that hold for any input (contract 3.3, R-22, R-28)."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fixtures.finding import finding
from fixtures.product import Product
from fixtures.properties import buys

PHONE = re.compile(r"\+?1?\d{9,15}", re.ASCII)  # contract 3.3
INTERNALS = ("Traceback", 'File "', "psycopg", "postgrest", "PGRST", "Exception")  # contract R-28


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@buys(40)
@given(skip=st.integers(-2, 300), limit=st.integers(-1, 110))
@example(skip=0, limit=0)
@example(skip=0, limit=101)
@example(skip=2**63, limit=10)
def test_any_page_holds_the_rows_it_promises(viewer: Product, skip: int, limit: int) -> None:
    """Bounds are checked, and inside them a page has exactly the rows that the total leaves for it."""
    page = viewer.contacts.list(skip=skip, limit=limit)

    if not 1 <= limit <= 100 or skip < 0:
        assert page.status_code == 422, finding(
            page, expected=f"422 for skip={skip}, limit={limit}", then="check the bounds before the query (contract R-22)"
        )
        return
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
@example(text="a' UNION SELECT null--")
def test_search_text_is_only_text(viewer: Product, text: str) -> None:
    """Never a query, never a wildcard, never a server error."""
    found = viewer.contacts.list(search=text, limit=100)

    assert found.status_code in (200, 422), finding(
        found, expected="200 or 422", then="search text reaches the database as more than text"
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
            then="escape wildcards in the pattern",
        )


def _mentions(row: object, text: str) -> bool:
    """Whether the text stands in name, email or phone. A masked phone cannot be judged, so digits and + always may match it."""
    assert isinstance(row, dict)
    if re.fullmatch(r"[\d+]+", text.strip()):
        return True
    fields = (str(row.get(field) or "") for field in ("name", "email", "phone_number"))
    return any(text.strip().casefold() in field.casefold() for field in fields)


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
