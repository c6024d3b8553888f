"""Twilio is set up the way the MVP relies on: the account, its money, its number, and the way to a phone (contract 6.1)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from fixtures.profile.environment import Environment
from fixtures.wire.finding import Message
from fixtures.wire.finding import stated as finding
from record.outcome import Blocked, Unverified

if TYPE_CHECKING:
    from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped] # the SDK ships no types
    from twilio.rest import Client  # type: ignore[import-untyped]

LEAST_BALANCE = 5.0  # in the account's currency: a hundred calls of a minute, in round numbers
ONLY_FOR_LIVE_CREDENTIALS = 20008  # test credentials may place calls and read nothing
ACCOUNT_NOT_ACTIVE = 20005
Result = TypeVar("Result")

pytestmark = pytest.mark.plan("W1-D5-T2", "W2-D1-T10")


@pytest.fixture
def account(twilio: "Client", env: Environment) -> Any:
    """The active account of the profile's credentials. Whatever else is asked would only repeat that it is not there."""
    found, refusal = asked(lambda: twilio.api.v2010.accounts(env.twilio.account_sid).fetch())
    if refusal is None and found.status == "active":
        return found
    raise Blocked(refused(refusal).finding if refusal else suspended(found.status).finding)


@pytest.fixture
def number(account: Any, twilio: "Client", env: Environment) -> Any:  # noqa: ARG001 - without an account there is no number
    """The number that the MVP calls from, as the account has it."""
    env.require("twilio.phone_number")
    found = numbers(twilio, env)
    if len(found) != 1:
        raise Blocked(not_ours(env).finding)
    return found[0]


def test_credentials_are_accepted(twilio: "Client", env: Environment) -> None:
    """A token that was rotated at Twilio and not here stops every call."""
    found, refusal = asked(lambda: twilio.api.v2010.accounts(env.twilio.account_sid).fetch())

    assert refusal is None, refused(refusal)
    assert found.sid == env.twilio.account_sid, finding(
        "the account", expected=env.twilio.account_sid, seen=found.sid, then="correct TWILIO_ACCOUNT_SID"
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
        "the balance of the Twilio account",
        expected=f"at least {LEAST_BALANCE:g} {balance.currency}",
        seen=f"{balance.balance} {balance.currency}",
        then="top the account up, and switch auto-recharge on",
    )


@pytest.mark.usefixtures("account")
def test_number_is_ours(twilio: "Client", env: Environment) -> None:
    """Valid credentials of another project call from nowhere: Twilio refuses a caller that it did not sell to the account."""
    env.require("twilio.phone_number")

    assert len(numbers(twilio, env)) == 1, not_ours(env)


def test_number_can_speak(number: Any) -> None:
    """A number for text messages alone cannot call."""
    assert number.capabilities.get("voice") is True, finding(
        f"capabilities of {number.phone_number}",
        expected="voice",
        seen=sorted(name for name, has in number.capabilities.items() if has) or "none",
        then="buy a number with voice and set TWILIO_PHONE_NUMBER",
    )


def test_number_asks_our_webhook(number: Any, env: Environment) -> None:
    """Twilio must know where to ask what to say; a number left on the demo URL answers with somebody else's words."""
    env.require("app.url")

    # With or without the slash at the end: ours redirects to the form with it, and Twilio follows (contract 5.1).
    seen = (number.voice_method, str(number.voice_url).rstrip("/"))
    expected = ("POST", f"{env.app.url}/api/webhooks/twilio")
    assert seen == expected, finding(
        f"the voice webhook of {number.phone_number}",
        expected=" ".join(expected),
        seen=" ".join(map(str, seen)),
        then="set it in the console, Phone Numbers, Voice, A call comes in",
    )


def test_number_reports_to_our_webhook(number: Any, env: Environment) -> None:
    """By POST: our status webhook answers GET with 405, and the call never ends in the books."""
    env.require("app.url")

    seen = (number.status_callback_method, number.status_callback)
    expected = ("POST", f"{env.app.url}/api/webhooks/twilio/status")
    assert seen == expected, finding(
        f"the status callback of {number.phone_number}",
        expected=" ".join(expected),
        seen=" ".join(map(str, seen)),
        then="set it in the console, Phone Numbers, Voice, Call status changes",
    )


@pytest.mark.usefixtures("account")
@pytest.mark.writes("calls the first of LV_TEST_NUMBERS and withdraws the call at once")
def test_call_is_taken_on(twilio: "Client", env: Environment) -> None:
    """From our number to a phone of our own: geographic permissions and caller rights show nowhere else."""
    env.require("test_numbers", "twilio.phone_number", "app.url")
    order = {"to": env.test_numbers[0], "from_": env.twilio.phone_number, "url": f"{env.app.url}/api/webhooks/twilio/"}
    call, refusal = asked(lambda: twilio.calls.create(**order, timeout=5))

    assert refusal is None, refused(refusal, expected="a call that is queued")
    twilio.calls(call.sid).update(status="canceled")
    assert call.sid.startswith("CA"), finding(
        "POST Calls.json", expected="a call sid, CA…", seen=call.sid, then="is this Twilio's API, version 2010-04-01?"
    )
    assert call.status == "queued", finding(
        "POST Calls.json", expected="queued", seen=call.status, then="look the call up in the console"
    )


def asked(question: "Callable[[], Result]") -> "tuple[Any, TwilioRestException | None]":
    """Twilio's answer, or its refusal. Unverified where the credentials are test credentials, which may not ask."""
    from twilio.base.exceptions import TwilioRestException  # noqa: PLC0415 - the SDK is imported by the checks that use it

    try:
        return question(), None
    except TwilioRestException as error:
        if error.code == ONLY_FOR_LIVE_CREDENTIALS:
            raise Unverified("these are Twilio's test credentials", "use those of the account that will call") from error
        return None, error


def refused(error: "TwilioRestException | None", expected: str = "the account's own record") -> Message:
    """Of an error of the SDK: status, code and Twilio's words."""
    assert error is not None
    then = {
        20003: "the token was rotated or belongs to another account: compare TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
        ACCOUNT_NOT_ACTIVE: "look for unpaid bills or a suspension in the console",
        20503: "Twilio itself is down: see its status page, and hold the deployment",
        21210: "TWILIO_PHONE_NUMBER is not a number of this account",
        21215: "enable the country under Voice, Settings, Geo permissions",
    }.get(error.code, f"see https://www.twilio.com/docs/api/errors/{error.code}")
    return finding(
        f"{error.method} {error.uri}", expected=expected, seen=f"{error.status}, code {error.code}: {error.msg}", then=then
    )


def suspended(status: str) -> Message:
    then = "look for unpaid bills or a suspension in the console: no call can be placed"
    return finding("the Twilio account", expected="active", seen=status, then=then)


def numbers(twilio: "Client", env: Environment) -> list[Any]:
    return list(twilio.incoming_phone_numbers.list(phone_number=env.twilio.phone_number, limit=2))


def not_ours(env: Environment) -> Message:
    return finding(
        "IncomingPhoneNumbers of the account",
        expected=f"{env.twilio.phone_number}, once",
        seen="it is not one of the account's numbers",
        then="are these the credentials of another project? Compare TWILIO_ACCOUNT_SID with the one that owns the number",
    )
