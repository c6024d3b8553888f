"""Calls, their webhooks and their sockets against a running sandbox: the rules that are easiest to get wrong."""

import asyncio
import base64
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4
from xml.etree import ElementTree as ET

import httpx
import psycopg
import pytest
import websockets
from psycopg.rows import DictRow, dict_row
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # the vendor ships no types

from sandbox.backend.calls.telephony import Telephony, client
from sandbox.backend.campaigns.scheduler import Round
from sandbox.backend.core.metrics import Metrics
from sandbox.process.settings import Settings
from tests.conftest import RunningSandbox

WEBHOOK = "/api/webhooks/twilio"


class Desk(SimpleNamespace):
    """An operator at work: a campaign and a contact of their own, and the vendor's side of the line."""

    sandbox: RunningSandbox
    operator: httpx.Client
    viewer: httpx.Client
    anonymous: httpx.Client
    campaign_id: str
    contact_id: str

    def order(self, **changes: Any) -> dict[str, Any]:
        return {
            "campaign_id": self.campaign_id,
            "contact_id": self.contact_id,
            "status": "scheduled",
            "script_template": 'Hola {name}, "cinco" < 6 & más',
            "webhook_url": "https://example.com/voz",
            "status_callback_url": "https://example.com/estado",
            "phone_number": "+12025550143",
            "from_number": self.sandbox.profile["TWILIO_PHONE_NUMBER"],
        } | changes

    def call(self, **changes: Any) -> dict[str, Any]:
        response = self.operator.post("/api/calls/", json=self.order(**changes))
        assert response.status_code == 201, response.text
        return dict(response.json())

    def read(self, call: dict[str, Any], **query: Any) -> dict[str, Any]:
        return dict(self.operator.get(f"/api/calls/{call['id']}", params=query).json())

    def counters(self) -> tuple[int, ...]:
        campaign = self.operator.get(f"/api/campaigns/{self.campaign_id}").json()
        return tuple(campaign[f"{name}_calls"] for name in ("total", "successful", "failed", "pending"))

    def vendor(self, path: str) -> Any:
        profile = self.sandbox.profile
        credentials = (profile["TWILIO_ACCOUNT_SID"], profile["TWILIO_AUTH_TOKEN"])
        origin = f"{profile['TWILIO_API_BASE_URL']}/2010-04-01/Accounts/{profile['TWILIO_ACCOUNT_SID']}"
        tls = ssl.create_default_context(cafile=profile["LV_CA_FILE"])
        with httpx.Client(auth=credentials, verify=tls) as client:
            return client.get(origin + path).json()

    def signed(self, path: str, *, key: str | None = None, **form: str) -> httpx.Response:
        """A form as Twilio sends it; the signature covers the public URL."""
        profile = self.sandbox.profile
        url = f"{profile['LV_API_URL']}{WEBHOOK}{path}"
        signature = RequestValidator(key or profile["TWILIO_AUTH_TOKEN"]).compute_signature(url, form)
        return self.anonymous.post(WEBHOOK + path, data=form, headers={"X-Twilio-Signature": signature})


@pytest.fixture
def desk(sandbox: RunningSandbox) -> Iterator[Desk]:
    with sandbox.client("operator") as operator, sandbox.client("viewer") as viewer, sandbox.client(None) as anonymous:
        start = datetime.now(UTC)
        campaign = {
            "name": f"Campaña {uuid4()}",
            "schedule_start": start.isoformat(),
            "schedule_end": (start + timedelta(days=7)).isoformat(),
            "script_template": "Hola {name}, le llamamos.",
            "calling_hours_start": "09:00",
            "calling_hours_end": "18:00",
        }
        contact = {"name": "Ana & Co <b>", "phone_number": "+12025550143"}
        yield Desk(
            sandbox=sandbox,
            operator=operator,
            viewer=viewer,
            anonymous=anonymous,
            campaign_id=operator.post("/api/campaigns/", json=campaign).json()["id"],
            contact_id=operator.post("/api/contacts/", json=contact).json()["id"],
        )


