"""Twilio's stand-in answers the official SDK the way Twilio does."""

import io
import ssl
import wave
from collections.abc import Iterator
from typing import Any, Protocol

import httpx
import jwt
import pytest

from tests.conftest import RunningSandbox
from tests.sandbox.conftest import Row


class Sandbox(Protocol):
    """What this file uses of the fixture."""

    profile: dict[str, str]

    def control(self, *faults: str) -> Any: ...


class Twilio:
    """SDK clients on one https client that trusts the sandbox's authority."""

    def __init__(self, profile: dict[str, str]) -> None:
        self.profile = profile
        self.http = httpx.Client(verify=ssl.create_default_context(cafile=profile["LV_CA_FILE"]), timeout=15)

    def client(self, token: str | None = None) -> Any:
        from twilio.http import HttpClient  # type: ignore[import-untyped] # noqa: PLC0415 - slow to import
        from twilio.http.response import Response  # type: ignore[import-untyped] # noqa: PLC0415 - as above
        from twilio.rest import Client  # type: ignore[import-untyped] # noqa: PLC0415 - as above

        http, base = self.http, self.profile["TWILIO_API_BASE_URL"]

        class ToTheSandbox(HttpClient):  # type: ignore[misc] # the SDK is untyped
            def request(self, method: str, url: str, **sent: Any) -> Any:
                passed: Any = {name: sent.get(name) for name in ("params", "data", "headers", "auth")}
                response = http.request(method, url.replace("https://api.twilio.com", base), **passed)
                return Response(response.status_code, response.text, response.headers)

        sid = self.profile["TWILIO_ACCOUNT_SID"]
        return Client(sid, token or self.profile["TWILIO_AUTH_TOKEN"], http_client=ToTheSandbox(None, is_async=False))


@pytest.fixture
def twilio(sandbox: Sandbox) -> Iterator[Twilio]:
    clients = Twilio(sandbox.profile)
    yield clients
    clients.http.close()


def test_call_is_placed_found_and_ended(twilio: Twilio) -> None:
    client, own = twilio.client(), twilio.profile["TWILIO_PHONE_NUMBER"]
    placed = [client.calls.create(to="+34600000005", from_=own, url="https://x.example", timeout=30) for _ in range(3)]

    assert (placed[0].status, placed[0].direction, placed[0].sid[:2]) == ("queued", "outbound-api", "CA")
    assert {call.sid for call in placed} <= {call.sid for call in client.calls.list(to="+34600000005", page_size=2)}
    assert client.calls(placed[0].sid).fetch().to == "+34600000005"
    assert client.calls(placed[0].sid).update(status="canceled").status == "canceled"
    assert placed[0].sid in {call.sid for call in client.calls.list(status="canceled")}


REFUSED_CALLS = {
    "invalid callee": ("+15005550001", None, 21217),
    "unreachable callee": ("+15005550002", None, 21214),
    "callee abroad": ("+15005550003", None, 21215),
    "blocked callee": ("+15005550004", None, 21216),
    "not a number": ("12", None, 21211),
    "invalid caller": ("+34600000005", "+15005550001", 21212),
    "caller not ours": ("+34600000005", "+15005550007", 21210),
}


@pytest.mark.parametrize(("to", "from_", "code"), REFUSED_CALLS.values(), ids=REFUSED_CALLS)
def test_call_is_refused_with_twilios_code(twilio: Twilio, to: str, from_: str | None, code: int) -> None:
    from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped] # noqa: PLC0415 - slow to import

    with pytest.raises(TwilioRestException) as refused:
        twilio.client().calls.create(to=to, from_=from_ or twilio.profile["TWILIO_PHONE_NUMBER"], url="https://x.example")
    assert (refused.value.status, refused.value.code) == (400, code)


def test_ended_call_cannot_be_ended_again(twilio: Twilio) -> None:
    from twilio.base.exceptions import TwilioRestException  # noqa: PLC0415 - slow to import

    client = twilio.client()
    call = client.calls.create(to="+34600000005", from_=twilio.profile["TWILIO_PHONE_NUMBER"], url="https://x.example")
    call.update(status="completed")

    with pytest.raises(TwilioRestException, match="not in-progress"):
        call.update(status="canceled")
    with pytest.raises(TwilioRestException) as unknown:
        client.calls("CA" + "0" * 32).fetch()
    assert (unknown.value.status, unknown.value.code) == (404, 20404)


def test_account_number_balance_and_usage_are_told(twilio: Twilio, sandbox: Sandbox) -> None:
    client, profile = twilio.client(), twilio.profile
    number = client.incoming_phone_numbers.list(phone_number=profile["TWILIO_PHONE_NUMBER"])[0]

    assert client.api.accounts(profile["TWILIO_ACCOUNT_SID"]).fetch().status == "active"
    assert number.voice_url == f"{profile['APP_URL']}/api/webhooks/twilio/"
    assert float(client.balance.fetch().balance) > 0
    assert client.usage.records.today.list(category="calls")[0].count_unit == "calls"
    with sandbox.control("twilio-number-on-demo-url", "twilio-balance-spent"):
        assert "demo" in client.incoming_phone_numbers(number.sid).fetch().voice_url
        assert float(client.balance.fetch().balance) == 0


def test_recording_can_be_heard(twilio: Twilio) -> None:
    recording = twilio.client().recordings("RE" + "0a" * 16).fetch()
    media = twilio.http.get(f"{recording.media_url}.wav")

    with wave.open(io.BytesIO(media.content)) as audio:
        assert audio.getnframes() / audio.getframerate() == float(recording.duration) == 1


def test_twilio_knows_its_account(twilio: Twilio, sandbox: Sandbox) -> None:
    from twilio.base.exceptions import TwilioRestException  # noqa: PLC0415 - slow to import

    for faults, token, expected in (
        ((), "wrong", (401, 20003)),
        (("twilio-credentials-revoked",), None, (401, 20003)),
        (("twilio-down",), None, (503, 20503)),
    ):
        with sandbox.control(*faults), pytest.raises(TwilioRestException) as refused:
            twilio.client(token).balance.fetch()
        assert (refused.value.status, refused.value.code) == expected


def test_r31_vendors_are_the_stand_ins(sandbox: RunningSandbox, call: Row) -> None:
    """A call that was placed here is known there, and tokens are issued by the Supabase of the profile."""
    profile = sandbox.profile
    account = (profile["TWILIO_ACCOUNT_SID"], profile["TWILIO_AUTH_TOKEN"])
    path = f"/2010-04-01/Accounts/{account[0]}/Calls/{call['twilio_sid']}.json"
    with httpx.Client(verify=ssl.create_default_context(cafile=profile["LV_CA_FILE"]), auth=account) as vendor:
        assert vendor.get(profile["TWILIO_API_BASE_URL"] + path).json()["sid"] == call["twilio_sid"]

    issuer = jwt.decode(sandbox.token("admin"), options={"verify_signature": False})["iss"]
    assert issuer == f"{profile['SUPABASE_URL']}/auth/v1"
