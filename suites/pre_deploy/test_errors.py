"""What the deployment says when it refuses or fails: enough to go on with, and nothing of its inside (contract 2.2, R-28)."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from fixtures.product.nouns import Product
from fixtures.product.response import Response
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding

INSIDE = re.compile(r'Traceback|File "|psycopg|postgrest|PGRST|Exception|\w+Error\b|SELECT |getaddrinfo|unpack')
ODD = {
    "sin ficha": "/api/contacts/",
    "ruta que no existe": "/api/auth/does-not-exist",
    "entrada con GET": "/api/auth/login",
}
ODD_SIGNED = {
    "lista": "/api/contacts/?limit=1",
    "ruta que no existe": "/api/does-not-exist",
    "id que no es": "/api/contacts/not-an-id",
    "id de nadie": "/api/campaigns/00000000-0000-4000-8000-000000000000",
    "página enorme": "/api/calls/?page=999999999999999999999999",
    "fecha que no es": "/api/reports/performance_metrics?start_date=ayer",
    "comillas": "/api/contacts/?search=%27%22%3B--%00",
}

pytestmark = pytest.mark.plan("W1-D3-T1")


@pytest.mark.parametrize("path", ODD.values(), ids=ODD)
def test_refusal_tells_nothing_inside(product: Product, env: Environment, path: str) -> None:
    """Not to strangers."""
    answer = product.get(path)

    require_nothing_inside(answer, answer.text, env)


@pytest.mark.parametrize("path", ODD_SIGNED.values(), ids=ODD_SIGNED)
def test_error_tells_nothing_inside(viewer: Product, env: Environment, path: str) -> None:
    """Nor to those who are signed in: whatever comes back for an odd request, a crash included."""
    answer = viewer.get(path)
    refusal = answer.text if answer.status_code >= 400 else ""  # data may say what it likes

    require_nothing_inside(answer, refusal, env)


def test_malformed_token_tells_nothing_inside(product: Product, env: Environment) -> None:
    """What a scanner sends first."""
    answer = product.get("/api/contacts/", token=".".join("????"))

    require_nothing_inside(answer, answer.text, env)


def test_failed_sign_in_tells_nothing_inside(product: Product, env: Environment) -> None:
    """A refused sign-in says neither why nor where the accounts are kept."""
    answer = product.accounts.login(f"{product.ledger.run_id}@example.com", "no-such-account")

    require_nothing_inside(answer, answer.text, env)


@pytest.mark.parametrize(("path", "allowed"), [("/api/auth/me", "GET"), ("/api/auth/login", "POST")])
def test_wrong_method_names_the_right_one(product: Product, path: str, allowed: str) -> None:
    """A 405 carries Allow (RFC 9110, contract 2.2)."""
    answer = product.head(path)

    assert answer.status_code == 405, finding("wrong-method-not-refused", answer)
    seen = answer.headers.get("allow", "")
    assert allowed in seen, finding("allow-header-missing", answer, seen=f"Allow: {seen or '-'}", method=allowed)


def require_nothing_inside(answer: Response[Any], body: str, env: Environment) -> None:
    """No exception text, SQL, stack or host name of what stands behind (contract R-28)."""
    behind = [urlsplit(address).netloc for address in (env.supabase.url, env.backend_url) if address]
    internals = [*INSIDE.findall(body), *(host for host in behind if host in body)]

    assert not internals, finding("error-reveals-internals", answer, seen=f"{internals[0]!r}: {' '.join(body.split())[:200]!r}")
