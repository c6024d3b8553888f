"""A call in our books and its line at the vendor end together."""

from typing import TYPE_CHECKING

import pytest

from fixtures.product.nouns import Product
from fixtures.product.phone_calls import place_test_call
from fixtures.profile.environment import Environment
from fixtures.wire.finding import stated as finding
from record.outcome import Unverified

if TYPE_CHECKING:
    from twilio.rest import Client  # type: ignore[import-untyped] # the SDK ships no types

OVER = ("canceled", "completed", "busy", "failed", "no-answer")


@pytest.mark.writes("calls a test number in a campaign of its own, cancels the call, and removes the campaign")
@pytest.mark.plan("W1-D5-T2", "W2-D1-T10")
def test_cancelled_call_ends_at_the_vendor(operator: Product, twilio: "Client", env: Environment) -> None:
    """Or the line stays open, and is paid for, behind a call that shows as cancelled (contract 2.6)."""
    from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped] # noqa: PLC0415 - see fixtures.vendors

    call = place_test_call(operator, env, status="in_progress")
    cancelled = operator.calls.cancel(call["id"])

    assert cancelled.status_code == 200, finding(cancelled, expected="200", then="the request id leads to the backend's log")
    try:
        seen = twilio.calls(call["twilio_sid"]).fetch().status
    except TwilioRestException as error:
        if error.status in (401, 403):
            what = f"these credentials may place calls and not read them ({error.code})"
            raise Unverified(what, "use the account's own credentials, with a number of your own in LV_TEST_NUMBERS") from error
        raise
    assert seen in OVER, finding(
        f"call {call['twilio_sid']} at the vendor",
        expected=f"ended: one of {', '.join(OVER)}",
        seen=seen,
        then="is the cancellation sent to the vendor? End the call there by hand",
    )
