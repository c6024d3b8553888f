"""An account that registers itself gets no rights (contract R-08). It is removed afterwards, at Supabase."""

import secrets
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fixtures.product.entrances import holds_tokens
from fixtures.product.identities import People
from fixtures.product.nouns import Product, Tokens, User
from fixtures.product.response import Response
from fixtures.wire.finding import finding, observed
from record.outcome import Blocked
from suites.rights import require_rights_looked_at

if TYPE_CHECKING:
    from supabase import Client

pytestmark = [
    pytest.mark.plan("W1-D5-T1", "W1-D3-T1"),
    pytest.mark.writes("registers an account and removes it at Supabase"),
]


@dataclass(frozen=True)
class Newcomer:
    """A user who registered a moment ago and asked for the role admin."""

    email: str
    password: str
    answer: Response[User]


@pytest.fixture
def newcomer(product: Product, supabase_as_service: "Client") -> Generator[Newcomer]:
    """Registered, and removed again; Unverified without the service key, with which that is done."""
    email, password = f"{product.ledger.run_id}-{secrets.token_hex(4)}@example.com", secrets.token_urlsafe(16)
    answer = product.accounts.register(email, password, name="Comprobación del despliegue", role="admin")
    yield Newcomer(email, password, answer)
    if answer.status_code == 201:
        supabase_as_service.auth.admin.delete_user(answer.body["id"])


def _signed_in(newcomer: Newcomer, product: Product, sign_in: People) -> Response[Tokens]:
    """The newcomer's own sign-in. Of a login that refuses everybody nothing is learnt about newcomers."""
    login = product.accounts.login(newcomer.email, newcomer.password)
    if not holds_tokens(login):
        sign_in.require_login_now("viewer")
    assert login.status_code == 200, finding("registered-user-cannot-sign-in", login)
    return login


@pytest.mark.claims("field/registration.password/refuses-7-characters")
def test_short_password_is_refused(product: Product, supabase_as_service: "Client") -> None:
    """By the server: eight characters is the binding rule, whatever a page asks for (contract R-27)."""
    email = f"{product.ledger.run_id}-{secrets.token_hex(4)}@example.com"
    answer = product.accounts.register(email, secrets.token_urlsafe(16)[:7], name="Comprobación del despliegue")
    if answer.status_code == 201:
        supabase_as_service.auth.admin.delete_user(answer.body["id"])

    assert answer.status_code == 422, finding("short-password-accepted", answer)


@pytest.mark.claims("route/POST /api/auth/register/409", "field/registration.email/taken-refused")
def test_taken_email_is_refused(newcomer: Newcomer, product: Product, sign_in: People) -> None:
    """Said as what it is, and the account stays as it was (contract 1.7)."""
    assert newcomer.answer.status_code == 201, finding("registration-refused", newcomer.answer)
    again = product.accounts.register(newcomer.email, secrets.token_urlsafe(16), name="Comprobación del despliegue")

    assert again.status_code == 409, finding("taken-email-not-refused", again)
    _signed_in(newcomer, product, sign_in)


@pytest.mark.claims("field/registration.roles/user-whatever-is-asked", "field/registration/unknown-field-ignored")
def test_registration_gives_no_power(newcomer: Newcomer) -> None:
    """The role `user`, whatever was asked for."""
    assert newcomer.answer.status_code == 201, finding("registration-refused", newcomer.answer)
    seen = newcomer.answer.body["roles"]
    assert seen == ["user"], finding("registration-gives-rights", newcomer.answer, seen=f"roles: {seen}")


@pytest.mark.claims("field/registration.roles/user-whatever-is-asked")
def test_newcomer_signs_in_without_power(newcomer: Newcomer, product: Product, sign_in: People) -> None:
    """What registration answers is not what the account has: the frontend goes by the sign-in."""
    login = _signed_in(newcomer, product, sign_in)

    roles = login.body["user"]["roles"]
    assert roles == ["user"], finding("registration-gives-rights", login, seen=f"roles: {roles}")


@pytest.mark.rbac
@pytest.mark.claims("route/POST /api/contacts//viewer")
def test_newcomer_only_looks(newcomer: Newcomer, product: Product, sign_in: People) -> None:
    """`user` counts as viewer: reading, and nothing else."""
    login = _signed_in(newcomer, product, sign_in)
    if (roles := login.body["user"]["roles"]) != ["user"]:  # what a stronger role may do says nothing of this one
        raise Blocked(observed("registration-gives-rights", login, seen=f"roles: {roles}"))
    token = login.body["access_token"]
    contact = {"name": product.ledger.name("contacto"), "phone_number": "+34600000000"}
    answer = product.forbidden("POST", "/api/contacts/", contact, because="a newcomer may not create contacts", token=token)
    require_rights_looked_at(answer, product)
    assert answer.status_code < 500, finding("request-not-served", answer, status=403)
    assert answer.status_code != 401, finding("token-opens-not-every-router", answer, area="/api/contacts")
    assert answer.status_code == 403, finding("role-not-enforced", answer)
