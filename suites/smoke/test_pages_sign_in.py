"""The way in and out in a real browser: who is sent to sign in, where signing in leads, what a wrong password shows (R-26)."""

import re
import secrets
from urllib.parse import quote, urlsplit

import pytest

from fixtures.browser.pages import alerts, comes_to, enter, leaves, role_of_key, sign_out
from fixtures.browser.visit import Visit
from fixtures.product.nouns import NOBODY
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding
from record.outcome import Unverified

GUARDED = {"/": "/", "/contacts": "/contacts", "/contacts/new": "/contacts/new", "/contacts/id": f"/contacts/{NOBODY}"}
KEY = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+|sb_[a-z]+_[\w-]+")  # of both kinds that Supabase gives out
EXPLAINED = "Credenciales inválidas. Por favor, intenta de nuevo."
SILENT = "—"  # seen where the page announces nothing
ELSEWHERE = {"address": "https://elsewhere.example/", "no scheme": "//elsewhere.example/"}


def _stranger() -> tuple[str, str]:
    """An e-mail without an account, another one each time so that no lock is provoked (contract R-10), and a password."""
    return f"nobody-{secrets.token_hex(6)}@example.com", secrets.token_urlsafe(12)


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
def test_wrong_password_is_told(visit: Visit) -> None:
    """In words that a person understands, and without letting the person in."""
    page = visit("/login")
    enter(page, *_stranger())
    visit.settle(page)

    assert EXPLAINED in alerts(page), finding(
        "wrong-password-not-explained", "/login", seen=alerts(page) or SILENT, message=EXPLAINED
    )
    assert "/login" in page.url, finding("wrong-password-opens-page", "/login", seen=page.url)


@pytest.mark.plan("W2-D2-T6", "W1-D3-T3")
def test_password_stays_out_of_addresses(visit: Visit) -> None:
    """An address is kept in the history, in logs and by every proxy on the way."""
    page = visit("/login")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    email, password = _stranger()
    enter(page, email, password)
    visit.settle(page)

    revealing = [url.replace(password, "***") for url in [*sent, page.url] if password in url]
    assert not revealing, finding("password-in-address", "/login", seen=revealing[0])


@pytest.mark.plan("W1-D3-T3", "W2-D1-T10")
def test_page_carries_the_anonymous_key(visit: Visit) -> None:
    """The service key passes all row-level security and must not be in a browser (contract 1.3)."""
    page = visit("/login")
    keys: list[str] = []
    page.on("request", lambda request: keys.append(request.headers.get("apikey", "")))
    enter(page, *_stranger())
    visit.settle(page)

    seen = {role_of_key(key) for key in [*keys, *KEY.findall(page.content())] if key}
    if not seen:
        raise Unverified("supabase-key-not-found")
    assert seen == {"anon"}, finding("page-shows-privileged-key", "/login", seen=", ".join(sorted(seen)))


@pytest.mark.plan("W2-D2-T6")
@pytest.mark.parametrize("path", GUARDED.values(), ids=GUARDED)
def test_anonymous_visitor_is_sent_to_sign_in(visit: Visit, path: str) -> None:
    """And the way back is remembered (contract R-26)."""
    page = visit(path)
    comes_to(page, "/login")

    here = urlsplit(page.url)
    seen = f"{here.path}?{here.query}".replace("%2F", "/")
    expected = f"/login?redirect={path}"
    assert seen == expected, finding("page-route-not-guarded", path, seen=page.url, address=expected)


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
def test_sign_in_leads_where_one_was_going(visit: Visit, env: Environment) -> None:
    """Through the form, with one press, to the page that was asked for first."""
    identity = env.need_identity("operator")
    page = visit("/contacts")
    comes_to(page, "/login")
    enter(page, identity.email, identity.password)
    entered = leaves(page, "/login")

    where, expected = "/contacts → /login", f"{env.web_url}/contacts"
    assert entered, finding("page-sign-in-stuck", where, seen=alerts(page) or "/login")
    assert page.url == expected, finding("way-back-not-followed", where, seen=page.url, address=expected)


@pytest.mark.plan("W2-D2-T6", "W1-D3-T1")
@pytest.mark.parametrize("target", ELSEWHERE.values(), ids=ELSEWHERE)
def test_sign_in_never_leads_elsewhere(visit: Visit, env: Environment, target: str) -> None:
    """A link to our own /login must not hand people to a foreign copy of it; `redirect` is a path (contract R-26)."""
    identity = env.need_identity("viewer")
    page = visit(f"/login?redirect={quote(target, safe='')}")
    page.context.route("https://elsewhere.example/**", lambda route: route.fulfill(body="elsewhere"))
    visit.sign_in(page, identity)

    assert page.url.startswith(f"{env.web_url}/"), finding(
        "sign-in-redirects-to-foreign-site", f"/login?redirect={target}", seen=page.url, origin=env.web_url
    )


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
def test_sign_out_ends_the_session(visit: Visit, env: Environment) -> None:
    """The next person at this browser has to sign in."""
    identity = env.need_identity("viewer")
    page = visit("/login")
    visit.sign_in(page, identity)
    visit.settle(page)
    sign_out(page)
    visit.settle(page)
    page.goto(f"{env.web_url}/contacts")
    comes_to(page, "/login")

    assert urlsplit(page.url).path == "/login", finding("page-open-after-sign-out", "/contacts", seen=page.url)
