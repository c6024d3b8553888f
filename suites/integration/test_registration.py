"""Who registers by themselves gets no power (contract R-08). The account is removed afterwards, at Supabase."""

import secrets
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fixtures.product.nouns import Product, User
from fixtures.product.response import Response
from fixtures.wire.finding import stated as finding

if TYPE_CHECKING:
    from supabase import Client

pytestmark = [
    pytest.mark.plan("W1-D5-T1", "W1-D3-T1"),
    pytest.mark.writes("registers an account and removes it at Supabase"),
]


@dataclass(frozen=True)
class Newcomer:
    """Somebody who registered a moment ago and asked for more than is theirs."""

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


def test_registration_gives_no_power(newcomer: Newcomer) -> None:
    """The role `user`, whatever was asked for."""
    assert newcomer.answer.status_code == 201, finding(newcomer.answer, expected="201", then="does the API reach Supabase auth?")
    seen = newcomer.answer.body["roles"]
    assert seen == ["user"], finding(
        newcomer.answer,
        expected="the role user",
        seen=f"the roles {seen}",
        then="'admin' was asked for: is a field of the body believed? Else look at the default role. Stop the release",
    )


@pytest.mark.rbac
def test_newcomer_only_looks(newcomer: Newcomer, product: Product) -> None:
    """`user` counts as viewer: reading, and nothing else."""
    login = product.accounts.login(newcomer.email, newcomer.password)

    assert login.status_code == 200, finding(login, expected="200", then="is the e-mail confirmed at once (contract 1.7)?")
    roles = login.body["user"]["roles"]
    assert roles == ["user"], finding(
        login, expected="the role user", seen=f"the roles {roles}", then="a newcomer has power: stop the release"
    )
    token = login.body["access_token"]
    contact = {"name": product.ledger.name("contacto"), "phone_number": "+34600000000"}
    answer = product.forbidden("POST", "/api/contacts/", contact, because="a newcomer may not create contacts", token=token)
    assert answer.status_code == 403, finding(answer, expected="403", then="only the role viewer is refused, and not user")
