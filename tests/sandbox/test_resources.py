"""The rules of campaigns, contacts, files, reports and caches that are easiest to get wrong, on a running sandbox."""

import csv
import io
import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import httpx
import openpyxl
import pytest

from sandbox.backend.caches.audio import AudioCache

CAMPAIGN = {
    "name": "Bienvenida",
    "schedule_start": "2026-01-01T09:00:00Z",
    "schedule_end": "2026-02-01T09:00:00Z",
    "script_template": "Hola {name}, le llamamos de la escuela",
    "calling_hours_start": "09:00",
    "calling_hours_end": "18:00",
}
CONTACT = {"name": "Ana", "phone_number": "+34600123456", "tags": ["vip", "madrid"]}
NOBODY = "00000000-0000-4000-8000-000000000000"

Row = dict[str, Any]


class Sandbox(Protocol):
    def client(self, role: str | None) -> httpx.Client: ...
    def control(self, *faults: str) -> Any: ...


@pytest.fixture
def viewer(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with sandbox.client("viewer") as client:
        yield client


@pytest.fixture
def campaign(admin: httpx.Client) -> Iterator[Row]:
    created = admin.post("/api/campaigns/", json=CAMPAIGN).json()
    yield created
    admin.delete(f"/api/campaigns/{created['id']}")


@pytest.fixture
def contact(admin: httpx.Client) -> Iterator[Row]:
    """Under a name that nobody else has, so that a search finds it alone."""
    created = admin.post("/api/contacts/", json=CONTACT | {"name": f"Ana {uuid.uuid4().hex}"}).json()
    yield created
    admin.delete(f"/api/contacts/{created['id']}")


def imported(client: httpx.Client, content: bytes, name: str = "contactos.csv") -> httpx.Response:
    return client.post("/api/contacts/import", files={"file": (name, content)})


def remove_found(client: httpx.Client, text: str) -> None:
    for found in client.get("/api/contacts/search", params={"q": text, "limit": 100}).json():
        client.delete(f"/api/contacts/{found['id']}")


def test_campaign_defaults_are_the_contract_s(campaign: Row) -> None:
    defaults = {"status": "draft", "campaign_type": "sales", "max_retries": 3, "retry_delay_minutes": 60, "total_calls": 0}
    assert {name: campaign[name] for name in defaults} == defaults
    assert campaign["ai_config"] == {"model": "gpt-4", "temperature": 0.7, "max_tokens": 150, "custom_prompt_variables": {}}
    assert (campaign["calling_hours_start"], campaign["calling_hours_end"]) == ("09:00", "18:00")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"status": "DRAFT"}, "Input should be"),
        ({"schedule_end": "2026-02-01T09:00:00"}, "desplazamiento horario"),
        ({"schedule_end": "2025-12-31T09:00:00Z"}, "La fecha de finalización debe ser posterior a la de inicio"),
        ({"calling_hours_end": "08:00"}, "La hora de fin debe ser posterior a la de inicio"),
        ({"schedule_start": "0001-01-01T00:00:00+05:00"}, "fuera de rango"),
        ({"name": "a\0b"}, "no se pueden guardar"),
        ({"ai_config": {"custom_prompt_variables": {"\ud800": "x"}}}, "no se pueden guardar"),
        ({"max_retries": 2**31}, "less than or equal"),
    ],
    ids=["upper case", "mixed offsets", "ends before it starts", "overnight", "no such moment", "NUL", "surrogate", "too big"],
)
def test_impossible_campaign_is_refused_field_by_field(admin: httpx.Client, change: Row, text: str) -> None:
    answer = admin.post("/api/campaigns/", content=json.dumps(CAMPAIGN | change), headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert answer.json()["message"] == "Error de validación"
    assert text in answer.json()["errors"][0]["msg"]


def test_patch_changes_what_was_sent_and_put_is_refused(admin: httpx.Client, campaign: Row) -> None:
    changed = admin.patch(f"/api/campaigns/{campaign['id']}", json={"name": "Otra", "status": "completed"}).json()
    assert changed["updated_at"] > campaign["updated_at"]
    assert changed == campaign | {"name": "Otra", "status": "completed", "updated_at": changed["updated_at"]}
    refused = admin.put(f"/api/campaigns/{campaign['id']}", json={"name": "X"})
    assert (refused.status_code, set(refused.headers["allow"].split(", ")) >= {"PATCH", "DELETE"}) == (405, True)


def test_patch_that_the_table_refuses_is_no_server_error(admin: httpx.Client, campaign: Row) -> None:
    answer = admin.patch(f"/api/campaigns/{campaign['id']}", json={"schedule_end": "2020-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()["message"]) == (422, "La fecha de finalización debe ser posterior a la de inicio")


def test_impossible_stats_are_refused_without_errors(admin: httpx.Client, campaign: Row) -> None:
    url = f"/api/campaigns/{campaign['id']}/stats"
    numbers = {"total_calls": 1, "successful_calls": 1, "failed_calls": 1, "pending_calls": 0}
    refused, missing = admin.patch(url, params=numbers), admin.patch(url, params={"total_calls": 1})
    assert (refused.status_code, refused.json()["message"], "errors" in refused.json()) == (422, "Estadísticas inválidas", False)
    assert (missing.status_code, len(missing.json()["errors"])) == (422, 3)
    assert admin.patch(url, params=numbers | {"total_calls": 2}).json()["total_calls"] == 2


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999999999"])
def test_no_page_number_is_a_server_error(admin: httpx.Client, page: str) -> None:
    assert admin.get("/api/campaigns/", params={"page": page}).status_code in {200, 422}


def test_partial_update_keeps_the_rest(sandbox: Sandbox, admin: httpx.Client, contact: Row) -> None:
    url = f"/api/contacts/{contact['id']}"
    assert admin.put(url, json={"notes": "llamar tarde", "email": None}).json()["tags"] == ["vip", "madrid"]
    with sandbox.control("contact-update-clears-tags"):
        assert admin.put(url, json={"notes": "x"}).json()["tags"] == []


@pytest.mark.parametrize("phone", ["+34600123456", "600123456", "+12025550123", "1" + "2" * 15])
def test_valid_phone_is_accepted(admin: httpx.Client, phone: str) -> None:
    created = admin.post("/api/contacts/", json=CONTACT | {"phone_number": phone})
    assert created.status_code == 201
    admin.delete(f"/api/contacts/{created.json()['id']}")


@pytest.mark.parametrize("phone", ["12345", "+34 600 123 456", "abc", "+", "1" * 17, "٦٠٠١٢٣٤٥٦", "600123456\n"])
def test_invalid_phone_is_refused(admin: httpx.Client, contact: Row, phone: str) -> None:
    assert admin.post("/api/contacts/", json=CONTACT | {"phone_number": phone}).status_code == 422
    assert admin.put(f"/api/contacts/{contact['id']}", json={"phone_number": phone}).status_code == 422


def test_wildcards_are_text(sandbox: Sandbox, admin: httpx.Client, contact: Row) -> None:
    pattern = contact["name"].replace(" ", "_")
    assert admin.get("/api/contacts/search", params={"q": pattern}).json() == []
    with sandbox.control("contact-search-wildcards-unescaped"):
        assert len(admin.get("/api/contacts/search", params={"q": pattern}).json()) == 1


def test_total_is_of_the_search(sandbox: Sandbox, admin: httpx.Client, contact: Row) -> None:
    query = {"search": contact["name"].upper(), "skip": 5, "limit": 5}
    page = admin.get("/api/contacts/", params=query).json()
    assert page == {"data": [], "total": 1, "page": 2, "limit": 5, "totalPages": 1}
    totals = [
        admin.get("/api/contacts/", params=query | {"tags": tags}).json()["total"]
        for tags in (["vip", "madrid"], ["vip", "lisboa"])
    ]
    assert totals == [1, 0]
    with sandbox.control("contact-total-ignores-search"):
        assert admin.get("/api/contacts/", params=query).json()["total"] > 1


def test_viewer_reads_masked_phones_and_writes_nothing(sandbox: Sandbox, viewer: httpx.Client, contact: Row) -> None:
    url = f"/api/contacts/{contact['id']}"
    assert viewer.get(url).json()["phone_number"] == "+346****456"
    refused = [viewer.put(url, json={}), viewer.delete(url), viewer.get("/api/contacts/export"), viewer.post("/cache/clear")]
    assert {(answer.status_code, answer.json()["message"]) for answer in refused} == {(403, "Permisos insuficientes")}
    with sandbox.control("viewer-may-write-contacts"):
        assert viewer.put(url, json={}).status_code == 200


def test_import_takes_each_row_for_itself(sandbox: Sandbox, admin: httpx.Client) -> None:
    mark = uuid.uuid4().hex
    rows = [
        f'{mark} uno,+34600123456,,,"vip, madrid"',
        f"{mark} dos,123,,,",
        ",600123456,,,",
        f"{mark} tres,600123456,sin arroba,,",
        f"{mark} uno,+34600123456,uno@example.com,nota,",
    ]
    content = "\ufeff" + "\r\n".join(["name,phone_number,email,notes,tags", *rows])
    try:
        assert imported(admin, content.encode(), "LISTA.CSV").json() == {"total": 5, "imported": 2, "errors": 3}
        found = admin.get("/api/contacts/search", params={"q": mark}).json()
        assert sorted((row["tags"], row["email"], row["notes"]) for row in found if row["email"] is None) == [
            (["vip", "madrid"], None, None)
        ]
        assert len(found) == 2
    finally:
        remove_found(admin, mark)
    with sandbox.control("contact-import-trips-over-bom"):
        assert imported(admin, content.encode()).status_code == 400


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"name,phone_number\n", "x.csv", 200),
        (b"", "x.csv", 400),
        (b"name,email\nAna,\n", "x.csv", 400),
        (b"name,phone_number\n\xff\xfe,1\n", "x.csv", 400),
        (b"name,phone_number\n", "x.txt", 400),
    ],
    ids=["header only", "empty", "no phone column", "not UTF-8", "not CSV"],
)
def test_unreadable_import_is_the_client_s_error(admin: httpx.Client, content: bytes, name: str, status: int) -> None:
    assert imported(admin, content, name).status_code == status


