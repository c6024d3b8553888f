"""What the form of /login says about its fields, and what it lets through (contract 9.4, R-27)."""

import secrets

import pytest

from fixtures.browser.pages import alerts, enter
from fixtures.browser.visit import Visit
from fixtures.wire.finding import finding

EMAIL, PASSWORD = "Correo Electrónico", "Contraseña"
WRONG_FIELDS = {
    "no e-mail": ("", "secreto", EMAIL, "El correo electrónico es obligatorio"),
    "no address": ("no-es-correo", "secreto", EMAIL, "Dirección de correo inválida"),
    "no password": ("a@example.com", "", PASSWORD, "La contraseña es obligatoria"),
    "five characters": ("a@example.com", "12345", PASSWORD, "La contraseña debe tener al menos 6 caracteres"),
}


@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize(("email", "password", "field", "message"), WRONG_FIELDS.values(), ids=WRONG_FIELDS)
def test_field_says_what_is_wrong(visit: Visit, email: str, password: str, field: str, message: str) -> None:
    """In the contract's words, announced, and tied to the field for users of a screen reader (contract 9.1)."""
    page = visit("/login")
    enter(page, email, password)
    visit.settle(page)

    assert message in alerts(page), finding(
        "sign-in-field-message-missing", "/login", seen=repr(alerts(page)), field=field, message=message
    )
    described_by = page.get_by_label(field, exact=True).get_attribute("aria-describedby") or ""
    seen = [page.locator(f"[id='{name}']").inner_text() for name in described_by.split()]
    assert message in seen, finding(
        "sign-in-field-message-not-tied", "/login", seen=f"aria-describedby: {seen}", field=field, message=message
    )


@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
def test_six_characters_are_enough(visit: Visit) -> None:
    """Passwords from before the rule of eight still open their accounts: the form lets them through (contract R-27)."""
    page = visit("/login")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    enter(page, f"nobody-{secrets.token_hex(6)}@example.com", secrets.token_hex(3))
    visit.settle(page)

    assert "POST" in sent, finding("sign-in-short-password-not-sent", "/login", seen=repr(alerts(page)))
