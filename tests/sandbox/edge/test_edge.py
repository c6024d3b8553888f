"""The edge of the sandbox: headers, hosts, origins, redirects, limits; each of its faults shows from outside."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.edge import proxy
from tests.conftest import RunningSandbox

ABSENT = "00000000-0000-4000-8000-000000000000"

FOREIGN = "https://attacker.example"
EXACT = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "x-xss-protection": "1; mode=block",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
ANSWERS = {
    "page": ("GET", "/login", 200),
    "redirect to login": ("GET", "/contacts", 307),
    "static file": ("GET", "/static/foundation.css", 200),
    "missing page": ("GET", "/nada", 404),
    "missing static file": ("GET", "/static/nada.css", 404),
    "api error": ("GET", "/api/contacts/", 401),
    "api redirect": ("GET", "/api/auth/login/", 307),
    "health": ("GET", "/health", 200),
    "metrics": ("GET", "/metrics", 401),
    "wrong method": ("POST", "/login", 405),
}


@pytest.fixture
def client(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    with sandbox.client(None) as anonymous:
        yield anonymous


def through_edge(app: ASGIApp, **request: object) -> httpx.Response:
    """One request, in process, to `app` behind the layers that hold for everything."""
    guarded = proxy.ErrorEnvelope(proxy.KnownHost(proxy.BodyLimit(app), "https://edge.example"))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(guarded, client=("203.0.113.9", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="https://edge.example") as asking:
            return await asking.request(**{"method": "GET", "url": "/"} | request)  # type: ignore[arg-type] # a test's shorthand

    return asyncio.run(ask())


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_carries_the_security_headers(client: httpx.Client, method: str, path: str, status: int) -> None:
    response = client.request(method, path)

    assert response.status_code == status, response.text
    assert {name: response.headers.get(name) for name in EXACT} == EXACT
    assert "server" not in response.headers
    assert "x-powered-by" not in response.headers


def test_policy_lets_the_page_reach_supabase(sandbox: RunningSandbox, client: httpx.Client) -> None:
    policy = client.get("/login").headers["content-security-policy"]

    sources = next(part for part in policy.split("; ") if part.startswith("connect-src")).split()
    assert {"'self'", "https://api.elevenlabs.io", "https://api.openai.com", sandbox.profile["SUPABASE_URL"]} <= set(sources)


def test_headers_missing_on_errors_only(sandbox: RunningSandbox, client: httpx.Client) -> None:
    with sandbox.control("header-missing-on-errors"):
        assert "x-content-type-options" not in client.get("/nada").headers
        assert "x-content-type-options" in client.get("/login").headers


def test_hsts_missing(sandbox: RunningSandbox, client: httpx.Client) -> None:
    with sandbox.control("hsts-missing"):
        assert "strict-transport-security" not in client.get("/login").headers


def test_static_files_may_be_kept_a_month(client: httpx.Client) -> None:
    assert client.get("/static/foundation.css").headers["cache-control"] == "public, max-age=2592000"
    assert "max-age" not in client.get("/static/nada.css").headers.get("cache-control", "")


def test_text_is_compressed(client: httpx.Client) -> None:
    response = client.get("/static/components.css", headers={"accept-encoding": "gzip"})

    assert response.headers["content-encoding"] == "gzip"
    assert len(response.headers.get_list("content-encoding")) == 1


def test_listed_origin_may_read_with_credentials(sandbox: RunningSandbox, client: httpx.Client) -> None:
    origin = sandbox.profile["CORS_ORIGINS"].split(",")[0].strip()

    response = client.get("/api/contacts/", headers={"origin": origin})

    assert response.headers["access-control-allow-origin"] == origin
    assert response.headers["access-control-allow-credentials"] == "true"
    assert "origin" in response.headers["vary"].lower()


def test_listed_origin_is_preflighted_before_authentication(sandbox: RunningSandbox, client: httpx.Client) -> None:
    origin = sandbox.profile["CORS_ORIGINS"].split(",")[0].strip()

    response = preflight(client, origin)

    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == origin


def preflight(client: httpx.Client, origin: str) -> httpx.Response:
    asked = {"access-control-request-method": "PATCH", "access-control-request-headers": "authorization, content-type"}
    return client.options("/api/campaigns/", headers={"origin": origin} | asked)


def test_foreign_origin_is_allowed_nothing(client: httpx.Client) -> None:
    for response in (preflight(client, FOREIGN), client.get("/api/contacts/", headers={"origin": FOREIGN})):
        assert "access-control-allow-origin" not in response.headers
        assert "access-control-allow-credentials" not in response.headers


def test_cors_reflects_any_origin(sandbox: RunningSandbox, client: httpx.Client) -> None:
    with sandbox.control("cors-reflects-any-origin"):
        response = client.get("/api/contacts/", headers={"origin": FOREIGN})

    assert response.headers["access-control-allow-origin"] == FOREIGN
    assert response.headers["access-control-allow-credentials"] == "true"


def test_metrics_ask_for_credentials(sandbox: RunningSandbox, client: httpx.Client) -> None:
    right = (sandbox.profile["LV_METRICS_USER"], sandbox.profile["LV_METRICS_PASSWORD"])

    anonymous, wrong, known = (client.get("/metrics", auth=auth) for auth in (None, ("grafana", "contraseña"), right))

    assert (anonymous.status_code, wrong.status_code, known.status_code) == (401, 401, 200)
    assert 'realm="Metrics Authentication Required"' in anonymous.headers["www-authenticate"]
    assert known.headers["content-type"].startswith("text/plain")


def test_metrics_unprotected(sandbox: RunningSandbox, client: httpx.Client) -> None:
    with sandbox.control("metrics-unprotected"):
        assert client.get("/metrics").status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_plain_http_moves_to_https(sandbox: RunningSandbox, method: str) -> None:
    response = httpx.request(
        method, f"{sandbox.profile['LV_HTTP_URL']}/contacts/a%20b?page=2&x=%2F", headers={"host": "attacker.example"}
    )

    assert response.status_code == 301
    assert response.headers["location"] == f"{sandbox.profile['LV_WEB_URL']}/contacts/a%20b?page=2&x=%2F"


def test_foreign_host_is_refused(client: httpx.Client) -> None:
    response = client.get("/api/auth/login/", headers={"host": "attacker.example"})

    assert response.status_code == 400
    assert response.json()["status"] == "error"
    assert "attacker" not in str(response.headers)


def test_redirect_reflects_host(sandbox: RunningSandbox, client: httpx.Client) -> None:
    with sandbox.control("redirect-reflects-host"):
        plain = httpx.request("GET", f"{sandbox.profile['LV_HTTP_URL']}/x", headers={"host": "attacker.example"})
        slash = client.get("/api/auth/login/", headers={"host": "attacker.example"})

    assert plain.headers["location"] == "https://attacker.example/x"
    assert slash.headers["location"].startswith("https://attacker.example/api/")


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/docs", "/api/contacts/", "/api/nada", "/cache/metrics"])
def test_same_path_same_status_direct_and_through_the_edge(sandbox: RunningSandbox, client: httpx.Client, path: str) -> None:
    with httpx.Client(base_url=sandbox.profile["LV_BACKEND_URL"]) as direct:
        assert client.get(path).status_code == direct.get(path).status_code


def test_large_body_is_refused(client: httpx.Client) -> None:
    large = b"x" * (proxy.MAX_BODY_BYTES + 1)

    announced = client.post("/api/auth/login", content=large)
    streamed = client.post("/api/auth/login", content=iter([large[:5_000_000], large[5_000_000:]]))

    assert (announced.status_code, streamed.status_code) == (413, 413)
    assert announced.json()["message"] == "Cuerpo de la petición demasiado grande"


def test_failure_of_a_part_says_nothing_of_its_inside() -> None:
    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("psycopg: password of db.internal")

    response = through_edge(failing)

    assert response.status_code == 502
    assert response.json() == {"status": "error", "code": 502, "message": "Servicio no disponible"}


def test_client_cannot_forge_where_it_came_from() -> None:
    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse(dict(Request(scope).headers))(scope, receive, send)

    forged = {
        "x-forwarded-for": "10.0.0.1",
        "x-forwarded-host": "attacker.example",
        "x-real-ip": "10.0.0.1",
        "forwarded": "for=10.0.0.1",
    }
    observed = through_edge(echo, headers=forged).json()

    assert observed["x-forwarded-for"] == "203.0.113.9"
    assert observed["x-forwarded-proto"] == "https"
    assert observed["x-forwarded-host"] == "edge.example"
    assert "x-real-ip" not in observed
    assert "forwarded" not in observed


def test_r11_refusals_of_the_edge_carry_the_headers(anonymous: httpx.Client) -> None:
    named = anonymous.get("/login").headers
    headers = [name for name in named if name.startswith(("x-", "content-sec", "strict", "referrer", "permissions"))]

    foreign_host = anonymous.get("/", headers={"host": "attacker.example"})
    preflight = anonymous.options("/api/", headers={"origin": "https://x.example", "access-control-request-method": "GET"})

    assert len(headers) == 7
    for response in (foreign_host, preflight, anonymous.post("/api/webhooks/twilio/"), anonymous.request("TRACE", "/login")):
        assert {name: response.headers.get(name) for name in headers} == {name: named[name] for name in headers}


@pytest.mark.parametrize("origin", ["null", "http://{host}", "https://{host}.attacker.example", "https://attacker.example"])
@pytest.mark.parametrize("path", ["/", "/health", "/api/nada", "/api/auth/me", "/login"])
def test_r12_foreign_origin_is_never_echoed(sandbox: RunningSandbox, anonymous: httpx.Client, origin: str, path: str) -> None:
    host = sandbox.profile["LV_API_URL"].partition("://")[2]

    response = anonymous.get(path, headers={"origin": origin.format(host=host)})

    assert [name for name in response.headers if name.startswith("access-control-allow-")] == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PATCH", "DELETE"])
def test_r13_no_prefix_is_removed(sandbox: RunningSandbox, admin: httpx.Client, method: str) -> None:
    paths = ("/api/contacts/", f"/api/campaigns/{ABSENT}", "/cache/metrics", "/api/cache/metrics", "/ws/call/x")
    with httpx.Client(base_url=sandbox.profile["LV_BACKEND_URL"], headers=admin.headers) as direct:
        for path in paths:
            assert admin.request(method, path).status_code == direct.request(method, path).status_code, path