def test_exported_text_is_never_a_formula(sandbox: Sandbox, admin: httpx.Client) -> None:
    created = admin.post("/api/contacts/", json=CONTACT | {"name": "=1+1", "notes": "-x", "tags": ["@a", "b"]}).json()
    contact_list = admin.post("/api/contacts/lists", json={"name": "Exportados", "contacts": [created["id"], NOBODY]}).json()
    try:
        answer = admin.get("/api/contacts/export", params={"list_id": contact_list["id"]})
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["content-disposition"] == "attachment; filename=contacts.csv"
        header, row = csv.reader(io.StringIO(answer.text))
        assert header == ["id", "name", "phone_number", "email", "notes", "tags", "created_at", "updated_at"]
        assert row[:6] == [created["id"], "'=1+1", "+34600123456", "", "'-x", "'@a,b"]
        with sandbox.control("export-cell-injection"):
            assert "'=1+1" not in admin.get("/api/contacts/export", params={"list_id": contact_list["id"]}).text
    finally:
        admin.delete(f"/api/contacts/{created['id']}")


def test_unknown_list_and_contact_are_not_found(admin: httpx.Client) -> None:
    for unknown in (NOBODY, "nadie"):
        answers = [
            admin.get(f"/api/contacts/{unknown}"),
            admin.get(f"/api/contacts/lists/{unknown}"),
            admin.post(f"/api/contacts/lists/{unknown}/contacts", json=[NOBODY]),
            admin.delete(f"/api/contacts/lists/{unknown}/contacts/{unknown}"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4


def all_calls(client: httpx.Client) -> list[Row]:
    first = client.get("/api/reports/call_history", params={"page_size": 100}).json()
    pages = range(2, first["total_pages"] + 1)
    more = [client.get("/api/reports/call_history", params={"page_size": 100, "page": page}).json()["data"] for page in pages]
    return [call for data in (first["data"], *more) for call in data]


def test_report_agrees_with_the_rows(sandbox: Sandbox, admin: httpx.Client) -> None:
    report = admin.get("/api/reports/performance_metrics").json()
    calls, summary = all_calls(admin), report["summary"]
    statuses = [call["status"] for call in calls]
    assert report["period"]["days"] == 30
    assert (
        summary["total_calls"] == len(calls) == sum(report["by_status"].values()) == sum(d["total"] for d in report["timeline"])
    )
    assert summary["completed_calls"] == statuses.count("completed")
    assert summary["failed_calls"] == statuses.count("failed") + statuses.count("error")
    assert summary["success_rate"] == round(100 * statuses.count("completed") / len(calls), 2)
    past = {"start_date": "2020-01-01", "end_date": "2020-01-02T00:00:00Z"}
    assert admin.get("/api/reports/performance_metrics", params=past).json()["summary"]["total_calls"] == 0
    with sandbox.control("report-ignores-window"):
        assert admin.get("/api/reports/performance_metrics", params=past).json()["summary"]["total_calls"] == len(calls)


def test_performance_is_sorted_by_success_and_summary_agrees(admin: httpx.Client) -> None:
    campaigns = admin.get("/api/reports/campaigns/performance", params={"limit": 100}).json()
    assert [row["success_rate"] for row in campaigns] == sorted((row["success_rate"] for row in campaigns), reverse=True)
    metrics = admin.get(f"/api/reports/campaign/{campaigns[0]['id']}/summary").json()["metrics"]
    assert {name: metrics[name] for name in ("total_calls", "success_rate", "avg_duration")} == {
        name: campaigns[0][name] for name in ("total_calls", "success_rate", "avg_duration")
    }
    assert admin.get("/api/reports/campaign/nadie/summary").json()["message"] == "Campaña no encontrada"


def test_calls_export_has_the_same_table_in_both_forms(admin: httpx.Client) -> None:
    campaign = all_calls(admin)[0]["campaign_id"]
    text = admin.get("/api/reports/export/calls", params={"campaign_id": campaign})
    sheet = admin.get("/api/reports/export/calls", params={"campaign_id": campaign, "format": "excel"})
    assert text.headers["content-type"].startswith("text/csv")
    assert sheet.headers["content-disposition"].endswith(".xlsx")
    rows = list(csv.reader(io.StringIO(text.text)))
    cells = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0].iter_rows())
    assert rows[0][0] == "contact_id"
    assert rows[0][-2:] == ["interaction_history", "campaign_name"]
    assert rows == [["" if cell.value is None else str(cell.value) for cell in row] for row in cells]
    assert not [cell.coordinate for row in cells for cell in row if cell.data_type == "f"]


