"""What a check is told of the pages that it opens, and as whom it opens them."""

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from fixtures import browser as pages
from fixtures import chromium, evidence
from fixtures.browser import PageNotReached, Session, Sessions, Visit
from fixtures.browser_guard import Rules
from fixtures.chromium import Chromium
from fixtures.ledger import Ledger
from fixtures.policy import Policy
from fixtures.profile import Environment, Identity
from fixtures.refusals import HostNotAllowed, WriteRefused
from fixtures.verdicts import Blocked, Unverified
from tests.browser.servers import Site

META = "<meta charset=utf-8><meta name=viewport content='width=device-width'><link rel=icon href=data:,>"
PAGE = f"<!doctype html><html lang=es>{META}{{}}"
SESSION_KEPT_IN = {
    "local storage": ("localStorage.token = 't'", "localStorage.token"),
    "session storage": ("sessionStorage.token = 't'", "sessionStorage.token"),
    "cookie": ("document.cookie = 'token=t; path=/; secure'", "document.cookie.includes('token')"),
}


def login_page(keep: str) -> str:
    """As contract 9.4 has it; asks /api/auth/login, and keeps the session in a way of its own."""
    return PAGE.format(
        f"""<form><label for=email>Correo Electrónico</label><input id=email type=email>
        <label for=password>Contraseña</label><input id=password type=password>
        <button>Iniciar Sesión</button></form><div role=alert></div>
        <script>document.forms[0].onsubmit = async (event) => {{
            event.preventDefault()
            const answer = await fetch('/api/auth/login', {{method: 'POST', body: password.value}})
            if (!answer.ok) return document.querySelector('[role=alert]').textContent = 'Credenciales inválidas.'
            {keep}; location.href = '/'
        }}</script>"""
    )


@pytest.fixture
def env(site: Site) -> Environment:
    """Protected, as production is."""
    identities = {"viewer": Identity("viewer@example.com", "secret-password")}
    hosts = frozenset({("127.0.0.1", site.port)})
    return Environment(
        "test",
        Path("test.env"),
        api_url=site.url,
        web_url=site.url,
        allowed_hosts=hosts,
        identities=identities,
        max_rps=1000,
    )


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


@pytest.fixture
def book() -> Ledger:
    return Ledger("lv-test", None)


@pytest.fixture
def policy(env: Environment) -> Policy:
    return Policy(env, run_id="lv-test")


@pytest.fixture
def rules(env: Environment, policy: Policy, book: Ledger, sessions: Sessions, tls: ssl.SSLContext) -> Rules:
    return pages.rules(env, policy, book, sessions, tls)


@pytest.fixture
def visit(running: Chromium, rules: Rules, env: Environment, sessions: Sessions) -> Iterator[Visit]:
    """As a check has it."""
    running.gate.rules = rules
    evidence.start()
    with running.in_use():
        visiting = Visit(running, env, sessions)
        yield visiting
        visiting.close()


def test_healthy_page_has_no_problems(visit: Visit) -> None:
    page = visit("/")

    assert page.get_by_role("heading").inner_text() == "hola"
    assert visit.problems() == []
    visit.require_unhindered()


PROBLEMS = {
    "console error": "<script>console.error('vaya')</script>",
    "page error": "<script>throw new Error('vaya')</script>",
    "missing script": "<script src=/vaya.js></script>",
    "rejected promise": "<script>Promise.reject(new Error('vaya'))</script>",
}


@pytest.mark.parametrize("body", PROBLEMS.values(), ids=PROBLEMS)
def test_problem_is_told(visit: Visit, site: Site, body: str) -> None:
    """With what the browser said and where."""
    site.page("/", PAGE.format(body))
    visit("/")

    (problem,) = visit.problems()
    assert "vaya" in str(problem)
    assert site.url in problem.where


def test_warning_is_no_problem(visit: Visit, site: Site) -> None:
    site.page("/", PAGE.format("<script>console.warn('bah'); console.log('bah')</script>"))
    visit("/")

    assert visit.problems() == []


