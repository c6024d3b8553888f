"""Calls: place, list, read, and what an operator can do with one (contract 2.6)."""

import base64
from datetime import UTC, datetime
from typing import Annotated, Any

import psycopg
from fastapi import APIRouter, Depends, Request
from psycopg import sql

from sandbox.backend import call_metrics, call_store, legacy_callback
from sandbox.backend.authentication import Reader, Writer
from sandbox.backend.call_models import Call, CallCreate, CallDetail, CallPage, SortColumn, SpokenAnswer
from sandbox.backend.call_services import Measures, opened, unit_of_work
from sandbox.backend.call_states import TERMINAL, CallStatus
from sandbox.backend.call_store import Row
from sandbox.backend.database import Database
from sandbox.backend.errors import ApiError
from sandbox.backend.field_types import Count, Moment, Text, as_utc, as_uuid
from sandbox.backend.pagination import PageNumber, PageSize, offset, total_pages
from sandbox.backend.privacy import mask_phone
from sandbox.backend.telephony import TelephonyError, Vendor
from sandbox.backend.visibility import visible_to
from sandbox.backend.voice import Speech
from sandbox.faults import declare

PLACED_FOR_UNKNOWN = declare(
    "call-placed-for-unknown-contact",
    "The vendor is asked to call before the campaign and the contact are looked up.",
    part="backend",
    kind="correctness",
    severity=1,
    finding="A request that is answered with 404 still rings somebody's phone and costs money.",
)
CANCEL_STAYS_LOCAL = declare(
    "call-cancel-not-sent-to-vendor",
    "Cancelling a call changes the database only; the line stays open.",
    part="backend",
    kind="vendor",
    severity=2,
    finding="A call that shows as cancelled goes on at the vendor.",
)

NOT_FOUND = "Llamada no encontrada"

router = APIRouter(prefix="/api/calls", tags=["calls"], lifespan=opened)
# Before the paths with an id: the first route that matches wins (contract R-03).
router.add_api_route("/metrics", call_metrics.metrics, methods=["GET"])
router.add_api_route("/twilio_callback", legacy_callback.receive, methods=["POST"])


async def found(database: Database, call_id: str, *, lock: bool = False) -> Row:
    call = await call_store.by_id(database, call_id, lock=lock)
    if call is None:
        raise ApiError(404, NOT_FOUND)
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
    """The vendor is called first, so a call in our books always has a line behind it."""
    if PLACED_FOR_UNKNOWN.on:
        sid = await place(vendor, body)
        await require_parties(request, body)
    else:
        await require_parties(request, body)
        sid = await place(vendor, body)
    try:
        async with unit_of_work(request) as database:
            call = await call_store.insert(database, body, sid)
    except psycopg.Error:
        await vendor.end(sid, answered=False)  # nobody must be called on behalf of a record that does not exist
        raise
    measures.calls_created_total.inc()
    return call


class Selection:
    """Which calls a listing shows. A campaign or contact that does not exist has none."""

    def __init__(
        self,
        campaign_id: Text | None = None,
        contact_id: Text | None = None,
        status: CallStatus | None = None,
        start_date: Moment | None = None,
        end_date: Moment | None = None,
    ) -> None:
        self.parameters = {
            "campaign_id": campaign_id and as_uuid(campaign_id),
            "contact_id": contact_id and as_uuid(contact_id),
            "status": status,
            "start": start_date and as_utc(start_date),
            "end": end_date and as_utc(end_date),
        }
        conditions = {
            "campaign_id = %(campaign_id)s": campaign_id,
            "contact_id = %(contact_id)s": contact_id,
            "status = %(status)s::call_status": status,
            "created_at >= %(start)s": start_date,
            "created_at <= %(end)s": end_date,
        }
        self.where = " AND ".join(["true", *(text for text, asked in conditions.items() if asked is not None)])


def listing(where: str, sort_by: str, sort_order: str) -> sql.Composed:
    """`where` is made of our own texts; anything but `asc` means newest or highest first."""
    return sql.SQL("SELECT * FROM calls WHERE {} ORDER BY {} {} NULLS LAST, id LIMIT %(limit)s OFFSET %(offset)s").format(
        sql.SQL(where), sql.Identifier(sort_by), sql.SQL("ASC" if sort_order == "asc" else "DESC")
    )


@router.get("/", response_model=CallPage)
async def list_calls(
    caller: Reader,
    database: Database,
    *,
    selection: Annotated[Selection, Depends()],
    page: PageNumber = 1,
    page_size: PageSize = 10,
    sort_by: SortColumn = "created_at",
    sort_order: str = "desc",
) -> Row:
    counted = await database.execute(
        sql.SQL("SELECT count(*) AS total FROM calls WHERE ") + sql.SQL(selection.where), selection.parameters
    )
    total = (await counted.fetchone() or {})["total"]
    window = {"limit": page_size, "offset": offset(page, page_size)}
    rows = await database.execute(listing(selection.where, sort_by, sort_order), selection.parameters | window)
    return {
        "data": visible_to(caller, await rows.fetchall()),
        "total": total,
        "page": page,
        "page_size": page_size,
        "total_pages": total_pages(total, page_size),
    }


def interactions(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each exchange as two entries: what the user said, then what the system answered."""
    return [
        {"timestamp": exchange["timestamp"], "type": kind, "content": exchange[name], "metadata": {}}
        for exchange in history
        for kind, name in (("user", "user_message"), ("ai", "ai_response"))
        if exchange.get(name)
    ]


@router.get("/{call_id}", response_model=CallDetail)
async def read(
    call_id: str, caller: Reader, database: Database, include_recordings: bool = False, include_transcripts: bool = False
) -> Row:
    call = await found(database, call_id)
    spoken = interactions(call["interaction_history"] or [])
    detail = call | {
        "interactions": spoken if include_transcripts else [],
        "call_metrics": {
            "duration": call["duration"],
            "interactions": len(spoken),
            "retry_attempts": call["retry_attempts"],
        },
    }
    if not include_recordings:
        detail["recording_url"] = None
    if caller.role == "viewer":
        detail["contact_phone"] = mask_phone(call["contact_phone"])
    return detail


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
    return await call_store.update(database, call, measures, status=status, **changes)


@router.post("/{call_id}/cancel", response_model=Call)
async def cancel(
    call_id: str, _: Writer, request: Request, vendor: Vendor, measures: Measures, *, reason: Text | None = None
) -> Row:
    """The line first and the row after: the vendor may report the end while we wait for its answer."""
    async with unit_of_work(request) as database:
        call = await found(database, call_id)
    if call["twilio_sid"] and call["status"] not in TERMINAL and not CANCEL_STAYS_LOCAL.on:
        await hang_up(vendor, call)
    changes = {"status": CallStatus.CANCELLED, "error_message": reason or "Cancelada manualmente"}
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
    if as_utc(scheduled_time) <= datetime.now(UTC):
        raise ApiError(400, "La fecha de reprogramación debe ser futura")
    changes = {"status": CallStatus.SCHEDULED, "scheduled_time": as_utc(scheduled_time)}
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
