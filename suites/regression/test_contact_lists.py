"""Contact lists hold each of their contacts once, in every view of them (contract 2.7)."""

from typing import Any

import pytest

from fixtures.product.nouns import Product
from fixtures.product.spreadsheets import csv_rows
from fixtures.wire.finding import finding, locate, observed
from record.outcome import Blocked, Unverified

AT_MOST = 5  # lists that are looked at

Row = dict[str, Any]


def _lists(product: Product) -> list[Row]:
    """Some lists that have members, the longest first."""
    answer = product.contacts.lists()
    if answer.status_code != 200:
        raise Blocked(observed("contact-lists-not-served", answer))
    found = sorted(answer.body, key=lambda each: -len(each["contacts"]))[:AT_MOST]
    if not found or not found[0]["contacts"]:
        raise Unverified("no-contact-list-with-members")
    return [each for each in found if each["contacts"]]


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("relation/list/member-once")
def test_contact_is_on_a_list_once(viewer: Product) -> None:
    """A contact that is on a list twice is called twice."""
    for each in _lists(viewer):
        rows = [contact["id"] for contact in each["contacts"]]
        members = set(rows)

        assert len(rows) == len(members), finding(
            "list-member-repeated", f"/api/contacts/lists, id={each['id']}", members=len(members), rows=len(rows)
        )


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("relation/list/same-by-itself")
def test_list_is_the_same_by_itself(viewer: Product) -> None:
    """Among all lists and at its own address."""
    for each in _lists(viewer)[:2]:
        alone = viewer.contacts.contact_list(each["id"])

        expected = sorted({contact["id"] for contact in each["contacts"]})
        seen = sorted({contact["id"] for contact in alone.body["contacts"]})
        assert seen == expected, finding("list-differs-by-itself", alone, seen=len(seen), members=len(expected))


@pytest.mark.plan("W7-D3-T2", "W2-D2-T10")
@pytest.mark.claims("file/contacts/list_id-*")
def test_export_of_a_list_holds_its_members(operator: Product) -> None:
    """No other contact: the file goes to the people who work with that list."""
    chosen = _lists(operator)[-1]
    export = operator.contacts.export(list_id=chosen["id"])

    expected = sorted({contact["id"] for contact in chosen["contacts"]})
    seen = sorted(row["id"] for row in csv_rows(export))
    strangers = set(seen) - set(expected)
    assert seen == expected, finding(
        "list-export-wrong",
        where=locate(export.response),
        members=len(expected),
        rows=len(seen),
        strangers=len(strangers),
    )
