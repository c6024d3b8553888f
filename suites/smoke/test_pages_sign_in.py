"""The way in and out in a real browser: who is sent to sign in, where signing in leads, what a wrong password shows (R-26)."""

import re
import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from fixtures.browser.account import masked
from fixtures.browser.pages import alerts, comes_to, leaves, role_of_key, sign_out
from fixtures.browser.sign_in import not_signed_in
from fixtures.browser.visit import Visit, page_finding
from fixtures.product.nouns import NOBODY
from fixtures.profile.environment import Environment
from fixtures.wire.finding import Message, finding
from record.outcome import Blocked, Unverified

if TYPE_CHECKING:  # importing Playwright takes 0.2 s, and a run without pages does not need it
    from playwright.sync_api import Page

GUARDED = {"/": "/", "/contacts": "/contacts", "/contacts/new": "/contacts/new", "/contacts/id": f"/contacts/{NOBODY}"}
KEY = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+|sb_[a-z]+_[\w-]+")  # of both kinds that Supabase gives out
EXPLAINED = "Credenciales inválidas. Por favor, intenta de nuevo."
REFUSED = (400, 401)  # what Supabase answers to a wrong password, by its version
TEXTS = (
    "Sistema de Automatización de Llamadas",
    "Inicia sesión para continuar",
    "Iniciar Sesión",
    "Correo Electrónico",
    "Contraseña",
    "¿No tienes una cuenta?",
    "Regístrate",
)  # contract 9.4
ELSEWHERE = {"address": "https://elsewhere.example/", "no scheme": "//elsewhere.example/"}


def _stranger() -> tuple[str, str]:
    """An e-mail without an account, another one each time so that no lock is provoked (contract R-10), and a password."""
    return f"nobody-{secrets.token_hex(6)}@example.com", secrets.token_urlsafe(12)


def _unexplained(visit: Visit, page: "Page") -> Message:
    seen = visit.text(page)
    return page_finding(
        "wrong-password-not-explained", visit, page, after_press=True, expects=REFUSED, seen=seen, message=EXPLAINED
    )


@pytest.mark.plan("W2-D2-T7", "W2-D2-T8")
def test_login_page_speaks_as_specified(visit: Visit) -> None:
    """In Spanish and in the words that manuals and training show: the first page tells which frontend is there."""
    page = visit("/login")
    visit.settle(page)

    missing = visit.missing(page, *TEXTS)
    assert not missing, page_finding("login-texts-differ", visit, page, missing=", ".join(missing))


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
def test_wrong_password_is_told(visit: Visit) -> None:
    """In words that a person understands, and without letting the person in."""
    page = visit("/login")
    visit.enter(page, *_stranger(), anew=True)
    visit.settle(page)
    unsaid = visit.missing(page, EXPLAINED)

    assert "/login" in page.url, finding("wrong-password-opens-page", "/login", seen=page.url)
    assert not unsaid, _unexplained(visit, page)


@pytest.mark.a11y
@pytest.mark.plan("W2-D2-T7")
def test_wrong_password_is_announced(visit: Visit) -> None:
    """Who cannot see the page is told as well (contract 9.1)."""
    page = visit("/login")
    visit.enter(page, *_stranger())
    visit.settle(page)
    if visit.missing(page, EXPLAINED):
        raise Blocked(_unexplained(visit, page).finding)

    assert EXPLAINED in alerts(page), page_finding(
        "sign-in-error-not-announced", visit, page, expects=REFUSED, seen=visit.text(page)
    )


@pytest.mark.plan("W2-D2-T6", "W1-D3-T3")
def test_password_stays_out_of_addresses(visit: Visit) -> None:
    """An address is kept in the history, in logs and by every proxy on the way."""
    page = visit("/login")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    email, password = _stranger()
    visit.enter(page, email, password)
    visit.settle(page)

    revealing = [masked(url) for url in [*sent, page.url] if password in url]
    assert not revealing, finding("password-in-address", "/login", seen=revealing[0])


@pytest.mark.plan("W1-D3-T3", "W2-D1-T10")
def test_page_carries_the_anonymous_key(visit: Visit) -> None:
    """The service key passes all row-level security and must not be in a browser (contract 1.3)."""
    page = visit("/login")
    keys: list[str] = []
    page.on("request", lambda request: keys.append(request.headers.get("apikey", "")))
    visit.enter(page, *_stranger())
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
    assert here.path == "/login", page_finding("page-route-not-guarded", visit, page, seen=here.path)
    back, expected = dict(parse_qsl(here.query)).get("redirect"), f"/login?redirect={path}"
    assert back == path, page_finding("way-back-not-remembered", visit, page, seen=back or "-", address=expected)


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
def test_sign_in_leads_where_one_was_going(visit: Visit, env: Environment) -> None:
    """Through the form, with one press, to the page that was asked for first."""
    identity = env.need_identity("operator")
    page = visit("/contacts")
    comes_to(page, "/login")
    is_remembered = "redirect=" in page.url
    visit.enter(page, identity.email, identity.password, anew=True)
    entered = leaves(page, "/login")
    account = visit.account(page)

    assert entered, not_signed_in(account).message
    document, here = account.document, urlsplit(page.url).path
    assert not (document and document.status == 404), finding("sign-in-ends-on-missing-page", account.where, seen=f"404 {here}")
    expected, cause = f"{env.web_url}/contacts", "way-back-not-followed" if is_remembered else "way-back-not-remembered"
    assert page.url == expected, page_finding(cause, visit, page, seen=here, address="/contacts")


@pytest.mark.plan("W2-D2-T6", "W1-D3-T1")
@pytest.mark.parametrize("target", ELSEWHERE.values(), ids=ELSEWHERE)
def test_sign_in_never_leads_elsewhere(visit: Visit, env: Environment, target: str) -> None:
    """A link to our own /login must not hand people to a foreign copy of it; `redirect` is a path (contract R-26)."""
    page = visit(f"/login?redirect={quote(target, safe='')}")
    page.context.route("https://elsewhere.example/**", lambda route: route.fulfill(body="elsewhere"))
    visit.sign_in(page, "viewer")

    assert page.url.startswith(f"{env.web_url}/"), finding(
        "sign-in-redirects-to-foreign-site", f"/login?redirect={target}", seen=page.url, origin=env.web_url
    )


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
def test_sign_out_ends_the_session(visit: Visit, env: Environment) -> None:
    """The next person at this browser has to sign in."""
    page = visit("/login")
    visit.sign_in(page, "viewer")
    visit.settle(page)
    sign_out(page)
    visit.settle(page)
    page.goto(f"{env.web_url}/contacts")
    comes_to(page, "/login")

    assert urlsplit(page.url).path == "/login", finding("page-open-after-sign-out", "/contacts", seen=page.url)
