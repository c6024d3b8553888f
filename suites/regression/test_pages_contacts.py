"""The pages of contacts do what they say: pages, search, questions, and what they say when something is wrong (9.10)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.browser.looks import Looks
from fixtures.browser.pages import button, comes_to, dialog, downloaded, field, lacking, rows, search_field, text_of
from fixtures.browser.visit import RETRIES_LIMIT_S, SPANISH, Visit, page_finding
from fixtures.product.contract.page import slug
from fixtures.product.nouns import NOBODY, Contact, Product
from fixtures.profile.environment import Environment
from fixtures.wire.finding import Message, describe, finding
from record.outcome import Blocked, Unverified
from suites.claiming import named
from suites.listed import require_listed

if TYPE_CHECKING:  # importing Playwright takes 0.2 s, and a run without pages does not need it
    from playwright.sync_api import Page

WRITES = "makes a contact under the run's own name and removes it"
PER_PAGE = 10
TEXTS = ("Contactos", "Nombre", "Teléfono", "Email", "Etiquetas", "Acciones", "Importar", "Exportar", "Nuevo Contacto", "Buscar")
FIELDS = ("Nombre", "Número de Teléfono", "Email", "Notas", "Etiquetas")  # of the form (contract 9.10)
QUESTION = "¿Estás seguro?"
ROW_BUTTONS = ("Editar", "Eliminar")
INTERNAL = "psycopg.errors.UndefinedTable: relation contacts"  # as an API might answer that breaks contract R-28
SUBMITS: dict[str, Callable[["Page"], Any]] = {
    "button": lambda page: button(page, "Buscar").click(),
    "Enter": lambda page: search_field(page).press("Enter"),
}


def _list(visit: Visit, operator: Product, locale: str = SPANISH) -> "Page":
    """The page, once it shows contacts of the API: how one that shows none, or invented ones, goes about them is no claim."""
    newest = [row["name"] for row in operator.contacts.list(limit=PER_PAGE).body["data"]]
    page = visit("/contacts", role="operator", locale=locale)
    visit.settle(page)
    shown = text_of(page)

    assert not newest or any(name in shown for name in newest), page_finding(
        "pages-contacts-not-shown", visit, page, names=", ".join(newest[:3])
    )
    return page


def _search(visit: Visit, page: "Page", text: str, how: str = "button") -> None:
    search_field(page).fill(text)
    SUBMITS[how](page)
    visit.settle(page)


@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("page/contacts/column/*", *(f"page/contacts/button/{slug(text)}" for text in TEXTS[-4:]))
def test_list_speaks_spanish(visit: Visit, operator: Product) -> None:
    """Columns and actions in the contract's words."""
    if not operator.contacts.list(limit=1).body["total"]:
        raise Unverified("no-contacts-to-look-at")
    page = visit("/contacts", role="operator")
    visit.settle(page)

    missing = visit.missing(page, *TEXTS)
    assert not missing, page_finding("pages-contacts-labels-differ", visit, page, missing=", ".join(missing))


