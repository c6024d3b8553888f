"""Calls: place, list, read, and what an operator can do with one (contract 2.6)."""

import base64
from datetime import UTC, datetime
from typing import Any

import psycopg
from fastapi import APIRouter, Request

from sandbox.backend.accounts.authentication import Reader, Writer
from sandbox.backend.calls import faults
from sandbox.backend.calls import listing as call_listing
from sandbox.backend.calls import metrics as call_metrics
from sandbox.backend.calls import store as call_store
from sandbox.backend.calls.models import Call, CallCreate, CallDetail, CallPage, SpokenAnswer
from sandbox.backend.calls.services import Measures, opened, unit_of_work
from sandbox.backend.calls.states import TERMINAL, CallStatus
from sandbox.backend.calls.store import Row
from sandbox.backend.calls.telephony import TelephonyError, Vendor
from sandbox.backend.calls.voice import Speech
from sandbox.backend.core.database import Database
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.field_types import Count, Moment, Text, as_utc, as_uuid
from sandbox.backend.core.privacy import mask_phone
from sandbox.backend.webhooks import legacy as legacy_callback

NOT_FOUND = "Llamada no encontrada"
SIDES = (("user", "user_message"), ("ai", "ai_response"))
SIDES_SWAPPED = (("user", "ai_response"), ("ai", "user_message"))

router = APIRouter(prefix="/api/calls", tags=["calls"], lifespan=opened)
# Before the paths with an id: the first route that matches wins (contract R-03).
router.add_api_route("/", call_listing.list_calls, methods=["GET"], response_model=CallPage)
router.add_api_route("/metrics", call_metrics.metrics, methods=["GET"])
router.add_api_route("/twilio_callback", legacy_callback.receive, methods=["POST"])


async def found(database: Database, call_id: str, *, lock: bool = False) -> Row:
    call = await call_store.by_id(database, call_id, lock=lock)
    if call is None:
        raise ApiError(404, "Call not found" if faults.NOT_FOUND_IN_ENGLISH.on else NOT_FOUND)
    return call


async def require_parties(request: Request, body: CallCreate) -> None:
    """An id that is not a UUID is as unknown as any other."""
    async with unit_of_work(request) as database:
        campaign = await database.execute("SELECT 1 FROM campaigns WHERE id = %s", [as_uuid(body.campaign_id)])
        if await campaign.fetchone() is None:
            raise ApiError(404, "Campaña no encontrada")
        contact = await database.execute("SELECT 1 FROM contacts WHERE id = %s", [body.contact_id])
        if await contact.fetchone() is None:
            raise ApiError(404, "Contacto no encontrado")


async def place(vendor: Vendor, body: CallCreate) -> str:
    try:
        return await vendor.place(body)
    except TelephonyError as error:
        raise ApiError(500, "Error al crear la llamada") from error


@router.post("/", status_code=201, response_model=Call)
async def create(_: Writer, body: CallCreate, request: Request, vendor: Vendor, measures: Measures) -> Row:
    """The vendor comes first, so a stored call always exists at the vendor."""
    try:
        await require_parties(request, body)
    except ApiError:
        if faults.PLACED_FOR_UNKNOWN.on:
            await place(vendor, body)
        raise
    sid = await place(vendor, body)
    try:
        async with unit_of_work(request) as database:
            call = await call_store.insert(database, body, sid)
    except psycopg.Error:
        await vendor.end(sid, answered=False)  # no call may be placed for a record that does not exist
        raise
    measures.calls_created_total.inc()
    return call


