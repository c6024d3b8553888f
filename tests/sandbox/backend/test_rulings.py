"""The rulings of contract 0.3 about access, the edge and the deployment, one after the other.

R-07 and R-08 are in test_permissions.py, R-17 in test_schema.py, those about data in test_rulings_on_data.py. Where another
file examines a ruling at length, what is here looks at it from another side.
"""

import asyncio
import base64
import hmac
import ssl
import time
import uuid
from types import SimpleNamespace
from typing import Any, cast

import httpx
import jwt
import pytest
import websockets
from cryptography.hazmat.primitives.asymmetric import rsa
from prometheus_client.parser import text_string_to_metric_families
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # the vendor ships no types

from sandbox.backend.core import app
from sandbox.process.settings import Settings
from tests.conftest import RunningSandbox
from tests.sandbox.conftest import PER_HOUR, PER_MINUTE, Row

pytestmark = pytest.mark.slow

ABSENT = "00000000-0000-4000-8000-000000000000"


def reported(sandbox: RunningSandbox, client: httpx.Client, signed_url: str, **form: str) -> int:
    """The status of the answer to a status callback whose signature covers `signed_url`."""
    signature = RequestValidator(sandbox.profile["TWILIO_AUTH_TOKEN"]).compute_signature(signed_url, form)
    return client.post("/api/webhooks/twilio/status", data=form, headers={"X-Twilio-Signature": signature}).status_code


def from_address(sandbox: RunningSandbox, address: str) -> httpx.Client:
    """A client whose requests come, as it seems to the backend, through the proxy from this address."""
    return httpx.Client(base_url=sandbox.profile["LV_BACKEND_URL"], headers={"x-forwarded-for": address}, timeout=15)


def test_r01_health_names_each_dependency(anonymous: httpx.Client) -> None:
    response = anonymous.get("/health")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "version": "1.0.0",
        "environment": "production",
        "checks": {"database": "ok", "redis": "ok"},
    }


@pytest.mark.parametrize("part", ["database", "redis"])
def test_r01_health_says_which_dependency_is_down(sandbox: RunningSandbox, anonymous: httpx.Client, part: str) -> None:
    with sandbox.control(f"{part}-down"):
        response = anonymous.get("/health")

    assert (response.status_code, response.json()["status"]) == (503, "degraded")
    assert [name for name, result in response.json()["checks"].items() if result != "ok"] == [part]
    assert anonymous.get("/health").status_code == 200


def test_r02_metrics_are_a_prometheus_exposition(sandbox: RunningSandbox) -> None:
    with httpx.Client(base_url=sandbox.profile["LV_BACKEND_URL"]) as direct:
        response = direct.get("/metrics")

    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert len(list(text_string_to_metric_families(response.text))) > 20


def test_r03_fixed_paths_win_over_ids(admin: httpx.Client) -> None:
    metrics, lists = admin.get("/api/calls/metrics").json(), admin.get("/api/contacts/lists").json()
    search, export = admin.get("/api/contacts/search", params={"q": "a"}).json(), admin.get("/api/contacts/export")

    assert set(metrics) == {"by_status", "avg_duration", "timeline"}
    assert [type(each) for each in (lists, search)] == [list, list]
    assert export.text.startswith("id,name,phone_number,email,notes,tags,created_at,updated_at")


def test_r04_campaigns_are_patched_and_not_put(admin: httpx.Client, campaign: Row) -> None:
    path = f"/api/campaigns/{campaign['id']}"

    assert admin.put(path, json={"name": "PUT"}).status_code == 405
    assert admin.get(path).json()["name"] == "Norma"
    assert admin.patch(path, json={"name": "PATCH"}).json()["name"] == "PATCH"


def claims(**changes: Any) -> Row:
    return {"sub": ABSENT, "role": "viewer", "exp": int(time.time()) + 60} | changes


@pytest.mark.parametrize("audience", [{}, {"aud": "authenticated"}], ids=["no audience", "authenticated"])
def test_r05_token_is_accepted(sandbox: RunningSandbox, anonymous: httpx.Client, audience: Row) -> None:
    token = jwt.encode(claims(**audience), sandbox.profile["SUPABASE_JWT_SECRET"])

    assert anonymous.get("/api/contacts/", headers={"authorization": f"Bearer {token}"}).status_code == 200


