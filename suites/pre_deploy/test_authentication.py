"""What the authentication layer makes of headers and tokens that no client of ours sends (contract 1.6, R-05)."""

from typing import Any

import pytest

from fixtures.product.nouns import Product
from fixtures.product.tokens import sign_with
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding, observed
from record.outcome import Blocked

PATHS = {"datos": "/api/campaigns/", "usuario": "/api/auth/me"}  # behind the layer, and on a public prefix
MALFORMED = {
    "esquema sin ficha": "Bearer",
    "esquema Basic": "Basic {token}",
    "ficha sin esquema": "{token}",
    "una palabra de más": "Bearer {token} extra",
    "ficha partida": "Bearer abc.def ghi",
    "dos espacios": "Bearer  {token}",
    "coma": "Bearer {token}, Bearer {token}",
}
ROLES: dict[str, Any] = {"lista": ["viewer"], "número": 7, "nulo": None, "objeto": {"name": "viewer"}, "texto vacío": ""}

pytestmark = pytest.mark.plan("W1-D3-T1")


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize("header", MALFORMED.values(), ids=MALFORMED)
def test_malformed_authorization_is_refused(product: Product, viewer: Product, header: str, path: str) -> None:
    """With 401 and no server error: anybody can send it."""
    answer = product.get(path, headers={"authorization": header.format(token=viewer.bearer_token())})

    assert answer.status_code == 401, finding("malformed-authorization-not-refused", answer)


def test_scheme_is_read_in_any_case(product: Product, viewer: Product) -> None:
    """`bearer` is as good as `Bearer` (RFC 9110, contract 1.6)."""
    usual = viewer.get("/api/campaigns/")
    if usual.status_code == 401:
        raise Blocked(observed("token-opens-not-every-router", usual, area="/api/campaigns"))
    answer = product.get("/api/campaigns/", headers={"authorization": f"bearer {viewer.bearer_token()}"})

    assert answer.status_code != 401, finding("scheme-read-by-case", answer)


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_role_of_another_type_is_no_server_error(product: Product, viewer: Product, env: Environment, role: Any) -> None:
    """A token of ours whose role is no text opens nothing more, and breaks nothing."""
    token = sign_with({"role": role}, viewer.bearer_token(), env.need("supabase.jwt_secret"))
    answer = product.get("/api/campaigns/", token=token)

    assert answer.status_code < 500, finding("role-claim-crashes", answer)
