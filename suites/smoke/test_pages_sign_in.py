"""The way in and out in a real browser: who is sent to sign in, where signing in leads, what a wrong password shows (R-26)."""

import re
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from fixtures.browser.account import TEXT_LIMIT, Account, masked
from fixtures.browser.looks import Looks
from fixtures.browser.pages import comes_to, leaves, role_of_key, sign_out
from fixtures.browser.sign_in import not_signed_in
from fixtures.browser.visit import Visit, account_finding, page_finding
from fixtures.product.nouns import NOBODY
from fixtures.profile.environment import Environment
from fixtures.wire.finding import Message, finding
from record.outcome import Blocked, Unverified
from suites.claiming import claiming

GUARDED = {"/": "/", "/contacts": "/contacts", "/contacts/new": "/contacts/new", "/contacts/id": f"/contacts/{NOBODY}"}
OF_CONTRACT = {"/": "dashboard", "/contacts": "contacts", "/contacts/new": "contact-new", f"/contacts/{NOBODY}": "contact"}
KEY = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+|sb_[a-z]+_[\w-]+")  # of both kinds that Supabase gives out
SENT_AWAY = ("anonymous", "way-back")
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


@dataclass(frozen=True)
class Attempt:
    """Of a stranger to sign in. `revealing` are addresses with the password, masked; `key_roles` those of Supabase's keys.

    `presses`: how many the button needed until something was sent, two at most.
    """

    account: Account
    presses: int
    is_explained: bool
    revealing: tuple[str, ...]
    key_roles: frozenset[str]

    @property
    def is_plain(self) -> bool:
        """Whether nothing in it needs a picture."""
        return self.is_explained and not self.revealing

    @property
    def unexplained(self) -> Message:
        seen = self.account.text[:TEXT_LIMIT]
        return account_finding("wrong-password-not-explained", self.account, seen=seen, after_press=True, message=EXPLAINED)


def _attempt(visit: Visit, *, anew: bool) -> Attempt:
    """With an e-mail without an account, so that no lock is provoked (contract R-10)."""
    page = visit("/login")
    sent: list[str] = []
    keys: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.on("request", lambda request: keys.append(request.headers.get("apikey", "")))
    email, password = f"nobody-{secrets.token_hex(6)}@example.com", secrets.token_urlsafe(12)
    presses = visit.enter_until_sent(page, email, password, anew=anew)
    visit.settle(page)
    unsaid = visit.missing(page, EXPLAINED)
    revealing = tuple(masked(url) for url in [*sent, page.url] if password in url)
    roles = frozenset(role_of_key(key) for key in [*keys, *KEY.findall(page.content())] if key)
    return Attempt(visit.account(page, expects=REFUSED), presses, not unsaid, revealing, roles)


def _attempted(visit: Visit, looks: Looks, *, anew: bool = False) -> Attempt:
    return looks.once("a stranger at /login", visit, lambda: _attempt(visit, anew=anew))


@pytest.mark.plan("W2-D2-T7", "W2-D2-T8")
@pytest.mark.claims(
    "page/login/text/inicia-sesion-para-continuar",
    "page/login/text/iniciar-sesion",
    "page/login/text/no-tienes-una-cuenta",
    "page/login/field/*/label",
)
def test_login_page_speaks_as_specified(visit: Visit) -> None:
    """In Spanish and in the words that manuals and training show: the first page tells which frontend is there."""
    page = visit("/login")
    visit.settle(page)

    missing = visit.missing(page, *TEXTS)
    assert not missing, page_finding("login-texts-differ", visit, page, missing=", ".join(missing))


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
@pytest.mark.claims("page/login/does/wrong-password-stays", "page/login/state/credenciales-invalidas-por-favor-intenta-de-nuevo")
def test_wrong_password_is_told(visit: Visit, looks: Looks) -> None:
    """In words that a person understands, and without letting the person in."""
    attempt = _attempted(visit, looks, anew=True)

    here = urlsplit(attempt.account.address).path
    assert here == "/login", finding("wrong-password-opens-page", "/login", seen=here)
    assert attempt.is_explained, attempt.unexplained


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
def test_first_press_is_enough(visit: Visit, looks: Looks) -> None:
    """Who presses and sees nothing happen takes the product for broken."""
    attempt = _attempted(visit, looks)
    if attempt.account.nothing_left:
        raise Blocked(attempt.unexplained.finding)

    assert attempt.presses == 1, account_finding("sign-in-needs-second-press", attempt.account)


