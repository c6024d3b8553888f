"""What the deployment shows to strangers: origins, documentation, limits."""

from typing import Any

import pytest

from fixtures.product.nouns import NOBODY, Product
from fixtures.product.response import Response
from fixtures.product.tokens import SIGNED, sign, sign_with
from fixtures.profile.environment import Environment
from fixtures.wire.finding import stated as finding

FOREIGN = ("https://evil.example", "null", "https://{host}.evil.example")
STRANGER = "evil.example"
PATHS = {"pública": "/", "entrada": "/api/auth/me", "datos": "/api/contacts/"}
FORWARDED = {
    "datos": "/api/campaigns/",
    "caché de audio": "/api/audio-cache/stats",
    "caché": "/cache/metrics",
    "salud": "/health",
    "esquema": "/openapi.json",
    "no existe": "/api/auth/does-not-exist",
}
HIDDEN = ("/docs", "/redoc", "/openapi.json")


def _foreign(env: Environment) -> list[str]:
    host = env.web_url.split("://", 1)[1]
    return [origin.format(host=host) for origin in FOREIGN]


def _require_no_access(answer: Response[Any], origin: str) -> None:
    seen = answer.headers.get("access-control-allow-origin")
    assert seen not in (origin, "*"), finding(
        answer,
        expected=f"no access for {origin}",
        seen=f"Access-Control-Allow-Origin: {seen}",
        then="list the web origins in CORS_ORIGINS and reflect only those",
    )


@pytest.mark.plan("W1-D3-T4")
@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_foreign_origin_is_not_let_in(product: Product, env: Environment, path: str) -> None:
    """A page of somebody else must not read our answers with our users' rights (contract R-12)."""
    for origin in _foreign(env):
        _require_no_access(product.get(path, headers={"origin": origin}), origin)


@pytest.mark.plan("W1-D3-T4")
def test_foreign_preflight_is_not_let_in(product: Product, env: Environment) -> None:
    """Nor ask before writing."""
    for origin in _foreign(env):
        _require_no_access(product.preflight("/api/contacts/", origin=origin, method="POST"), origin)


@pytest.mark.plan("W1-D3-T4")
def test_own_origin_is_let_in(product: Product, env: Environment) -> None:
    """An allow-list that lists nobody breaks the frontend."""
    answer = product.preflight("/api/contacts/", origin=env.web_url, method="POST")

    assert answer.status_code == 200, finding(
        answer, expected="200", then="is a preflight answered before authentication? A browser sends no token with it"
    )
    seen = answer.headers.get("access-control-allow-origin")
    assert seen == env.web_url, finding(
        answer, expected=f"Access-Control-Allow-Origin: {env.web_url}", seen=seen, then="add the web origin to CORS_ORIGINS"
    )


@pytest.mark.plan("W1-D3-T1")
@pytest.mark.parametrize("path", HIDDEN)
def test_documentation_is_hidden_in_production(admin: Product, path: str) -> None:
    """A map of the API is for those who build it (contract R-19)."""
    answer = admin.get(path)

    production = admin.root().body["environment"] == "production"
    open_outside = not production and path == "/openapi.json"
    expected = 200 if open_outside else 404
    assert answer.status_code == expected, finding(answer, expected=expected, then="set DEBUG=false and APP_ENV=production")


@pytest.mark.plan("W1-D3-T1")
def test_root_does_not_point_to_documentation(product: Product) -> None:
    """`docs_url` is null in production (contract 2.4)."""
    root = product.root()

    expected = None if root.body["environment"] == "production" else "/docs"
    seen = root.body["docs_url"]
    assert seen == expected, finding(root, expected=expected, seen=seen, then="is APP_ENV what this environment is?")


