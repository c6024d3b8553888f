"""A call of the product and its line at the vendor end together."""

from typing import TYPE_CHECKING

import pytest

from fixtures.product.nouns import Product
from fixtures.product.phone_calls import place_test_call
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding
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

    assert cancelled.status_code == 200, finding("call-cancellation-refused", cancelled)
    try:
        seen = twilio.calls(call["twilio_sid"]).fetch().status
    except TwilioRestException as error:
        if error.status in (401, 403):
            raise Unverified("twilio-calls-not-readable", code=error.code) from error
        raise
    assert seen in OVER, finding("call-line-stays-open", f"Calls/{call['twilio_sid']}", seen=seen, ended=", ".join(OVER))
