"""Vendors get in with their signature, and no other caller does."""

from typing import Any

import pytest

from fixtures.product.nouns import Product
from fixtures.product.response import Response
from fixtures.product.signature import twilio_signature
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding
from suites.callbacks import ROUTES, cause_of_admission, claim_of
from suites.claiming import by_name

JSON_CALLBACKS = {"conversación": "/api/v1/calls/webhook", "estado, antigua": "/api/calls/twilio_callback"}
FORM = {"CallSid": "CA" + "0" * 32, "CallStatus": "completed", "Digits": "1"}  # a sid that no call has


@pytest.mark.plan("W1-D5-T5", "W2-D1-T10")
@pytest.mark.claims("callback/signature/refusal-message")
@pytest.mark.parametrize("route", by_name(ROUTES, claim_of("unsigned-refused"), of=ROUTES))
def test_unsigned_callback_is_refused(product: Product, route: str) -> None:
    """Every machine on the internet can post here (contract R-14)."""
    answer = unsigned(product, route)

    assert answer.status_code == 403, finding("unsigned-callback-admitted", answer)
    seen, expected = answer.message, "Solicitud no autorizada"
    assert seen == expected, finding("webhook-refusal-message-wrong", answer, seen=seen, message=expected)


@pytest.mark.plan("W1-D5-T5", "W2-D1-T10")
@pytest.mark.parametrize("route", by_name(ROUTES, claim_of("forged-refused"), of=ROUTES))
def test_forged_signature_is_refused(product: Product, env: Environment, route: str) -> None:
    """Right form, right address, wrong key."""
    signature = twilio_signature("not the auth token", f"{env.app.url}/api/webhooks/twilio/{route}", FORM)
    answer = product.webhooks.twilio(route, FORM, signature=signature, must_be_refused="a callback signed with another key")

    assert answer.status_code == 403, finding(admitted_by(product, route, answer, "forged-callback-admitted"), answer)


@pytest.mark.plan("W1-D5-T5", "W2-D1-T10")
@pytest.mark.claims("callback/signature/covers-values")
def test_changed_callback_is_refused(product: Product, env: Environment) -> None:
    """A genuine signature over another form: what was signed is what counts."""
    token = env.need("twilio.auth_token")
    signature = twilio_signature(token, f"{env.app.url}/api/webhooks/twilio/status", FORM)
    changed = FORM | {"CallStatus": "failed"}
    answer = product.webhooks.twilio(
        "status", changed, signature=signature, must_be_refused="a callback that was changed after signing"
    )

    assert answer.status_code == 403, finding(admitted_by(product, "status", answer, "changed-callback-admitted"), answer)


def admitted_by(product: Product, route: str, answer: Response[Any], cause: str) -> str:
    return cause_of_admission(answer, lambda: unsigned(product, route), cause)


def unsigned(product: Product, route: str) -> Response[Any]:
    return product.webhooks.twilio(route, FORM, signature=None, must_be_refused="a callback without a signature")


@pytest.mark.plan("W1-D5-T5", "W2-D1-T10")
@pytest.mark.parametrize("route", by_name(ROUTES, claim_of("genuine-accepted"), of=ROUTES))
def test_genuine_signature_is_accepted(product: Product, env: Environment, route: str) -> None:
    """Computed over the public https address, as Twilio does (contract R-15). The call is unknown, so nothing changes: 404."""
    env.require("twilio.auth_token", "app.url")  # names both in one message
    signature = twilio_signature(env.need("twilio.auth_token"), f"{env.app.url}/api/webhooks/twilio/{route}", FORM)
    answer = product.webhooks.twilio(
        route, FORM, signature=signature, must_be_refused="a callback about a call that does not exist"
    )

    assert answer.status_code == 404, finding("genuine-callback-not-admitted", answer)


@pytest.mark.plan("W1-D5-T5", "W2-D1-T10")
@pytest.mark.parametrize(
    "path", by_name(JSON_CALLBACKS, lambda case: [f"route/POST {JSON_CALLBACKS[case]}/anonymous"], of=JSON_CALLBACKS)
)
def test_json_callback_without_a_token_is_refused(product: Product, path: str) -> None:
    """These are not signed, so a token is all that protects them (contract 5.1, R-14)."""
    answer = product.webhooks.json(path, FORM, must_be_refused="a callback that is neither signed nor carries a token")

    assert answer.status_code == 401, finding("json-callback-open", answer)
