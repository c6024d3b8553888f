"""The pages in a real browser, on a phone, a tablet and a desktop: they fit, can be used, are quiet and show real data.

Devices are emulated in Chromium (screen, touch, user agent); WebKit and Gecko are not run.
"""

import pytest

from fixtures.browser.looks import Look, Looks
from fixtures.browser.pages import FIGURES, button, field, search_field, status_behind
from fixtures.browser.visit import DESKTOP, Visit, page_finding
from fixtures.product.contract.page import slug
from fixtures.product.nouns import Product
from fixtures.wire.finding import Message, finding
from record.outcome import Blocked, Unverified
from suites.claiming import named
from suites.dashboard import figures_wrong_each_time
from suites.listed import require_listed

DEVICES = {"phone": "iPhone SE", "tablet": "iPad Mini", "desktop": DESKTOP}
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
# Path, and texts of this page alone (contract 9.10, 9.13). Those of /login are a claim of their own.
PAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "login": ("/login", ()),
    "panel": ("/", ("Estado Agente IA", *CARDS)),
    "contactos": ("/contacts", ("Exportar",)),
}
SIGNED_IN = ("panel", "contactos")
OF_CONTRACT = {"login": "page/login", "panel": "page/dashboard", "contactos": "page/contacts"}  # as ids of rows begin
OWN_TEXT = {"panel": "page/dashboard/card/estado-agente-ia", "contactos": "page/contacts/button/exportar"}
SAVED = "Contacto creado correctamente"
PHONE, TAG = "+34600123456", "humo"
on_each_device = pytest.mark.parametrize("on", DEVICES.values(), ids=DEVICES)
on_each_page = pytest.mark.parametrize("page", PAGES)


def _on_each_page(statement: str) -> pytest.MarkDecorator:
    """Each page, with its row of this statement."""
    return pytest.mark.parametrize("page", named({page: f"{OF_CONTRACT[page]}/{statement}" for page in PAGES}))


def _seen(visit: Visit, looks: Looks, page: str, on: str = DESKTOP) -> Look:
    path, texts = PAGES[page]
    return looks(visit, path, role="operator" if page in SIGNED_IN else None, device=on, texts=texts)


def _where(look: Look) -> str:
    return f"{look.account.path} ({look.account.device})"


def _require_content(look: Look) -> None:
    """Blocked where it is another page: that a blank one is quiet says nothing. Which page it is, is a claim of its own."""
    if _lacking(look):
        raise Blocked(_another(look).finding)


def _lacking(look: Look) -> list[str]:
    """Without the cards, which are a claim of their own."""
    return [text for text in look.missing if text not in CARDS]


def _another(look: Look) -> Message:
    return look.finding("page-is-another", seen=look.account.text, text=", ".join(_lacking(look)))


@on_each_device
@pytest.mark.parametrize("page", named(OWN_TEXT))
@pytest.mark.plan("W2-D2-T8", "W2-D1-T4")
def test_page_is_the_one_asked_for(visit: Visit, looks: Looks, page: str, on: str) -> None:
    """With the text that it alone has."""
    look = _seen(visit, looks, page, on)

    assert not _lacking(look), _another(look)


@on_each_device
@on_each_page
@pytest.mark.plan("W2-D2-T8")
def test_page_fits_the_screen(visit: Visit, looks: Looks, page: str, on: str) -> None:
    """What is beyond the edge of a phone is found by nobody."""
    look = _seen(visit, looks, page, on)

    assert look.overflow_px == 0, finding("page-wider-than-screen", _where(look), pixels=look.overflow_px)
    _require_content(look)


@on_each_device
@on_each_page
@pytest.mark.plan("W2-D2-T8", "W2-D1-T4")
def test_controls_can_be_reached(visit: Visit, looks: Looks, page: str, on: str) -> None:
    """A button under something else is dead, and looks alive."""
    look = _seen(visit, looks, page, on)

    assert not look.covered, finding("controls-covered", _where(look), seen="; ".join(look.covered[:3]))
    _require_content(look)


@on_each_device
@on_each_page
@pytest.mark.plan("W2-D2-T8", "W2-D1-T4")
def test_page_is_quiet(visit: Visit, looks: Looks, page: str, on: str) -> None:
    """A page that breaks in its own scripts works by luck, and by accident on this device."""
    look = _seen(visit, looks, page, on)

    loudest = look.account.loudest()
    assert not loudest, loudest.message
    _require_content(look)


@on_each_page
@pytest.mark.plan("W2-D2-T8", "W1-D3-T3")
def test_page_asks_nobody_else(visit: Visit, looks: Looks, page: str) -> None:
    """Whoever serves a font or a script to a page learns who opens it, and can change it."""
    account = _seen(visit, looks, page).account

    assert not account.third_parties, account.third_party(account.third_parties).message


@pytest.mark.plan("W2-D2-T7", "W2-D2-T8")
@pytest.mark.claims("page/header/no-dead-entry")
def test_menu_leads_to_pages(visit: Visit) -> None:
    """An entry that ends on an error page is the first thing that a user finds broken."""
    page = visit("/", role="operator")
    visit.settle(page)

    statuses = {entry: status_behind(page, entry) for entry in MENU}
    dead = [f"{entry}: {status}" for entry, status in statuses.items() if status is not None and not 200 <= status < 400]
    assert any(statuses.values()), page_finding("menu-missing", visit, page, entries=", ".join(MENU))
    assert not dead, finding("menu-leads-nowhere", visit.where, entries="; ".join(dead))


