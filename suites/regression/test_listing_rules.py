"""What a list shows for each of its parameters: the rows that fit and no others, in the order asked for (contract 2.3 to 2.8).

The parameters of each list stand in the contract's table of listings.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from fixtures.product.contract.listings import LISTINGS, Filter, Listing
from fixtures.product.nouns import Product
from fixtures.wire.finding import finding
from suites.claiming import by_name
from suites.listings import BY_ROUTE, ask, every_row, filters, fits, moment, rows_of, some_value, total_of
from suites.moving import look_until

pytestmark = [pytest.mark.plan("W7-D3-T2", "W2-D1-T11")]
ORDERED = ("created_at", "updated_at", "scheduled_time", "duration", "retry_attempts", "max_retries")  # by what they are
CALLS = BY_ROUTE["GET /api/calls/"]
Look = tuple[list[str], list[str], int | None]  # ids that fit, ids that are shown, the total


@filters("only", "all", "total", "end-belongs")
def test_filter_shows_what_fits(viewer: Product, listing: Listing, filter_: Filter) -> None:
    """Every row that fits, none that does not, and the total of just these: one at exactly the moment asked for belongs to it."""
    value = some_value(filter_, every_row(listing, viewer))

    require_what_fits(viewer, listing, [(filter_, value)])


def pairs() -> Iterator[tuple[Listing, Filter, Filter]]:
    for listing in LISTINGS:
        for one, other in itertools.combinations(listing.filters, 2):
            if "contains" not in (one.relation, other.relation):
                yield listing, one, other


@pytest.mark.parametrize(
    ("listing", "one", "other"),
    [pytest.param(*each, id=f"{each[0].route.removeprefix('GET ')}?{each[1].parameter}&{each[2].parameter}") for each in pairs()],
)
def test_two_filters_both_hold(viewer: Product, listing: Listing, one: Filter, other: Filter) -> None:
    """Together they show what fits both: one that overrules the other shows more."""
    rows = every_row(listing, viewer)
    first = some_value(one, rows)
    near = [row for row in rows if fits(one, row, first)]

    require_what_fits(viewer, listing, [(one, first), (other, some_value(other, near))])


def require_what_fits(viewer: Product, listing: Listing, asked: Sequence[tuple[Filter, Any]]) -> None:
    query = {filter_.parameter: value for filter_, value in asked}

    def look() -> Look:
        every = every_row(listing, viewer)
        answer = ask(listing, viewer, **query)
        shown = every_row(listing, viewer, **query)
        fitting = [row["id"] for row in every if all(fits(filter_, row, value) for filter_, value in asked)]
        return sorted(set(fitting)), sorted({row["id"] for row in shown}), total_of(listing, answer)

    def holds(look: Look) -> bool:
        return look[0] == look[1] and look[2] in (None, len(look[0]))

    fitting, shown, total = look_until(holds, look)
    where = f"{listing.route}?{'&'.join(f'{name}={value}' for name, value in query.items())}"
    strangers, missing = len(set(shown) - set(fitting)), len(set(fitting) - set(shown))
    told = f"{strangers} rows that do not fit, {missing} missing"
    assert fitting == shown, finding("filter-shows-other-rows", where, seen=told, rows=len(fitting))
    assert total in (None, len(fitting)), finding("filter-total-wrong", where, seen=total, rows=len(fitting))


@filters("accepts-*", having=lambda each: bool(each.values.valid))
def test_filter_takes_its_values(viewer: Product, listing: Listing, filter_: Filter) -> None:
    """Every word of an enumeration; moments with and without an offset (contract R-21)."""
    for name, value in filter_.values.valid.items():
        answer = ask(listing, viewer, **{filter_.parameter: value, listing.paging.size: 1})

        assert answer.status_code == 200, finding("parameter-refused", answer, parameter=filter_.parameter, named=name)


@filters("refuses-*", having=lambda each: bool(each.values.invalid))
def test_filter_refuses_other_values(viewer: Product, listing: Listing, filter_: Filter) -> None:
    """A filter that is not understood and shows everything looks as if it had been applied."""
    for name, value in filter_.values.invalid.items():
        answer = ask(listing, viewer, **{filter_.parameter: value})

        assert answer.status_code < 500, finding("request-not-served", answer, status=422)
        assert answer.status_code == 422, finding("parameter-not-checked", answer, parameter=filter_.parameter, named=name)


def _no_numbers(route: str) -> list[str]:
    paging = BY_ROUTE[route].paging
    return [f"listing/{route}/{name}-no-number-refused" for name in (paging.size, paging.start) if name]


@pytest.mark.parametrize("route", by_name(BY_ROUTE, _no_numbers))
def test_page_is_a_number(viewer: Product, route: str) -> None:
    """A word in its place is the client's mistake (contract 2.3)."""
    listing = BY_ROUTE[route]
    needed = {each.parameter: "a" for each in listing.filters if each.required}
    for name in filter(None, (listing.paging.size, listing.paging.start)):
        answer = ask(listing, viewer, **needed, **{name: "diez"})

        assert answer.status_code < 500, finding("request-not-served", answer, status=422)
        assert answer.status_code == 422, finding("parameter-not-checked", answer, parameter=name, named="diez")


