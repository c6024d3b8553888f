"""Twilio is set up the way the MVP relies on: the account, its money, its number, and the way to a phone (contract 6.1)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from fixtures.profile.environment import Environment
from fixtures.wire.finding import Message, finding
from record.outcome import Blocked, Unverified

if TYPE_CHECKING:
    from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped] # the SDK ships no types
    from twilio.rest import Client  # type: ignore[import-untyped]

LEAST_BALANCE = 5.0  # in the account's currency: a hundred calls of a minute, in round numbers
ONLY_FOR_LIVE_CREDENTIALS = 20008  # test credentials may place calls and read nothing
# Twilio's error codes (https://www.twilio.com/docs/api/errors) that call for something of their own.
REFUSALS = {
    20003: "twilio-credentials-refused",
    20005: "twilio-account-not-active",
    20503: "twilio-unavailable",
    21210: "twilio-number-not-owned",
    21215: "twilio-country-not-enabled",
}
Result = TypeVar("Result")

pytestmark = pytest.mark.plan("W1-D5-T2", "W2-D1-T10")


@pytest.fixture
def account(twilio: "Client", env: Environment) -> Any:
    """The active account of the profile's credentials. Whatever else is asked would only repeat that it is not there."""
    found, refusal = asked(lambda: twilio.api.v2010.accounts(env.twilio.account_sid).fetch())
    if refusal is None and found.status == "active":
        return found
    raise Blocked((refused(refusal) if refusal else suspended(found.status)).finding)


@pytest.fixture
def number(account: Any, twilio: "Client", env: Environment) -> Any:  # noqa: ARG001 - without an account there is no number
    """The number that the MVP calls from, as the account has it."""
    found = numbers(twilio, env)
    if len(found) != 1:
        raise Blocked(not_ours(found, env).finding)
    return found[0]


def test_credentials_are_accepted(twilio: "Client", env: Environment) -> None:
    """A token that was rotated at Twilio and not here stops every call."""
    found, refusal = asked(lambda: twilio.api.v2010.accounts(env.twilio.account_sid).fetch())

    assert refusal is None, refused(refusal)
    assert found.sid == env.twilio.account_sid, finding(
        "twilio-account-differs", "Accounts", seen=found.sid, sid=env.twilio.account_sid
    )


def test_account_is_active(twilio: "Client", env: Environment) -> None:
    """A suspended account is let in and may do nothing."""
    found, refusal = asked(lambda: twilio.api.v2010.accounts(env.twilio.account_sid).fetch())
    if refusal is not None:
        raise Blocked(refused(refusal).finding)

    assert found.status == "active", suspended(found.status)


@pytest.mark.usefixtures("account")
def test_balance_lasts(twilio: "Client") -> None:
    """A campaign that stops after its first calls is worse than one that does not start."""
    balance = twilio.balance.fetch()

    assert float(balance.balance) >= LEAST_BALANCE, finding(
        "twilio-balance-low",
        "Balance",
        seen=f"{balance.balance} {balance.currency}",
        minimum=f"{LEAST_BALANCE:g} {balance.currency}",
    )


@pytest.mark.usefixtures("account")
def test_number_is_ours(twilio: "Client", env: Environment) -> None:
    """Valid credentials of another project call from nowhere: Twilio refuses a caller that it did not sell to the account."""
    found = numbers(twilio, env)

    assert len(found) == 1, not_ours(found, env)


def test_number_can_speak(number: Any) -> None:
    """A number for text messages alone cannot call."""
    assert number.capabilities.get("voice") is True, finding(
        "twilio-number-without-voice",
        f"IncomingPhoneNumbers/{number.phone_number}",
        seen=f"capabilities: {sorted(name for name, has in number.capabilities.items() if has)}",
    )


def test_number_asks_our_webhook(number: Any, env: Environment) -> None:
    """Twilio must know where to ask what to say; a number left on the demo URL answers with another text."""
    address = env.need("app.url")

    # With or without the slash at the end: ours redirects to the form with it, and Twilio follows (contract 5.1).
    seen = (number.voice_method, str(number.voice_url).rstrip("/"))
    expected = ("POST", f"{address}/api/webhooks/twilio")
    assert seen == expected, finding(
        "twilio-voice-webhook-differs",
        f"IncomingPhoneNumbers/{number.phone_number}",
        seen=" ".join(map(str, seen)),
        webhook=" ".join(expected),
    )


def test_number_reports_to_our_webhook(number: Any, env: Environment) -> None:
    """By POST: our status webhook answers GET with 405, and the call never ends in the product."""
    address = env.need("app.url")

    seen = (number.status_callback_method, number.status_callback)
    expected = ("POST", f"{address}/api/webhooks/twilio/status")
    assert seen == expected, finding(
        "twilio-status-callback-differs",
        f"IncomingPhoneNumbers/{number.phone_number}",
        seen=" ".join(map(str, seen)),
        webhook=" ".join(expected),
    )


@pytest.mark.usefixtures("account")
@pytest.mark.writes("calls the first of LV_TEST_NUMBERS and withdraws the call at once")
def test_call_is_taken_on(twilio: "Client", env: Environment) -> None:
    """From our number to a phone of our own: geographic permissions and caller rights show nowhere else."""
    env.require("test_numbers", "twilio.phone_number", "app.url")
    order = {"to": env.test_numbers[0], "from_": env.twilio.phone_number, "url": f"{env.app.url}/api/webhooks/twilio/"}
    call, refusal = asked(lambda: twilio.calls.create(**order, timeout=5))

    assert refusal is None, refused(refusal)
    twilio.calls(call.sid).update(status="canceled")
    assert call.sid.startswith("CA"), finding("twilio-call-sid-malformed", "POST Calls.json", seen=call.sid)
    assert call.status == "queued", finding("twilio-call-not-queued", "POST Calls.json", seen=call.status)


def asked(question: "Callable[[], Result]") -> "tuple[Any, TwilioRestException | None]":
    """Twilio's answer, or its refusal. Unverified where the credentials are test credentials, which may not ask."""
    from twilio.base.exceptions import TwilioRestException  # noqa: PLC0415 - the SDK is imported by the checks that use it

    try:
        return question(), None
    except TwilioRestException as error:
        if error.code == ONLY_FOR_LIVE_CREDENTIALS:
            raise Unverified("twilio-test-credentials") from error
        return None, error


def refused(error: "TwilioRestException | None") -> Message:
    """Of an error of the SDK: status, code and Twilio's message."""
    assert error is not None
    place, seen = f"{error.method} {error.uri}", f"{error.status}, code {error.code}: {error.msg}"
    if error.code in REFUSALS:
        return finding(REFUSALS[error.code], place, seen=seen)
    return finding("twilio-request-refused", place, seen=seen, code=error.code)


def suspended(status: str) -> Message:
    return finding("twilio-account-not-active", "Accounts", seen=f"status: {status}")


def numbers(twilio: "Client", env: Environment) -> list[Any]:
    return list(twilio.incoming_phone_numbers.list(phone_number=env.need("twilio.phone_number"), limit=2))


def not_ours(found: list[Any], env: Environment) -> Message:
    return finding("twilio-number-not-owned", "IncomingPhoneNumbers", seen=f"{env.twilio.phone_number}: {len(found)}")
