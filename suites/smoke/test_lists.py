"""Each list in its own shape, and its paging tells the truth."""

import math
import re
from collections.abc import Callable
from typing import Any

import pytest

from fixtures.product.nouns import ContactPage, Product
from fixtures.product.response import Response, rows_in
from fixtures.wire.finding import finding
from record.outcome import Unverified
from suites.claiming import by_name
from suites.moving import look_until

CONTACT_FIELDS = {"id", "name", "phone_number", "email", "notes", "tags", "created_at", "updated_at"}
CAMPAIGN_FIELDS = {"id", "name", "status", "campaign_type", "schedule_start", "schedule_end", "script_template", "total_calls"}
CALL_FIELDS = {"id", "campaign_id", "contact_id", "status", "duration", "created_at", "updated_at"}
FIELDS = {"campaigns": ("3.1", CAMPAIGN_FIELDS), "contacts": ("3.3", CONTACT_FIELDS), "calls": ("3.4", CALL_FIELDS)}
FAR_BEYOND = 10_000_000  # more contacts than any deployment has
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
EXPORT_HEADER = "id,name,phone_number,email,notes,tags,created_at,updated_at"


@pytest.mark.plan("W2-D1-T9", "W2-D1-T11")
@pytest.mark.claims("listing/GET /api/campaigns//bare-array")
def test_campaigns_are_a_bare_array(viewer: Product) -> None:
    """Without a page object around it (contract 2.3)."""
    campaigns = viewer.campaigns.list()

    assert campaigns.status_code == 200, finding("request-not-served", campaigns, status=200)
    assert isinstance(campaigns.body, list), finding("campaigns-not-an-array", campaigns)


@pytest.mark.plan("W2-D1-T9", "W2-D1-T11")
@pytest.mark.claims(
    "listing/GET /api/contacts//page-page", "listing/GET /api/contacts//page-limit", "listing/GET /api/contacts//page-totalPages"
)
def test_contacts_come_in_pages(viewer: Product) -> None:
    """The page object's numbers agree with each other (contract 2.3)."""
    contacts = viewer.contacts.list(limit=7)

    assert contacts.status_code == 200, finding("request-not-served", contacts, status=200)
    body = contacts.body
    expected = (1, 7, math.ceil(body["total"] / 7), min(7, body["total"]))
    seen = (body["page"], body["limit"], body["totalPages"], len(body["data"]))
    names = "page, limit, totalPages, len(data)"
    assert seen == expected, finding("page-numbers-disagree", contacts, seen=seen, names=names, values=expected)


@pytest.mark.plan("W2-D1-T9", "W2-D1-T11")
@pytest.mark.claims(
    "listing/GET /api/calls//page-page", "listing/GET /api/calls//page-page_size", "listing/GET /api/calls//page-total_pages"
)
def test_calls_come_in_pages(viewer: Product) -> None:
    """The page object's numbers agree with each other (contract 2.3)."""
    calls = viewer.calls.list(page_size=7)

    assert calls.status_code == 200, finding("request-not-served", calls, status=200)
    body = calls.body
    expected = (1, 7, math.ceil(body["total"] / 7), min(7, body["total"]))
    seen = (body["page"], body["page_size"], body["total_pages"], len(body["data"]))
    names = "page, page_size, total_pages, len(data)"
    assert seen == expected, finding("page-numbers-disagree", calls, seen=seen, names=names, values=expected)


@pytest.mark.plan("W2-D1-T9", "W2-D1-T11")
@pytest.mark.parametrize("listing", FIELDS)
def test_rows_have_their_fields(viewer: Product, listing: str) -> None:
    """Whatever shape the listing has around them (contract 3)."""
    section, fields = FIELDS[listing]
    answer = viewer.get(f"/api/{listing}/")

    assert answer.status_code == 200, finding("request-not-served", answer, status=200)
    rows = rows_in(answer.body)
    if not rows:
        raise Unverified("no-rows-to-look-at", listing=listing)
    lacking = {field for row in rows for field in fields - row.keys()}
    assert not lacking, finding("row-fields-missing", answer, section=section, fields=", ".join(sorted(lacking)))


@pytest.mark.plan("W2-D1-T9", "W2-D1-T11")
def test_ids_are_uuids(viewer: Product) -> None:
    """Of whatever version: clients, the database and the vendors' callbacks take them for nothing else (contract 0.2)."""
    listings = viewer.contacts.list(), viewer.calls.list(), viewer.campaigns.list()
    rows = [(row, listing) for listing in listings for row in rows_in(listing.body) or () if "id" in row]
    if not rows:
        raise Unverified("no-contact-or-call")

    strange = [(row["id"], listing) for row, listing in rows if not UUID.fullmatch(str(row["id"]))]
    assert not strange, finding("ids-not-uuids", strange[0][1], seen=strange[0][0])


