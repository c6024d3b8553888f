"""Twilio's webhooks: a call is answered, the person pressed or said something, the call ended (contract 5.2-5.4)."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from sandbox.backend.calls import script as call_script
from sandbox.backend.calls import store as call_store
from sandbox.backend.calls.services import Measures
from sandbox.backend.calls.states import CallStatus, accepts
from sandbox.backend.calls.store import Row
from sandbox.backend.core.database import Database
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.field_types import tidied
from sandbox.backend.webhooks import faults, vendor_callbacks
from sandbox.backend.webhooks import signature as webhook_signature
from sandbox.process.settings import Settings

INTERESTED = "Usuario interesado. Requiere seguimiento."
LATER = "Usuario solicita ser contactado más tarde."
NOT_UNDERSTOOD = "Respuesta no reconocida: "
# A negation in the same clause, before the keyword: `no estoy nada interesado`, and not `no tardo, estoy interesado`.
NEGATED = re.compile(r"\b(?:no|ni|nunca|jamás|tampoco|nada)\b[^,.;:!?]*interes|\bdesinteres")

router = APIRouter(prefix="/api/webhooks/twilio", tags=["webhooks"])


async def signed_form(request: Request) -> dict[str, str]:
    """The fields of a form that Twilio signed."""
    fields = await form_fields(request)
    if not request.app.state.settings.app_debug and not webhook_signature.is_genuine(request, fields):
        raise ApiError(403, "Solicitud no autorizada")
    return fields


async def form_fields(request: Request) -> dict[str, str]:
    """No fields for a body that cannot be read: it cannot be signed either."""
    try:
        form = await request.form()
    except HTTPException:
        return {}
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


SignedForm = Annotated[dict[str, str], Depends(signed_form)]


async def reported_call(form: SignedForm, database: Database) -> Row:
    """The call that the form is about, locked."""
    call = await call_store.by_sid(database, tidied(form.get("CallSid", "")), lock=True)
    if call is None and faults.UNKNOWN_CALL_CRASHES.on:
        raise LookupError(form.get("CallSid"))
    if call is None:
        raise ApiError(404, "Llamada no encontrada")
    return call


ReportedCall = Annotated[Row, Depends(reported_call, scope="function")]


def twiml(text: str) -> Response:
    return Response(text, media_type="text/html" if faults.TWIML_AS_HTML.on else "application/xml")


@router.post("/")
async def answered(call: ReportedCall, request: Request, database: Database, measures: Measures) -> Response:
    settings: Settings = request.app.state.settings
    if accepts(CallStatus(call["status"]), CallStatus.IN_PROGRESS):
        await call_store.update(database, call, measures, status=CallStatus.IN_PROGRESS)
    return twiml(call_script.opening(call["contact_name"], call["script_template"] or "", settings))


def understood(digits: str, speech: str) -> str:
    """The note to keep of what the person pressed or, if nothing, said."""
    if digits and not (speech and faults.PREFERS_SPEECH.on):
        return {"1": INTERESTED, "2": LATER}.get(digits, NOT_UNDERSTOOD + digits)
    spoken = speech.lower()
    if "interesado" in spoken and (not NEGATED.search(spoken) or faults.GATHER_IGNORES_NEGATION.on):
        return INTERESTED
    return NOT_UNDERSTOOD + speech


@router.post("/gather")
async def gathered(form: SignedForm, call: ReportedCall, database: Database, measures: Measures) -> Response:
    note = understood(tidied(form.get("Digits", "").strip()), tidied(form.get("SpeechResult", "").strip()))
    await call_store.update(database, call, measures, notes=note)
    return twiml(call_script.farewell({INTERESTED: call_script.THANKS, LATER: call_script.CALL_LATER}.get(note)))


@router.post("/status")
async def reported(form: SignedForm, call: ReportedCall, database: Database, measures: Measures) -> Response:
    await vendor_callbacks.apply(database, measures, call, form)
    return Response()
