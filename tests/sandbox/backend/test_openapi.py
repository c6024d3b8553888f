"""The API document says what the API does: its operations, their answers, and the shape of each (contract 2)."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]  # its types are a package of their own, and this is its only use
import pytest

from tests.conftest import RunningSandbox

ABSENT = "00000000-0000-4000-8000-000000000000"
# Contract 2.4 to 2.11; {} stands for any path parameter.
OPERATIONS = {
    "/": "GET",
    "/api/auth/login": "POST",
    "/api/auth/register": "POST",
    "/api/auth/refresh": "POST",
    "/api/auth/logout": "POST",
    "/api/auth/me": "GET",
    "/api/campaigns/": "GET POST",
    "/api/campaigns/{}": "GET PATCH DELETE",
    "/api/campaigns/{}/stats": "PATCH",
    "/api/calls/": "GET POST",
    "/api/calls/{}": "GET",
    "/api/calls/{}/status": "PATCH",
    "/api/calls/{}/cancel": "POST",
    "/api/calls/{}/reschedule": "POST",
    "/api/calls/metrics": "GET",
    "/api/calls/twilio_callback": "POST",
    "/api/calls/{}/respond": "POST",
    "/api/v1/calls/webhook": "POST",
    "/api/contacts/": "GET POST",
    "/api/contacts/search": "GET",
    "/api/contacts/{}": "GET PUT DELETE",
    "/api/contacts/import": "POST",
    "/api/contacts/export": "GET",
    "/api/contacts/lists": "GET POST",
    "/api/contacts/lists/{}": "GET",
    "/api/contacts/lists/{}/contacts": "POST",
    "/api/contacts/lists/{}/contacts/{}": "DELETE",
    "/api/reports/campaign/{}/summary": "GET",
    "/api/reports/campaigns/performance": "GET",
    "/api/reports/call_history": "GET",
    "/api/reports/export/calls": "GET",
    "/api/reports/performance_metrics": "GET",
    "/cache/metrics": "GET",
    "/cache/sync": "POST",
    "/cache/clear": "POST",
    "/cache/preload/{}": "POST",
    "/api/audio-cache/stats": "GET",
    "/api/audio-cache/clear": "POST",
    "/api/webhooks/twilio/": "POST",
    "/api/webhooks/twilio/gather": "POST",
    "/api/webhooks/twilio/status": "POST",
}
OURS = {("/health", "GET"), ("/metrics", "GET")}  # rulings add them
READINGS: dict[str, dict[str, Any]] = {
    "/": {},
    "/health": {},
    "/api/auth/me": {},
    "/api/campaigns/": {"page_size": 2},
    "/api/campaigns/{campaign_id}": {},
    "/api/calls/": {"page_size": 20},
    "/api/calls/{call_id}": {"include_recordings": True, "include_transcripts": True},
    "/api/calls/metrics": {"group_by": "week"},
    "/api/contacts/": {"limit": 50},
    "/api/contacts/search": {"q": "a"},
    "/api/contacts/{contact_id}": {},
    "/api/contacts/lists": {},
    "/api/contacts/lists/{list_id}": {},
    "/api/reports/campaign/{campaign_id}/summary": {},
    "/api/reports/campaigns/performance": {},
    "/api/reports/call_history": {},
    "/api/reports/performance_metrics": {},
    "/cache/metrics": {},
    "/api/audio-cache/stats": {},
}
FILES = {"/api/contacts/export": "text/plain", "/api/reports/export/calls": "text/csv"}

COUNTERS = ("total_calls", "successful_calls", "failed_calls", "pending_calls")

Document = dict[str, Any]


@pytest.fixture(scope="module")
def admin(staging: RunningSandbox) -> Iterator[httpx.Client]:
    """On the backend itself: the edge answers `/` with the dashboard."""
    headers = {"authorization": f"Bearer {staging.token('admin')}"}
    with httpx.Client(base_url=staging.profile["LV_BACKEND_URL"], headers=headers, timeout=15) as client:
        yield client


@pytest.fixture(scope="module")
def document(staging: RunningSandbox) -> Document:
    with staging.anonymous() as client:
        response = client.get("/openapi.json")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    return dict(response.json())


@pytest.fixture(scope="module")
def ids(admin: httpx.Client) -> dict[str, str]:
    """An existing one for each path parameter."""
    return {
        "campaign_id": admin.get("/api/campaigns/").json()[0]["id"],
        "call_id": admin.get("/api/calls/", params={"status": "completed"}).json()["data"][0]["id"],
        "contact_id": admin.get("/api/contacts/").json()["data"][0]["id"],
        "list_id": admin.get("/api/contacts/lists").json()[0]["id"],
    }


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method.upper(), operation


def conforms(document: Document, response: httpx.Response, operation: Document) -> None:
    """Raise ValidationError for a body that the document does not declare for its status, KeyError for an undeclared status."""
    schema = operation["responses"][str(response.status_code)]["content"]["application/json"]["schema"]
    whole = schema | {"components": document["components"]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.validate(response.json(), whole, cls=jsonschema.Draft202012Validator, format_checker=checker)


def test_document_is_of_this_product(document: Document) -> None:
    assert document["info"] == {"title": "Call Automation API", "version": "1.0.0"}
    assert document["openapi"].startswith("3.")


def test_every_operation_of_the_contract_and_no_other(document: Document) -> None:
    expected = {(path, method) for path, methods in OPERATIONS.items() for method in methods.split()}

    declared = {(re.sub(r"\{\w+\}", "{}", path), method) for path, method, _ in operations(document)}

    assert (len(OPERATIONS), len(expected)) == (41, 49)
    assert declared == expected | OURS


def test_every_operation_declares_its_refusals(document: Document) -> None:
    for path, method, operation in operations(document):
        statuses = set(operation["responses"])
        assert statuses & {"200", "201", "204"}, (path, method)
        if path not in {"/", "/health", "/metrics"}:
            assert statuses >= {"400", "401", "403", "404", "422", "429", "500", "503"}, (path, method)
        assert all(each["description"] for each in operation["responses"].values()), (path, method)


def test_created_and_deleted_have_their_own_status(document: Document) -> None:
    success = {
        f"{method} {path}": min(code for code in operation["responses"] if code.startswith("2"))
        for path, method, operation in operations(document)
    }

    assert {name for name, code in success.items() if code == "201"} == {
        "POST /api/auth/register",
        "POST /api/campaigns/",
        "POST /api/calls/",
        "POST /api/contacts/",
        "POST /api/contacts/lists",
    }
    assert {name for name, code in success.items() if code == "204"} == {"DELETE /api/campaigns/{campaign_id}"}


@pytest.mark.parametrize("path", READINGS)
def test_answer_has_the_declared_shape(document: Document, admin: httpx.Client, ids: dict[str, str], path: str) -> None:
    response = admin.get(path.format(**ids), params=READINGS[path])

    assert response.status_code == 200, response.text
    conforms(document, response, document["paths"][path]["get"])


@pytest.mark.parametrize("path", FILES)
def test_file_has_the_declared_type(document: Document, admin: httpx.Client, path: str) -> None:
    response = admin.get(path)

    assert response.headers["content-type"].startswith(FILES[path])
    assert FILES[path] in document["paths"][path]["get"]["responses"]["200"]["content"]


Request = tuple[str, str, dict[str, Any]]
REFUSALS: dict[str, tuple[int, Request]] = {
    "not signed in": (401, ("get", "/api/contacts/", {"headers": {"authorization": ""}})),
    "wrong password": (401, ("post", "/api/auth/login", {"json": {"email": "openapi@example.com", "password": "x"}})),
    "unsigned": (403, ("post", "/api/webhooks/twilio/status", {})),
    "unknown": (404, ("get", "/api/campaigns/{campaign_id}", {})),
    "invalid": (422, ("get", "/api/calls/", {"params": {"page": 0, "status": "queued"}})),
    "impossible": (422, ("patch", "/api/campaigns/{campaign_id}/stats", {"params": dict.fromkeys(COUNTERS, -1)})),
    "no such table": (400, ("post", "/cache/sync", {"params": {"table_name": "users"}})),
    "not CSV": (400, ("post", "/api/contacts/import", {"files": {"file": ("x.txt", b"x")}})),
    "nothing said": (400, ("post", "/api/calls/{call_id}/respond", {"json": {}})),
}


@pytest.mark.parametrize(("status", "request_"), REFUSALS.values(), ids=REFUSALS)
def test_refusal_has_the_declared_shape(document: Document, admin: httpx.Client, status: int, request_: Request) -> None:
    method, path, sent = request_

    response = admin.request(method, path.format(campaign_id=ABSENT, call_id=ABSENT), **sent)

    assert response.status_code == status, response.text
    conforms(document, response, document["paths"][path][method])
