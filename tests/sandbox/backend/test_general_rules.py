"""What holds for the whole API: refusals of the authentication layer, request ids, redirects, envelopes, absent paths.

Contract 1.6, 2.1, 2.2 and 2.13. Asked of the backend directly, so that no other part answers.
"""

import asyncio
import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest
from starlette.types import Receive, Scope, Send

from sandbox.backend.core.errors import Unhandled
from sandbox.backend.core.logs import RequestLog
from tests.conftest import RunningSandbox

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
NO_TOKEN = "No se proporcionó token de autenticación"
WRONG_SCHEME = "Tipo de token no válido"
ONCE = 1  # a moment in 1970: expired


@pytest.fixture
def direct(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    """Anonymous, on the backend's own port."""
    with httpx.Client(base_url=sandbox.profile["LV_BACKEND_URL"], timeout=15) as client:
        yield client


@pytest.fixture
def admin(sandbox: RunningSandbox, direct: httpx.Client) -> httpx.Client:
    direct.headers["authorization"] = f"Bearer {sandbox.token('admin')}"
    return direct


def forms_of(token: str) -> dict[str, tuple[str | None, str]]:
    return {
        "no header": (None, NO_TOKEN),
        "empty": ("", NO_TOKEN),
        "another scheme": (f"Basic {token}", WRONG_SCHEME),
        "one part": ("Bearer", WRONG_SCHEME),
        "the token alone": (token, WRONG_SCHEME),
        "three parts": (f"Bearer {token} x", WRONG_SCHEME),
        "two spaces": (f"Bearer  {token}", WRONG_SCHEME),
    }


@pytest.mark.parametrize("form", forms_of(""))
def test_layer_says_what_is_wrong_with_the_header(sandbox: RunningSandbox, direct: httpx.Client, form: str) -> None:
    header, detail = forms_of(sandbox.token("admin"))[form]

    response = direct.get("/api/contacts/", headers={"authorization": header} if header is not None else {})

    assert (response.status_code, response.json()) == (401, {"detail": detail})
    assert "x-request-id" not in response.headers


def test_layer_says_what_is_wrong_with_the_token(sandbox: RunningSandbox, direct: httpx.Client) -> None:
    secret = sandbox.profile["SUPABASE_JWT_SECRET"]
    expired = jwt.encode({"sub": UNKNOWN_ID, "role": "admin", "exp": ONCE}, secret)

    bodies = {
        token: direct.get("/api/contacts/", headers={"authorization": f"Bearer {token}"}).json()
        for token in (expired, f"{sandbox.token('admin')}x", "a.b.c", "x")
    }

    assert bodies.pop(expired) == {"detail": "Token expirado"}
    for body in bodies.values():
        assert set(body) == {"detail"}
        reason = body["detail"].removeprefix("Token inválido: ")
        assert reason not in {body["detail"], ""}


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer"])
def test_scheme_is_read_in_any_case(sandbox: RunningSandbox, direct: httpx.Client, scheme: str) -> None:
    header = {"authorization": f"{scheme} {sandbox.token('viewer')}"}

    assert direct.get("/api/contacts/", headers=header).status_code == 200


def test_authentication_endpoints_refuse_in_the_envelope(direct: httpx.Client) -> None:
    """R-06: their prefix is public, so the layer has not looked."""
    wrong = direct.post("/api/auth/login", json={"email": f"{uuid.uuid4().hex}@example.com", "password": "x"})
    stale = direct.post("/api/auth/refresh", json={"refresh_token": "x"})

    refusals = [(response.status_code, response.json()["message"]) for response in (direct.get("/api/auth/me"), wrong, stale)]
    assert refusals == [(401, "No autenticado"), (401, "Credenciales inválidas"), (401, "Token de refresco inválido")]
    assert all(response.json()["request_id"] == response.headers["x-request-id"] for response in (wrong, stale))


def test_request_id_is_made_here(admin: httpx.Client) -> None:
    """An inbound one is ignored; each answer has another; an error's body has the header's."""
    responses = [admin.get(path, headers={"x-request-id": UNKNOWN_ID}) for path in ("/", "/api/contacts/", "/api/contacts/x")]

    ids = [response.headers["x-request-id"] for response in responses]
    assert [uuid.UUID(each).version for each in ids] == [4, 4, 4]
    assert len({*ids, UNKNOWN_ID}) == 4
    assert responses[-1].json()["request_id"] == ids[-1]


@pytest.mark.parametrize("path", ["/health", "/metrics", "/docs", "/redoc", "/openapi.json"])
def test_probes_and_documentation_have_no_request_id(direct: httpx.Client, path: str) -> None:
    assert "x-request-id" not in direct.get(path).headers


def test_unexpected_failure_has_no_request_id_header() -> None:
    """And its body is the envelope without the reason."""

    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("psycopg: password of db.internal")

    async def stateful(scope: Scope, receive: Receive, send: Send) -> None:
        await RequestLog(Unhandled(failing))({**scope, "state": {}}, receive, send)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(stateful), base_url="http://backend.example") as client:
            return await client.get("/api/contacts/")

    response = asyncio.run(ask())

    assert (response.status_code, response.json()["message"]) == (500, "Error interno del servidor")
    assert "psycopg" not in response.text
    assert "x-request-id" not in response.headers