def test_refused_request_makes_the_check_unverified(visit: Visit, site: Site) -> None:
    """A page that may not write behaves differently; that is our doing, not the product's."""
    site.page("/", PAGE.format("<script>fetch('/api/contacts/', {method: 'POST', body: '{}'}).catch(() => 0)</script>"))
    page = visit("/")
    page.wait_for_load_state("networkidle")

    assert [problem.kind for problem in visit.problems()] == ["refused by the guard"]
    with pytest.raises(WriteRefused):
        visit.require_unhindered()


def test_page_that_leads_elsewhere_is_not_followed(visit: Visit, site: Site, sink: Site) -> None:
    """The refusal itself reaches the check, with its remedy."""
    site.page("/", "", status=302, location=sink.url)

    with pytest.raises(HostNotAllowed, match=f"127.0.0.1:{sink.port}"):
        visit("/")
    assert sink.arrived == []


def test_target_that_does_not_answer_is_a_finding(visit: Visit, env: Environment) -> None:
    """Expected, seen, where, next; seen is the reason and not Chromium's name for it."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    object.__setattr__(env, "web_url", f"https://127.0.0.1:{port}")
    object.__setattr__(env, "allowed_hosts", frozenset({("127.0.0.1", port)}))

    with pytest.raises(PageNotReached) as told:
        visit("/")
    assert "ConnectionRefusedError" in told.value.finding.seen


WIDE = "<div style='width:{}px'>ancho</div>"


@pytest.mark.parametrize("device", ["iPhone SE", "iPad Mini", "Desktop Chrome"])
def test_overflow_is_measured_against_the_device(visit: Visit, site: Site, device: str) -> None:
    """A page 1,240 px too wide was once passed by a check that asked for innerWidth."""
    width = visit("/", device=device).viewport_size["width"]  # type: ignore[index]
    site.page("/wide", PAGE.format("<style>body{margin:0}</style>" + WIDE.format(width + 1240)))
    site.page("/narrow", PAGE.format("<style>body{margin:0}</style>" + WIDE.format(width)))

    assert visit.overflow_px(visit("/wide", device=device)) == 1240
    assert visit.overflow_px(visit("/narrow", device=device)) == 0


def test_page_without_viewport_overflows_a_phone(visit: Visit, site: Site) -> None:
    """Phones lay such a page out for 980 px and show it tiny."""
    site.page("/", "<!doctype html><link rel=icon href=data:,>hola")

    assert visit.overflow_px(visit("/", device="iPhone 15")) == 980 - 393


@pytest.mark.parametrize(("keep", "is_kept"), SESSION_KEPT_IN.values(), ids=SESSION_KEPT_IN)
def test_role_signs_in_once(visit: Visit, site: Site, keep: str, is_kept: str) -> None:
    """Through the product's form; each further visit starts signed in, wherever the frontend keeps that."""
    site.page("/login", login_page(keep))
    site.page("/api/auth/login", "{}")

    for device in ("Desktop Chrome", "iPhone 15"):
        assert visit("/", device=device, role="viewer").evaluate(is_kept)
    assert not visit("/").evaluate(is_kept), "nobody is nobody"
    assert site.requests.count("POST /api/auth/login") == 1


def test_signing_out_stays_signed_out(visit: Visit, site: Site, sessions: Sessions) -> None:
    """In this page, and for the checks that follow: the stored session may be gone on the server."""
    site.page("/login", login_page("sessionStorage.token = 't'"))
    site.page("/api/auth/login", "{}")
    site.page("/api/auth/logout", "")
    page = visit("/", role="viewer")
    page.evaluate("fetch('/api/auth/logout', {method: 'POST'}).then(() => delete sessionStorage.token)")
    page.reload()

    assert not page.evaluate("sessionStorage.token")
    assert sessions.known == {}