def test_deleted_campaign_is_gone_with_its_reports(sandbox: Sandbox, admin: httpx.Client, campaign: Row) -> None:
    url = f"/api/campaigns/{campaign['id']}"
    with sandbox.control("campaign-delete-only-cancels"):
        assert (admin.delete(url).status_code, admin.get(url).status_code) == (204, 200)
    assert (admin.delete(url).content, admin.get(url).status_code, admin.delete(url).status_code) == (b"", 404, 404)


def test_pages_do_not_overlap(sandbox: Sandbox, admin: httpx.Client) -> None:
    def two_pages() -> list[str]:
        pages = [admin.get("/api/campaigns/", params={"page": page, "page_size": 2}).json() for page in (1, 2)]
        return [row["id"] for page in pages for row in page]

    assert len(set(two_pages())) == len(two_pages())
    with sandbox.control("campaign-pages-overlap"):
        assert len(set(two_pages())) < len(two_pages())


def test_only_conversations_are_synchronised(admin: httpx.Client, viewer: httpx.Client) -> None:
    assert admin.post("/cache/sync", params={"table_name": "users"}).status_code == 400
    before = viewer.get("/cache/metrics").json()["sync_count"]
    done = admin.post("/cache/sync", params={"table_name": "conversation_memories"}).json()
    assert done == {"status": "success", "message": "Sincronización completada"}
    assert viewer.get("/cache/metrics").json()["sync_count"] == before + 1
    missing = admin.post(f"/cache/preload/{uuid.uuid4()}")
    assert (missing.status_code, missing.json()["message"]) == (404, "Conversación no encontrada o error al precargar")


