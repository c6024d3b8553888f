"""Calls at the vendor: place one, end one (contract 6.1)."""

import ssl
import time
from typing import Annotated

import httpx

from sandbox.backend.calls.models import CallCreate
from sandbox.backend.core.metrics import Metrics
from sandbox.backend.core.state import from_state
from sandbox.process.settings import Settings

ALREADY_OVER = {httpx.codes.BAD_REQUEST, httpx.codes.NOT_FOUND}  # Twilio 21220 and 20404: there is nothing left to end


class TelephonyError(Exception):
    """The vendor refused or did not answer; the text starts with `Twilio error: ` and is for the log only (contract R-28)."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Twilio error: {reason}")


class Telephony:
    """`client` speaks to the account's own address with its credentials. Nothing is retried at this level."""

    def __init__(self, client: httpx.AsyncClient, metrics: Metrics) -> None:
        self._client = client
        self._metrics = metrics

    async def place(self, order: CallCreate) -> str:
        """The vendor's id of the new call."""
        form = {
            "To": order.phone_number,
            "From": order.from_number,
            "Url": order.webhook_url,
            "StatusCallback": order.status_callback_url,
            "Timeout": str(order.timeout),
        }
        started = time.perf_counter()
        response = await self._post("/Calls.json", form)
        self._metrics.calls_initiated_total.inc()
        took_s = time.perf_counter() - started
        self._metrics.call_latency_seconds.labels("success" if response.is_success else "error").observe(took_s)
        if not response.is_success:
            raise self._failure(str(response.status_code))
        try:
            return str(response.json()["sid"])
        except (ValueError, KeyError, TypeError) as error:
            raise self._failure("an answer without sid") from error

    async def end(self, sid: str, *, answered: bool) -> None:
        """Hang up a call that was answered, or withdraw one that was not. One that is over already is no error."""
        response = await self._post(f"/Calls/{sid}.json", {"Status": "completed" if answered else "canceled"})
        if not response.is_success and response.status_code not in ALREADY_OVER:
            raise self._failure(str(response.status_code))

    async def _post(self, path: str, form: dict[str, str]) -> httpx.Response:
        self._metrics.twilio_requests_total.inc()
        try:
            return await self._client.post(path, data=form)
        except httpx.HTTPError as error:
            raise self._failure(type(error).__name__) from error

    def _failure(self, reason: str) -> TelephonyError:
        self._metrics.twilio_errors_total.inc()
        return TelephonyError(reason)


def client(settings: Settings) -> httpx.AsyncClient:
    """Raise ValueError before any request when the credentials are missing."""
    if not settings.twilio_account_sid or not settings.twilio_auth_token:
        raise ValueError("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are needed to place calls")
    return httpx.AsyncClient(
        base_url=f"{settings.twilio_api_base_url}/2010-04-01/Accounts/{settings.twilio_account_sid}",
        auth=(settings.twilio_account_sid, settings.twilio_auth_token),
        verify=ssl.create_default_context(cafile=str(settings.ca_file)),
        timeout=10,
        trust_env=False,
    )


Vendor = Annotated[Telephony, from_state("telephony")]
