"""The way in and out in a real browser: who is sent to sign in, where signing in leads, what a wrong password shows (R-26)."""

import re
import secrets
from urllib.parse import quote, urlsplit

import pytest

from fixtures.browser.pages import alerts, comes_to, enter, leaves, role_of_key, sign_out
from fixtures.browser.visit import Visit
from fixtures.product.nouns import NOBODY
from fixtures.profile.environment import Environment
from fixtures.wire.finding import stated as finding
from record.outcome import Unverified

GUARDED = {"/": "/", "/contacts": "/contacts", "/contacts/new": "/contacts/new", "/contacts/id": f"/contacts/{NOBODY}"}
KEY = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+|sb_[a-z]+_[\w-]+")  # of both kinds that Supabase gives out
ELSEWHERE = {"address": "https://elsewhere.example/", "no scheme": "//elsewhere.example/"}


def _stranger() -> tuple[str, str]:
    """An e-mail without an account, another one each time so that no lock is provoked (contract R-10), and a password."""
    return f"nobody-{secrets.token_hex(6)}@example.com", secrets.token_urlsafe(12)


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
def test_wrong_password_is_told(visit: Visit) -> None:
    """In words that a person understands, and the person stays outside."""
    page = visit("/login")
    enter(page, *_stranger())
    visit.settle(page)

    assert "Credenciales inválidas. Por favor, intenta de nuevo." in alerts(page), finding(
        "/login with a wrong password",
        expected="Credenciales inválidas. Por favor, intenta de nuevo.",
        seen=alerts(page) or "not a word",
        then="does the form's script handle the press and wait for Supabase, and speak the product's words, not the vendor's?",
    )
    assert "/login" in page.url, finding(
        "/login", expected="to stay at /login", seen=page.url, then="a wrong password opens the application: stop the release"
    )


@pytest.mark.plan("W2-D2-T6", "W1-D3-T3")
def test_password_stays_out_of_addresses(visit: Visit) -> None:
    """An address is kept in the history, in logs and by every proxy on the way."""
    page = visit("/login")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    email, password = _stranger()
    enter(page, email, password)
    visit.settle(page)

    telling = [url.replace(password, "<the password>") for url in [*asked, page.url] if password in url]
    assert not telling, finding(
        "/login",
        expected="the password in the body of a POST only",
        seen=telling[0] if telling else "",
        then="stop the release: the form is sent with GET. Keep the browser from sending it, and make it a POST form",
    )


@pytest.mark.plan("W1-D3-T3", "W2-D1-T10")
def test_page_carries_the_anonymous_key(visit: Visit) -> None:
    """The service key passes all row-level security and is nobody's business in a browser (contract 1.3)."""
    page = visit("/login")
    keys: list[str] = []
    page.on("request", lambda request: keys.append(request.headers.get("apikey", "")))
    enter(page, *_stranger())
    visit.settle(page)

    seen = {role_of_key(key) for key in [*keys, *KEY.findall(page.content())] if key}
    if not seen:
        raise Unverified("the page holds no Supabase key and sent none", "see in the browser how this frontend reaches Supabase")
    assert seen == {"anon"}, finding(
        "/login",
        expected="the key of the role anon",
        seen=f"a key of the role {', '.join(sorted(seen))}",
        then="stop the release: every visitor has this key. Revoke it; NEXT_PUBLIC_SUPABASE_ANON_KEY is the anonymous one",
    )


@pytest.mark.plan("W2-D2-T6")
@pytest.mark.parametrize("path", GUARDED.values(), ids=GUARDED)
def test_anonymous_visitor_is_sent_to_sign_in(visit: Visit, path: str) -> None:
    """And the way back is remembered (contract R-26)."""
    page = visit(path)
    comes_to(page, "/login")

    here = urlsplit(page.url)
    seen = f"{here.path}?{here.query}".replace("%2F", "/")
    assert seen == f"/login?redirect={path}", finding(
        f"{path} as nobody",
        expected=f"/login?redirect={path}",
        seen=page.url,
        then="guard the route: is the page rendered for anonymous visitors, or the way back forgotten?",
    )


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
def test_sign_in_leads_where_one_was_going(visit: Visit, env: Environment) -> None:
    """Through the form, with one press, to the page that was asked for first."""
    env.require("operator")
    page = visit("/contacts")
    comes_to(page, "/login")
    enter(page, env.identities["operator"].email, env.identities["operator"].password)
    entered = leaves(page, "/login")

    assert entered, finding(
        "signing in from /contacts",
        expected="to be let in after one press of the button",
        seen=alerts(page) or "still /login, and not a word",
        then="watch the requests of one press: is it lost, is the form sent by the browser in place of its script, or does "
        "Supabase not answer?",
    )
    assert page.url == f"{env.web_url}/contacts", finding(
        "signing in from /contacts",
        expected=f"{env.web_url}/contacts",
        seen=page.url,
        then="follow the redirect parameter after signing in",
    )


@pytest.mark.plan("W2-D2-T6", "W1-D3-T1")
@pytest.mark.parametrize("target", ELSEWHERE.values(), ids=ELSEWHERE)
def test_sign_in_never_leads_elsewhere(visit: Visit, env: Environment, target: str) -> None:
    """A link to our own /login must not hand people to somebody else's copy of it; `redirect` is a path (contract R-26)."""
    env.require("viewer")
    page = visit(f"/login?redirect={quote(target, safe='')}")
    page.context.route("https://elsewhere.example/**", lambda route: route.fulfill(body="elsewhere"))
    visit.sign_in(page, env.identities["viewer"])

    assert page.url.startswith(f"{env.web_url}/"), finding(
        f"/login?redirect={target}",
        expected=f"a page of {env.web_url}",
        seen=page.url,
        then="stop the release: follow a redirect only if, read as an address, it has our own origin",
    )


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
def test_sign_out_ends_the_session(visit: Visit, env: Environment) -> None:
    """The next person at this browser has to sign in."""
    env.require("viewer")
    page = visit("/login")
    visit.sign_in(page, env.identities["viewer"])
    visit.settle(page)
    sign_out(page)
    visit.settle(page)
    page.goto(f"{env.web_url}/contacts")
    comes_to(page, "/login")

    assert urlsplit(page.url).path == "/login", finding(
        "/contacts after signing out",
        expected="/login",
        seen=page.url,
        then="does `Cerrar sesión` end the session at Supabase and forget it in the browser, or only leave the page?",
    )
