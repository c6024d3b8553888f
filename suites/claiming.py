"""Parameters of a check that claim the rows of the contract which they look at, each for itself."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import pytest

from fixtures.product.contract.routes import Route, route_of

T = TypeVar("T")
OF_ANSWERS = ("status", "type", "body")


def claiming(cases: Mapping[str, T], rows: Callable[[T], Iterable[str]], *, several: bool = False) -> list[pytest.ParameterSet]:
    """One parameter a case, with the case's name as its id. `several`: a case is a tuple of as many parameters."""
    return [_parameter(name, case, rows(case), several=several) for name, case in cases.items()]


def _parameter(name: str, case: object, rows: Iterable[str], *, several: bool) -> pytest.ParameterSet:
    values = case if several and isinstance(case, tuple) else (case,)
    return pytest.param(*values, id=name, marks=pytest.mark.claims(*rows))


def by_name(
    cases: Iterable[str], rows: Callable[[str], Iterable[str]], *, of: Mapping[str, object] | None = None
) -> list[pytest.ParameterSet]:
    """The same where a case's rows follow from its name: the cases are the parameters, or under their names what `of` has."""
    values = {case: of[case] if of else case for case in cases}
    return [_parameter(case, value, rows(case), several=True) for case, value in values.items()]


def named(cases: Mapping[str, str]) -> list[pytest.ParameterSet]:
    """One parameter a case, which is its id too, with the row that it looks at."""
    return [pytest.param(name, id=name, marks=pytest.mark.claims(row)) for name, row in cases.items()]


def answers_of(route: Route) -> Iterable[str]:
    """The rows of a route about its answer: status, content type and shape, as far as it has them."""
    return [row.id for row in route.rows() if row.id.rpartition("/")[2] in OF_ANSWERS]


def name_of(method: str, path: str) -> str:
    """Of the route that serves an address. KeyError for one that the contract does not have."""
    route = route_of(method, path.partition("?")[0])
    if route is None:
        raise KeyError(f"the contract has no {method} {path}")
    return route.name
