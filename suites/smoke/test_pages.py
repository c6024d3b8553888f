"""The pages in a real browser, on a phone, a tablet and a desktop: they fit, can be used, are quiet and show real data.

Devices are emulated in Chromium (screen, touch, user agent); WebKit and Gecko are not run.
"""

from typing import TYPE_CHECKING

import pytest

from fixtures.browser.pages import covered, text_of, wrong_figures
from fixtures.browser.visit import Visit, expect
from fixtures.product.nouns import Product
from fixtures.wire.finding import finding
from record.outcome import Unverified

if TYPE_CHECKING:  # importing Playwright takes 0.2 s, and a run without pages does not need it
    from playwright.sync_api import Page

DEVICES = {"phone": "iPhone SE", "tablet": "iPad Mini", "desktop": "Desktop Chrome"}
SIGNED_IN = {"panel": ("/", "Dashboard"), "contactos": ("/contacts", "Contactos")}
TITLE = "Sistema de Automatización de Llamadas"  # of every page that names none (contract 9.1)
CARDS = (
    "Total de llamadas",
    "Llamadas completadas",
    "Llamadas fallidas",
    "Tasa de éxito",
    "Duración promedio",
    "Llamadas por día",
)
PHONE, TAG = "+34600123456", "humo"
on_each_device = pytest.mark.parametrize("on", DEVICES.values(), ids=DEVICES)


def _fits(visit: Visit, page: "Page", path: str, on: str) -> None:
    pixels = visit.overflow_px(page)
    assert pixels == 0, finding("page-wider-than-screen", f"{path} ({on})", pixels=pixels)
    unreachable = covered(page)
    assert not unreachable, finding("controls-covered", f"{path} ({on})", seen="; ".join(unreachable[:3]))


def _untroubled(visit: Visit, path: str, on: str) -> None:
    problems = visit.problems()
    seen = "; ".join(map(str, problems[:3]))
    assert not problems, finding("page-console-not-quiet", f"{path} ({on})", seen=seen)


@on_each_device
@pytest.mark.plan("W2-D2-T8", "W2-D1-T4")
def test_login_page_fits_and_is_quiet(visit: Visit, on: str) -> None:
    """A page that scrolls sideways, hides its button or breaks in its own scripts keeps people out."""
    page = visit("/login", device=on)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sistema de Automatización de Llamadas")
    expect(page.get_by_role("button", name="Iniciar Sesión")).to_be_enabled()

    _fits(visit, page, "/login", on)
    _untroubled(visit, "/login", on)


@on_each_device
@pytest.mark.parametrize(("path", "heading"), SIGNED_IN.values(), ids=SIGNED_IN)
@pytest.mark.plan("W2-D2-T8", "W2-D1-T4")
def test_page_fits_and_is_quiet(visit: Visit, path: str, heading: str, on: str) -> None:
    """Behind the sign-in as well."""
    page = visit(path, device=on, role="operator")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    visit.settle(page)

    _fits(visit, page, path, on)
    _untroubled(visit, path, on)


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
    expect(page.get_by_role("heading", level=1)).to_have_text("Contactos")
    after = operator.contacts.list(limit=5).body["data"]

    newest = [row["name"] for row in before if row["id"] in {other["id"] for other in after}]  # other checks come and go
    if not newest:
        raise Unverified("no-contacts-to-look-at")
    for name in newest[:3]:
        expect(page.get_by_text(name, exact=True).first).to_be_visible()


@pytest.mark.plan("W2-D2-T7", "W2-D2-T10")
def test_dashboard_shows_the_report(visit: Visit, operator: Product) -> None:
    """Six cards, with the figures of the report (contract 9.13)."""
    before = operator.reports.performance().body["summary"]
    page = visit("/", role="operator")
    for card in CARDS:
        expect(page.get_by_text(card, exact=True)).to_be_visible()
    visit.settle(page)
    after = operator.reports.performance().body["summary"]

    wrong = wrong_figures(page, before, after)
    seen = "; ".join(f"{card}: {figures}" for card, figures in wrong.items())
    assert not wrong, finding("dashboard-figures-wrong", "/ (operator)", seen=seen)


@pytest.mark.writes("makes a contact under the run's own name and removes it")
@pytest.mark.plan("W2-D2-T6", "W2-D2-T7", "W2-D1-T11")
def test_contact_is_created_through_the_form(visit: Visit, operator: Product) -> None:
    """As a person does it: name, phone, a tag, one press (contract 9.10)."""
    name = operator.ledger.name("contacto del formulario")
    page = visit("/contacts/new", role="operator")
    visit.settle(page)
    assert page.get_by_label("Nombre", exact=True).is_visible(), finding(
        "contact-form-missing", "/contacts/new (operator)", seen=text_of(page)[:200]
    )
    page.get_by_label("Nombre", exact=True).fill(name)
    page.get_by_label("Número de Teléfono", exact=True).fill(PHONE)
    page.get_by_label("Etiquetas", exact=True).fill(TAG)
    page.get_by_label("Etiquetas", exact=True).press("Enter")
    page.get_by_role("button", name="Crear", exact=True).click()
    expect(page.get_by_text("Contacto creado correctamente")).to_be_visible()

    seen, expected = [(row["phone_number"], row["tags"]) for row in operator.contacts.search(name).body], [(PHONE, [TAG])]
    assert seen == expected, finding("contact-form-loses-input", "/contacts/new (operator)", seen=seen, values=expected)


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
    expect(page.get_by_text(name, exact=True).first).to_be_visible()