@pytest.mark.plan("W1-D3-T5")
def test_requests_are_counted_against_a_limit(viewer: Product, env: Environment) -> None:
    """The headers tell a client how much is left, and it becomes less (contract R-09)."""
    env.require("limits.rate_limit_per_minute")
    first, second = viewer.campaigns.list(), viewer.campaigns.list()

    limits = [answer.headers.get("x-ratelimit-limit") for answer in (first, second)]
    assert all(limits), finding(
        first,
        expected=f"X-RateLimit-Limit (a limit of {env.limits.rate_limit_per_minute}/min)",
        seen=limits,
        then="is rate limiting on?",
    )
    remaining = [int(answer.headers.get("x-ratelimit-remaining", "-1")) for answer in (first, second)]
    window_turned = remaining[1] > remaining[0]
    assert min(remaining) >= 0, finding(second, expected="X-RateLimit-Remaining", seen=remaining, then="is rate limiting on?")
    assert window_turned or remaining[1] < remaining[0], finding(
        second, expected=f"fewer than {remaining[0]} left", seen=remaining[1], then="is the counter shared, and counted at all?"
    )


@pytest.mark.plan("W1-D3-T1")
@pytest.mark.parametrize("kind", SIGNED)
def test_signed_token_is_read_before_it_is_trusted(product: Product, admin: Product, env: Environment, kind: str) -> None:
    """A genuine signature is not enough: what never expires, or is for somebody else, opens nothing (contract R-05)."""
    env.require("supabase.jwt_secret")
    answer = product.get("/api/contacts/", token=sign(kind, admin, env.supabase.jwt_secret or ""))

    then = "when decoding pin HS256, require exp with little tolerance, and check aud: a leaked token would be good for ever"
    assert answer.status_code == 401, finding(answer, expected=f"401 for a token {SIGNED[kind]}", then=then)


@pytest.mark.rbac
@pytest.mark.plan("W1-D3-T1")
@pytest.mark.parametrize("place", ["user_metadata", "app_metadata"])
def test_role_is_not_read_from_elsewhere(product: Product, viewer: Product, env: Environment, place: str) -> None:
    """A viewer stays one, whatever else the token says; user_metadata is what users write themselves."""
    env.require("supabase.jwt_secret")
    claims = {place: {"role": "admin", "roles": ["admin"]}}
    token = sign_with(claims, viewer, env.supabase.jwt_secret or "")
    path = f"/api/campaigns/{NOBODY}"
    answer = product.forbidden("PATCH", path, {"description": "Comprobación"}, because="a viewer changes nothing", token=token)

    assert answer.status_code == 403, finding(
        answer, expected=f"403: a viewer, though {place} says admin", then="read the role from the claim `role` alone"
    )


@pytest.mark.plan("W1-D3-T1", "W1-D4-T10")
@pytest.mark.parametrize("path", ["/", "/api/auth/me/"])
def test_redirect_never_leads_to_a_stranger(product: Product, env: Environment, path: str) -> None:
    """What the client claims to be the host must not come back as the place to go to (contract 8.3)."""
    env.require("http_url")
    for origin in (env.http_url, env.api_url):
        answer = product.get(f"{origin}{path}", headers={"host": STRANGER})

        seen = answer.headers.get("location", "")
        assert STRANGER not in seen, finding(
            answer,
            expected=f"no way to {STRANGER}",
            seen=f"Location: {seen}",
            then="build redirects from APP_URL, and serve known hosts only: a poisoned cache would send users there",
        )


@pytest.mark.plan("W1-D4-T4", "W1-D4-T10")
@pytest.mark.parametrize("path", FORWARDED.values(), ids=FORWARDED)
def test_proxy_hands_paths_on_unchanged(viewer: Product, env: Environment, path: str) -> None:
    """Same path, same answer, direct and through the proxy (contract R-13)."""
    env.require("backend_url")
    direct, proxied = viewer.get(f"{env.backend_url}{path}"), viewer.get(path)

    expected, seen = (f"{each.status_code} {kind_of(each)}" for each in (direct, proxied))
    assert seen == expected, finding(
        proxied,
        expected=f"{expected}, as the backend answers",
        seen=f"{seen} through the proxy",
        then="does the proxy take a prefix off (a slash at the end of proxy_pass), or put its own pages in the place of errors?",
    )


def kind_of(answer: Response[Any]) -> str:
    """The media type."""
    told: str = answer.headers.get("content-type", "no content type")
    return told.partition(";")[0].strip()