def test_call_is_placed_at_the_vendor_first(desk: Desk) -> None:
    """The vendor's id is in our record, and the status is stored as sent."""
    call = desk.call(scheduled_time="2031-05-06T07:08:09")

    assert (call["status"], call["retry_attempts"], call["max_retries"]) == ("scheduled", 0, 3)
    assert call["scheduled_time"] == "2031-05-06T07:08:09Z"
    assert "timeout" not in call
    assert desk.vendor(f"/Calls/{call['twilio_sid']}.json")["to"] == "+12025550143"
    assert desk.counters() == (1, 0, 0, 1)


def test_nobody_is_called_for_an_unknown_party(desk: Desk) -> None:
    """404, and nothing at the vendor, unless the fault is on."""

    def called() -> int:
        return len(desk.vendor("/Calls.json?PageSize=1000")["calls"])

    before = called()
    unknown = [{"campaign_id": str(uuid4())}, {"campaign_id": "no-uuid"}, {"contact_id": str(uuid4())}]
    assert [desk.operator.post("/api/calls/", json=desk.order(**each)).status_code for each in unknown] == [404, 404, 404]
    assert called() == before
    with desk.sandbox.control("call-placed-for-unknown-contact"):
        assert desk.operator.post("/api/calls/", json=desk.order(**unknown[2])).status_code == 404
    assert called() == before + 1


