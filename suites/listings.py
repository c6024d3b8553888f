"""Listings as the contract's table describes them, asked with any of their parameters and read whole."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from fixtures.product.contract.listings import LISTINGS, Filter, Listing
from fixtures.product.nouns import Product
from fixtures.product.response import Response, rows_in
from fixtures.wire.finding import observed
from record.outcome import Blocked, Unverified

MOST = 1000  # rows that are read of a listing; of a longer one the filters are tried on what the first pages show
Row = Mapping[str, Any]
BY_ROUTE = {each.route: each for each in LISTINGS}


def ask(listing: Listing, product: Product, **query: Any) -> Response[Any]:
    """One page, with these parameters."""
    return Response(product.api.get(listing.route.removeprefix("GET "), params=query))


def rows_of(answer: Response[Any]) -> list[Row]:
    """Blocked where no rows come."""
    rows = rows_in(answer.body) if answer.status_code == 200 else None
    if rows is None:
        raise Blocked(observed("request-not-served", answer, status=200))
    return rows


def every_row(listing: Listing, product: Product, **query: Any) -> list[Row]:
    """All that fit the query, page by page."""
    paging, rows = listing.paging, []
    for number in range(MOST // paging.most):
        at = {paging.start: number * paging.most if paging.first == 0 else number + 1} if paging.start else {}
        page = rows_of(ask(listing, product, **{paging.size: paging.most}, **at, **query))
        rows += page
        if len(page) < paging.most or not paging.start:
            break
    return rows


def total_of(listing: Listing, answer: Response[Any]) -> int | None:
    """As the page object has it; None where rows come as a bare array."""
    return answer.body[listing.paging.names[0]] if listing.paging.names else None


def some_value(filter_: Filter, rows: Sequence[Row]) -> Any:
    """Of a row in the middle, so that not all rows fit; Unverified where no row has one."""
    values = [row[filter_.fields[0]] for row in rows if row.get(filter_.fields[0])]
    if not values:
        raise Unverified("no-rows-to-filter", field=filter_.fields[0])
    return sorted(values, key=str)[len(values) // 2]


RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": lambda seen, asked: bool(seen == asked),
    "holds all": lambda seen, asked: set(asked) <= set(seen),
    "from": lambda seen, asked: moment(seen) >= moment(asked),
    "until": lambda seen, asked: moment(seen) <= moment(asked),
}


def fits(filter_: Filter, row: Row, value: Any) -> bool:
    return any(RELATIONS[filter_.relation](row[name], value) for name in filter_.fields if row.get(name) is not None)


def moment(text: str) -> dt.datetime:
    read = dt.datetime.fromisoformat(text)
    return read.replace(tzinfo=dt.UTC) if read.tzinfo is None else read


def filters(*statements: str, having: Callable[[Filter], bool] = lambda _: True) -> pytest.MarkDecorator:
    """Parametrises a check by listing and filter, but for searches; each claims these statements of its filter."""
    return pytest.mark.parametrize(
        ("listing", "filter_"),
        [
            pytest.param(
                listing,
                each,
                id=f"{listing.route.removeprefix('GET ')}?{each.parameter}",
                marks=pytest.mark.claims(*_rows(listing, each, statements)),
            )
            for listing in LISTINGS
            for each in listing.filters
            if each.relation in RELATIONS and having(each)
        ],
    )


def _rows(listing: Listing, filter_: Filter, statements: Iterable[str]) -> Iterator[str]:
    """Of the contract, as far as it makes these statements of this filter."""
    unmade = {"total": not listing.paging.names, "end-belongs": filter_.relation not in ("from", "until")}
    for name in statements:
        if not unmade.get(name):
            yield f"listing/{listing.route}/{filter_.parameter}-{name}"
