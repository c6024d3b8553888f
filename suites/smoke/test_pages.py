"""The pages in a real browser, on a phone, a tablet and a desktop: they fit, can be used, are quiet and show real data.

Devices are emulated in Chromium (screen, touch, user agent); WebKit and Gecko are not run.
"""

from typing import TYPE_CHECKING

import pytest

from fixtures.browser.pages import covered, status_behind
from fixtures.browser.visit import Visit, page_finding
from fixtures.product.nouns import Product
from fixtures.wire.finding import finding
from record.outcome import Unverified
from suites.dashboard import figures_wrong_each_time

if TYPE_CHECKING:  # importing Playwright takes 0.2 s, and a run without pages does not need it
    from playwright.sync_api import Page

DEVICES = {"phone": "iPhone SE", "tablet": "iPad Mini", "desktop": "Desktop Chrome"}
SIGNED_IN = {"panel": ("/", "Estado Agente IA"), "contactos": ("/contacts", "Exportar")}  # a text of each page alone (9.10, 9.13)
PAGES = {"login": ("/login", None), "panel": ("/", "operator"), "contactos": ("/contacts", "operator")}
TITLE = "Sistema de Automatización de Llamadas"  # of every page that names none (contract 9.1)
MENU = ("Dashboard", "Campañas", "Contactos", "Llamadas", "Reportes", "Configuración")  # contract 9.3
CARDS = (
    "Total de llamadas",
    "Llamadas completadas",
    "Llamadas fallidas",
    "Tasa de éxito",
    "Duración promedio",
    "Llamadas por día",
)
SAVED = "Contacto creado correctamente"
PHONE, TAG = "+34600123456", "humo"
on_each_device = pytest.mark.parametrize("on", DEVICES.values(), ids=DEVICES)


def _fits(visit: Visit, page: "Page", path: str, on: str) -> None:
    unreachable = covered(page)
    assert not unreachable, finding("controls-covered", f"{path} ({on})", seen="; ".join(unreachable[:3]))
    pixels = visit.overflow_px(page)
    assert pixels == 0, finding("page-wider-than-screen", f"{path} ({on})", pixels=pixels)


def _untroubled(visit: Visit, page: "Page") -> None:
    loudest = visit.account(page).loudest()
    assert not loudest, loudest.message


@on_each_device
@pytest.mark.plan("W2-D2-T8", "W2-D1-T4")
def test_login_page_fits_and_is_quiet(visit: Visit, on: str) -> None:
    """A page that scrolls sideways, hides its button or breaks in its own scripts keeps people out."""
    page = visit("/login", device=on)
    visit.settle(page)

    _fits(visit, page, "/login", on)
    _untroubled(visit, page)


@on_each_device
@pytest.mark.parametrize(("path", "text"), SIGNED_IN.values(), ids=SIGNED_IN)
@pytest.mark.plan("W2-D2-T8", "W2-D1-T4")
def test_page_fits_and_is_quiet(visit: Visit, path: str, text: str, on: str) -> None:
    """Behind the sign-in as well."""
    page = visit(path, device=on, role="operator")
    visit.settle(page)

    assert not visit.missing(page, text), page_finding("page-is-another", visit, page, seen=visit.text(page), text=text)
    _fits(visit, page, path, on)
    _untroubled(visit, page)


@pytest.mark.plan("W2-D2-T8", "W1-D3-T3")
@pytest.mark.parametrize(("path", "role"), PAGES.values(), ids=PAGES)
def test_page_asks_nobody_else(visit: Visit, path: str, role: str | None) -> None:
    """Whoever serves a font or a script to a page learns who opens it, and can change it."""
    page = visit(path, role=role)
    visit.settle(page)
    account = visit.account(page)

    assert not account.third_parties, account.third_party(account.third_parties).message


@pytest.mark.plan("W2-D2-T7", "W2-D2-T8")
def test_menu_leads_to_pages(visit: Visit) -> None:
    """An entry that ends on an error page is the first thing that a user finds broken."""
    page = visit("/", role="operator")
    visit.settle(page)

    statuses = {entry: status_behind(page, entry) for entry in MENU}
    dead = [f"{entry}: {status}" for entry, status in statuses.items() if status is not None and not 200 <= status < 400]
    assert any(statuses.values()), page_finding("menu-missing", visit, page, entries=", ".join(MENU))
    assert not dead, finding("menu-leads-nowhere", visit.where, entries="; ".join(dead))


@pytest.mark.a11y
@pytest.mark.plan("W2-D2-T8")
@pytest.mark.parametrize(("path", "role"), PAGES.values(), ids=PAGES)
def test_page_has_one_h1(visit: Visit, path: str, role: str | None) -> None:
    """By it a user of a screen reader knows where they are (contract 9.1)."""
    page = visit(path, role=role)
    visit.settle(page)

    count = page.locator("h1").count()
    assert count == 1, page_finding("page-without-one-h1", visit, page, count=count)


