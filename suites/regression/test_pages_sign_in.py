"""What the form of /login says about its fields, and what it lets through (contract 9.4, R-27)."""

import secrets
from typing import TYPE_CHECKING

import pytest

from fixtures.browser.pages import alerts, login_field
from fixtures.browser.visit import Visit, page_finding
from fixtures.product.contract.page import slug
from fixtures.wire.finding import Message
from record.outcome import Blocked
from suites.claiming import claiming

if TYPE_CHECKING:  # importing Playwright takes 0.2 s, and a run without pages does not need it
    from playwright.sync_api import Page

EMAIL, PASSWORD = "Correo Electrónico", "Contraseña"
REFUSED = (400, 401)  # what Supabase answers to a wrong password, by its version
WRONG_FIELDS = {
    "no e-mail": ("", "secreto", EMAIL, "El correo electrónico es obligatorio"),
    "no address": ("no-es-correo", "secreto", EMAIL, "Dirección de correo inválida"),
    "no password": ("a@example.com", "", PASSWORD, "La contraseña es obligatoria"),
    "five characters": ("a@example.com", "12345", PASSWORD, "La contraseña debe tener al menos 6 caracteres"),
}
IDS = {EMAIL: "email", PASSWORD: "password"}
FIELD_PARAMETERS = ("email", "password", "field", "message")
on_each_field = pytest.mark.parametrize(FIELD_PARAMETERS, WRONG_FIELDS.values(), ids=WRONG_FIELDS)


def _message_of(case: tuple[str, ...]) -> list[str]:
    """The row of the message that this field shows."""
    return [f"page/login/field/{IDS[case[2]]}/{slug(case[3])}"]


def _unsaid(visit: Visit, page: "Page", field: str, message: str) -> Message:
    seen = visit.text(page)
    return page_finding("sign-in-field-message-missing", visit, page, expects=REFUSED, seen=seen, field=field, message=message)


@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize(FIELD_PARAMETERS, claiming(WRONG_FIELDS, _message_of, several=True))
def test_field_says_what_is_wrong(visit: Visit, email: str, password: str, field: str, message: str) -> None:
    """In the contract's words, before anything is sent."""
    page, is_said = _pressed(visit, email, password, message)

    assert is_said, _unsaid(visit, page, field, message)


def _pressed(visit: Visit, email: str, password: str, message: str) -> "tuple[Page, bool]":
    """/login after the press, and whether it says this: after a second press at the latest, for the first is another claim's."""
    page = visit("/login")
    for _ in range(2):
        visit.enter(page, email, password)
        visit.settle(page)
        if not visit.missing(page, message):
            return page, True
    return page, False


def _with_message(visit: Visit, email: str, password: str, field: str, message: str) -> "Page":
    """/login after the press that has to be answered with this message. Blocked where nobody is told: that is another claim."""
    page, is_said = _pressed(visit, email, password, message)
    if not is_said:
        raise Blocked(_unsaid(visit, page, field, message).finding)
    return page


@pytest.mark.a11y
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@on_each_field
@pytest.mark.claims("page/login/a11y/errors-announced")
def test_field_message_is_announced(visit: Visit, email: str, password: str, field: str, message: str) -> None:
    """Users of a screen reader are told at once (contract 9.1)."""
    page = _with_message(visit, email, password, field, message)

    assert message in alerts(page), page_finding(
        "sign-in-error-not-announced", visit, page, expects=REFUSED, seen=visit.text(page)
    )


@pytest.mark.a11y
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@on_each_field
@pytest.mark.claims("page/login/a11y/errors-tied")
def test_field_message_is_tied_to_its_field(visit: Visit, email: str, password: str, field: str, message: str) -> None:
    """And told again when they come back to the field (contract 9.1)."""
    page = _with_message(visit, email, password, field, message)

    described_by = login_field(page, field).get_attribute("aria-describedby") or ""
    named = [page.locator(f"[id='{name}']") for name in described_by.split()]
    tied = [text for each in named for text in each.all_inner_texts()]
    assert message in tied, page_finding(
        "sign-in-field-message-not-tied", visit, page, seen=f"aria-describedby: {tied}", field=field, message=message
    )


@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("page/login/does/six-characters")
def test_six_characters_are_enough(visit: Visit) -> None:
    """Passwords from before the rule of eight still open their accounts: the form lets them through (contract R-27)."""
    page = visit("/login")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    visit.enter_until_sent(page, f"nobody-{secrets.token_hex(6)}@example.com", secrets.token_hex(3))
    visit.settle(page)

    assert "POST" in sent, page_finding("sign-in-short-password-not-sent", visit, page, seen=visit.text(page))