def test_unknown_fields_and_parameters_are_ignored(admin: httpx.Client) -> None:
    sent = {"name": "Ignorado", "phone_number": "+12025550199", "id": UNKNOWN_ID, "favourite_colour": "verde"}
    created = admin.post("/api/contacts/", json=sent, params={"filter[name]": "x"})
    try:
        assert created.status_code == 201
        assert created.json()["id"] != UNKNOWN_ID
        assert "favourite_colour" not in created.json()
        listed = [admin.get("/api/campaigns/", params=query).json() for query in ({}, {"filter[name]": "x", "order": "asc"})]
        assert listed[0] == listed[1]
    finally:
        admin.delete(f"/api/contacts/{created.json()['id']}")


SLASHES = {
    "/api/campaigns": "/api/campaigns/",
    "/api/calls": "/api/calls/",
    "/api/contacts": "/api/contacts/",
    "/api/contacts/lists/": "/api/contacts/lists",
    "/api/calls/metrics/": "/api/calls/metrics",
    "/cache/metrics/": "/cache/metrics",
}


@pytest.mark.parametrize(("path", "target"), SLASHES.items(), ids=SLASHES)
def test_slash_is_put_right_after_authentication(sandbox: RunningSandbox, path: str, target: str) -> None:
    with sandbox.anonymous() as anonymous, sandbox.client("admin") as admin:
        moved = admin.get(path, params={"page": "2"})

        assert anonymous.get(path).status_code == 401
        assert (moved.status_code, moved.headers["location"]) == (307, f"{sandbox.profile['LV_API_URL']}{target}?page=2")


def test_public_prefix_is_put_right_without_a_token(sandbox: RunningSandbox) -> None:
    with sandbox.anonymous() as client:
        response = client.post("/api/webhooks/twilio", data={"CallSid": "x"})

    assert response.status_code == 307
    assert response.headers["location"] == f"{sandbox.profile['LV_API_URL']}/api/webhooks/twilio/"


def test_redirect_keeps_method_and_body(sandbox: RunningSandbox) -> None:
    with sandbox.client("admin") as client:
        created = client.post("/api/contacts", json={"name": "Sin barra", "phone_number": "600123456"}, follow_redirects=True)

        assert (created.status_code, created.json()["name"]) == (201, "Sin barra")
        client.delete(f"/api/contacts/{created.json()['id']}")


@pytest.mark.parametrize("path", ["/", "/health", "/metrics", "/api/contacts/", "/api/campaigns/", "/cache/metrics"])
def test_head_is_not_implemented(admin: httpx.Client, path: str) -> None:
    response = admin.head(path)

    assert response.status_code == 405
    assert "GET" in response.headers["allow"].split(", ")


ENVELOPES: dict[str, tuple[str, str, int, str]] = {
    "unknown path": ("GET", "/api/nada", 404, "Not Found"),
    "wrong method": ("DELETE", "/api/contacts/", 405, "Method Not Allowed"),
    "options without an origin": ("OPTIONS", "/api/contacts/", 405, "Method Not Allowed"),
    "raised by a handler": ("GET", f"/api/calls/{UNKNOWN_ID}", 404, "Llamada no encontrada"),
    "not a uuid": ("GET", "/api/campaigns/x", 422, "Error de validación"),
}