@pytest.mark.parametrize("route", by_name(BY_ROUTE, lambda route: [f"listing/{route}/default-size"]))
def test_page_has_its_default_size(viewer: Product, route: str) -> None:
    """Ten rows, where there are as many (contract 2.3)."""
    listing = BY_ROUTE[route]
    needed = {each.parameter: "a" for each in listing.filters if each.required}
    there = len(rows_of(ask(listing, viewer, **needed, **{listing.paging.size: listing.paging.most})))
    answer = ask(listing, viewer, **needed)

    seen, expected = len(rows_of(answer)), min(there, listing.paging.default_size)
    assert seen == expected, finding("page-default-differs", answer, seen=seen, rows=expected)


ORDERED_LISTINGS = [route for route, each in BY_ROUTE.items() if each.order]


@pytest.mark.parametrize("route", by_name(ORDERED_LISTINGS, lambda route: [f"listing/{route}/order"]))
def test_list_comes_in_its_order(viewer: Product, route: str) -> None:
    """Whoever reads the first page wants the newest, or the best (contract 2.3, 2.8)."""
    listing = BY_ROUTE[route]
    assert listing.order is not None, "chosen by it"
    name, greatest_first = listing.order

    def in_order(values: list[Any]) -> bool:
        return values == sorted(values, reverse=greatest_first)

    def look() -> list[Any]:
        return [as_what_it_is(row[name]) for row in rows_of(ask(listing, viewer, **{listing.paging.size: listing.paging.most}))]

    values = look_until(in_order, look)
    assert in_order(values), finding("list-out-of-order", route, seen=[str(value) for value in values[:5]], field=name)


@pytest.mark.parametrize("column", by_name(ORDERED, lambda name: [f"listing/{CALLS.route}/sort_by-{name}"]))
def test_calls_are_sorted_as_what_they_are(viewer: Product, column: str) -> None:
    """Numbers as numbers and moments as moments, in both directions."""
    for order in ("asc", "desc"):
        answer = ask(CALLS, viewer, sort_by=column, sort_order=order, page_size=100)
        values = [as_what_it_is(row[column]) for row in rows_of(answer) if row[column] is not None]

        in_order = values == sorted(values, reverse=order == "desc")
        assert in_order, finding(
            "list-out-of-order", answer, seen=[str(value) for value in values[:5]], field=f"{column} {order}"
        )


OTHERS = [column for column in CALLS.sorts if column not in (*ORDERED, "interaction_history")]


@pytest.mark.parametrize("column", by_name(OTHERS, lambda name: [f"listing/{CALLS.route}/sort_by-{name}"]))
def test_sort_goes_both_ways(viewer: Product, column: str) -> None:
    """Of texts and words, whose order is the database's: the one way is the other from its end."""

    def look() -> tuple[list[Any], list[Any]]:
        up, down = (
            [row[column] for row in rows_of(ask(CALLS, viewer, sort_by=column, sort_order=each, page_size=100))]
            for each in ("asc", "desc")
        )
        return [value for value in up if value is not None], [value for value in reversed(down) if value is not None]

    up, down = look_until(lambda seen: seen[0] == seen[1] or len(seen[0]) == CALLS.paging.most, look)
    assert len(up) == CALLS.paging.most or up == down, finding(
        "list-out-of-order", f"{CALLS.route}?sort_by={column}", seen=[str(value) for value in up[:5]], field=column
    )


def as_what_it_is(value: Any) -> Any:
    return moment(value) if isinstance(value, str) and value[:4].isdigit() and "T" in value else value


OF_PAGE_OBJECTS = [route for route, each in BY_ROUTE.items() if each.paging.names]


@pytest.mark.parametrize("route", by_name(OF_PAGE_OBJECTS, lambda route: [f"listing/{route}/empty-page"]))
def test_empty_page_is_counted_as_such(viewer: Product, route: str) -> None:
    """Where nothing fits there is no page (contract 2.3)."""
    listing = BY_ROUTE[route]
    assert listing.paging.names is not None, "chosen by them"
    total, _, _, pages = listing.paging.names
    nobody = (
        {"search": "zz-nadie-se-llama-asi"} if "contacts" in route else {"contact_id": "00000000-0000-4000-8000-000000000000"}
    )
    answer = ask(listing, viewer, **nobody)

    seen = (len(rows_of(answer)), answer.body[total], answer.body[pages])
    assert seen == (0, 0, 0), finding("empty-page-miscounted", answer, seen=seen, total=total, pages=pages)