@pytest.mark.parametrize(
    "change",
    [
        {"phone_number": "12 34"},
        {"from_number": "abc"},
        {"status": "queued"},
        {"webhook_url": ""},
        {"contact_id": "no-uuid"},
        {"notes": "a\0b"},
        {"max_retries": 2**31},
        {"scheduled_time": "mañana"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_impossible_orders_are_refused(desk: Desk, change: dict[str, Any]) -> None:
    """422 with the errors, never 5xx."""
    response = desk.operator.post("/api/calls/", json=desk.order(**change))

    assert response.status_code == 422
    assert response.json()["errors"]


def test_vendor_refusal_tells_nothing(desk: Desk) -> None:
    """Contract R-28; the counters do not move."""
    response = desk.operator.post("/api/calls/", json=desk.order(phone_number="+15005550001"))

    assert (response.status_code, response.json()["message"]) == (500, "Error al crear la llamada")
    assert desk.counters() == (0, 0, 0, 0)


def test_listing_filters_sorts_and_pages(desk: Desk) -> None:
    """Fixed paths win over ids, and a page past the end is empty."""
    for minute in (3, 1, 2):
        desk.call(scheduled_time=f"2031-01-01T00:0{minute}:00+00:00", status="pending" if minute == 2 else "scheduled")

    def listed(**query: Any) -> dict[str, Any]:
        return dict(desk.operator.get("/api/calls/", params={"campaign_id": desk.campaign_id} | query).json())

    ordered = listed(sort_by="scheduled_time", sort_order="asc", page_size=2)
    assert [each["scheduled_time"][14:16] for each in ordered["data"]] == ["01", "02"]
    assert (ordered["total"], ordered["total_pages"]) == (3, 2)
    assert listed(status="pending")["total"] == 1
    assert listed(page=10**9)["data"] == []
    assert listed(campaign_id="no-uuid") == {"data": [], "total": 0, "page": 1, "page_size": 10, "total_pages": 0}
    assert listed(start_date="2031-01-01")["total"] == 0
    assert desk.operator.get("/api/calls/", params={"sort_by": "id; DROP TABLE calls"}).status_code == 422
    assert desk.operator.get("/api/calls/", params={"page_size": 101}).status_code == 422
    assert desk.operator.get(f"/api/calls/{uuid4()}").json()["message"] == "Llamada no encontrada"
    assert desk.operator.get("/api/calls/initiate").status_code == 404


def test_metrics_agree_with_the_rows(desk: Desk) -> None:
    """R-03: by status, mean duration, and a timeline dated by the first day of its period."""
    for outcome, duration in (("completed", 30), ("completed", 50), ("failed", None), ("error", None)):
        call = desk.call()
        query = {"status": outcome} | ({"duration": duration} if duration else {})
        desk.operator.patch(f"/api/calls/{call['id']}/status", params=query)

    for period in ("day", "week", "month"):
        shown = desk.operator.get("/api/calls/metrics", params={"campaign_id": desk.campaign_id, "group_by": period}).json()
        assert shown["by_status"] == {"completed": 2, "error": 1, "failed": 1}
        assert shown["avg_duration"] == 40
        assert [(each["total"], each["completed"], each["failed"]) for each in shown["timeline"]] == [(4, 2, 2)]
    assert shown["timeline"][0]["date"] == f"{datetime.now(UTC):%Y-%m}-01"
    assert desk.operator.get("/api/calls/metrics", params={"group_by": "year"}).status_code == 422
    assert desk.counters() == (4, 2, 2, 0)


def test_viewer_reads_masked_and_changes_nothing(desk: Desk) -> None:
    """R-07, R-29."""
    call = desk.call()
    path = f"/api/calls/{call['id']}"

    listed = desk.viewer.get("/api/calls/", params={"campaign_id": desk.campaign_id}).json()["data"][0]
    assert listed["phone_number"] == "+120****143"
    assert desk.viewer.get(path).json()["contact_phone"] == "+120****143"
    refused = [
        desk.viewer.post("/api/calls/", json=desk.order()),
        desk.viewer.patch(f"{path}/status", params={"status": "completed"}),
        desk.viewer.post(f"{path}/cancel"),
        desk.viewer.post(f"{path}/reschedule", params={"scheduled_time": "2031-01-01"}),
        desk.viewer.post(f"{path}/respond", json={"text": "hola"}),
        desk.viewer.post("/api/calls/twilio_callback", json={"CallSid": call["twilio_sid"], "CallStatus": "completed"}),
        desk.viewer.post("/api/v1/calls/webhook", json={"CallSid": call["twilio_sid"], "CallStatus": "completed"}),
    ]
    assert {response.status_code for response in refused} == {403}
    assert desk.read(call)["status"] == "scheduled"


def test_cancel_ends_the_line_and_a_late_report_does_not_undo_it(desk: Desk) -> None:
    """The vendor reports `completed` for a call that we hung up."""
    call = desk.call()
    desk.signed("/status", CallSid=call["twilio_sid"], CallStatus="in-progress")
    cancelled = desk.operator.post(f"/api/calls/{call['id']}/cancel").json()
    desk.signed("/status", CallSid=call["twilio_sid"], CallStatus="completed", CallDuration="3")

    assert (cancelled["status"], cancelled["error_message"]) == ("cancelled", "Cancelada manualmente")
    assert desk.vendor(f"/Calls/{call['twilio_sid']}.json")["status"] == "completed"
    assert desk.read(call)["status"] == "cancelled"
    assert desk.counters() == (1, 0, 0, 0)


def test_reschedule_wants_the_future(desk: Desk) -> None:
    """With and without offset; the call waits again."""
    call = desk.call(status="failed")
    path = f"/api/calls/{call['id']}/reschedule"

    assert desk.operator.post(path, params={"scheduled_time": "2020-01-01T00:00:00"}).status_code == 400
    assert desk.operator.post(path).status_code == 422
    assert desk.operator.post(f"/api/calls/{uuid4()}/reschedule", params={"scheduled_time": "2031-01-01"}).status_code == 404
    moved = desk.operator.post(path, params={"scheduled_time": "2031-01-01T10:00:00+02:00"}).json()
    assert (moved["status"], moved["scheduled_time"]) == ("scheduled", "2031-01-01T08:00:00Z")
    assert desk.counters() == (1, 0, 0, 1)


def test_detail_shows_recordings_and_transcripts_on_request(desk: Desk) -> None:
    """And `respond` answers only in an active call."""
    call = desk.call()
    path = f"/api/calls/{call['id']}"
    idle = desk.operator.post(f"{path}/respond", json={"text": "hola"})
    assert (idle.status_code, idle.json()["message"]) == (400, "La llamada no está activa. Estado actual: scheduled")
    desk.operator.patch(f"{path}/status", params={"status": "in_progress", "recording_url": "https://example.com/r.wav"})

    assert desk.operator.post(f"{path}/respond", json={}).status_code == 400
    spoken = desk.operator.post(f"{path}/respond", json={"text": "hola"}).json()
    assert base64.b64decode(spoken["audio"]).startswith(b"\xff\xf3")
    assert desk.read(call)["interactions"] == []
    assert desk.read(call)["recording_url"] is None
    full = desk.read(call, include_recordings="true", include_transcripts="true")
    assert [(each["type"], each["content"])[0] for each in full["interactions"]] == ["user", "ai"]
    assert full["recording_url"] == "https://example.com/r.wav"
    assert (full["contact_name"], full["start_time"] is None, full["end_time"]) == ("Ana & Co <b>", False, None)
    assert "script_template" not in full


def test_legacy_callback_always_answers_200(desk: Desk) -> None:
    """Except to those who may not send it at all, and to a form."""
    call = desk.call()

    def reported(**report: str) -> str:
        response = desk.operator.post("/api/calls/twilio_callback", json=report)
        assert response.status_code == 200
        return str(response.json()["status"])

    assert reported(CallSid=call["twilio_sid"], CallStatus="no-answer") == "success"
    assert reported(CallSid="CA-unknown", CallStatus="completed") == "warning"
    assert reported(CallStatus="completed") == "error"
    assert desk.read(call)["status"] == "no_answer"
    assert desk.operator.post("/api/calls/twilio_callback", data={"CallSid": "x"}).status_code == 422
    assert desk.anonymous.post("/api/calls/twilio_callback", json={}).status_code == 401


def test_only_the_vendor_is_heard(desk: Desk) -> None:
    """R-14: no signature, another key, another field, a broken body: 403 and nothing happens."""
    call = desk.call()
    forged = [
        desk.anonymous.post(f"{WEBHOOK}/status", data={"CallSid": call["twilio_sid"], "CallStatus": "completed"}),
        desk.signed("/status", key="guess", CallSid=call["twilio_sid"], CallStatus="completed"),
        desk.anonymous.post(f"{WEBHOOK}/", content=b"--x", headers={"content-type": "multipart/form-data; boundary=x"}),
        desk.anonymous.post(f"{WEBHOOK}/gather", json={"CallSid": call["twilio_sid"]}),
    ]

    assert [(each.status_code, each.json()["message"]) for each in forged] == [(403, "Solicitud no autorizada")] * 4
    assert desk.read(call)["status"] == "scheduled"
    assert [desk.signed("/status").status_code, desk.signed("/", CallSid="CA-unknown").status_code] == [404, 404]
    with desk.sandbox.control("webhook-signature-not-checked"):
        desk.signed("/status", key="guess", CallSid=call["twilio_sid"], CallStatus="completed")
    assert desk.read(call)["status"] == "completed"


def test_status_callbacks_repeat_and_arrive_late(desk: Desk) -> None:
    """Contract 5.4: idempotent, no way back, and a duration that is no number is ignored."""
    call = desk.call()
    for status, duration in (("ringing", ""), ("completed", "abc"), ("completed", "42"), ("in-progress", "7"), ("nonsense", "")):
        response = desk.signed("/status", CallSid=call["twilio_sid"], CallStatus=status, CallDuration=duration)
        assert (response.status_code, response.content) == (200, b"")

    assert (desk.read(call)["status"], desk.read(call)["duration"]) == ("completed", 42)
    assert desk.counters() == (1, 1, 0, 0)
    with desk.sandbox.control("terminal-status-overwritten"):
        desk.signed("/status", CallSid=call["twilio_sid"], CallStatus="in-progress")
    assert desk.read(call)["status"] == "in_progress"


def test_reports_at_the_same_moment_count_once(desk: Desk) -> None:
    """The row is locked while a report is applied."""
    calls = [desk.call() for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda call: desk.signed("/status", CallSid=call["twilio_sid"], CallStatus="busy"), calls * 4))

    assert {desk.read(call)["status"] for call in calls} == {"busy"}
    assert desk.counters() == (3, 0, 3, 0)


def test_answered_call_hears_the_script(desk: Desk) -> None:
    """Contract 5.3, with names and scripts that are not XML; the fault breaks the document."""
    call = desk.call()
    response = desk.signed("/", CallSid=call["twilio_sid"])
    root = ET.fromstring(response.content)  # noqa: S314 - our own answer

    assert response.headers["content-type"].startswith("application/xml")
    assert [child.tag for child in root] == ["Say", "Say", "Gather", "Say", "Hangup"]
    assert "Ana & Co <b>" in (root[0].text or "") and desk.sandbox.profile["APP_NAME"] in (root[0].text or "")  # noqa: PT018 - one greeting
    assert root[1].text == call["script_template"]
    assert root[2].attrib == {
        "input": "dtmf speech",
        "timeout": "5",
        "numDigits": "1",
        "method": "POST",
        "action": f"{desk.sandbox.profile['APP_URL']}{WEBHOOK}/gather",
    }
    assert all(say.attrib == {"voice": "woman", "language": "es-ES"} for say in root.iter("Say"))
    assert desk.read(call)["status"] == "in_progress"
    with desk.sandbox.control("twiml-unescaped"), pytest.raises(ET.ParseError):
        ET.fromstring(desk.signed("/", CallSid=call["twilio_sid"]).content)  # noqa: S314 - our own answer


def test_negated_interest_is_no_interest(desk: Desk) -> None:
    """The note is what a representative acts on."""
    call = desk.call()

    def noted(**form: str) -> str:
        assert desk.signed("/gather", CallSid=call["twilio_sid"], **form).text.count("<Say") == 1
        return str(desk.read(call)["notes"])

    assert noted(Digits="1", SpeechResult="no") == "Usuario interesado. Requiere seguimiento."
    assert noted(Digits="2") == "Usuario solicita ser contactado más tarde."
    assert noted(SpeechResult="No estoy interesado") == "Respuesta no reconocida: No estoy interesado"
    with desk.sandbox.control("gather-ignores-negation"):
        assert noted(SpeechResult="No estoy interesado") == "Usuario interesado. Requiere seguimiento."


def test_conversation_webhook_speaks_or_closes(desk: Desk) -> None:
    """Contract 5.5 in both spellings and both forms of body."""
    call = desk.call()
    tracked = {"metadata": json.dumps({"conversation_tracking_id": call["id"]})}

    def reported(**body: Any) -> httpx.Response:
        return desk.operator.post("/api/v1/calls/webhook", **body)

    assert reported(json={"call_sid": call["twilio_sid"], "CallStatus": "ringing"}).content == b""
    spoken = reported(data={"CallSid": call["twilio_sid"], "SpeechResult": "hola"})
    assert (spoken.status_code, spoken.headers["content-type"]) == (200, "audio/mpeg")
    assert spoken.content.startswith(b"\xff\xf3")
    assert reported(json=tracked | {"call_status": "busy", "digits": "1"}).content == b""
    assert desk.read(call)["status"] == "busy"
    broken: list[dict[str, Any]] = [
        {"content": b"{"},
        {"content": b"[1]"},
        {"content": b"[" * 100_000},
        {"json": {"metadata": "{"}},
    ]
    assert [reported(**each).status_code for each in broken] == [400] * 4
    assert desk.anonymous.post("/api/v1/calls/webhook", json={}).status_code == 401


async def dialogue(desk: Desk, path: str, *frames: str | bytes) -> tuple[list[bytes], int | None]:
    """What the server sent before it closed or had answered once per frame, and its close code."""
    tls = ssl.create_default_context(cafile=desk.sandbox.profile["LV_CA_FILE"])
    origin = desk.sandbox.profile["LV_API_URL"].replace("https", "wss")
    received: list[bytes] = []
    async with websockets.connect(origin + path, ssl=tls) as socket:
        try:
            for frame in frames:
                await socket.send(frame)
                received.append(bytes(await asyncio.wait_for(socket.recv(decode=False), 10)))
            if not frames:
                await asyncio.wait_for(socket.recv(), 10)
        except websockets.ConnectionClosed:
            return received, socket.close_code
    return received, None


def test_sockets_speak_to_staff_only_and_end_the_call(desk: Desk) -> None:
    """R-25: accepted, then closed with 1008 and without data; on disconnect the call has ended, at the vendor too."""
    call, token = desk.call(), desk.sandbox.token("operator")
    path = f"/ws/call/{call['id']}"

    refused = ["", "?token=x", f"?token={desk.sandbox.token('viewer')}"]
    assert [asyncio.run(dialogue(desk, path + query)) for query in refused] == [([], 1008)] * 3
    assert asyncio.run(dialogue(desk, f"/ws/call/{uuid4()}?token={token}")) == ([], 1008)
    assert desk.read(call)["status"] == "scheduled"
    received, _ = asyncio.run(dialogue(desk, f"{path}?token={token}", "hola", "¿cuánto cuesta?"))
    assert [frame[:2] for frame in received] == [b"\xff\xf3"] * 2
    assert ended(desk, call) == ("completed", "completed")
    assert asyncio.run(dialogue(desk, f"{path}/audio?token={token}", "text"))[1] == 1003
    with desk.sandbox.control("websocket-without-token"):
        assert len(asyncio.run(dialogue(desk, f"{path}/audio", b"\0" * 1024))[0][0]) == 1024


def ended(desk: Desk, call: dict[str, Any]) -> tuple[str, str]:
    """Our status and the vendor's, once ours is final; the server notices the disconnect a moment later."""
    for _ in range(200):
        ours, theirs = desk.read(call)["status"], desk.vendor(f"/Calls/{call['twilio_sid']}.json")["status"]
        if (ours, theirs) == ("completed", "completed"):
            break
    return ours, theirs


def test_every_vendor_request_is_counted(desk: Desk) -> None:
    """The alert on the vendor's error rate divides these two."""
    credentials = (desk.sandbox.profile["LV_METRICS_USER"], desk.sandbox.profile["LV_METRICS_PASSWORD"])

    def counted() -> dict[str, float]:
        lines = desk.anonymous.get("/metrics", auth=credentials).text.splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))}

    before = counted()
    call = desk.call()
    desk.operator.post("/api/calls/", json=desk.order(phone_number="+15005550001"))
    desk.signed("/status", CallSid=call["twilio_sid"], CallStatus="completed", CallDuration="20")
    after = counted()
    moved = {name for name in after if after[name] > before.get(name, 0)}

    assert after["twilio_requests_total"] - before["twilio_requests_total"] == 2
    assert after["twilio_errors_total"] - before["twilio_errors_total"] == 1
    assert f'total_calls_total{{campaign_id="{desk.campaign_id}",status="completed"}}' in moved
    assert any("/api/webhooks/twilio/status" in name for name in moved)


