"""Sessions that have ended, and the next user of the same browser (contract 9.2, R-26, R-29)."""

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from fixtures.browser.pages import comes_to, rows, sign_out, text_of
from fixtures.browser.visit import Visit, page_finding
from fixtures.product.nouns import Product
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding, observed
from record.outcome import Blocked, Unverified

if TYPE_CHECKING:  # importing Playwright takes 0.2 s, and a run without pages does not need it
    from playwright.sync_api import Page, Route

LOADS = 2  # of one document: a client may try once more before it gives up
ROUND_MS = 1000  # going to and fro between two pages once takes less


def _refuse_the_api(page: "Page", env: Environment) -> None:
    """From now on the API answers as it does to an expired token (contract 1.6)."""
    allowed = {"access-control-allow-origin": env.web_url, "access-control-allow-credentials": "true"}

    def refuse(route: "Route") -> None:
        route.fulfill(status=401, headers=allowed, json={"detail": "Token expirado"})

    page.context.route(f"{env.api_url}/api/**", refuse)


def _loads_of(page: "Page") -> Counter[str]:
    """Documents asked for from now on, by path: a loop goes by whatever addresses, and to /login it may not come at all."""
    loads = Counter[str]()
    page.on("request", lambda request: loads.update([urlsplit(request.url).path] * request.is_navigation_request()))
    return loads


@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize("path", ["/", "/contacts"])
@pytest.mark.claims("page/session/expired", "page/session/expired-said")
def test_expired_session_ends_at_sign_in(visit: Visit, env: Environment, path: str) -> None:
    """With a message, and at rest there: neither an empty page nor a loop between the two (contract 9.2)."""
    page = visit(path, role="operator")
    visit.settle(page)
    loads = _loads_of(page)
    _refuse_the_api(page, env)
    page.evaluate("() => { setTimeout(() => location.reload()) }")
    arrived = comes_to(page, "/login")
    page.wait_for_timeout(ROUND_MS)
    if max(loads.values(), default=0) <= LOADS:  # one that goes round never comes to rest
        visit.settle(page)

    assert max(loads.values(), default=0) <= LOADS, finding("page-redirects-without-end", path)
    assert arrived, page_finding("expired-session-not-ended", visit, page, seen=visit.text(page))
    unsaid = visit.missing(page, "Sesión expirada. Por favor, inicia sesión nuevamente.")
    assert not unsaid, page_finding("expired-session-unsaid", visit, page, seen=visit.text(page))


@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("page/session/stale-cookie")
def test_stale_cookie_is_no_session(visit: Visit) -> None:
    """A user who comes back after a week holds cookies that are no longer valid, and has to sign in (contract R-26)."""
    held = visit("/", role="viewer").context.cookies()
    page = visit("/contacts", cookies=[{**cookie, "value": "stale"} for cookie in held])
    comes_to(page, "/login")
    if urlsplit(page.url).path != "/login":  # at rest there, or on its way round
        loads = _loads_of(page)
        page.wait_for_timeout(ROUND_MS)
        assert max(loads.values(), default=0) <= LOADS, finding("page-redirects-without-end", "/contacts")

    assert urlsplit(page.url).path == "/login", finding("stale-cookie-accepted", "/contacts", seen=page.url)


@pytest.mark.privacy
@pytest.mark.plan("W7-D3-T2", "W1-D3-T1")
@pytest.mark.claims("page/contacts/does/next-user")
def test_next_person_sees_what_is_theirs(visit: Visit, env: Environment, operator: Product, viewer: Product) -> None:
    """A viewer who signs in after the operator sees masked phones (contract 1.5), not what the browser kept."""
    theirs = viewer.contacts.list(limit=50)
    if not theirs.body["total"]:
        raise Unverified("no-contacts-to-look-at")
    bare = [row for row in theirs.body["data"] if "*" not in row["phone_number"]]
    if bare:
        raise Blocked(observed("phone-not-masked", theirs, bare=len(bare), phones=len(theirs.body["data"])))
    page = visit("/login")
    for role in ("operator", "viewer"):
        visit.sign_in(page, role)
        page.goto(f"{env.web_url}/contacts")
        visit.settle(page)
        shown, count = text_of(page), len(rows(page))
        sign_out(page)
    phones = [row["phone_number"] for row in operator.contacts.list(limit=50).body["data"]]

    assert count, page_finding("pages-contacts-none-shown", visit, page)
    seen = [phone for phone in phones if phone in shown]
    assert not seen, finding("phones-kept-for-next-user", "/contacts", count=len(seen))
