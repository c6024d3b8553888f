"""Every answer of the run is as agreed, whatever check caused it: status, content type, shape, envelope (contract 2, 3).

What differs is told once for each route. Routes that only read are asked here as well, so that there is an answer to look at.
"""

import pytest

from fixtures.product.contract.observed import Answers
from fixtures.product.contract.routes import BY_NAME
from fixtures.product.identities import People
from fixtures.product.read_routes import ROUTES, ReadRoute
from suites.answers import difference
from suites.claiming import answers_of, claiming

pytestmark = [pytest.mark.last, pytest.mark.plan("W2-D1-T9")]


@pytest.mark.parametrize("route", claiming(ROUTES, lambda route: answers_of(BY_NAME[route.name])))
def test_answers_are_as_agreed(route: ReadRoute, sign_in: People, answers: Answers) -> None:
    """A client is written against the contract, and this is what it meets."""
    route.ask(sign_in(route.role))

    differs = difference(answers, BY_NAME[route.name])
    assert differs is None, differs