def test_round_calls_who_is_due_and_completes_the_campaign(desk: Desk) -> None:
    """Contract 3.6: a first call, no second one while it runs, a retry after the wait, and the end when nothing is pending."""
    start = datetime(2040, 1, 2, 10, tzinfo=UTC)
    window = {"schedule_start": start.isoformat(), "schedule_end": (start + timedelta(days=9)).isoformat(), "status": "active"}
    desk.operator.patch(f"/api/campaigns/{desk.campaign_id}", json=window)
    link = {"campaign_id": desk.campaign_id, "contact_id": desk.contact_id}

    async def scenario() -> list[int]:
        async with scheduler_round(desk.sandbox.profile, link) as (work, database):
            placed = [await work.run(start + timedelta(days=10)), await work.run(start), await work.run(start)]
            await database.execute("UPDATE calls SET status = 'failed' WHERE campaign_id = %(campaign_id)s", link)
            await database.execute("UPDATE campaign_contacts SET call_status = 'failed' WHERE contact_id = %(contact_id)s", link)
            placed.append(await work.run(start + timedelta(hours=2)))
            await database.execute("UPDATE campaigns SET pending_calls = 0 WHERE id = %(campaign_id)s", link)
            return [*placed, await work.run(start)]

    assert asyncio.run(scenario()) == [0, 1, 0, 1, 0]
    (call,) = desk.operator.get("/api/calls/", params={"campaign_id": desk.campaign_id}).json()["data"]
    assert (call["status"], call["retry_attempts"], call["phone_number"]) == ("pending", 1, "+12025550143")
    assert desk.operator.get(f"/api/campaigns/{desk.campaign_id}").json()["status"] == "completed"


@contextlib.asynccontextmanager
async def scheduler_round(profile: dict[str, str], link: dict[str, str]) -> AsyncIterator[tuple[Round, Any]]:
    """A round of its own beside the running backend, with one contact in the campaign."""
    names = {name.lower(): value for name, value in profile.items()} | {"ca_file": profile["LV_CA_FILE"]}
    settings, metrics = cast("Settings", SimpleNamespace(**names)), Metrics()
    connect = psycopg.AsyncConnection[DictRow].connect(profile["DATABASE_URL"], autocommit=True, row_factory=dict_row)
    async with client(settings) as line, await connect as database:
        await database.execute("SET ROLE service_role")
        await database.execute(
            "INSERT INTO campaign_contacts (campaign_id, contact_id) VALUES (%(campaign_id)s, %(contact_id)s)", link
        )
        yield Round(database, Telephony(line, metrics), settings, metrics), database
