"""Twilio's stand-in: the parts of its REST API 2010-04-01 that the MVP and its release checks use.

No number is dialled and, as with Twilio's own test credentials, no webhook follows.
"""

import base64
import hashlib
import hmac
import io
import math
import re
import struct
import wave
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.process.settings import Settings
from sandbox.vendors import faults
from sandbox.vendors.twilio_calls import Switchboard, TwilioError, not_found

API = "/2010-04-01/Accounts/{account}"
RECORDING_SID = re.compile(r"RE[0-9a-f]{32}")
RECORDING_S = 1
SAMPLES_PER_S = 8000  # telephone quality
DEMO_URL = "https://demo.twilio.com/welcome/voice/"
STAGING = "https://staging.callautomation.example"
BALANCE_USD = "87.42"


def create(settings: Settings) -> ASGIApp:
    app = Starlette(
        routes=[
            Route(f"{API}/Calls.json", list_calls, methods=["GET"]),
            Route(f"{API}/Calls.json", place_call, methods=["POST"]),
            Route(f"{API}/Calls/{{sid}}.json", fetch_call, methods=["GET"]),
            Route(f"{API}/Calls/{{sid}}.json", end_call, methods=["POST"]),
            Route(f"{API}/IncomingPhoneNumbers.json", list_numbers),
            Route(f"{API}/IncomingPhoneNumbers/{{sid}}.json", fetch_number),
            Route(f"{API}/Balance.json", fetch_balance),
            Route(f"{API}/Usage/Records.json", list_usage),
            Route(f"{API}/Usage/Records/{{period}}.json", list_usage),
            Route(f"{API}/Recordings/{{sid}}.json", fetch_recording),
            Route(f"{API}/Recordings/{{sid}}.wav", play_recording),
            Route(f"{API}/Recordings/{{sid}}", play_recording),
            Route(f"{API}.json", fetch_account),
        ],
        exception_handlers={TwilioError: _refused, HTTPException: _no_route},
    )
    app.state.settings = settings
    app.state.switchboard = Switchboard(settings.twilio_account_sid, settings.twilio_phone_number)
    return app


async def list_calls(request: Request) -> Response:
    calls = _signed_in(request).matching(
        to=request.query_params.get("To"), from_=request.query_params.get("From"), status=request.query_params.get("Status")
    )
    return _page(request, "calls", [call.body() for call in calls])


async def place_call(request: Request) -> Response:
    call = _signed_in(request).place(await _form(request))
    return JSONResponse(call.body(), 201)


async def fetch_call(request: Request) -> Response:
    return JSONResponse(_signed_in(request).find(request.path_params["sid"]).body())


async def end_call(request: Request) -> Response:
    call = _signed_in(request).find(request.path_params["sid"])
    call.end((await _form(request)).get("Status", ""))
    return JSONResponse(call.body())


async def list_numbers(request: Request) -> Response:
    _signed_in(request)
    number = _number(request.app.state.settings)
    wanted = request.query_params.get("PhoneNumber", "")
    found = wanted in number["phone_number"] and not faults.OTHER_PROJECT.on
    return _page(request, "incoming_phone_numbers", [number] if found else [])


async def fetch_number(request: Request) -> Response:
    _signed_in(request)
    number = _number(request.app.state.settings)
    if request.path_params["sid"] != number["sid"]:
        raise not_found(request.url.path)
    return JSONResponse(number)


async def fetch_account(request: Request) -> Response:
    _signed_in(request, also_suspended=True)
    settings = request.app.state.settings
    uri = f"/2010-04-01/Accounts/{settings.twilio_account_sid}"
    opened = format_datetime(datetime.now(UTC) - timedelta(days=365))
    return JSONResponse(
        {
            "sid": settings.twilio_account_sid,
            "owner_account_sid": settings.twilio_account_sid,
            "friendly_name": settings.app_name,
            "status": "suspended" if faults.ACCOUNT_SUSPENDED.on else "active",
            "type": "Full",
            "date_created": opened,
            "date_updated": opened,
            "uri": f"{uri}.json",
            "subresource_uris": {"calls": f"{uri}/Calls.json", "balance": f"{uri}/Balance.json"},
        }
    )


async def fetch_balance(request: Request) -> Response:
    account = _signed_in(request).account
    return JSONResponse(
        {"account_sid": account, "balance": "0.00" if faults.BALANCE_SPENT.on else BALANCE_USD, "currency": "USD"}
    )


async def list_usage(request: Request) -> Response:
    """One record, of category calls: all that this account does. The period is always the one day that a sandbox lives."""
    switchboard = _signed_in(request)
    today = datetime.now(UTC).date().isoformat()
    record = {
        "account_sid": switchboard.account,
        "api_version": "2010-04-01",
        "category": "calls",
        "description": "Voice Minutes",
        "count": str(len(switchboard.calls)),
        "count_unit": "calls",
        "usage": "0",
        "usage_unit": "minutes",
        "price": "0",
        "price_unit": "usd",
        "start_date": today,
        "end_date": today,
        "as_of": datetime.now(UTC).isoformat(timespec="seconds"),
        "uri": f"/2010-04-01/Accounts/{switchboard.account}/Usage/Records.json?Category=calls",
        "subresource_uris": {},
    }
    wanted = request.query_params.get("Category", "calls")
    return _page(request, "usage_records", [record] if wanted == "calls" else [])


