"""What the deployment shows to strangers: origins, documentation, limits."""

import json
from typing import Any

import pytest

from fixtures.product.contract import cross_origin
from fixtures.product.contract.sessions import LAYER
from fixtures.product.identities import People
from fixtures.product.nouns import NOBODY, Product
from fixtures.product.response import Response
from fixtures.product.tokens import sign, sign_with
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding, locate
from fixtures.wire.header_values import media_type, whole_number
from suites.claiming import claiming, named
from suites.forged import cause_of_acceptance
from suites.rights import require_rights_looked_at
from suites.sharing import unread

FOREIGN = ("https://evil.example", "null", "https://{host}.evil.example")
STRANGER = "evil.example"
# Two areas, as one may be out of order.
CHANGES_OF_NOBODY = (("PATCH", f"/api/campaigns/{NOBODY}"), ("PUT", f"/api/contacts/{NOBODY}"))
PATHS = {"pública": "/", "entrada": "/api/auth/me", "datos": "/api/contacts/"}
FORWARDED = {
    "datos": "/api/campaigns/",
    "caché de audio": "/api/audio-cache/stats",
    "caché": "/cache/metrics",
    "salud": "/health",
    "esquema": "/openapi.json",
    "no existe": "/api/auth/does-not-exist",
}
HIDDEN = {"/docs": "root/docs", "/redoc": "root/redoc", "/openapi.json": "root/schema"}
# Kinds of genuinely signed tokens, and what it is called where one opens something.
SIGNED = {
    "no-exp": "token-without-expiry-accepted",
    "expired": "expired-token-accepted",
    "other-audience": "token-of-another-service-accepted",
    "hs512": "token-algorithm-not-pinned",
}
SITUATIONS = {each.kind: f"session/{each.id}/status" for each in LAYER if each.kind in SIGNED}
ANSWERS = {path: name for name, (path, role) in cross_origin.ANSWERS.items() if role is None}
STRANGERS = ("foreign", "null", "suffix")  # FOREIGN, as the contract's table names them


def _foreign(env: Environment) -> list[str]:
    host = env.web_url.split("://", 1)[1]
    return [origin.format(host=host) for origin in FOREIGN]


def _require_no_access(answer: Response[Any], origin: str) -> None:
    seen = answer.headers.get("access-control-allow-origin")
    assert seen not in (origin, "*"), finding(
        "foreign-origin-allowed", answer, seen=f"Access-Control-Allow-Origin: {seen}", origin=origin
    )


@pytest.mark.plan("W1-D3-T4")
@pytest.mark.parametrize("path", claiming(PATHS, lambda path: [f"cors/answer/{ANSWERS[path]}/{each}" for each in STRANGERS]))
def test_foreign_origin_is_not_let_in(product: Product, env: Environment, path: str) -> None:
    """A page of another site must not read our answers with our users' rights (contract R-12)."""
    for origin in _foreign(env):
        _require_no_access(product.get(path, headers={"origin": origin}), origin)


@pytest.mark.claims(*(f"cors/preflight/POST/{each}" for each in STRANGERS))
@pytest.mark.plan("W1-D3-T4")
def test_foreign_preflight_is_not_let_in(product: Product, env: Environment) -> None:
    """Nor ask before writing."""
    for origin in _foreign(env):
        _require_no_access(product.preflight("/api/contacts/", origin=origin, method="POST"), origin)


@pytest.mark.claims("cors/preflight/POST/own", "cors/preflight/without-token")
@pytest.mark.plan("W1-D3-T4")
def test_own_origin_is_let_in(product: Product, env: Environment) -> None:
    """An empty allow-list breaks the frontend."""
    answer = product.preflight("/api/contacts/", origin=env.web_url, method="POST")

    assert answer.status_code == 200, finding("preflight-refused", answer)
    seen = answer.headers.get("access-control-allow-origin")
    assert seen == env.web_url, finding(
        "own-origin-not-allowed", answer, seen=f"Access-Control-Allow-Origin: {seen or '-'}", origin=env.web_url
    )


@pytest.mark.plan("W1-D3-T1")
@pytest.mark.parametrize("path", named(HIDDEN))
def test_documentation_is_hidden_in_production(admin: Product, path: str) -> None:
    """A map of the API is for those who build it (contract R-19)."""
    answer = admin.get(path)

    production = admin.root().body["environment"] == "production"
    open_outside = not production and path == "/openapi.json"
    expected = 200 if open_outside else 404
    served = "schema-served" if path == "/openapi.json" else "documentation-served"
    cause = "schema-not-served" if open_outside else served
    assert answer.status_code == expected, finding(cause, answer, path=path)


@pytest.mark.claims("root/docs_url")
@pytest.mark.plan("W1-D3-T1")
def test_root_does_not_point_to_documentation(product: Product) -> None:
    """`docs_url` is null in production (contract 2.4)."""
    root = product.root()

    expected = None if root.body["environment"] == "production" else "/docs"
    seen = root.body["docs_url"]
    assert seen == expected, finding(
        "docs-url-of-another-environment", root, seen=f"docs_url: {json.dumps(seen)}", docs_url=json.dumps(expected)
    )


