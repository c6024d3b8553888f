"""The rulings of contract 0.3 about what is stored, imported, shown and logged; the others are in test_rulings.py."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.conftest import RunningSandbox
from tests.sandbox.conftest import CAMPAIGN, CONTACT, Row, record_of

INTERNALS = ("Traceback", 'File "', "psycopg", "postgrest", "PGRST", "Exception", "127.0.0.1", "SELECT ")

ADVISED = (
    ("draft", "active"),
    ("draft", "cancelled"),
    ("active", "paused"),
    ("active", "completed"),
    ("active", "cancelled"),
    ("paused", "active"),
    ("paused", "completed"),
    ("paused", "cancelled"),
)


@pytest.mark.parametrize(("before", "after"), ADVISED, ids="-".join)
def test_r20_advised_transition_succeeds(admin: httpx.Client, campaign: Row, before: str, after: str) -> None:
    path = f"/api/campaigns/{campaign['id']}"
    admin.patch(path, json={"status": before}).raise_for_status()

    assert admin.patch(path, json={"status": after}).json()["status"] == after


@pytest.mark.parametrize("offset", ["", "Z", "+02:00"])
def test_r21_dates_with_and_without_offset(admin: httpx.Client, offset: str) -> None:
    dates = {"schedule_start": f"2031-01-01T09:00:00{offset}", "schedule_end": f"2031-02-01T09:00:00{offset}"}
    mixed = dates | {"schedule_end": "2031-02-01T09:00:00" + ("Z" if not offset else "")}

    created = admin.post("/api/campaigns/", json=CAMPAIGN | dates)

    assert created.status_code == 201, created.text
    assert created.json()["schedule_start"] == ("2031-01-01T07:00:00Z" if offset == "+02:00" else "2031-01-01T09:00:00Z")
    admin.delete(f"/api/campaigns/{created.json()['id']}")
    assert admin.post("/api/campaigns/", json=CAMPAIGN | mixed).status_code == 422


@pytest.mark.parametrize(
    ("path", "name", "outside", "inside"),
    [
        ("/api/contacts/", "skip", (-1,), (0, 10_000)),
        ("/api/contacts/", "limit", (0, 101), (1, 100)),
        ("/api/campaigns/", "page", (0, -1), (1, 10_000)),
        ("/api/campaigns/", "page_size", (0, 101), (1, 100)),
    ],
)
def test_r22_pages_have_bounds(
    admin: httpx.Client, path: str, name: str, outside: tuple[int, ...], inside: tuple[int, ...]
) -> None:
    assert {admin.get(path, params={name: value}).status_code for value in outside} == {422}
    assert {admin.get(path, params={name: value}).status_code for value in inside} == {200}


def test_r23_omitted_fields_stay(admin: httpx.Client, contact: Row) -> None:
    path = f"/api/contacts/{contact['id']}"

    assert admin.put(path, json={"phone_number": "12345"}).status_code == 422
    changed = admin.put(path, json={"name": "Otra", "notes": None}).json()
    assert changed == contact | {"name": "Otra", "updated_at": changed["updated_at"]}


def imported(client: httpx.Client, content: bytes, name: str) -> httpx.Response:
    return client.post("/api/contacts/import", files={"file": (name, content)})


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
@pytest.mark.parametrize("name", ["lista.csv", "LISTA.CSV", "Lista.Csv"])
def test_r24_csv_is_read_however_it_was_saved(admin: httpx.Client, prefix: bytes, name: str) -> None:
    who = f"Ñandú {uuid.uuid4().hex}"

    response = imported(admin, prefix + f"name,phone_number,email,notes,tags\n{who},600123456,,,\n".encode(), name)

    assert response.json() == {"total": 1, "imported": 1, "errors": 0}
    (stored,) = admin.get("/api/contacts/search", params={"q": who}).json()
    admin.delete(f"/api/contacts/{stored['id']}")
    assert {field: stored[field] for field in ("name", "email", "notes", "tags")} == {
        "name": who,
        "email": None,
        "notes": None,
        "tags": [],
    }


@pytest.mark.parametrize(("length", "status"), [(7, 422), (8, 201)])
def test_r27_password_has_eight_characters(anonymous: httpx.Client, length: int, status: int) -> None:
    account = {"email": f"r27-{uuid.uuid4().hex}@example.com", "password": "ñ" * length, "name": "Rosa"}

    assert anonymous.post("/api/auth/register", json=account).status_code == status


READINGS = ("/api/campaigns/", "/api/contacts/", "/api/calls/", "/api/reports/performance_metrics", "/api/auth/me")


@pytest.mark.parametrize("fault", ["database-down", "supabase-auth-down"])
def test_r28_failure_says_nothing_of_the_inside(sandbox: RunningSandbox, admin: httpx.Client, fault: str) -> None:
    credentials = {"email": sandbox.profile["LV_ADMIN_EMAIL"], "password": sandbox.profile["LV_ADMIN_PASSWORD"]}
    with sandbox.control(fault), ThreadPoolExecutor() as at_once:  # each waits its 1.5 s for a connection
        login = at_once.submit(admin.post, "/api/auth/login", json=credentials)
        responses = [*at_once.map(admin.get, READINGS), login.result()]

    failed = [response for response in responses if response.status_code >= 500]
    assert len(failed) == (len(responses) if fault == "database-down" else 2)
    assert {response.json()["status"] for response in failed} == {"error"}
    assert [word for response in failed for word in INTERNALS if word in response.text] == []
    assert [admin.get(path).status_code for path in READINGS] == [200] * len(READINGS)


def test_r28_refusal_of_the_vendor_says_nothing_of_the_inside(admin: httpx.Client, call: Row) -> None:
    order = {name: call[name] for name in ("campaign_id", "contact_id", "webhook_url", "status_callback_url", "from_number")}

    response = admin.post(
        "/api/calls/", json=order | {"status": "scheduled", "script_template": "Hola", "phone_number": "+15005550001"}
    )

    assert (response.status_code, response.json()["message"]) == (500, "Error al crear la llamada")
    assert [word for word in (*INTERNALS, "Twilio", "21217") if word in response.text] == []


def test_r29_log_holds_no_phone_and_no_token(sandbox: RunningSandbox, admin: httpx.Client) -> None:
    token, phone = sandbox.token("admin"), "+34600987654"

    admin.get(f"/api/contacts/{token}")
    admin.get("/api/contacts/search", params={"q": phone})
    record = record_of(sandbox, admin.get(f"/api/contacts/{phone}"))

    log = Path(sandbox.profile["LV_LOG_FILE"]).read_text(encoding="utf-8")
    assert record["path"] == "/api/contacts/+346****654"
    assert [secret for secret in (phone, phone[1:], token, token.split(".")[2]) if secret in log] == []


def test_r30_same_phone_twice_is_two_contacts(admin: httpx.Client) -> None:
    who = uuid.uuid4().hex

    response = imported(admin, f"name,phone_number\n{who},600123456\n{who},600123456\n".encode(), "x.csv")

    assert response.json() == {"total": 2, "imported": 2, "errors": 0}
    found = admin.get("/api/contacts/search", params={"q": who}).json()
    again = admin.post("/api/contacts/", json=CONTACT | {"name": who, "phone_number": "600123456"})
    assert (len(found), again.status_code) == (2, 201)
    for contact in (*found, again.json()):
        admin.delete(f"/api/contacts/{contact['id']}")
