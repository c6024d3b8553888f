"""What the authentication layer makes of headers and tokens that no client of ours sends (contract 1.6, R-05)."""

from typing import Any

import pytest

from fixtures.product.nouns import Product
from fixtures.product.tokens import sign_with
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding, observed
from record.outcome import Blocked

PATHS = {"datos": "/api/campaigns/", "usuario": "/api/auth/me"}  # behind the layer, and on a public prefix
# The header, and which situation of the contract that is.
MALFORMED = {
    "esquema sin ficha": ("Bearer", "scheme-alone"),
    "esquema Basic": ("Basic {token}", "not-bearer"),
    "ficha sin esquema": ("{token}", "token-alone"),
    "una palabra de más": ("Bearer {token} extra", "three-parts"),
    "ficha partida": ("Bearer abc.def ghi", "three-parts"),
    "dos espacios": ("Bearer  {token}", "two-spaces"),
    "coma": ("Bearer {token}, Bearer {token}", "two-tokens"),
}
ROLES: dict[str, Any] = {"lista": ["viewer"], "número": 7, "nulo": None, "objeto": {"name": "viewer"}, "texto vacío": ""}

pytestmark = pytest.mark.plan("W1-D3-T1")


def _cases() -> list[pytest.ParameterSet]:
    """Each header at each path; the layer of which the contract speaks is in front of the data."""
    cases = {f"{name}-{place}": (*header, path) for name, header in MALFORMED.items() for place, path in PATHS.items()}
    return [
        pytest.param(header, path, id=name, marks=pytest.mark.claims(*[f"session/layer/{row}/status"] * (path == PATHS["datos"])))
        for name, (header, row, path) in cases.items()
    ]


@pytest.mark.parametrize(("header", "path"), _cases())
def test_malformed_authorization_is_refused(product: Product, viewer: Product, header: str, path: str) -> None:
    """With 401 and no server error: anybody can send it."""
    answer = product.get(path, headers={"authorization": header.format(token=viewer.bearer_token())})

    assert answer.status_code == 401, finding("malformed-authorization-not-refused", answer)


@pytest.mark.claims("session/layer/lower-case-scheme/let-in")
def test_scheme_is_read_in_any_case(product: Product, viewer: Product) -> None:
    """`bearer` is as good as `Bearer` (RFC 9110, contract 1.6)."""
    usual = viewer.get("/api/campaigns/")
    if usual.status_code == 401:
        raise Blocked(observed("token-opens-not-every-router", usual, area="/api/campaigns"))
    answer = product.get("/api/campaigns/", headers={"authorization": f"bearer {viewer.bearer_token()}"})

    assert answer.status_code != 401, finding("scheme-read-by-case", answer)


@pytest.mark.claims("session/layer/role-of-another-type/no-5xx")
@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_role_of_another_type_is_no_server_error(product: Product, viewer: Product, env: Environment, role: Any) -> None:
    """A token of ours whose role is no text opens nothing more, and breaks nothing."""
    token = sign_with({"role": role}, viewer.bearer_token(), env.need("supabase.jwt_secret"))
    answer = product.get("/api/campaigns/", token=token)

    assert answer.status_code < 500, finding("role-claim-crashes", answer)