@pytest.mark.limits
@pytest.mark.claims("header/api/limit", "header/api/remaining", "header/api/counted")
@pytest.mark.plan("W1-D3-T5")
def test_requests_are_counted_against_a_limit(viewer: Product, env: Environment) -> None:
    """The headers tell a client how much is left, and it becomes less (contract R-09)."""
    limit = env.need("limits.rate_limit_per_minute")
    first, second = viewer.campaigns.list(), viewer.campaigns.list()

    limits = [answer.headers.get("x-ratelimit-limit") for answer in (first, second)]
    assert all(limits), finding("rate-limit-header-missing", first, seen=json.dumps(limits), header=f"X-RateLimit-Limit: {limit}")
    told = [answer.headers.get("x-ratelimit-remaining") for answer in (first, second)]
    remaining = [number for text in told if (number := whole_number(text)) is not None]
    assert len(remaining) == len(told), finding(
        "rate-limit-header-missing", second, seen=json.dumps(told), header="X-RateLimit-Remaining"
    )
    assert remaining[1] != remaining[0], finding("requests-not-counted", second, seen=remaining)  # more: another window


@pytest.mark.plan("W1-D3-T1")
@pytest.mark.parametrize("kind", named(SITUATIONS))
def test_signed_token_is_read_before_it_is_trusted(product: Product, people: People, env: Environment, kind: str) -> None:
    """A genuine signature is not enough: what never expires, or is for another audience, opens nothing (contract R-05)."""
    answer = product.get(unread("/api/contacts/"), token=sign(kind, people.token("admin"), env.need("supabase.jwt_secret")))

    assert answer.status_code == 401, finding(cause_of_acceptance(product, answer, SIGNED[kind]), answer)


@pytest.mark.rbac
@pytest.mark.claims("session/layer/role-in-metadata/status")
@pytest.mark.plan("W1-D3-T1")
@pytest.mark.parametrize("place", ["user_metadata", "app_metadata"])
def test_role_is_not_read_from_elsewhere(product: Product, viewer: Product, env: Environment, place: str) -> None:
    """A viewer stays one, whatever else the token says; user_metadata is what users write themselves."""
    secret, why = env.need("supabase.jwt_secret"), "a viewer changes nothing"
    for change in CHANGES_OF_NOBODY:
        plain = viewer.forbidden(*change, {"name": "Comprobación"}, because=why)
        if plain.status_code < 500:
            break
    require_rights_looked_at(plain, viewer)
    where = f"{locate(plain.response)}, as viewer: {plain.status_code}"
    assert plain.status_code < 500, finding("request-not-served", plain, where=where, status=403)
    assert plain.status_code == 403, finding("role-not-enforced", plain, where=where)
    token = sign_with({place: {"role": "admin", "roles": ["admin"]}}, viewer.bearer_token(), secret)
    answer = product.forbidden(*change, {"name": "Comprobación"}, because=why, token=token)

    assert answer.status_code == 403, finding("role-read-from-metadata", answer, claim=place)


@pytest.mark.claims("redirect/http/foreign-host")
@pytest.mark.plan("W1-D3-T1", "W1-D4-T10")
@pytest.mark.parametrize(
    "path", ["/", pytest.param("/api/auth/me/", marks=pytest.mark.claims("redirect/api-redirect/foreign-host"))]
)
def test_redirect_never_leads_to_a_stranger(product: Product, env: Environment, path: str) -> None:
    """What the client claims to be the host must not come back as the place to go to (contract 8.3)."""
    for origin in (env.need("http_url"), env.api_url):
        answer = product.get(f"{origin}{path}", headers={"host": STRANGER})

        seen = answer.headers.get("location", "")
        assert STRANGER not in seen, finding("redirect-to-foreign-host", answer, seen=f"Location: {seen}", host=STRANGER)


@pytest.mark.plan("W1-D4-T4", "W1-D4-T10")
@pytest.mark.parametrize("path", claiming(FORWARDED, lambda path: [f"proxy/{path.split('/')[1].removesuffix('.json')}"]))
def test_proxy_hands_paths_on_unchanged(viewer: Product, env: Environment, path: str) -> None:
    """Same path, same answer, direct and through the proxy (contract R-13)."""
    direct, proxied = viewer.get(f"{env.need('backend_url')}{path}"), viewer.get(path)

    expected, seen = (f"{each.status_code} {kind_of(each)}" for each in (direct, proxied))
    assert seen == expected, finding("proxy-changes-paths", proxied, seen=seen, direct=expected)


def kind_of(answer: Response[Any]) -> str:
    """The media type; empty without one."""
    return media_type(answer.headers.get("content-type", ""))