def interactions(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each exchange as two entries: what the user said, then what the system answered."""
    return [
        {"timestamp": exchange["timestamp"], "type": kind, "content": exchange[name], "metadata": {}}
        for exchange in history
        for kind, name in (SIDES_SWAPPED if faults.SPEAKERS_SWAPPED.on else SIDES)
        if exchange.get(name)
    ]


@router.get("/{call_id}", response_model=CallDetail)
async def read(
    call_id: str, caller: Reader, database: Database, include_recordings: bool = False, include_transcripts: bool = False
) -> Row:
    call = await found(database, call_id)
    if faults.NEIGHBOURS_CONTACT.on:
        call |= await neighbour(database, call)
    spoken = interactions(call["interaction_history"] or [])
    detail = call | {
        "interactions": spoken if include_transcripts else [],
        "call_metrics": {
            "duration": call["duration"],
            "interactions": len(spoken),
            "retry_attempts": call["retry_attempts"],
        },
    }
    if call["recording_url"] and not include_recordings and not faults.RECORDING_ALWAYS_SHOWN.on:
        detail["recording_url"] = None
    if caller.role == "viewer" and not faults.DETAIL_UNMASKED.on:
        detail["contact_phone"] = mask_phone(call["contact_phone"])
    if call["duration"] and faults.DURATION_NEGATIVE.on:
        detail["duration"] = -call["duration"]
    return detail


async def neighbour(database: Database, call: Row) -> Row:
    """Name and phone of the contact of the next call, in the order of ids; for NEIGHBOURS_CONTACT."""
    found_next = await database.execute(
        """SELECT contacts.name AS contact_name, contacts.phone_number AS contact_phone
        FROM calls JOIN contacts ON contacts.id = contact_id WHERE contact_id <> %s ORDER BY calls.id <= %s, calls.id LIMIT 1""",
        [call["contact_id"], call["id"]],
    )
    return await found_next.fetchone() or {}


@router.patch("/{call_id}/status", response_model=Call)
async def change_status(
    call_id: str,
    _: Writer,
    database: Database,
    measures: Measures,
    *,
    status: CallStatus,
    duration: Count | None = None,
    recording_url: Text | None = None,
    error_message: Text | None = None,
) -> Row:
    """Any status may be set by hand; what was not sent stays."""
    call = await found(database, call_id, lock=True)
    sent = {"duration": duration, "recording_url": recording_url, "error_message": error_message}
    changes = {name: value for name, value in sent.items() if value is not None}
    if changes and faults.DURATION_NOT_STORED.on:
        changes.clear()
    return await call_store.update(database, call, measures, status=status, **changes)


@router.post("/{call_id}/cancel", response_model=Call)
async def cancel(
    call_id: str, _: Writer, request: Request, vendor: Vendor, measures: Measures, *, reason: Text | None = None
) -> Row:
    """The vendor first and the row after: the vendor may report the end while its response is awaited."""
    async with unit_of_work(request) as database:
        call = await found(database, call_id)
    if call["twilio_sid"] and call["status"] not in TERMINAL and not faults.CANCEL_STAYS_LOCAL.on:
        await hang_up(vendor, call)
    message = reason if reason and not faults.CANCEL_REASON_LOST.on else "Cancelada manualmente"
    changes = {"status": CallStatus.CANCELLED, "error_message": message}
    async with unit_of_work(request) as database:
        return await call_store.update(database, await found(database, call_id, lock=True), measures, **changes)


async def hang_up(vendor: Vendor, call: Row) -> None:
    try:
        await vendor.end(call["twilio_sid"], answered=call["status"] == CallStatus.IN_PROGRESS)
    except TelephonyError as error:
        raise ApiError(500, "Error al cancelar la llamada") from error


@router.post("/{call_id}/reschedule", response_model=Call)
async def reschedule(call_id: str, _: Writer, database: Database, measures: Measures, scheduled_time: Moment) -> Row:
    call = await found(database, call_id, lock=True)
    if as_utc(scheduled_time) <= datetime.now(UTC) and not faults.RESCHEDULE_INTO_PAST.on:
        raise ApiError(400, "La fecha de reprogramación debe ser futura")
    status = call["status"] if faults.RESCHEDULE_KEEPS_STATUS.on else CallStatus.SCHEDULED
    changes = {"status": status, "scheduled_time": as_utc(scheduled_time)}
    return await call_store.update(database, call, measures, **changes)


@router.post("/{call_id}/respond")
async def respond(
    _: Writer, call_id: str, body: dict[str, Text], request: Request, speech: Speech, measures: Measures
) -> SpokenAnswer:
    """Answer what the person on the line said; the audio is MP3 in base64."""
    text = body.get("text")
    if not text:
        raise ApiError(400, "El campo 'text' es requerido en el mensaje")
    async with unit_of_work(request) as database:
        call = await found(database, call_id)
    if call["status"] != CallStatus.IN_PROGRESS:
        raise ApiError(400, f"La llamada no está activa. Estado actual: {call['status']}")
    utterance = await speech.answer(call["campaign_type"], text)
    async with unit_of_work(request) as database:
        await call_store.remember(database, call, text, utterance.text)
    measures.call_responses_total.inc()
    return SpokenAnswer(
        status="success",
        audio=base64.b64encode(utterance.audio).decode(),
        call_id=call["id"],
        timestamp=datetime.now(UTC),
    )