@pytest.mark.a11y
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("page/contacts/button/editar", "page/contacts/button/eliminar", "page/contacts/a11y/button-names")
def test_buttons_of_a_row_have_names(visit: Visit, operator: Product) -> None:
    """An icon without a name is no button for a screen reader (contract 9.1, 9.10)."""
    if not operator.contacts.list(limit=1).body["total"]:
        raise Unverified("no-contacts-to-look-at")
    page = visit("/contacts", role="operator")
    visit.settle(page)
    shown = rows(page)

    assert shown, page_finding("pages-contacts-not-shown", visit, page, names="-")
    missing = [name for name in ROW_BUTTONS if not page.get_by_role("button", name=name, exact=True).count()]
    assert not missing, page_finding("pages-contacts-buttons-nameless", visit, page, missing=", ".join(missing))


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("page/contacts/does/ten-a-page")
def test_second_page_shows_the_next_contacts(visit: Visit, operator: Product) -> None:
    """Those that the API has there. Other checks write meanwhile, so half a page to either side is as good."""
    if operator.contacts.list(limit=1).body["total"] <= PER_PAGE:
        raise Unverified("pages-contacts-too-few", per_page=PER_PAGE)
    page = _list(visit, operator)
    page.get_by_role("button", name="Go to next page").or_(page.get_by_text("Siguiente", exact=True)).first.click()
    visit.settle(page)
    shown = [row[0].strip() for row in rows(page)]
    about = operator.contacts.list(skip=PER_PAGE // 2, limit=2 * PER_PAGE).body["data"]

    assert shown, page_finding("pages-contacts-second-page-empty", visit, page)
    strangers = [name for name in shown if name not in {row["name"] for row in about}]
    assert not strangers, finding(
        "pages-contacts-second-page-wrong", "/contacts", per_page=PER_PAGE, count=len(strangers), name=strangers[0]
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize("how", named({"button": "page/contacts/does/search", "Enter": "page/contacts/does/search-enter"}))
def test_search_shows_only_what_matches(visit: Visit, operator: Product, how: str) -> None:
    """By the button and by Enter."""
    name = operator.ledger.name("contacto buscado")
    sought = operator.contacts.new(name=name)
    operator.contacts.new(name=operator.ledger.name("otro contacto"))
    page = _list(visit, operator)
    _search(visit, page, name, how)

    seen = [row[0].strip() for row in rows(page)]
    if not seen:
        require_listed(operator, sought)
    assert seen == [name], page_finding("pages-contacts-search-ignored", visit, page, seen=seen[:3], name=name)


@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("page/contacts/state/no-se-encontraron-contactos")
def test_search_without_a_hit_says_so(visit: Visit, operator: Product) -> None:
    """An empty page looks like one that is still loading."""
    page = _list(visit, operator)
    _search(visit, page, operator.ledger.name("nadie"))

    unsaid = visit.missing(page, "No se encontraron contactos")
    assert not unsaid, page_finding("pages-contacts-no-hit-unsaid", visit, page, seen=text_of(page)[-200:])


@dataclass(frozen=True)
class FailedList:
    """What the page shows when the API answers 500: the API's own words, and why the contract's text is not there."""

    shows_internal: bool
    unsaid: Message | None

    @property
    def is_plain(self) -> bool:
        return not (self.shows_internal or self.unsaid)


def _list_that_fails(visit: Visit, operator: Product, env: Environment) -> FailedList:
    page = _list(visit, operator)
    allowed = {"access-control-allow-origin": env.web_url, "access-control-allow-credentials": "true"}
    answer = {"status": "error", "code": 500, "message": INTERNAL}
    page.context.route(f"{env.api_url}/api/contacts/**", lambda route: route.fulfill(status=500, headers=allowed, json=answer))
    page.reload()
    visit.settle(page)  # a client may ask again for some seconds before it shows an error
    unsaid = visit.missing(page, "Error al cargar los contactos", within_s=RETRIES_LIMIT_S)
    told = page_finding("pages-contacts-failure-unsaid", visit, page, seen=text_of(page)[-200:]) if unsaid else None
    return FailedList(not lacking(page, [INTERNAL]), told)


@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("page/contacts/state/error-al-cargar-los-contactos")
def test_failure_is_told_in_the_products_words(visit: Visit, looks: Looks, operator: Product, env: Environment) -> None:
    """Else the list looks as if there were no contacts."""
    failed = looks.once("a list that fails", visit, lambda: _list_that_fails(visit, operator, env))

    raw = failed.unsaid and failed.shows_internal
    assert not raw, finding("pages-contacts-show-internal-error", "/contacts", seen=INTERNAL)
    assert not failed.unsaid, failed.unsaid


@pytest.mark.plan("W7-D3-T2", "W1-D3-T1")
@pytest.mark.claims("page/contacts/does/no-internal-error")
def test_internal_error_is_not_shown(visit: Visit, looks: Looks, operator: Product, env: Environment) -> None:
    """The API's error text is for logs; users read the texts of the contract (R-28)."""
    failed = looks.once("a list that fails", visit, lambda: _list_that_fails(visit, operator, env))

    assert not failed.shows_internal, finding("pages-contacts-show-internal-error", "/contacts", seen=INTERNAL)


@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("page/contact/state/contacto-no-encontrado")
def test_missing_contact_is_told(visit: Visit) -> None:
    """A bookmark of a deleted contact must not look like a page that loads forever."""
    page = visit(f"/contacts/{NOBODY}", role="viewer")
    visit.settle(page)

    unsaid = visit.missing(page, "Contacto no encontrado")
    assert not unsaid, page_finding("pages-missing-contact-unsaid", visit, page, expects=[404], seen=text_of(page)[-200:])


def _form(visit: Visit) -> "Page":
    """The page of a new contact. Blocked where it has no form, which is a claim of its own."""
    page = visit("/contacts/new", role="operator")
    visit.settle(page)
    if visit.missing(page, "Nombre", "Número de Teléfono", "Crear"):
        raise Blocked(page_finding("contact-form-missing", visit, page, seen=visit.text(page)).finding)
    return page


@pytest.mark.a11y
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("page/contact-new/field/*/label", "page/contact-new/a11y/labels")
def test_fields_of_the_form_have_labels(visit: Visit) -> None:
    """A placeholder is gone as soon as something is typed, and is no name to a screen reader (contract 9.1)."""
    page = _form(visit)

    missing = [label for label in FIELDS if not page.get_by_label(label, exact=True).count()]
    assert not missing, page_finding("pages-contact-form-labels-untied", visit, page, missing=", ".join(missing))


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("page/contact-new/toast/contacto-creado-correctamente")
def test_saving_is_told(visit: Visit, operator: Product) -> None:
    """Who is not told saves again, and the contact is called twice (contract 9.10)."""
    page = _form(visit)
    field(page, "Nombre").fill(operator.ledger.name("contacto guardado"))
    field(page, "Número de Teléfono").fill("+34600123456")
    visit.press(button(page, "Crear"))

    unsaid = visit.missing(page, "Contacto creado correctamente")
    assert not unsaid, page_finding("contact-saved-unsaid", visit, page, after_press=True, seen=visit.text(page))


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("page/contact-new/does/saved-once")
def test_double_click_creates_one_contact(visit: Visit, operator: Product) -> None:
    """An impatient user presses twice; the campaign would call the contact twice."""
    name = operator.ledger.name("contacto impaciente")
    page = _form(visit)
    field(page, "Nombre").fill(name)
    field(page, "Número de Teléfono").fill("+34600123456")
    visit.press(button(page, "Crear"), times=2)
    comes_to(page, "/contacts")
    visit.settle(page)

    seen = len(operator.contacts.search(name).body)
    assert seen, page_finding("contact-form-loses-input", visit, page, after_press=True, seen=visit.text(page), values=name)
    assert seen == 1, finding("pages-double-click-creates-twice", "/contacts/new", seen=seen)


def _asked_to_delete(visit: Visit, operator: Product, contact: Contact) -> "Page":
    """The page after the button that deletes this contact was pressed: by its name, or as the last of its row."""
    page = _list(visit, operator)
    _search(visit, page, contact["name"])
    row = page.get_by_role("row").filter(has_text=contact["name"])
    named, all_of_row = button(row, "Eliminar"), row.get_by_role("button")
    if not row.count():
        require_listed(operator, contact)
    assert row.count(), page_finding("pages-contacts-not-shown", visit, page, names=contact["name"])
    assert named.count() or all_of_row.count(), page_finding(
        "pages-contacts-delete-button-missing", visit, page, seen=row.all_inner_texts(), name=contact["name"]
    )
    (named if named.count() else all_of_row).last.click()
    return page


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.parametrize(("answer", "status"), [("Cancelar", 200), ("Eliminar", 404)])
@pytest.mark.claims("page/contacts/does/deleted-when-confirmed")
def test_contact_is_deleted_only_when_confirmed(visit: Visit, operator: Product, answer: str, status: int) -> None:
    """The answer to the question counts."""
    created = operator.contacts.new()
    page = _asked_to_delete(visit, operator, created)
    unasked = visit.missing(page, answer)
    if not unasked:
        button(dialog(page), answer).last.click()
    visit.settle(page)

    read = operator.contacts.get(created["id"])
    there, asked = read.is_of(created["id"]), visit.account(page).calls
    deleted = any(sent.method == "DELETE" and not sent.has_failed for sent in asked)
    assert not (there and deleted and status == 404), finding("deleted-record-readable", read)  # the page did its part
    assert there or status == 404, finding("pages-contact-deleted-on-cancel", read, status=status, answer=answer)
    seen = describe(read.response)
    assert there == (status == 200), page_finding(
        "pages-contact-not-deleted", visit, page, seen=seen, status=status, answer=answer
    )
    assert not unasked, page_finding("pages-contacts-delete-unasked", visit, page, seen=text_of(page)[-200:], answer=answer)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("page/contacts/does/question-names", "page/contacts/dialog/estas-seguro")
def test_question_names_the_contact(visit: Visit, operator: Product) -> None:
    """Whoever confirms has to know what is lost: in a list, the line above is pressed by mistake."""
    created = operator.contacts.new()
    page = _asked_to_delete(visit, operator, created)
    visit.missing(page, QUESTION)

    asked = text_of(page).partition(QUESTION)[2]
    assert created["name"] in asked, page_finding(
        "pages-contacts-delete-question-differs", visit, page, seen=asked[:200] or visit.text(page), name=created["name"]
    )


@pytest.mark.a11y
@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("page/contacts/a11y/dialog-names", "page/contacts/dialog/estas-seguro")
def test_question_is_a_dialog(visit: Visit, operator: Product) -> None:
    """A screen reader goes on reading the page behind a question that is none to it (contract 9.1)."""
    page = _asked_to_delete(visit, operator, operator.contacts.new())
    if visit.missing(page, QUESTION):
        raise Blocked(
            page_finding("pages-contacts-delete-unasked", visit, page, seen=visit.text(page), answer="Cancelar").finding
        )

    marked = page.get_by_role("alertdialog", name=QUESTION).or_(page.get_by_role("dialog", name=QUESTION))
    assert marked.count(), page_finding("pages-contacts-question-no-dialog", visit, page, question=QUESTION)


@pytest.mark.plan("W7-D3-T2", "W2-D2-T10")
@pytest.mark.parametrize("locale", ["es-ES", "en-US"])
@pytest.mark.claims("page/contacts/does/export-name")
def test_export_is_named_by_its_day(visit: Visit, operator: Product, locale: str) -> None:
    """`contactos_YYYY-MM-DD.csv` in every browser, so that files sort and the month is not mistaken for the day."""
    page = _list(visit, operator, locale)
    seen = downloaded(page, button(page, "Exportar").click)

    assert seen is not None, page_finding("pages-export-gives-no-file", visit, page)
    assert re.fullmatch(r"contactos_\d{4}-\d\d-\d\d\.csv", seen), finding(
        "pages-export-named-by-locale", "/contacts", seen=seen, locale=locale
    )