async def fetch_recording(request: Request) -> Response:
    account, sid = _signed_in(request).account, _recording_sid(request)
    uri = f"/2010-04-01/Accounts/{account}/Recordings/{sid}"
    return JSONResponse(
        {
            "sid": sid,
            "account_sid": account,
            "api_version": "2010-04-01",
            "status": "completed",
            "channels": 1,
            "duration": str(RECORDING_S),
            "source": "OutboundAPI",
            "price_unit": "USD",
            "media_url": f"{request.app.state.settings.twilio_api_base_url}{uri}",
            "uri": f"{uri}.json",
        }
    )


async def play_recording(request: Request) -> Response:
    """The media of a recording is public, as it is at Twilio unless the account asks for more: its address is the secret."""
    _check_up()
    return Response(_tone(_recording_sid(request)), media_type="audio/wav")


def _check_up() -> None:
    if faults.TWILIO_DOWN.on:
        raise TwilioError(503, 20503, "Service unavailable")


def _signed_in(request: Request, *, also_suspended: bool = False) -> Switchboard:
    """The caller's account, after its credentials were checked."""
    _check_up()
    settings: Settings = request.app.state.settings
    expected = base64.b64encode(f"{settings.twilio_account_sid}:{settings.twilio_auth_token}".encode()).decode()
    scheme, _, presented = request.headers.get("authorization", "").partition(" ")
    known = scheme.lower() == "basic" and hmac.compare_digest(presented.encode(), expected.encode())
    if not known or faults.CREDENTIALS_REVOKED.on:
        raise TwilioError(401, 20003, "Authenticate")
    if not also_suspended and faults.ACCOUNT_SUSPENDED.on:
        raise TwilioError(403, 20005, "Account not active")
    if request.path_params["account"] != settings.twilio_account_sid:
        raise not_found(request.url.path)
    switchboard: Switchboard = request.app.state.switchboard
    return switchboard


def _number(settings: Settings) -> dict[str, Any]:
    """The one number of the account, pointed at the webhooks of this deployment (contract 5.1)."""
    sid = f"PN{hashlib.md5(settings.twilio_phone_number.encode(), usedforsecurity=False).hexdigest()}"
    return {
        "sid": sid,
        "account_sid": settings.twilio_account_sid,
        "api_version": "2010-04-01",
        "phone_number": settings.twilio_phone_number,
        "friendly_name": settings.app_name,
        "capabilities": {"voice": not faults.NUMBER_WITHOUT_VOICE.on, "sms": False, "mms": False, "fax": False},
        "voice_url": DEMO_URL if faults.NUMBER_ON_DEMO_URL.on else f"{settings.app_url}/api/webhooks/twilio/",
        "voice_method": "POST",
        "status_callback": f"{STAGING if faults.STATUS_TO_STAGING.on else settings.app_url}/api/webhooks/twilio/status",
        "status_callback_method": "GET" if faults.STATUS_BY_GET.on else "POST",
        "status": "in-use",
        "beta": False,
        "uri": f"/2010-04-01/Accounts/{settings.twilio_account_sid}/IncomingPhoneNumbers/{sid}.json",
    }


def _recording_sid(request: Request) -> str:
    sid: str = request.path_params["sid"]
    if not RECORDING_SID.fullmatch(sid):
        raise not_found(request.url.path)
    return sid


def _tone(sid: str) -> bytes:
    """A second of a tone whose pitch depends on the recording, so that two recordings differ."""
    hertz = 300 + int(sid[2:6], 16) % 600
    samples = (int(12000 * math.sin(2 * math.pi * hertz * n / SAMPLES_PER_S)) for n in range(RECORDING_S * SAMPLES_PER_S))
    file = io.BytesIO()
    with wave.open(file, "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(SAMPLES_PER_S)
        audio.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return file.getvalue()


def _page(request: Request, key: str, records: list[dict[str, Any]]) -> Response:
    """One page of a list with the addresses of its neighbours, which the SDK follows."""
    page, size = _whole(request, "Page", 0), max(1, min(_whole(request, "PageSize", 50), 1000))
    shown = records[page * size : (page + 1) * size]
    more = (page + 1) * size < len(records)
    return JSONResponse(
        {
            key: shown,
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + max(len(shown) - 1, 0),
            "uri": _page_uri(request, page),
            "first_page_uri": _page_uri(request, 0),
            "next_page_uri": _page_uri(request, page + 1) if more else None,
            "previous_page_uri": _page_uri(request, page - 1) if page else None,
        }
    )


def _page_uri(request: Request, page: int) -> str:
    url = request.url.include_query_params(Page=page)
    return f"{url.path}?{url.query}"


def _whole(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdecimal():
        raise TwilioError(400, 20001, f"{name} must be a whole number")
    return int(text)


async def _form(request: Request) -> dict[str, str]:
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, TwilioError)
    more = f"https://www.twilio.com/docs/errors/{error.code}"
    body = {"code": error.code, "message": error.message, "more_info": more, "status": error.status}
    headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if error.status == 401 else None
    return JSONResponse(body, error.status, headers)


async def _no_route(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == 405:
        return await _refused(request, TwilioError(405, 20004, "Method not allowed"))
    return await _refused(request, not_found(request.url.path))
