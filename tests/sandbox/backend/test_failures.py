"""Faults of whole routes, of sign-in and of the bodies of errors do what they say, and nothing once they are off."""

from collections.abc import Callable

import httpx
import pytest

from tests.conftest import RunningSandbox

NOBODY = "00000000-0000-4000-8000-000000000000"
BROKEN = {
    "contacts-router-crashes": "/api/contacts/lists",
    "campaigns-router-crashes": f"/api/campaigns/{NOBODY}",
    "calls-router-crashes": "/api/calls/",
    "reports-router-crashes": "/api/reports/call_history",
    "caches-router-crashes": "/api/audio-cache/stats",
    "contact-detail-crashes": f"/api/contacts/{NOBODY}",
    "contact-search-crashes": "/api/contacts/search?q=a",
    "contact-export-crashes": "/api/contacts/export",
    "call-export-crashes": "/api/reports/export/calls",
    "call-metrics-crash": "/api/calls/metrics",
    "performance-report-crashes": "/api/reports/performance_metrics",
    "campaign-summary-crashes": f"/api/reports/campaign/{NOBODY}/summary",
    "supabase-service-key-missing": "/api/campaigns/",
}
BODIES: dict[str, Callable[[httpx.Response], bool]] = {
    "error-bodies-empty": lambda response: not response.content,
    "error-bodies-as-html": lambda response: response.headers["content-type"].startswith("text/html"),
    "error-bodies-nested": lambda response: response.json()["error"]["message"] == "Error de validación",
    "error-bodies-in-a-list": lambda response: response.json()[0]["message"] == "Error de validación",
    "validation-errors-as-the-framework-has-them": lambda response: isinstance(response.json()["detail"], list),
    "error-shows-validation-dump": lambda response: "errors.pydantic.dev" in response.json()["message"],
    "request-id-lost-on-errors": lambda response: "x-request-id" not in response.headers,
}


@pytest.mark.parametrize("fault", BROKEN)
def test_route_fails_for_whoever_is_signed_in(sandbox: RunningSandbox, fault: str) -> None:
    """The authentication stands before it, and the other areas go on."""
    with sandbox.client("admin") as admin, sandbox.anonymous() as anonymous:
        with sandbox.control(fault):
            broken, refused = admin.get(BROKEN[fault]), anonymous.get(BROKEN[fault])
            served = admin.get("/api/auth/me")
        again = admin.get(BROKEN[fault])

    assert (broken.status_code, refused.status_code, served.status_code) == (500, 401, 200)
    assert again.status_code < 500


@pytest.mark.parametrize("fault", BODIES)
def test_error_has_another_body(sandbox: RunningSandbox, fault: str) -> None:
    with sandbox.client("admin") as admin:
        with sandbox.control(fault):
            changed = admin.get("/api/calls/?page=0")
        usual = admin.get("/api/calls/?page=0")

    assert changed.status_code == usual.status_code == 422
    assert BODIES[fault](changed)
    assert usual.json()["message"] == "Error de validación"
    assert "x-request-id" in usual.headers


def test_router_refuses_the_token_alone(sandbox: RunningSandbox) -> None:
    with sandbox.client("viewer") as viewer, sandbox.control("token-refused-by-calls"):
        statuses = [viewer.get(path).status_code for path in ("/api/calls/", "/api/contacts/lists", "/cache/metrics")]

    assert statuses == [401, 200, 200]


def test_second_sign_in_fails_until_the_fault_is_off(sandbox: RunningSandbox) -> None:
    credentials = {key: sandbox.profile[f"LV_VIEWER_{key.upper()}"] for key in ("email", "password")}
    with sandbox.anonymous() as anonymous:

        def sign_in() -> int:
            return anonymous.post("/api/auth/login", json=credentials).status_code

        with sandbox.control("login-closes-its-client"):
            statuses = [sign_in() for _ in range(3)]
        statuses.append(sign_in())

    assert statuses == [200, 500, 500, 200]
