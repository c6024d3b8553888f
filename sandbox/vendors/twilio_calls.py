"""Outbound calls at the Twilio stand-in: which are refused and with which code, and the ones that were accepted, in memory."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from sandbox.vendors import faults

E164 = re.compile(r"\+[1-9]\d{6,14}")
OVER = ("completed", "busy", "failed", "no-answer", "canceled")
NOT_ANSWERED_YET = ("queued", "ringing")

# Twilio's magic numbers for making calls: https://www.twilio.com/docs/iam/test-credentials
MAGIC_TO = {
    "+15005550001": (21217, "Phone number does not appear to be valid"),
    "+15005550002": (21214, "'To' phone number cannot be reached"),
    "+15005550003": (21215, "Account not authorized to call {to}. Perhaps you need to enable some international permissions"),
    "+15005550004": (21216, "Account not allowed to call {to}"),
}
MAGIC_FROM = {"+15005550001": (21212, "The 'From' number {from_} is not a valid phone number")}


class TwilioError(Exception):
    """A refusal with a code of https://www.twilio.com/docs/api/errors."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass
class Call:
    """A call as it was asked for. It stays queued until it is ended, because no number is dialled."""

    account: str
    to: str
    from_: str
    url: str
    status_callback: str
    sid: str = field(default_factory=lambda: f"CA{uuid.uuid4().hex}")
    status: str = "queued"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None

    def end(self, status: str) -> None:
        """`canceled` withdraws a call that was not answered, `completed` hangs up; one that is over refuses."""
        if status not in ("canceled", "completed"):
            raise TwilioError(400, 21218, f"Invalid call state: {status}")
        if self.status in OVER:
            raise TwilioError(400, 21220, "Call is not in-progress. Cannot redirect.")
        if status == "completed" or self.status in NOT_ANSWERED_YET:
            self.status, self.ended = status, datetime.now(UTC)

    def body(self) -> dict[str, Any]:
        """The call as Twilio prints one: every value a string, times by RFC 2822."""
        uri = f"/2010-04-01/Accounts/{self.account}/Calls/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "api_version": "2010-04-01",
            "to": self.to,
            "to_formatted": self.to,
            "from": self.from_,
            "from_formatted": self.from_,
            "status": self.status,
            "direction": "outbound-api",
            "duration": "0" if self.ended else None,
            "price": None,
            "price_unit": "USD",
            "date_created": format_datetime(self.created),
            "date_updated": format_datetime(self.ended or self.created),
            "start_time": None,
            "end_time": format_datetime(self.ended) if self.ended else None,
            "answered_by": None,
            "queue_time": "0",
            "uri": f"{uri}.json",
            "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        }


class Switchboard:
    """The account's calls, newest first."""

    def __init__(self, account: str, own_number: str) -> None:
        self.account = account
        self.own_number = own_number
        self.calls: dict[str, Call] = {}

    def place(self, form: Mapping[str, str]) -> Call:
        to, from_ = form.get("To", ""), form.get("From", "")
        self._check_caller(from_)
        self._check_callee(to)
        if not any(form.get(name) for name in ("Url", "Twiml", "ApplicationSid")):
            raise TwilioError(400, 21205, "Url parameter is required.")
        call = Call(self.account, to, from_, form.get("Url", ""), form.get("StatusCallback", ""))
        self.calls[call.sid] = call
        return call

    def find(self, sid: str) -> Call:
        if sid not in self.calls:
            raise not_found(f"/2010-04-01/Accounts/{self.account}/Calls/{sid}.json")
        return self.calls[sid]

    def matching(self, *, to: str | None, from_: str | None, status: str | None) -> list[Call]:
        wanted = {"to": to, "from_": from_, "status": status}
        asked = {name: value for name, value in wanted.items() if value}
        found = (call for call in self.calls.values() if all(getattr(call, name) == value for name, value in asked.items()))
        return sorted(found, key=lambda call: call.created, reverse=True)

    def _check_caller(self, number: str) -> None:
        if not number:
            raise TwilioError(400, 21213, "Caller phone number is required")
        if number in MAGIC_FROM or not E164.fullmatch(number):
            code, text = MAGIC_FROM["+15005550001"]
            raise TwilioError(400, code, text.format(from_=number))
        if number != self.own_number:
            raise TwilioError(
                400,
                21210,
                f"The source phone number provided, {number}, is not yet verified for your account. "
                "You may only make calls from phone numbers that you've verified or purchased from Twilio.",
            )

    @staticmethod
    def _check_callee(number: str) -> None:
        if not number:
            raise TwilioError(400, 21201, "No 'To' number is specified")
        if number in MAGIC_TO:
            code, text = MAGIC_TO[number]
            raise TwilioError(400, code, text.format(to=number))
        if faults.GEOGRAPHIC_PERMISSION_MISSING.on:
            code, text = MAGIC_TO["+15005550003"]
            raise TwilioError(400, code, text.format(to=number))
        if not E164.fullmatch(number):
            raise TwilioError(400, 21211, f"The phone number you are attempting to call, {number}, is not valid.")


def not_found(path: str) -> TwilioError:
    return TwilioError(404, 20404, f"The requested resource {path} was not found")
