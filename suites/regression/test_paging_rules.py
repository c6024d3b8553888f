"""Pages: their bounds, how many there are, and what is on them (contract 2.3, R-22)."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fixtures.product.nouns import Product
from fixtures.product.properties import buys
from fixtures.wire.finding import finding, observed
from record.outcome import Blocked
from suites.claiming import by_name
from suites.moving import look_until

WRITES = "makes contacts and campaigns under the run's own name and removes them"
OUT_OF_BOUNDS = {
    "/api/contacts/?skip=-1": "/api/contacts//skip-minus-1",
    "/api/contacts/?limit=0": "/api/contacts//limit-0",
    "/api/contacts/?limit=101": "/api/contacts//limit-101",
    "/api/campaigns/?page=0": "/api/campaigns//page-0",
    "/api/campaigns/?page_size=0": "/api/campaigns//page_size-0",
    "/api/campaigns/?page_size=101": "/api/campaigns//page_size-101",
    "/api/calls/?page=0": "/api/calls//page-0",
    "/api/calls/?page_size=101": "/api/calls//page_size-101",
    "/api/reports/call_history?page_size=101": "/api/reports/call_history/page_size-101",
}  # with the beginning of their rows in the contract
Page = tuple[list[dict[str, Any]], int, int]  # rows, total, number of pages


@pytest.mark.plan("W7-D3-T2")
@pytest.mark.parametrize("path", by_name(OUT_OF_BOUNDS, lambda path: [f"listing/GET {OUT_OF_BOUNDS[path]}-no-server-error"]))
def test_page_out_of_bounds_is_no_server_error(viewer: Product, path: str) -> None:
    """A client's mistake must not look like ours (contract R-22)."""
    page = viewer.get(path)

    assert page.status_code < 500, finding("page-bounds-crash", page)


@pytest.mark.strict
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.parametrize("path", by_name(OUT_OF_BOUNDS, lambda path: [f"listing/GET {OUT_OF_BOUNDS[path]}-refused"]))
def test_page_out_of_bounds_is_refused(viewer: Product, path: str) -> None:
    """With an error, not corrected in silence: a client that asks for 101 rows and gets 100 loses one (contract R-22)."""
    page = viewer.get(path)

    assert page.status_code == 422, finding("page-bound-not-checked", page)


def _contacts(viewer: Product, number: int, size: int) -> Page:
    body = viewer.contacts.list(skip=(number - 1) * size, limit=size).body
    return list(map(dict, body["data"])), body["total"], body["totalPages"]


def _calls(viewer: Product, number: int, size: int) -> Page:
    body = viewer.calls.list(page=number, page_size=size).body
    return body["data"], body["total"], body["total_pages"]


def _history(viewer: Product, number: int, size: int) -> Page:
    body = viewer.reports.call_history(page=number, page_size=size).body
    return body["data"], body["total"], body["total_pages"]


LISTINGS: dict[str, Callable[[Product, int, int], Page]] = {"contactos": _contacts, "llamadas": _calls, "historial": _history}
NAMES = {
    "contactos": ("/api/contacts/", "limit", "totalPages"),
    "llamadas": ("/api/calls/", "page_size", "total_pages"),
    "historial": ("/api/reports/call_history", "page_size", "total_pages"),
}  # path, and what size and number of pages are called there


def _sizes(listing: str) -> list[str]:
    path, size, _ = NAMES[listing]
    return [f"listing/GET {path}/{size}-{rows}" for rows in (1, 100)]


def _number_of_pages(listing: str) -> list[str]:
    path, _, pages = NAMES[listing]
    return [f"listing/GET {path}/page-{pages}"]


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.parametrize("listing", by_name(LISTINGS, _sizes))
@buys(6)
@given(size=st.integers(1, 100))
@example(size=1)
@example(size=100)
def test_page_has_the_rows_that_fit(viewer: Product, listing: str, size: int) -> None:
    """For any size of page the first is full, or has all the rows that there are."""

    def whole(page: Page) -> bool:
        return len(page[0]) == min(size, page[1])

    rows, total, _ = look_until(whole, lambda: LISTINGS[listing](viewer, 1, size))

    expected = min(size, total)
    assert len(rows) == expected, finding(
        "page-size-replaced", f"{listing}, page=1, size={size}", seen=len(rows), rows=expected, total=total
    )


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.parametrize("listing", by_name(LISTINGS, _number_of_pages))
@buys(6)
@given(size=st.integers(1, 100))
@example(size=1)
@example(size=100)
def test_pages_are_as_many_as_the_rows_fill(viewer: Product, listing: str, size: int) -> None:
    """For any size of page, by the total that the same answer names: however many rows it shows."""
    _, total, pages = LISTINGS[listing](viewer, 1, size)
    where = f"{listing}, page=1, size={size}"

    expected = math.ceil(total / size)
    assert pages == expected, finding("page-count-wrong", where, seen=pages, pages=expected, total=total)


LARGEST = 100  # rows of a page (contract R-22)
SIZE = 2
OWN = 5  # rows: two full pages and one row


def _by_skip(operator: Product, marker: str, number: int, size: int) -> list[str]:
    return [row["id"] for row in operator.contacts.list(search=marker, skip=(number - 1) * size, limit=size).body["data"]]


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("listing/GET /api/contacts//pages-disjoint", "listing/GET /api/contacts//pages-complete")
def test_pages_make_up_the_whole_list(operator: Product) -> None:
    """Page by page, each contact is shown once, in the order of the whole list."""
    marker = operator.ledger.name("hojear")
    for number in range(OWN):
        operator.contacts.new(name=f"{marker} {number}")
    whole = _by_skip(operator, marker, 1, LARGEST)
    pages = [row for number in (1, 2, 3) for row in _by_skip(operator, marker, number, SIZE)]

    where = f"/api/contacts/?search={marker}"
    if not whole:
        raise Blocked(observed("created-contacts-not-listed", where, rows=OWN))
    assert len(whole) == OWN, finding("largest-page-cut", where, seen=len(whole), rows=OWN, size=LARGEST)
    where = f"{where}&limit={SIZE}"
    twice = len(pages) - len(set(pages))
    assert not twice, finding("list-pages-overlap", where, rows=twice)
    missing = len(set(whole) - set(pages))
    assert pages == whole, finding("pages-sorted-differently", where, rows=OWN, missing=missing)
