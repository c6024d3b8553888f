"""Twilio's webhooks: a call is answered, the person pressed or said something, the call ended (contract 5.2-5.4)."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # the vendor ships no types

from sandbox.backend import call_script, call_store, vendor_callbacks
from sandbox.backend.call_services import Measures
from sandbox.backend.call_states import CallStatus, accepts
from sandbox.backend.call_store import Row
from sandbox.backend.database import Database
from sandbox.backend.errors import ApiError
from sandbox.backend.field_types import tidied
from sandbox.faults import declare
from sandbox.settings import Settings

SIGNATURE_NOT_CHECKED = declare(
    "webhook-signature-not-checked",
    "APP_DEBUG was left on where it matters, so the vendor's signature is not looked at.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="Anybody can change the state of a call with a form.",
)
GATHER_IGNORES_NEGATION = declare(
    "gather-ignores-negation",
    "Speech is searched for the keyword and not for the word before it.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="A person who says `no estoy interesado` is noted as interested and called back.",
)
SIGNATURE_OVER_INNER_ADDRESS = declare(
    "webhook-signature-over-inner-address",
    "The signature is computed over the address behind the proxy, not over the one that the vendor called.",
    part="backend",
    kind="configuration",
    severity=1,
    finding="Every genuine callback is refused, so no call ever ends in the books.",
)

INTERESTED = "Usuario interesado. Requiere seguimiento."
LATER = "Usuario solicita ser contactado más tarde."
NOT_UNDERSTOOD = "Respuesta no reconocida: "
# A negation in the same clause, before the keyword: `no estoy nada interesado`, and not `no tardo, estoy interesado`.
NEGATED = re.compile(r"\b(?:no|ni|nunca|jamás|tampoco|nada)\b[^,.;:!?]*interes|\bdesinteres")

router = APIRouter(prefix="/api/webhooks/twilio", tags=["webhooks"])


async def signed_form(request: Request) -> dict[str, str]:
    """The fields of a form that Twilio signed. The URL in the signature is the public one (contract R-15)."""
    settings: Settings = request.app.state.settings
    fields = await form_fields(request)
    if settings.app_debug or SIGNATURE_NOT_CHECKED.on:
        return fields
    signature = request.headers.get("X-Twilio-Signature", "")
    query = f"?{request.scope['query_string'].decode('latin-1')}" if request.scope["query_string"] else ""
    origin = settings.backend_url if SIGNATURE_OVER_INNER_ADDRESS.on else settings.app_url
    url = f"{origin}{request.scope['path']}{query}"
    if not RequestValidator(settings.twilio_auth_token).validate(url, fields, signature):
        raise ApiError(403, "Solicitud no autorizada")
    return fields


async def form_fields(request: Request) -> dict[str, str]:
    """None for a body that cannot be read: what is signed comes from a vendor that can write one."""
    try:
        form = await request.form()
    except HTTPException:
        return {}
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


SignedForm = Annotated[dict[str, str], Depends(signed_form)]


async def reported_call(form: SignedForm, database: Database) -> Row:
    """The call that the form is about, locked."""
    call = await call_store.by_sid(database, tidied(form.get("CallSid", "")), lock=True)
    if call is None:
        raise ApiError(404, "Llamada no encontrada")
    return call


ReportedCall = Annotated[Row, Depends(reported_call, scope="function")]


def twiml(text: str) -> Response:
    return Response(text, media_type="application/xml")


@router.post("/")
async def answered(call: ReportedCall, request: Request, database: Database, measures: Measures) -> Response:
    settings: Settings = request.app.state.settings
    if accepts(CallStatus(call["status"]), CallStatus.IN_PROGRESS):
        await call_store.update(database, call, measures, status=CallStatus.IN_PROGRESS)
    return twiml(call_script.opening(call["contact_name"], call["script_template"] or "", settings))


def understood(digits: str, speech: str) -> str:
    """The note to keep of what the person pressed or, if nothing, said."""
    if digits:
        return {"1": INTERESTED, "2": LATER}.get(digits, NOT_UNDERSTOOD + digits)
    spoken = speech.lower()
    if "interesado" in spoken and (GATHER_IGNORES_NEGATION.on or not NEGATED.search(spoken)):
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
