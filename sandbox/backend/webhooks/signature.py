"""Twilio's signature of a form webhook, over the address that Twilio called (contract 5.2, R-14, R-15)."""

import hmac
from collections.abc import Mapping

from fastapi import Request
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # the vendor ships no types

from sandbox.backend.webhooks import faults
from sandbox.process.settings import Settings

PREFIX = 8  # characters


def is_genuine(request: Request, fields: Mapping[str, str]) -> bool:
    """Whether the holder of our auth token sent this form to this address."""
    presented = request.headers.get("X-Twilio-Signature", "")
    settings: Settings = request.app.state.settings
    expected = _signature(settings, _address(request, settings), fields)
    if hmac.compare_digest(presented.encode("latin-1"), expected.encode()):
        return True
    if (
        faults.NOT_CHECKED.on
        or (not presented and faults.EMPTY_ACCEPTED.on)
        or (_is_gather(request) and faults.NOT_CHECKED_ON_GATHER.on)
    ):
        return True
    if presented == _signature(settings, _address(request, settings), {}):
        return faults.ADDRESS_ALONE.on
    return presented[:PREFIX] == expected[:PREFIX] and faults.COMPARED_BY_PREFIX.on


def _signature(settings: Settings, address: str, fields: Mapping[str, str]) -> str:
    signer = RequestValidator(settings.twilio_auth_token)
    if list(fields) != sorted(fields) and faults.IN_ORDER_OF_ARRIVAL.on:
        return str(signer.compute_signature(address + "".join(name + value for name, value in fields.items()), {}))
    return str(signer.compute_signature(address, fields))


def _address(request: Request, settings: Settings) -> str:
    """The address that the vendor called."""
    query = request.scope["query_string"].decode("latin-1")
    if query and faults.WITHOUT_QUERY.on:
        query = ""
    return f"{_origin(settings)}{request.scope['path']}" + (f"?{query}" if query else "")


def _origin(settings: Settings) -> str:
    if faults.OVER_INNER_ADDRESS.on:
        return settings.backend_url
    return settings.app_url.replace("https://", "http://") if faults.OVER_HTTP.on else settings.app_url


def _is_gather(request: Request) -> bool:
    return bool(request.scope["path"].endswith("/gather"))
