"""The conversation webhook: a call ended, or the person spoke and gets the reply (contract 5.5)."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from sandbox.backend.accounts.authentication import Writer
from sandbox.backend.calls import store as call_store
from sandbox.backend.calls.services import Measures, unit_of_work
from sandbox.backend.calls.states import TERMINAL, from_vendor
from sandbox.backend.calls.store import Connection, Row
from sandbox.backend.calls.voice import Speech
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.field_types import tidied
from sandbox.backend.webhooks import vendor_callbacks

CHUNK_BYTES = 4096  # contract 6.2

router = APIRouter(prefix="/api/v1/calls", tags=["webhooks"])


@dataclass(frozen=True)
class Event:
    sid: str
    status: str
    spoken: str


async def event(request: Request) -> Event:
    """The fields in either spelling, from JSON or from a form."""
    fields = await (_json_fields(request) if _is_json(request) else _form_fields(request))

    def text(*names: str) -> str:
        return next((tidied(str(fields[name])) for name in names if fields.get(name)), "")

    return Event(
        sid=text("CallSid", "call_sid") or _tracking_id(fields.get("metadata")),
        status=text("CallStatus", "call_status"),
        spoken=text("SpeechResult", "speech_result", "Digits", "digits"),
    )


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").split(";")[0].strip().lower() not in {
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    }


async def _json_fields(request: Request) -> dict[str, Any]:
    return _object(await request.body())


async def _form_fields(request: Request) -> Mapping[str, Any]:
    return await request.form()


def _object(text: bytes | str) -> dict[str, Any]:
    """Raise ApiError for what is not JSON, and for JSON that is not an object."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "JSON inválido") from error
    if not isinstance(value, dict):
        raise ApiError(400, "JSON inválido: se espera un objeto")
    return value


def _tracking_id(metadata: Any) -> str:
    """`metadata` is an object or an object in JSON; it carries our own id of the call."""
    details = _object(metadata) if isinstance(metadata, str) and metadata else metadata
    return tidied(str(details.get("conversation_tracking_id") or "")) if isinstance(details, dict) else ""


Reported = Annotated[Event, Depends(event)]


async def concerned(database: Connection, key: str) -> Row | None:
    return await call_store.by_sid(database, key, lock=True) or await call_store.by_id(database, key, lock=True)


@router.post("/webhook")
async def receive(_: Writer, reported: Reported, request: Request, speech: Speech, measures: Measures) -> Response:
    async with unit_of_work(request) as database:
        call = await concerned(database, reported.sid)
        if from_vendor(reported.status) in TERMINAL:
            if call:
                await vendor_callbacks.apply(database, measures, call, {"CallStatus": reported.status})
            return Response()
    if not reported.spoken:
        return Response()
    utterance = await speech.answer(call["campaign_type"] if call else "", reported.spoken)
    if call:
        async with unit_of_work(request) as database:
            await call_store.remember(database, call, reported.spoken, utterance.text)
    measures.call_responses_total.inc()
    return StreamingResponse(chunks(utterance.audio), media_type="audio/mpeg")


async def chunks(audio: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(audio), CHUNK_BYTES):
        yield audio[start : start + CHUNK_BYTES]