def refused_tokens(secret: str) -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    eternal = {name: value for name, value in claims().items() if name != "exp"}
    signed_part = jwt.encode(claims(), secret).rpartition(".")[0]
    empty_signature = hmac.digest(b"", signed_part.encode(), "sha256")  # the library refuses to make one
    head, body, _ = jwt.encode(claims(), "", algorithm="none", headers={"typ": "JWT"}).split(".")
    return {
        "forged": jwt.encode(claims(), "another-secret-of-at-least-thirty-two-bytes"),
        "unsigned": f"{head}.{body}.",
        "unsigned with a signature": f"{head}.{body}.c2lnbmF0dXJl",
        "RS256": jwt.encode(claims(), key, algorithm="RS256"),
        "HS512": jwt.encode(claims(), secret, algorithm="HS512"),
        "empty key": f"{signed_part}.{base64.urlsafe_b64encode(empty_signature).decode().rstrip('=')}",
        "expired": jwt.encode(claims(exp=1), secret),
        "no exp": jwt.encode(eternal, secret),
        "exp that is no number": jwt.encode(claims(exp="mañana"), secret),
        "another audience": jwt.encode(claims(aud="anon"), secret),
    }


def test_r05_token_is_refused(sandbox: RunningSandbox, anonymous: httpx.Client) -> None:
    tokens = refused_tokens(sandbox.profile["SUPABASE_JWT_SECRET"])

    refused = {
        name: anonymous.get("/api/contacts/", headers={"authorization": f"Bearer {each}"}) for name, each in tokens.items()
    }

    assert {name: response.status_code for name, response in refused.items()} == dict.fromkeys(tokens, 401)
    assert all(response.json()["detail"] for response in refused.values())


def test_r05_empty_secret_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="SUPABASE_JWT_SECRET"):
        app.create(cast("Settings", SimpleNamespace(supabase_jwt_secret="")))


def test_r06_layer_and_endpoint_refuse_each_in_its_own_form(anonymous: httpx.Client) -> None:
    layer, endpoint = anonymous.get("/api/contacts/"), anonymous.get("/api/auth/me")

    assert (layer.status_code, set(layer.json())) == (401, {"detail"})
    assert (endpoint.status_code, endpoint.json()["message"]) == (401, "No autenticado")


def test_r09_client_is_refused_beyond_its_minute(limited: RunningSandbox) -> None:
    """Twice the limit and one more is too many however the minute turns."""
    with from_address(limited, "198.51.100.9") as client:
        responses = [client.get("/api/contacts/") for _ in range(2 * PER_MINUTE + 1)]
        exempt = [client.get(path).status_code for path in ("/health", "/metrics")]

    assert {response.status_code for response in responses} == {401, 429}
    assert {response.headers["x-ratelimit-limit"] for response in responses} == {str(PER_MINUTE)}
    assert all(int(response.headers["x-ratelimit-reset"]) > time.time() - 60 for response in responses)
    assert responses[0].headers["x-ratelimit-remaining"] == str(PER_MINUTE - 1)
    refused = next(response for response in responses if response.status_code == 429)
    assert (refused.headers["retry-after"], refused.headers["x-ratelimit-remaining"]) == ("60", "0")
    assert (refused.json()["status"], refused.json()["code"]) == ("error", 429)
    assert exempt == [200, 200]


def test_r09_user_is_refused_beyond_the_hour_wherever_they_are(limited: RunningSandbox) -> None:
    token = limited.token("viewer")

    responses = []
    for number in range(2 * PER_HOUR + 1):
        with from_address(limited, f"203.0.113.{number}") as client:
            responses.append(client.get("/api/campaigns/", headers={"authorization": f"Bearer {token}"}))

    refused = [response for response in responses if response.status_code == 429]
    assert refused
    assert {response.headers["x-ratelimit-limit"] for response in refused} == {str(PER_HOUR)}


def test_r10_guessing_locks_the_email_at_that_address_only(sandbox: RunningSandbox) -> None:
    """The right password is refused as well while the lock lasts, and its owner signs in from elsewhere."""
    right = {"email": sandbox.profile["LV_VIEWER_EMAIL"], "password": sandbox.profile["LV_VIEWER_PASSWORD"]}
    with from_address(sandbox, "198.51.100.10") as guesser:
        guesses = [guesser.post("/api/auth/login", json=right | {"password": "adivinada"}) for _ in range(7)]
        late = guesser.post("/api/auth/login", json=right)
        other = guesser.post("/api/auth/login", json=right | {"email": f"{uuid.uuid4().hex}@example.com"})

    assert [response.status_code for response in guesses] == [401] * 5 + [429] * 2
    assert (late.status_code, late.json()["code"]) == (429, 429)
    assert 0 < int(late.headers["retry-after"]) <= 900
    assert other.status_code == 401
    with from_address(sandbox, "198.51.100.11") as owner:
        assert owner.post("/api/auth/login", json=right).status_code == 200