@pytest.mark.a11y
@_on_each_page("a11y/one-h1")
@pytest.mark.plan("W2-D2-T8")
def test_page_has_one_h1(visit: Visit, looks: Looks, page: str) -> None:
    """By it a user of a screen reader knows where they are (contract 9.1)."""
    look = _seen(visit, looks, page)

    assert look.h1 == 1, look.finding("page-without-one-h1", count=look.h1)


@_on_each_page("title")
@pytest.mark.plan("W2-D2-T8", "W2-D1-T4")
def test_page_has_its_title(visit: Visit, looks: Looks, page: str) -> None:
    """By it a tab and a bookmark are found (contract 9.1)."""
    look = _seen(visit, looks, page)

    assert look.title == TITLE, finding(
        "frontend-of-another-application", _where(look), seen=look.title or "-", markup=f"<title>{TITLE}</title>"
    )


@pytest.mark.a11y
@_on_each_page("lang")
@pytest.mark.plan("W2-D2-T8", "W2-D1-T4")
def test_page_names_its_language(visit: Visit, looks: Looks, page: str) -> None:
    """By it a screen reader pronounces (contract 9.1)."""
    look = _seen(visit, looks, page)

    assert look.language == "es", finding(
        "frontend-not-in-spanish", _where(look), seen=look.language or "-", markup='<html lang="es">'
    )


@pytest.mark.plan("W2-D2-T7", "W2-D2-T8", "W2-D1-T11")
@pytest.mark.parametrize("on", ["iPhone SE", "Desktop Chrome"], ids=["phone", "desktop"])
@pytest.mark.claims("page/contacts/does/shown")
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
@pytest.mark.claims(*(f"page/dashboard/card/{slug(card)}" for card in CARDS))
def test_dashboard_has_its_cards(visit: Visit, looks: Looks) -> None:
    """Six (contract 9.13)."""
    look = _seen(visit, looks, "panel")
    missing = [card for card in CARDS if card in look.missing]

    assert not missing, look.finding("dashboard-cards-missing", cards=", ".join(missing))


@pytest.mark.plan("W2-D2-T7", "W2-D2-T10")
@pytest.mark.claims("page/dashboard/does/figures")
def test_dashboard_shows_the_report(visit: Visit, operator: Product) -> None:
    """On the cards that are there, the figures of the report (contract 9.13)."""
    page = visit("/", role="operator")
    visit.settle(page)
    if set(FIGURES) <= set(missing := visit.missing(page, *CARDS)):
        raise Blocked(page_finding("dashboard-cards-missing", visit, page, cards=", ".join(missing)).finding)

    wrong = figures_wrong_each_time(visit, page, operator)
    seen = "; ".join(f"{card}: {figures}" for card, figures in wrong.items())
    assert not wrong, page_finding("dashboard-figures-wrong", visit, page, seen=seen)


@pytest.mark.writes("makes a contact under the run's own name and removes it")
@pytest.mark.plan("W2-D2-T6", "W2-D2-T7", "W2-D1-T11")
@pytest.mark.claims("page/contact-new/does/saved", "page/contact-new/does/tags-add")
def test_contact_is_created_through_the_form(visit: Visit, operator: Product) -> None:
    """As a person does it: name, phone, a tag, one press (contract 9.10)."""
    name = operator.ledger.name("contacto del formulario")
    page = visit("/contacts/new", role="operator")
    visit.settle(page)
    assert not visit.missing(page, "Nombre", "Crear"), page_finding("contact-form-missing", visit, page, seen=visit.text(page))
    field(page, "Nombre").fill(name)
    field(page, "Número de Teléfono").fill(PHONE)
    field(page, "Etiquetas").fill(TAG)
    field(page, "Etiquetas").press("Enter")
    visit.press(button(page, "Crear"))
    visit.missing(page, SAVED)

    seen, expected = [(row["phone_number"], row["tags"]) for row in operator.contacts.search(name).body], [(PHONE, [TAG])]
    assert seen == expected, page_finding(
        "contact-form-loses-input", visit, page, after_press=True, seen=seen or visit.text(page), values=expected
    )


@pytest.mark.writes("makes a contact under the run's own name and removes it")
@pytest.mark.plan("W2-D2-T7", "W1-D3-T1")
@pytest.mark.claims("page/contacts/does/markup-is-text")
def test_markup_in_a_name_is_text(visit: Visit, operator: Product) -> None:
    """A person who may name a contact must not write into the pages of all others."""
    name = f"{operator.ledger.name('contacto')} <i>cursiva</i>"
    created = operator.contacts.new(name=name)
    page = visit("/contacts", role="operator")
    search_field(page).fill(name)
    button(page, "Buscar").click()
    visit.settle(page)

    assert not page.locator("i", has_text="cursiva").count(), finding(
        "markup-in-name-executed", "/contacts (operator)", name=repr(name)
    )
    unshown = visit.missing(page, name)
    if unshown:
        require_listed(operator, created)
    assert not unshown, page_finding("pages-contacts-not-shown", visit, page, names=name)
