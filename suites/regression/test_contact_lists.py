"""Contact lists hold each of their contacts once, in every view of them (contract 2.7)."""

from typing import Any

import pytest

from fixtures.product.nouns import Product
from fixtures.product.spreadsheets import csv_rows
from fixtures.wire.finding import stated as finding
from record.outcome import Blocked, Unverified

AT_MOST = 5  # lists that are looked at

Row = dict[str, Any]


def _lists(product: Product) -> list[Row]:
    """Some lists that have members, the longest first."""
    answer = product.contacts.lists()
    if answer.status_code != 200:
        raise Blocked(finding(answer, expected="200", then="is the route shadowed by /{id}?").finding)
    found = sorted(answer.body, key=lambda each: -len(each["contacts"]))[:AT_MOST]
    if not found or not found[0]["contacts"]:
        raise Unverified("no contact list has a member", "run it where there is a contact list")
    return [each for each in found if each["contacts"]]


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
def test_contact_is_on_a_list_once(viewer: Product) -> None:
    """Whoever stands on it twice is called twice."""
    for each in _lists(viewer):
        members = [contact["id"] for contact in each["contacts"]]

        assert len(members) == len(set(members)), finding(
            f"list {each['id']} among /api/contacts/lists",
            expected=f"{len(set(members))} members",
            seen=f"{len(members)} rows, some of them twice",
            then="is the list read over a join that repeats its rows?",
        )


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
def test_list_is_the_same_by_itself(viewer: Product) -> None:
    """Among all lists and at its own address."""
    for each in _lists(viewer)[:2]:
        alone = viewer.contacts.contact_list(each["id"])

        expected = sorted({contact["id"] for contact in each["contacts"]})
        seen = sorted({contact["id"] for contact in alone.body["contacts"]})
        assert seen == expected, finding(
            alone, expected=f"{len(expected)} members", seen=f"{len(seen)} members", then="compare the two queries"
        )


@pytest.mark.plan("W7-D3-T2", "W2-D2-T10")
def test_export_of_a_list_holds_its_members(operator: Product) -> None:
    """Nobody else: the file is given to whoever works with that list."""
    chosen = _lists(operator)[-1]
    export = operator.contacts.export(list_id=chosen["id"])

    expected = sorted({contact["id"] for contact in chosen["contacts"]})
    seen = sorted(row["id"] for row in csv_rows(export))
    assert seen == expected, finding(
        export,
        expected=f"the {len(expected)} members of the list",
        seen=f"{len(seen)} contacts, {len(set(seen) - set(expected))} of them not on the list",
        then="is list_id ignored, or a row lost?",
    )