@pytest.mark.a11y
@pytest.mark.plan("W2-D2-T7")
@pytest.mark.claims("page/login/a11y/errors-announced")
def test_wrong_password_is_announced(visit: Visit, looks: Looks) -> None:
    """Who cannot see the page is told as well (contract 9.1)."""
    attempt = _attempted(visit, looks)
    if not attempt.is_explained:
        raise Blocked(attempt.unexplained.finding)

    assert EXPLAINED in attempt.account.announced, account_finding(
        "sign-in-error-not-announced", attempt.account, seen=attempt.account.text[:TEXT_LIMIT]
    )


@pytest.mark.plan("W2-D2-T6", "W1-D3-T3")
def test_password_stays_out_of_addresses(visit: Visit, looks: Looks) -> None:
    """An address is kept in the history, in logs and by every proxy on the way."""
    revealing = _attempted(visit, looks).revealing

    assert not revealing, finding("password-in-address", "/login", seen=revealing[0])


@pytest.mark.plan("W1-D3-T3", "W2-D1-T10")
@pytest.mark.claims("page/login/does/anonymous-key")
def test_page_carries_the_anonymous_key(visit: Visit, looks: Looks) -> None:
    """The service key passes all row-level security and must not be in a browser (contract 1.3)."""
    seen = _attempted(visit, looks).key_roles
    if not seen:
        raise Unverified("supabase-key-not-found")

    assert seen == {"anon"}, finding("page-shows-privileged-key", "/login", seen=", ".join(sorted(seen)))


@pytest.mark.plan("W2-D2-T6")
@pytest.mark.parametrize("path", claiming(GUARDED, lambda path: [f"page/{OF_CONTRACT[path]}/{each}" for each in SENT_AWAY]))
def test_anonymous_visitor_is_sent_to_sign_in(visit: Visit, path: str) -> None:
    """And the way back is remembered (contract R-26)."""
    page = visit(path)
    comes_to(page, "/login")

    here = urlsplit(page.url)
    assert here.path == "/login", page_finding("page-route-not-guarded", visit, page, seen=here.path)
    back, expected = dict(parse_qsl(here.query)).get("redirect"), f"/login?redirect={path}"
    assert back == path, page_finding("way-back-not-remembered", visit, page, seen=back or "-", address=expected)


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
@pytest.mark.claims("page/login/does/redirect-followed")
def test_sign_in_leads_where_one_was_going(visit: Visit, env: Environment) -> None:
    """Through the form to the page that was asked for first."""
    identity = env.need_identity("operator")
    page = visit("/contacts")
    comes_to(page, "/login")
    is_remembered = "redirect=" in page.url
    visit.enter_until_sent(page, identity.email, identity.password, anew=True)
    entered = leaves(page, "/login")
    account = visit.account(page)

    assert entered, not_signed_in(account).message
    document, here = account.document, urlsplit(page.url).path
    assert not (document and document.status == 404), finding("sign-in-ends-on-missing-page", account.where, seen=f"404 {here}")
    expected, cause = f"{env.web_url}/contacts", "way-back-not-followed" if is_remembered else "way-back-not-remembered"
    assert page.url == expected, page_finding(cause, visit, page, seen=here, address="/contacts")


@pytest.mark.plan("W2-D2-T6", "W1-D3-T1")
@pytest.mark.parametrize("target", ELSEWHERE.values(), ids=ELSEWHERE)
@pytest.mark.claims("page/login/does/redirect-stays-here")
def test_sign_in_never_leads_elsewhere(visit: Visit, env: Environment, target: str) -> None:
    """A link to our own /login must not hand people to a foreign copy of it; `redirect` is a path (contract R-26)."""
    page = visit(f"/login?redirect={quote(target, safe='')}")
    page.context.route("https://elsewhere.example/**", lambda route: route.fulfill(body="elsewhere"))
    visit.sign_in(page, "viewer")

    assert page.url.startswith(f"{env.web_url}/"), finding(
        "sign-in-redirects-to-foreign-site", f"/login?redirect={target}", seen=page.url, origin=env.web_url
    )


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
@pytest.mark.claims("page/session/sign-out")
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