@pytest.fixture
def clock() -> list[float]:
    """The moment in seconds; a test moves it."""
    return [1_000_000.0]


@pytest.fixture
def audio(tmp_path: Path, clock: list[float]) -> Callable[[], AudioCache]:
    """Opens the cache in a folder that outlives it, with room for 25 bytes."""
    return lambda: AudioCache(tmp_path, max_size_bytes=25, ttl_s=60, now=lambda: clock[0])


def test_audio_is_found_by_its_words(audio: Callable[[], AudioCache]) -> None:
    audio().put("Hola  Mundo", "Bella", "es", b"audio")
    assert audio().get(" hola\nmundo ", "Bella", "es") == b"audio"
    assert audio().get("hola mundo", "Adam", "es") is None
    assert audio().stats()["top_accessed"] == [{"text": "Hola  Mundo", "voice_id": "Bella", "access_count": 1, "size": 5}]


def test_each_voice_has_its_own_audio(audio: Callable[[], AudioCache], monkeypatch: pytest.MonkeyPatch) -> None:
    cache = audio()
    cache.put("hola", "Bella", "es", b"Bella")
    assert cache.get("hola", "Adam", "es") is None
    assert cache.get("adiós", "Bella", "es") is None
    monkeypatch.setattr("sandbox.faults._active", {"audio-cache-forgets-text"})
    cache.put("hola", "Bella", "es", b"hola")
    assert cache.get("adiós", "Bella", "es") == b"hola"


def test_least_recently_heard_audio_goes_first(audio: Callable[[], AudioCache], clock: list[float]) -> None:
    cache = audio()
    for text in ("uno", "dos"):
        cache.put(text, "Bella", "es", b"0123456789")
        clock[0] += 1
    assert cache.get("uno", "Bella", "es")
    clock[0] += 1
    cache.put("tres", "Bella", "es", b"0123456789")
    assert [bool(cache.get(text, "Bella", "es")) for text in ("uno", "dos", "tres")] == [True, False, True]
    clock[0] += 61
    assert cache.get("uno", "Bella", "es") is None
    assert cache.clear()
    assert cache.stats()["total_files"] == 0
