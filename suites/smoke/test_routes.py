"""Every route that reads is served, to everybody whom the login let in."""

from typing import Any

import pytest

from fixtures.product.identities import People
from fixtures.product.nouns import Product
from fixtures.product.read_routes import ROUTERS, ROUTES, ReadRoute
from fixtures.product.response import Response
from fixtures.wire.finding import finding, locate
from suites.claiming import claiming


@pytest.mark.plan("W2-D1-T9", "W2-D1-E1")
@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_route_is_served(sign_in: People, route: ReadRoute) -> None:
    """Whatever it says, it is no server error: what answers 5xx is broken for everybody (contract 2.1)."""
    answer = route.ask(sign_in(route.role), anyway=True)

    assert answer.status_code < 500, finding(
        "route-answers-5xx", answer, where=f"{locate(answer.response)}, {route.template}", area=route.area
    )


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.parametrize("route", claiming(ROUTES, lambda route: [f"route/{route.name}/{route.role}"]))
def test_token_opens_every_route(sign_in: People, route: ReadRoute) -> None:
    """The token that login gives is good for the whole API, and not only where it was tried by hand."""
    caller = sign_in(route.role)
    answer = route.ask(caller)

    assert answer.status_code != 401, finding(refused_by(route, caller, answer), answer, area=route.area)


def refused_by(route: ReadRoute, caller: Product, answer: Response[Any]) -> str:
    """Who refused a good token: a lock that knows no tokens, every router, this one, or this route alone."""
    if answer.headers.get("www-authenticate", "").lower().startswith("basic"):
        return "route-behind-basic-auth"
    opened = {router.area for router in ROUTERS.values() if router.ask(caller).status_code != 401}
    if not opened:
        return "token-opens-no-router"
    return "route-refuses-good-token" if route.area in opened else "token-opens-not-every-router"