@pytest.mark.plan("W2-D1-T11")
@pytest.mark.claims("listing/GET /api/contacts//pages-disjoint")
def test_pages_of_contacts_do_not_overlap(viewer: Product) -> None:
    """A row that stands on two pages hides another that stands on none."""
    first, second = viewer.contacts.list(skip=0, limit=5), viewer.contacts.list(skip=5, limit=5)

    twice = {row["id"] for row in first.body["data"]} & {row["id"] for row in second.body["data"]}
    assert not twice, finding("list-pages-overlap", second, rows=len(twice))


@pytest.mark.plan("W2-D1-T11")
@pytest.mark.claims("listing/GET /api/campaigns//pages-disjoint")
def test_pages_of_campaigns_do_not_overlap(viewer: Product) -> None:
    """The same for the listing that counts pages instead of rows."""
    first, second = viewer.campaigns.rows(page=1, page_size=2), viewer.campaigns.rows(page=2, page_size=2)

    twice = {row["id"] for row in first} & {row["id"] for row in second}
    assert not twice, finding("list-pages-overlap", "/api/campaigns/, page=1, page=2", rows=len(twice))


@pytest.mark.plan("W2-D1-T11")
@pytest.mark.claims("listing/GET /api/contacts//page-total")
def test_total_of_contacts_is_the_number_of_rows(viewer: Product) -> None:
    """Counted by walking to the last page: a total that disagrees with the rows hides data or promises more than there is."""

    def last_rows() -> tuple[int, Response[ContactPage]]:
        total: int = viewer.contacts.list(limit=1).body["total"]
        return total, viewer.contacts.list(skip=max(0, total - 3), limit=100)

    total, last = look_until(lambda look: len(look[1].body["data"]) == min(3, look[0]), last_rows)

    seen, expected = len(last.body["data"]), min(3, total)
    assert seen == expected, finding("list-total-wrong", last, seen=seen, rows=expected, total=total)


@pytest.mark.plan("W2-D1-T11")
@pytest.mark.claims("listing/GET /api/contacts//past-end-empty")
def test_page_past_the_end_is_empty(viewer: Product) -> None:
    """And no error: whoever deletes the last row of a page is on it (contract 2.3)."""
    beyond = viewer.contacts.list(skip=FAR_BEYOND, limit=100)

    assert beyond.status_code == 200, finding("page-past-end-fails", beyond)
    assert beyond.body["data"] == [], finding("rows-past-the-end", beyond)


def _is_metrics(body: Any) -> bool:
    return isinstance(body, dict) and {"by_status", "avg_duration", "timeline"} <= body.keys()


FIXED_PATHS: dict[str, Callable[[Any], bool]] = {
    "/api/calls/metrics": _is_metrics,
    "/api/contacts/lists": lambda body: isinstance(body, list),
    "/api/contacts/search?q=a": lambda body: isinstance(body, list),
}


def _of_path(path: str) -> list[str]:
    return ["relation/path/" + path.removeprefix("/api/").partition("?")[0].replace("/", "-")]


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.parametrize("path", by_name(FIXED_PATHS, _of_path))
def test_fixed_path_is_not_taken_for_an_id(viewer: Product, path: str) -> None:
    """`/api/calls/metrics` is no call named metrics (contract R-03)."""
    answer = viewer.get(path)

    assert answer.status_code < 500, finding("request-not-served", answer, status=200)
    assert answer.status_code == 200, finding("fixed-path-taken-for-id", answer)
    assert FIXED_PATHS[path](answer.body), finding("fixed-path-taken-for-id", answer)


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("file/contacts/columns", "relation/path/contacts-export")
def test_contacts_are_exported_as_csv(operator: Product) -> None:
    """The columns in their order (contract 2.9)."""
    export = operator.contacts.export()

    assert export.status_code < 500, finding("request-not-served", export, status=200)
    assert export.status_code == 200, finding("fixed-path-taken-for-id", export)
    header = export.text.split("\n", 1)[0].strip()
    assert header == EXPORT_HEADER, finding("export-columns-changed", export, seen=header, columns=EXPORT_HEADER)


@pytest.mark.privacy
@pytest.mark.plan("W2-D1-T11")
def test_phones_are_masked_for_viewers(viewer: Product) -> None:
    """Like `+123****789` (contract R-29)."""
    contacts = viewer.contacts.list(limit=20)
    if not contacts.body["data"]:
        raise Unverified("no-contacts-to-look-at")

    bare = [row["id"] for row in contacts.body["data"] if "*" not in row["phone_number"]]
    assert not bare, finding("phone-not-masked", contacts, bare=len(bare), phones=len(contacts.body["data"]))