@pytest.mark.parametrize(("method", "path", "status", "message"), ENVELOPES.values(), ids=ENVELOPES)
def test_error_is_an_envelope(admin: httpx.Client, method: str, path: str, status: int, message: str) -> None:
    response = admin.request(method, path)

    body = response.json()
    errors = body.pop("errors", None)
    assert response.headers["content-type"] == "application/json"
    assert body == {"status": "error", "code": status, "message": message, "request_id": response.headers["x-request-id"]}
    assert response.status_code == status
    assert (errors is not None) == (status == 422)
    assert all(set(each) == {"loc", "msg", "type"} for each in errors or [])


@pytest.mark.parametrize(
    ("content", "content_type"),
    [("name=Ana", "application/x-www-form-urlencoded"), ('{"name":', "application/json"), ("Ana", "text/plain")],
)
def test_body_of_another_kind_is_invalid(admin: httpx.Client, content: str, content_type: str) -> None:
    response = admin.post("/api/contacts/", content=content, headers={"content-type": content_type})

    assert (response.status_code, bool(response.json()["errors"])) == (422, True)


HALF = "\ud800"  # of a surrogate pair: JSON can spell it, UTF-8 and the database cannot
HALVES: dict[str, tuple[str, Any, int]] = {
    "key that an error names": ("/api/calls/twilio_callback", {HALF: 1}, 422),
    "nested key": ("/api/campaigns/", {"ai_config": {"custom_prompt_variables": {HALF: 1}}}, 422),
    "text": ("/api/contacts/lists", {"name": HALF}, 422),
    "id of a call": ("/api/calls/twilio_callback", {"CallSid": HALF, "CallStatus": "completed"}, 200),
    "id of a conversation": ("/api/v1/calls/webhook", {"CallSid": HALF, "CallStatus": "completed"}, 200),
    "tracking id": ("/api/v1/calls/webhook", {"metadata": {"conversation_tracking_id": HALF}}, 200),
}


@pytest.mark.parametrize(("path", "body", "status"), HALVES.values(), ids=HALVES)
def test_half_a_character_is_no_server_error(admin: httpx.Client, path: str, body: Any, status: int) -> None:
    response = admin.post(path, content=json.dumps(body), headers={"content-type": "application/json"})

    assert response.status_code == status, response.text


ABSENT = (
    "/api/v1/calls",
    "/api/v1/campaigns",
    "/api/openapi.json",
    "/api/postman-collection",
    "/api/reports/campaigns",
    "/api/reports/calls",
    "/api/calls/initiate",
    f"/api/calls/{UNKNOWN_ID}/retry",
    f"/api/calls/{UNKNOWN_ID}/response",
    f"/api/calls/{UNKNOWN_ID}/recording",
    f"/api/campaigns/{UNKNOWN_ID}/status",
    f"/api/campaigns/{UNKNOWN_ID}/contacts",
    f"/api/campaigns/{UNKNOWN_ID}/clients/{UNKNOWN_ID}",
    "/api/contact-lists",
    f"/api/contact-lists/{UNKNOWN_ID}",
    "/audio/stream",
    "/auth/mfa/setup",
    "/api/v1/ai/process",
    f"/api/v1/ai/conversation/{UNKNOWN_ID}/history",
    "/api/v1/ai/tts/generate",
    "/api/v1/ai/config",
    "/api/v1/ai/prompts",
    "/api/v1/audio/generate",
)
PUBLICLY_ABSENT = ("/api/webhooks/call-status", "/api/v1/auth/login", "/api/auth/mfa")


@pytest.mark.parametrize("path", ABSENT)
def test_documented_path_does_not_exist(sandbox: RunningSandbox, direct: httpx.Client, path: str) -> None:
    signed_in = {"authorization": f"Bearer {sandbox.token('admin')}"}

    for method in ("GET", "POST"):
        assert direct.request(method, path).status_code == 401
        assert direct.request(method, path, headers=signed_in).status_code in {404, 405}


@pytest.mark.parametrize("path", PUBLICLY_ABSENT)
def test_absent_path_on_a_public_prefix_is_not_found(direct: httpx.Client, path: str) -> None:
    assert [direct.get(path).status_code, direct.post(path).status_code] == [404, 404]
