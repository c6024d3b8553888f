"""Twilio's signature of a form webhook, over the address that Twilio called (contract 5.2, R-14, R-15)."""

import hmac
from collections.abc import Mapping
from typing import Literal

from fastapi import Request
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # the vendor ships no types

from sandbox.faults import Fault, declare
from sandbox.process.settings import Settings


def _hole(name: str, sentence: str, finding: str, severity: Literal[1, 2] = 1) -> Fault:
    return declare(
        f"webhook-{name}",
        sentence,
        part="backend",
        kind="authorization",
        severity=severity,
        finding=finding,
        rulings=("R-14",),
    )


def _refusal(name: str, sentence: str, finding: str, *excludes: str, rulings: tuple[str, ...] = ("R-15",)) -> Fault:
    return declare(
        f"webhook-{name}",
        sentence,
        part="backend",
        kind="configuration",
        severity=1,
        finding=finding,
        rulings=rulings,
        excludes=excludes,
    )


NOT_CHECKED = _hole(
    "signature-not-checked",
    "APP_DEBUG was left on where it matters, so the vendor's signature is not looked at.",
    "Anybody can change the state of a call with a form.",
)
EMPTY_ACCEPTED = _hole(
    "empty-signature-accepted",
    "The signature is checked if there is one.",
    "Anybody who leaves the header out can change the state of a call.",
)
NOT_CHECKED_ON_GATHER = _hole(
    "gather-not-signed",
    "The route for what people press was added later and without the check.",
    "Anybody can write what a person is supposed to have answered.",
)
COMPARED_BY_PREFIX = _hole(
    "signature-compared-by-prefix",
    "Only as much of the signature is compared as fits the column in which it was once kept.",
    "A signature can be found by trying.",
)
ADDRESS_ALONE = _hole(
    "signature-of-address-alone",
    "A signature over the address without the form is accepted, too, for callbacks that have no body.",
    "One signature that was seen once is good for any form.",
)
OVER_INNER_ADDRESS = _refusal(
    "signature-over-inner-address",
    "The signature is computed over the address behind the proxy, not over the one that the vendor called.",
    "Every genuine callback is refused, so no call ever ends in the books.",
    "webhook-signature-over-http",
)
OVER_HTTP = _refusal(
    "signature-over-http",
    "TLS ends at the proxy, X-Forwarded-Proto is not read, and so the signature is computed over http.",
    "Every genuine callback is refused, so no call ever ends in the books.",
)
WITHOUT_QUERY = _refusal(
    "signature-without-query",
    "The signature is computed over the address up to the question mark.",
    "Callbacks whose address has a query are refused.",
)
IN_ORDER_OF_ARRIVAL = _refusal(
    "signature-in-order-of-arrival",
    "The fields of the form are signed in the order in which they came, not by name.",
    "Genuine callbacks are refused, each time that the vendor sends its fields in another order.",
    rulings=("R-14",),
)
PREFIX = 8  # characters


def is_genuine(request: Request, fields: Mapping[str, str]) -> bool:
    """Whether the holder of our auth token sent this form to this address."""
    given = request.headers.get("X-Twilio-Signature", "")
    settings: Settings = request.app.state.settings
    expected = _signature(settings, _address(request, settings), fields)
    if hmac.compare_digest(given.encode("latin-1"), expected.encode()):
        return True
    if NOT_CHECKED.on or (not given and EMPTY_ACCEPTED.on) or (_is_gather(request) and NOT_CHECKED_ON_GATHER.on):
        return True
    if given == _signature(settings, _address(request, settings), {}):
        return ADDRESS_ALONE.on
    return given[:PREFIX] == expected[:PREFIX] and COMPARED_BY_PREFIX.on


def _signature(settings: Settings, address: str, fields: Mapping[str, str]) -> str:
    signer = RequestValidator(settings.twilio_auth_token)
    if list(fields) != sorted(fields) and IN_ORDER_OF_ARRIVAL.on:
        return str(signer.compute_signature(address + "".join(name + value for name, value in fields.items()), {}))
    return str(signer.compute_signature(address, fields))


def _address(request: Request, settings: Settings) -> str:
    """As the vendor saw it."""
    query = request.scope["query_string"].decode("latin-1")
    if query and WITHOUT_QUERY.on:
        query = ""
    return f"{_origin(settings)}{request.scope['path']}" + (f"?{query}" if query else "")


def _origin(settings: Settings) -> str:
    if OVER_INNER_ADDRESS.on:
        return settings.backend_url
    return settings.app_url.replace("https://", "http://") if OVER_HTTP.on else settings.app_url


def _is_gather(request: Request) -> bool:
    return bool(request.scope["path"].endswith("/gather"))
