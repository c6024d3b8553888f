"""Sessions that have ended, and the person who comes next to the same browser (contract 9.2, R-26, R-29)."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from fixtures.browser.pages import comes_to, rows, sign_out, text_of
from fixtures.browser.visit import Visit, expect
from fixtures.product.nouns import Product
from fixtures.profile.environment import Environment
from fixtures.wire.finding import stated as finding

if TYPE_CHECKING:  # importing Playwright takes 0.2 s, and a run without pages does not need it
    from playwright.sync_api import Page, Route


def _refuse_the_api(page: "Page", env: Environment) -> None:
    """From now on the API answers as it does to an expired token (contract 1.6)."""
    allowed = {"access-control-allow-origin": env.web_url, "access-control-allow-credentials": "true"}

    def refuse(route: "Route") -> None:
        route.fulfill(status=401, headers=allowed, json={"detail": "Token expirado"})

    page.context.route(f"{env.api_url}/api/**", refuse)


@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize("path", ["/", "/contacts"])
def test_expired_session_ends_at_sign_in(visit: Visit, env: Environment, path: str) -> None:
    """Told so, and at rest there: neither an empty page nor to and fro between the two (contract 9.2)."""
    page = visit(path, role="operator")
    visit.settle(page)
    arrivals: list[str] = []
    page.on("framenavigated", lambda frame: arrivals.append(urlsplit(frame.url).path))
    _refuse_the_api(page, env)
    page.evaluate("() => { setTimeout(() => location.reload()) }")
    arrived = comes_to(page, "/login")

    assert arrived, finding(
        f"{path} with an API that answers 401",
        expected="/login",
        seen=f"{page.url}: {text_of(page)[:200]}",
        then="treat a 401 of the API as the end of the session; was it not even asked? Then the browser keeps answers",
    )
    visit.settle(page)
    page.wait_for_timeout(500)  # a round between the two pages takes less
    assert arrivals.count("/login") == 1, finding(
        f"{path} with an API that answers 401",
        expected="to come to rest at /login",
        seen=f"{arrivals.count('/login')} arrivals at /login within half a second",
        then="forget the session before leaving for /login, or it sends its owner back",
    )
    expect(page.get_by_text("Sesión expirada. Por favor, inicia sesión nuevamente.").first).to_be_visible()


@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
def test_stale_cookie_is_no_session(visit: Visit) -> None:
    """Who comes back after a week holds cookies that mean nothing any more, and has to sign in (contract R-26)."""
    held = visit("/", role="viewer").context.cookies()
    page = visit("/contacts", cookies=[{**cookie, "value": "stale"} for cookie in held])  # type: ignore[typeddict-item] # one shape, two names
    comes_to(page, "/login")

    assert urlsplit(page.url).path == "/login", finding(
        "/contacts with stale cookies", expected="/login", seen=page.url, then="verify the session, not that a cookie is there"
    )


@pytest.mark.privacy
@pytest.mark.plan("W7-D3-T2", "W1-D3-T1")
def test_next_person_sees_what_is_theirs(visit: Visit, env: Environment, operator: Product) -> None:
    """A viewer who takes the operator's seat sees masked phones (contract 1.5), not what the browser kept."""
    env.require("operator", "viewer")
    page = visit("/login")
    for role in ("operator", "viewer"):
        visit.sign_in(page, env.identities[role])
        page.goto(f"{env.web_url}/contacts")
        visit.settle(page)
        shown, count = text_of(page), len(rows(page))
        sign_out(page)
    phones = [row["phone_number"] for row in operator.contacts.list(limit=50).body["data"]]

    assert count, finding("/contacts as viewer", expected="contacts to look at", seen="none", then="seed the deployment")
    seen = [phone for phone in phones if phone in shown]
    assert not seen, finding(
        "/contacts as viewer, after an operator at the same browser",
        expected="masked phones only",
        seen=f"{len(seen)} phones in full",
        then="stop the release: does the browser keep answers beyond signing out? Clear its stores then",
    )