def test_r14_unsigned_callback_changes_nothing(anonymous: httpx.Client, admin: httpx.Client, call: Row) -> None:
    report = {"CallSid": call["twilio_sid"], "CallStatus": "completed"}

    statuses = [anonymous.post(f"/api/webhooks/twilio/{route}", data=report).status_code for route in ("", "gather", "status")]
    statuses += [
        anonymous.post(path, json=report).status_code for path in ("/api/calls/twilio_callback", "/api/v1/calls/webhook")
    ]

    assert statuses == [403, 403, 403, 401, 401]
    assert admin.get(f"/api/calls/{call['id']}").json()["status"] == "scheduled"


def test_r15_signature_covers_the_url_that_the_vendor_saw(sandbox: RunningSandbox, anonymous: httpx.Client, call: Row) -> None:
    path, report = "/api/webhooks/twilio/status", {"CallSid": call["twilio_sid"], "CallStatus": "ringing"}

    assert reported(sandbox, anonymous, sandbox.profile["LV_BACKEND_URL"] + path, **report) == 403
    assert reported(sandbox, anonymous, sandbox.profile["LV_API_URL"] + path, **report) == 200


VENDOR_STATUS = {
    "queued": "pending",
    "ringing": "in_progress",
    "in-progress": "in_progress",
    "completed": "completed",
    "busy": "busy",
    "failed": "failed",
    "no-answer": "no_answer",
    "canceled": "cancelled",
    "answered-by-a-dog": "scheduled",
}


@pytest.mark.parametrize(("theirs", "ours"), VENDOR_STATUS.items(), ids=VENDOR_STATUS)
def test_r16_status_of_the_vendor_becomes_ours(
    sandbox: RunningSandbox, admin: httpx.Client, call: Row, theirs: str, ours: str
) -> None:
    url = f"{sandbox.profile['LV_API_URL']}/api/webhooks/twilio/status"

    assert reported(sandbox, admin, url, CallSid=call["twilio_sid"], CallStatus=theirs) == 200
    assert admin.get(f"/api/calls/{call['id']}").json()["status"] == ours


def test_r18_version_is_the_same_everywhere(staging: RunningSandbox) -> None:
    with httpx.Client(base_url=staging.profile["LV_BACKEND_URL"]) as direct:
        root, health, document = (direct.get(path).json() for path in ("/", "/health", "/openapi.json"))

    assert [root["version"], health["version"], document["info"]["version"]] == ["1.0.0"] * 3


@pytest.mark.parametrize(
    ("deployment", "shown"),
    [("sandbox", (404, 404, 404, None)), ("staging", (404, 404, 200, "/docs")), ("limited", (200, 200, 200, "/docs"))],
    ids=["production", "staging", "development"],
)
def test_r19_documentation_is_for_developers(
    request: pytest.FixtureRequest, deployment: str, shown: tuple[int, int, int, str | None]
) -> None:
    with from_address(request.getfixturevalue(deployment), "198.51.100.19") as client:
        statuses = [client.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")]

        assert (*statuses, client.get("/").json()["docs_url"]) == shown


def test_r25_socket_without_a_token_hears_nothing(sandbox: RunningSandbox, call: Row) -> None:
    url = sandbox.profile["LV_API_URL"].replace("https", "wss")
    tls = ssl.create_default_context(cafile=sandbox.profile["LV_CA_FILE"])

    async def close_code(path: str) -> int | None:
        # Not the library's threaded client: it reads and writes TLS at the same time, and 1 handshake in 80 never ends.
        async with websockets.connect(url + path, ssl=tls) as socket:
            with pytest.raises(websockets.ConnectionClosed):
                await socket.recv()
            return socket.close_code

    paths = (f"/ws/call/{call['id']}", f"/ws/call/{call['id']}/audio")
    assert [asyncio.run(close_code(path)) for path in paths] == [1008, 1008]