def test_refused_sign_in_is_not_tried_again(visit: Visit, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account would be locked for the other checks too."""
    monkeypatch.setattr(pages, "SIGN_IN_LIMIT_MS", 500)
    site.page("/login", login_page(""))
    site.page("/api/auth/login", "{}", status=400)

    for _ in range(2):
        with pytest.raises(Blocked, match="Credenciales inválidas"):
            visit("/", role="viewer")
    assert site.requests.count("POST /api/auth/login") == 1


def test_role_without_identity_is_unverified(visit: Visit) -> None:
    """With the keys to set."""
    with pytest.raises(Unverified, match="LV_ADMIN_EMAIL"):
        visit("/", role="admin")


def test_old_session_is_not_used(visit: Visit, site: Site, sessions: Sessions) -> None:
    """A page that renews its token would end the stored one."""
    site.page("/login", login_page("localStorage.token = 't'"))
    site.page("/api/auth/login", "{}")
    sessions.known["viewer"] = Session({}, {}, {}, made_at=-10_000)

    assert visit("/", role="viewer").evaluate("localStorage.token") == "t"


def test_what_a_page_creates_is_noted(
    visit: Visit, site: Site, book: Ledger, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that it is removed after the check."""
    monkeypatch.setattr("fixtures.policy.running.writes", "creates a contact")
    policy.allow_writes = True
    site.page("/api/contacts/", '{"id": "c1"}', status=201)
    page = visit("/")
    page.evaluate("fetch('/api/contacts/', {method: 'POST', body: '{}'}).then(answer => answer.text())")
    page.context.close()

    assert book.undo(lambda path: httpx.Response(204 if path == "/api/contacts/c1" else 500)) == []


def test_failure_keeps_a_picture_and_the_console(visit: Visit, site: Site) -> None:
    """One a page, and no credential among it."""
    site.page(
        "/", PAGE.format("<input type=password value=secret><script>console.log('token eyJhbGciOiJI.eyJzdWIiOiIx.c2ln')</script>")
    )
    visit("/", device="iPhone 15")
    visit("/")
    visit.keep_evidence()

    kept = {name: content for name, content, _ in evidence._current.attachments}
    assert sorted(kept) == ["console.txt", "page-1-iphone-15.png", "page-2-desktop-chrome.png"]
    assert kept["page-1-iphone-15.png"].startswith(b"\x89PNG")
    assert b"eyJ" not in kept["console.txt"]


def test_dead_browser_is_no_finding(visit: Visit) -> None:
    """The product did not do that."""
    visit("/")
    visit._browser.close()

    with pytest.raises(Unverified, match="died"):
        pages._look_again(visit, RuntimeError("Target closed"))


EXPECTATIONS = {
    "to be visible": lambda page: expect(page.get_by_text("adiós")).to_be_visible(timeout=1),
    "not to be visible": lambda page: expect(page.get_by_role("heading")).not_to_be_visible(timeout=1),
    "to have text": lambda page: expect(page.get_by_role("heading")).to_have_text("adiós", timeout=1),
    "Page title to be": lambda page: expect(page).to_have_title("Salida", timeout=1),
}


@pytest.mark.parametrize(("wish", "expectation"), EXPECTATIONS.items(), ids=EXPECTATIONS)
def test_expectation_becomes_a_finding(visit: Visit, wish: str, expectation: Callable[[Page], None]) -> None:
    """Four lines, like any other failure: what was expected of which element, and what was there."""
    page = visit("/", device="iPhone 15")
    with pytest.raises(AssertionError) as raised:
        expectation(page)
    with pytest.raises(AssertionError) as told:
        pages._look_again(visit, raised.value)

    expected, seen, where, _ = str(told.value).splitlines()
    assert wish in expected
    assert seen != "seen      it is not so"
    assert where.endswith("/ in Chromium as iPhone 15")


CHAIN = """<output></output><script>(async () => {
    for (let step = 1; step <= 5; step++) {
        await fetch('/api/step')
        await new Promise((then) => setTimeout(then, 40))
    }
    document.querySelector('output').textContent = 'done'
    if (location.hash) for (;;) await fetch('/api/step')
})()</script>"""


def test_page_settles_after_its_last_request(visit: Visit, site: Site) -> None:
    """Short gaps between requests that follow from each other are no rest."""
    site.page("/api/step", "{}")
    site.page("/chain", PAGE.format(CHAIN))
    page = visit("/chain")
    visit.settle(page)

    assert page.locator("output").text_content() == "done"


def test_restless_page_is_a_finding(visit: Visit, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that asks on and on never shows whether it is quiet."""
    monkeypatch.setattr(chromium, "COMMAND_LIMIT_MS", 1000)
    site.page("/api/step", "{}")
    site.page("/chain", PAGE.format(CHAIN))
    page = visit("/chain#on")

    with pytest.raises(PageNotReached, match="requests under way for 1 s"):
        visit.settle(page)
