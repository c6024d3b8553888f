"""Who may do what: contract 1.5, every action by every role, and R-08 for those who registered themselves."""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.conftest import RunningSandbox

ABSENT = "00000000-0000-4000-8000-000000000000"
STATS = {"total_calls": 0, "successful_calls": 0, "failed_calls": 0, "pending_calls": 0}
CAMPAIGN = {
    "name": "Permisos",
    "schedule_start": "2031-01-01T09:00:00Z",
    "schedule_end": "2031-02-01T09:00:00Z",
    "script_template": "Hola {name}, le llamamos",
    "calling_hours_start": "09:00",
    "calling_hours_end": "18:00",
}
CONTACT = {"name": "Permisos", "phone_number": "+12025550199"}
CALL = {
    "campaign_id": ABSENT,
    "contact_id": ABSENT,
    "status": "scheduled",
    "script_template": "Hola",
    "webhook_url": "https://example.com/voz",
    "status_callback_url": "https://example.com/estado",
    "phone_number": "+12025550199",
    "from_number": "+15005550006",
}
EVERYONE = frozenset({"admin", "operator", "viewer"})
STAFF = frozenset({"admin", "operator"})
ADMIN = frozenset({"admin"})

Request = tuple[str, str, dict[str, Any]]
# Who may, the status of the response (404 where the object does not exist), and the request.
ACTIONS: dict[str, tuple[frozenset[str], int, Request]] = {
    "read campaigns": (EVERYONE, 200, ("GET", "/api/campaigns/", {})),
    "read a campaign": (EVERYONE, 404, ("GET", f"/api/campaigns/{ABSENT}", {})),
    "read contacts": (EVERYONE, 200, ("GET", "/api/contacts/", {})),
    "search contacts": (EVERYONE, 200, ("GET", "/api/contacts/search", {"params": {"q": "a"}})),
    "read lists": (EVERYONE, 200, ("GET", "/api/contacts/lists", {})),
    "read calls": (EVERYONE, 200, ("GET", "/api/calls/", {})),
    "read call metrics": (EVERYONE, 200, ("GET", "/api/calls/metrics", {})),
    "read call history": (EVERYONE, 200, ("GET", "/api/reports/call_history", {})),
    "read campaign performance": (EVERYONE, 200, ("GET", "/api/reports/campaigns/performance", {})),
    "read performance": (EVERYONE, 200, ("GET", "/api/reports/performance_metrics", {})),
    "read cache statistics": (EVERYONE, 200, ("GET", "/cache/metrics", {})),
    "read audio cache statistics": (EVERYONE, 200, ("GET", "/api/audio-cache/stats", {})),
    "create campaign": (STAFF, 201, ("POST", "/api/campaigns/", {"json": CAMPAIGN})),
    "update campaign": (STAFF, 404, ("PATCH", f"/api/campaigns/{ABSENT}", {"json": {"name": "X"}})),
    "change campaign stats": (STAFF, 404, ("PATCH", f"/api/campaigns/{ABSENT}/stats", {"params": STATS})),
    "delete campaign": (ADMIN, 404, ("DELETE", f"/api/campaigns/{ABSENT}", {})),
    "create contact": (STAFF, 201, ("POST", "/api/contacts/", {"json": CONTACT})),
    "update contact": (STAFF, 404, ("PUT", f"/api/contacts/{ABSENT}", {"json": {"name": "X"}})),
    "delete contact": (STAFF, 404, ("DELETE", f"/api/contacts/{ABSENT}", {})),
    "import contacts": (STAFF, 200, ("POST", "/api/contacts/import", {"files": {"file": ("x.csv", b"name,phone_number\n")}})),
    "export contacts": (STAFF, 200, ("GET", "/api/contacts/export", {})),
    "create list": (STAFF, 201, ("POST", "/api/contacts/lists", {"json": {"name": "Permisos"}})),
    "add to list": (STAFF, 404, ("POST", f"/api/contacts/lists/{ABSENT}/contacts", {"json": [ABSENT]})),
    "take from list": (STAFF, 404, ("DELETE", f"/api/contacts/lists/{ABSENT}/contacts/{ABSENT}", {})),
    "export calls": (STAFF, 200, ("GET", "/api/reports/export/calls", {})),
    "create call": (STAFF, 404, ("POST", "/api/calls/", {"json": CALL})),
    "change call status": (STAFF, 404, ("PATCH", f"/api/calls/{ABSENT}/status", {"params": {"status": "completed"}})),
    "cancel call": (STAFF, 404, ("POST", f"/api/calls/{ABSENT}/cancel", {})),
    "reschedule call": (
        STAFF,
        404,
        ("POST", f"/api/calls/{ABSENT}/reschedule", {"params": {"scheduled_time": "2031-01-01T10:00:00Z"}}),
    ),
    "synchronise cache": (ADMIN, 200, ("POST", "/cache/sync", {"params": {"table_name": "conversation_memories"}})),
    "clear cache": (ADMIN, 200, ("POST", "/cache/clear", {})),
    "preload cache": (ADMIN, 404, ("POST", f"/cache/preload/{ABSENT}", {})),
    "clear audio cache": (ADMIN, 200, ("POST", "/api/audio-cache/clear", {})),
}