@pytest.mark.plan("W2-D2-T8", "W2-D1-T4")
@pytest.mark.parametrize(("path", "role"), [("/login", None), ("/contacts", "operator")])
def test_page_has_title_and_language(visit: Visit, path: str, role: str | None) -> None:
    """By the title a tab and a bookmark are found, by the language a screen reader pronounces (contract 9.1)."""
    page = visit(path, role=role)
    visit.settle(page)

    seen, expected = (page.title(), page.locator("html").get_attribute("lang")), (TITLE, "es")
    assert seen == expected, finding("title-or-language-wrong", path, seen=seen, values=expected)


@pytest.mark.plan("W2-D2-T7", "W2-D2-T8", "W2-D1-T11")
@pytest.mark.parametrize("on", ["iPhone SE", "Desktop Chrome"], ids=["phone", "desktop"])
def test_contacts_page_shows_the_contacts(visit: Visit, operator: Product, on: str) -> None:
    """The newest contacts of the API, not sample data, and on a phone as well."""
    before = operator.contacts.list(limit=5).body["data"]
    if not before:
        raise Unverified("no-contacts-to-look-at")
    page = visit("/contacts", device=on, role="operator")
    visit.settle(page)
    after = operator.contacts.list(limit=5).body["data"]

    newest = [row["name"] for row in before if row["id"] in {other["id"] for other in after}]  # other checks come and go
    if not newest:
        raise Unverified("no-contacts-to-look-at")
    missing = visit.missing(page, *newest[:3])
    assert not missing, page_finding("pages-contacts-not-shown", visit, page, names=", ".join(missing))


@pytest.mark.plan("W2-D2-T7", "W2-D2-T10")
def test_dashboard_shows_the_report(visit: Visit, operator: Product) -> None:
    """Six cards, with the figures of the report (contract 9.13)."""
    page = visit("/", role="operator")
    visit.settle(page)
    missing = visit.missing(page, *CARDS)

    assert not missing, page_finding("dashboard-cards-missing", visit, page, cards=", ".join(missing))
    wrong = figures_wrong_each_time(visit, page, operator)
    seen = "; ".join(f"{card}: {figures}" for card, figures in wrong.items())
    assert not wrong, page_finding("dashboard-figures-wrong", visit, page, seen=seen)


@pytest.mark.writes("makes a contact under the run's own name and removes it")
@pytest.mark.plan("W2-D2-T6", "W2-D2-T7", "W2-D1-T11")
def test_contact_is_created_through_the_form(visit: Visit, operator: Product) -> None:
    """As a person does it: name, phone, a tag, one press (contract 9.10)."""
    name = operator.ledger.name("contacto del formulario")
    page = visit("/contacts/new", role="operator")
    visit.settle(page)
    assert page.get_by_label("Nombre", exact=True).is_visible(), page_finding(
        "contact-form-missing", visit, page, seen=visit.text(page)
    )
    page.get_by_label("Nombre", exact=True).fill(name)
    page.get_by_label("Número de Teléfono", exact=True).fill(PHONE)
    page.get_by_label("Etiquetas", exact=True).fill(TAG)
    page.get_by_label("Etiquetas", exact=True).press("Enter")
    visit.press(page.get_by_role("button", name="Crear", exact=True))
    unsaid = visit.missing(page, SAVED)

    seen, expected = [(row["phone_number"], row["tags"]) for row in operator.contacts.search(name).body], [(PHONE, [TAG])]
    assert seen == expected, page_finding(
        "contact-form-loses-input", visit, page, after_press=True, seen=seen or visit.text(page), values=expected
    )
    assert not unsaid, page_finding("contact-saved-unsaid", visit, page, seen=visit.text(page))


@pytest.mark.writes("makes a contact under the run's own name and removes it")
@pytest.mark.plan("W2-D2-T7", "W1-D3-T1")
def test_markup_in_a_name_is_text(visit: Visit, operator: Product) -> None:
    """A person who may name a contact must not write into the pages of all others."""
    name = f"{operator.ledger.name('contacto')} <i>cursiva</i>"
    operator.contacts.create(name=name)
    page = visit("/contacts", role="operator")
    page.get_by_placeholder("Buscar contactos...").fill(name)
    page.get_by_role("button", name="Buscar", exact=True).click()
    visit.settle(page)

    assert not page.locator("i", has_text="cursiva").count(), finding(
        "markup-in-name-executed", "/contacts (operator)", name=repr(name)
    )
    assert not visit.missing(page, name), page_finding("pages-contacts-not-shown", visit, page, names=name)
