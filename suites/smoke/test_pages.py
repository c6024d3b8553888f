"""The pages in a real browser, on a phone, a tablet and a desktop: real data, no errors, no sideways scrolling.

Devices are emulated in Chromium (screen, touch, user agent); WebKit and Gecko are not run.
"""

import pytest

from fixtures.browser import Visit, expect
from fixtures.environment import Environment
from fixtures.finding import finding
from fixtures.product import Product

DEVICES = {"móvil": "iPhone SE", "tableta": "iPad Mini", "escritorio": "Desktop Chrome"}
SIGNED_IN = {"panel": ("/", "Dashboard"), "contactos": ("/contacts", "Contactos")}
CARDS = (
    "Total de llamadas",
    "Llamadas completadas",
    "Llamadas fallidas",
    "Tasa de éxito",
    "Duración promedio",
    "Llamadas por día",
)
on_each_device = pytest.mark.parametrize("on", DEVICES.values(), ids=DEVICES)


def _untroubled(visit: Visit, path: str, on: str) -> None:
    problems = visit.problems()
    assert not problems, finding(
        f"{path} on {on}",
        expected="a quiet console and every request answered",
        seen="; ".join(map(str, problems[:3])),
        then="open the page with the browser's console",
    )


@on_each_device
@pytest.mark.plan("W2-D2-T8", "W2-D1-T4")
def test_login_page_fits_and_is_quiet(visit: Visit, on: str) -> None:
    """Nobody gets in through a page that scrolls sideways or breaks in its own scripts."""
    page = visit("/login", device=on)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sistema de Automatización de Llamadas")
    expect(page.get_by_role("button", name="Iniciar Sesión")).to_be_enabled()

    assert visit.overflow_px(page) == 0, finding(
        f"/login on {on}",
        expected="no sideways scrolling",
        seen=f"{visit.overflow_px(page)} px too wide",
        then="find the element that is wider than the screen",
    )
    _untroubled(visit, "/login", on)


@on_each_device
@pytest.mark.parametrize(("path", "heading"), SIGNED_IN.values(), ids=SIGNED_IN)
@pytest.mark.plan("W2-D2-T8", "W2-D1-T4")
def test_page_fits_and_is_quiet(visit: Visit, path: str, heading: str, on: str) -> None:
    """Behind the sign-in as well."""
    page = visit(path, device=on, role="operator")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    visit.settle(page)

    assert visit.overflow_px(page) == 0, finding(
        f"{path} on {on}",
        expected="no sideways scrolling",
        seen=f"{visit.overflow_px(page)} px too wide",
        then="find the element that is wider than the screen",
    )
    _untroubled(visit, path, on)


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
def test_wrong_password_is_told(visit: Visit, env: Environment) -> None:
    """In words that a person understands, and the person stays outside."""
    env.require("viewer")
    page = visit("/login")
    page.get_by_label("Correo Electrónico").fill(f"nobody-{env.identities['viewer'].email}")
    page.get_by_label("Contraseña").fill("not-the-password")
    page.get_by_role("button", name="Iniciar Sesión").click()

    expect(page.get_by_role("alert").filter(has_text="Credenciales inválidas. Por favor, intenta de nuevo.")).to_be_visible()
    assert "/login" in page.url, finding(
        "/login", expected="to stay at /login", seen=page.url, then="a wrong password opens the application: stop the release"
    )


@pytest.mark.plan("W2-D2-T6")
@pytest.mark.parametrize("path", ["/", "/contacts"])
def test_anonymous_visitor_is_sent_to_sign_in(visit: Visit, path: str) -> None:
    """And the way back is remembered (contract R-26)."""
    page = visit(path)
    page.wait_for_url("**/login**")

    seen = page.url.partition("?")[2].replace("%2F", "/")
    assert seen == f"redirect={path}", finding(
        f"{path} as nobody",
        expected=f"/login?redirect={path}",
        seen=page.url,
        then="guard the route: pages render for anonymous visitors",
    )


@pytest.mark.plan("W2-D2-T6", "W2-D2-T7")
def test_sign_in_leads_where_one_was_going(visit: Visit, env: Environment) -> None:
    """Through the form, to the page that was asked for first."""
    env.require("operator")
    page = visit("/contacts")
    page.wait_for_url("**/login**")
    visit.sign_in(page, env.identities["operator"])

    expect(page.get_by_role("heading", level=1)).to_have_text("Contactos")
    assert page.url == f"{env.web_url}/contacts", finding(
        "signing in from /contacts",
        expected=f"{env.web_url}/contacts",
        seen=page.url,
        then="follow the redirect parameter after signing in",
    )


@pytest.mark.plan("W2-D2-T7", "W2-D1-T11")
def test_contacts_page_shows_the_contacts(visit: Visit, operator: Product) -> None:
    """The same rows in the same order as the API, not sample data."""
    page = visit("/contacts", role="operator")
    expect(page.get_by_role("heading", level=1)).to_have_text("Contactos")
    newest = operator.contacts.list(limit=3).body["data"]

    for contact in newest:
        expect(page.get_by_text(contact["name"], exact=True).first).to_be_visible()
    assert newest, finding(
        "/contacts",
        expected="contacts to look at",
        seen="none",
        then="the deployment has no contacts: seed it or run this where there are some",
    )


@pytest.mark.plan("W2-D2-T7", "W2-D2-T10")
def test_dashboard_shows_the_report(visit: Visit, operator: Product) -> None:
    """Six cards, with the number of calls that the report has (contract 9.13)."""
    before = operator.reports.performance().body["summary"]["total_calls"]
    page = visit("/", role="operator")
    for card in CARDS:
        expect(page.get_by_text(card, exact=True)).to_be_visible()
    visit.settle(page)
    after = operator.reports.performance().body["summary"]["total_calls"]

    shown = page.get_by_text("Total de llamadas", exact=True).locator("xpath=..").inner_text()
    seen = int("".join(filter(str.isdigit, shown)) or -1)
    assert before <= seen <= after, finding(
        "/ as operator",
        expected=f"{before} calls, as the report says",
        seen=shown.replace("\n", " "),
        then="is this sample data?",
    )