@pytest.fixture(scope="module")
def clients(sandbox: RunningSandbox) -> Iterator[dict[str, httpx.Client]]:
    """One signed-in client a role."""
    with contextlib.ExitStack() as stack:
        yield {role: stack.enter_context(sandbox.client(role)) for role in sorted(EVERYONE)}


@pytest.mark.parametrize("role", sorted(EVERYONE))
@pytest.mark.parametrize("action", ACTIONS)
def test_r07_role_may_do_this_and_no_more(clients: dict[str, httpx.Client], action: str, role: str) -> None:
    allowed, status, (method, path, sent) = ACTIONS[action]

    response = clients[role].request(method, path, **sent)

    if role in allowed:
        assert response.status_code == status, response.text
        if status == 201 and path != "/api/contacts/lists":  # lists cannot be deleted (contract 2.7)
            clients["admin"].delete(f"{path}{response.json()['id']}").raise_for_status()
    else:
        assert (response.status_code, response.json()["message"]) == (403, "Permisos insuficientes")
        assert response.json()["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_r29_only_viewers_read_masked_phones(clients: dict[str, httpx.Client], role: str) -> None:
    readings: dict[str, Callable[[httpx.Client], list[dict[str, Any]]]] = {
        "contacts": lambda client: client.get("/api/contacts/").json()["data"],
        "search": lambda client: client.get("/api/contacts/search", params={"q": "a"}).json(),
        "calls": lambda client: client.get("/api/calls/").json()["data"],
        "history": lambda client: client.get("/api/reports/call_history").json()["data"],
    }

    for name, rows in readings.items():
        phones = [row["phone_number"] for row in rows(clients[role])]
        assert phones, name
        assert {"****" in phone for phone in phones} == {role == "viewer"}, name


def test_r08_registered_account_is_a_viewer(sandbox: RunningSandbox) -> None:
    """It signs in at once, its roles are `user` alone, and it only reads."""
    account = {"email": f"r08-{uuid.uuid4().hex}@example.com", "password": "una-clave-larga", "name": "Rosa"}
    with sandbox.anonymous() as client:
        registered = client.post("/api/auth/register", json=account)
        assert (registered.status_code, registered.json()["roles"]) == (201, ["user"])

        signed_in = client.post("/api/auth/login", json=account).json()
        client.headers["authorization"] = f"Bearer {signed_in['access_token']}"

        assert signed_in["user"] == registered.json() == client.get("/api/auth/me").json()
        assert {"****" in row["phone_number"] for row in client.get("/api/contacts/").json()["data"]} == {True}
        assert client.post("/api/contacts/", json=CONTACT).status_code == 403
        assert client.get("/api/contacts/export").status_code == 403
        assert client.post("/api/auth/register", json=account).status_code == 409
