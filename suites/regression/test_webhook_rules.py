"""What Twilio reports is exactly what the product stores, and what the product answers is what a person hears (contract 5)."""

import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import dataclass

import pytest

from fixtures.product.nouns import Json, Product
from fixtures.product.response import Response
from fixtures.product.signature import twilio_signature
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding, observed
from fixtures.wire.header_values import media_type
from record.outcome import Blocked
from suites.callbacks import ROUTES, cause_of_admission, claim_of
from suites.claiming import by_name

WRITES = "calls Twilio's own test number in a campaign of its own, and removes the campaign with the call"
# Not in the order of names, as Twilio sends them neither; a sid that no call has.
FORM = {"Digits": "1", "CallStatus": "completed", "CallSid": "CA" + "0" * 32}
IN_ORDER = {name: FORM[name] for name in sorted(FORM)}
UNKNOWN_CALL = "a callback about a call that does not exist"
STATUSES = {
    "queued": "pending",
    "ringing": "in_progress",
    "in-progress": "in_progress",
    "completed": "completed",
    "busy": "busy",
    "failed": "failed",
    "no-answer": "no_answer",
    "canceled": "cancelled",
}  # contract 5.4
INTERESTED = "Usuario interesado. Requiere seguimiento."
LATER = "Usuario solicita ser contactado más tarde."
NOT_UNDERSTOOD = "Respuesta no reconocida: "
ANSWERS: dict[str, tuple[dict[str, str], str]] = {
    "tecla 1": ({"Digits": "1"}, INTERESTED),
    "tecla 2": ({"Digits": "2"}, LATER),
    "otra tecla": ({"Digits": "7"}, f"{NOT_UNDERSTOOD}7"),
    "palabra": ({"SpeechResult": "Sí, estoy INTERESADO"}, INTERESTED),
    "dice que no": ({"SpeechResult": "no estoy interesado"}, f"{NOT_UNDERSTOOD}no estoy interesado"),
    "no le interesa": ({"SpeechResult": "no me interesa"}, f"{NOT_UNDERSTOOD}no me interesa"),
    "tecla antes que palabra": ({"Digits": "2", "SpeechResult": "interesado"}, LATER),
}  # contract 5.3
REPLIES = {
    "tecla 1": "key-1",
    "tecla 2": "key-2",
    "otra tecla": "other-key",
    "palabra": "keyword-in-capitals",
    "dice que no": "not-interested",
    "no le interesa": "does-not-interest",
    "tecla antes que palabra": "key-before-speech",
}  # as the contract's rows call them
DELICATE_NAME = "Peña & Hijos <S.L.>"
DELICATE_SCRIPT = 'Diga "sí" si 1 < 2 & <Hangup/> no le cuelga.'


@dataclass(frozen=True)
class Call:
    """A call that the product stores, and what Twilio reports about it."""

    product: Product
    auth_token: str
    address: str
    body: Json

    def form(self, **fields: str) -> dict[str, str]:
        """What Twilio reports about it, in the order of names: that any order will do is a claim of its own."""
        return dict(sorted({"CallSid": str(self.body["twilio_sid"]), **fields}.items()))

    def callback(self, route: str, **fields: str) -> Response[Json]:
        """Post a form about this call as Twilio does, signed; Blocked when a genuine signature is refused."""
        form = self.form(**fields)
        signature = twilio_signature(self.auth_token, f"{self.address}/api/webhooks/twilio/{route}", form)
        answer = self.product.webhooks.twilio(route, form, signature=signature)
        if answer.status_code == 403:
            raise Blocked(observed("twilio-callbacks-refused", answer))
        return answer

    def now(self) -> Response[Json]:
        return self.product.calls.get(str(self.body["id"]), include_recordings="true")

    def campaign(self) -> Response[Json]:
        return self.product.campaigns.get(str(self.body["campaign_id"]))


@pytest.fixture
def call(operator: Product, env: Environment) -> Call:
    """Placed with a test number, and pending."""
    return placed(operator, env, "Peña", "Esta es una comprobación.")


@pytest.fixture
def delicate_call(operator: Product, env: Environment) -> Call:
    """The same for a person and with a script that are hard to write in XML."""
    return placed(operator, env, DELICATE_NAME, DELICATE_SCRIPT)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D1-T10")
@pytest.mark.parametrize("route", by_name(ROUTES, claim_of("unsigned-refused"), of=ROUTES))
def test_unsigned_report_of_a_call_is_refused(call: Call, route: str) -> None:
    """Of a call that there is: where unknown ones are looked up first, they hide that nobody asks for a signature (R-14)."""
    answer = call.product.webhooks.twilio(route, call.form(CallStatus="failed", Digits="1"), signature=None)

    assert answer.status_code == 403, finding("unsigned-callback-admitted", answer)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D1-T10")
@pytest.mark.parametrize("route", by_name(ROUTES, claim_of("forged-refused"), of=ROUTES))
def test_forged_report_of_a_call_is_refused(call: Call, route: str) -> None:
    """Signed with another key."""
    form = call.form(CallStatus="failed", Digits="1")
    signature = twilio_signature("not the auth token", f"{call.address}/api/webhooks/twilio/{route}", form)
    answer = call.product.webhooks.twilio(route, form, signature=signature)

    assert answer.status_code == 403, finding(
        cause_of_admission(answer, lambda: call.product.webhooks.twilio(route, form, signature=None), "forged-callback-admitted"),
        answer,
    )


@pytest.mark.plan("W1-D5-T5")
@pytest.mark.claims("callback/signature/every-character")
@pytest.mark.parametrize("place", [0, 9, 26], ids=["beginning", "middle", "end"])
def test_every_character_of_a_signature_counts(product: Product, env: Environment, place: int) -> None:
    """A comparison that looks at a part of it lets the rest be guessed (contract R-14)."""
    require_forged_is_refused(product, env)
    genuine = signed(env, "status")
    changed = genuine[:place] + ("A" if genuine[place] != "A" else "B") + genuine[place + 1 :]
    answer = product.webhooks.twilio("status", FORM, signature=changed, must_be_refused="a signature with one wrong character")

    assert answer.status_code == 403, finding("signature-compared-in-part", answer)


@pytest.mark.plan("W1-D5-T5")
@pytest.mark.claims("callback/signature/covers-fields")
def test_signature_of_the_address_alone_is_refused(product: Product, env: Environment) -> None:
    """Anyone who learns it once could send any form with it (contract 5.2)."""
    require_forged_is_refused(product, env)
    signature = twilio_signature(env.need("twilio.auth_token"), webhook(env, "status"), {})
    answer = product.webhooks.twilio("status", FORM, signature=signature, must_be_refused="a signature that covers no field")

    assert answer.status_code == 403, finding("signature-of-address-only", answer)


@pytest.mark.plan("W1-D5-T5")
@pytest.mark.claims("callback/signature/any-order")
def test_fields_may_come_in_any_order(product: Product, env: Environment) -> None:
    """They are signed by name, whatever order they are sent in. The call is unknown, so nothing changes: 404."""
    require_genuine_is_accepted(product, env)
    answer = product.webhooks.twilio("status", FORM, signature=signed(env, "status"), must_be_refused=UNKNOWN_CALL)

    assert answer.status_code == 404, finding("signature-fields-unsorted", answer)


@pytest.mark.plan("W1-D5-T5")
@pytest.mark.claims("callback/signature/covers-query")
def test_signature_covers_the_query(product: Product, env: Environment) -> None:
    """Over the whole address as the vendor saw it, query included (contract R-15)."""
    require_genuine_is_accepted(product, env)
    route = "status?attempt=1"
    answer = product.webhooks.twilio(route, IN_ORDER, signature=signed(env, route), must_be_refused=UNKNOWN_CALL)

    assert answer.status_code == 404, finding("signature-leaves-out-query", answer)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.parametrize("status", by_name(STATUSES, lambda status: [f"callback/status/{status}"]))
def test_word_of_the_vendor_becomes_ours(call: Call, status: str) -> None:
    """Retry waits and reports depend on which status it was (contract R-16, 5.4)."""
    answer = call.callback("status", CallStatus=status)

    assert answer.status_code == 200, finding("signed-callback-not-answered", answer)
    now = call.now()
    seen = now.body.get("status")
    assert seen == STATUSES[status], finding(
        "twilio-status-mapped-wrongly", now, seen=seen, status=STATUSES[status], twilio_status=status
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.claims("callback/status/transferring")
def test_unknown_word_changes_nothing(call: Call) -> None:
    """Twilio invents statuses now and then (contract 5.4)."""
    before = call.now().body["status"]
    answer = call.callback("status", CallStatus="transferring")

    seen = (answer.status_code, call.now().body["status"])
    assert seen == (200, before), finding("unknown-twilio-status-applied", answer, seen=f"{seen[0]} {seen[1]}", status=before)


LATE = {"-".join(words): words for words in (("completed", "in-progress"), ("busy", "ringing"), ("no-answer", "queued"))}


def _of_late(case: str) -> list[str]:
    last, late = LATE[case]
    return [f"callback/status/{late}-after-{last}"]


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.parametrize(("last", "late"), by_name(LATE, _of_late, of=LATE))
def test_late_report_changes_nothing(call: Call, last: str, late: str) -> None:
    """Callbacks overtake each other; an ended call stays ended (contract 5.4)."""
    call.callback("status", CallStatus=last)
    ended = call.now().body["status"]
    answer = call.callback("status", CallStatus=late)

    assert answer.status_code == 200, finding("signed-callback-not-answered", answer)
    seen = call.now().body["status"]
    assert seen == ended, finding("late-callback-reopens-call", answer, seen=seen, status=ended, twilio_status=late)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.claims("callback/status/completed-repeated")
def test_repeated_report_counts_once(call: Call) -> None:
    """Twilio repeats a callback whose answer it did not get; a call is one call (contract 5.4)."""
    call.callback("status", CallStatus="completed")
    once = counters(call)
    again = call.callback("status", CallStatus="completed")

    assert again.status_code == 200, finding("repeated-callback-not-answered", again)
    twice = counters(call)
    assert twice == once, finding("campaign-counters-wrong", call.campaign(), seen=twice, counters=once)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.claims("callback/status/CallDuration-stored", "callback/status/RecordingUrl-stored")
def test_details_of_a_report_are_kept(call: Call) -> None:
    """Duration and recording are what reports and invoices are made of (contract 5.4)."""
    recording = f"{call.address}/recording.wav"
    call.callback("status", CallStatus="completed", CallDuration="42", RecordingUrl=recording)

    now = call.now()
    expected = (42, recording)
    seen = (now.body.get("duration"), now.body.get("recording_url"))
    assert seen == expected, finding("callback-details-not-stored", now, seen=seen, values=expected)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.claims("callback/status/duration-no-number")
def test_duration_that_is_no_number_is_ignored(call: Call) -> None:
    """And the rest of the callback counts (contract 5.4)."""
    answer = call.callback("status", CallStatus="completed", CallDuration="forty")

    assert answer.status_code == 200, finding("bad-duration-loses-callback", answer, duration="forty")
    expected = ("completed", None)
    seen = (call.now().body["status"], call.now().body["duration"])
    assert seen == expected, finding("bad-duration-changes-rest", answer, seen=seen, values=expected)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.claims("callback/voice/greets-contact", "callback/voice/escaped")
def test_answered_call_is_greeted_by_name(delicate_call: Call) -> None:
    """Whatever characters are in it (contract 5.3)."""
    answer = delicate_call.callback("", CallStatus="in-progress")

    greeting = [unicodedata.normalize("NFC", text) for text in spoken(answer)[:1]]  # it sounds the same in any form
    assert any(DELICATE_NAME in text for text in greeting), finding(
        "greeting-without-name", answer, seen=greeting, name=DELICATE_NAME
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.claims("callback/voice/script-verbatim", "callback/voice/escaped")
def test_answered_call_hears_its_script(delicate_call: Call) -> None:
    """Unchanged, whatever characters are in it, and whoever is greeted (contract 5.3)."""
    answer = delicate_call.callback("", CallStatus="in-progress")

    sentences = spoken(answer)
    assert DELICATE_SCRIPT in sentences, finding("script-spoken-differently", answer, seen=sentences, script=DELICATE_SCRIPT)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.claims("callback/voice/say-voice", "callback/voice/say-language")
def test_call_is_spoken_in_spanish(call: Call) -> None:
    """In each sentence: Twilio speaks English unless the TwiML says otherwise (contract 5.3)."""
    answer = call.callback("", CallStatus="in-progress")

    voices = {(say.get("voice"), say.get("language")) for say in twiml(answer).iter("Say")}
    assert voices == {("woman", "es-ES")}, finding("twiml-not-in-spanish", answer, seen=sorted(map(str, voices)))


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.claims("callback/voice/gather-method", "callback/voice/gather-action")
def test_answer_is_sent_to_our_public_address(call: Call) -> None:
    """Twilio has to reach it, by POST and over https (contract 5.3)."""
    answer = call.callback("", CallStatus="in-progress")

    gathers = [(gather.get("method"), gather.get("action")) for gather in twiml(answer).iter("Gather")]
    address = f"{call.address}/api/webhooks/twilio/gather"
    assert gathers == [("POST", address)], finding(
        "gather-address-not-public", answer, seen=gathers, method="POST", address=address
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.claims("route/POST /api/webhooks/twilio/gather/type")
def test_twiml_is_sent_as_xml(call: Call) -> None:
    """Twilio hangs up on another content type (contract 5.3)."""
    answer = call.callback("gather", Digits="1")

    seen = media_type(answer.headers.get("content-type", ""))
    assert seen == "application/xml", finding("twiml-content-type-wrong", answer, seen=repr(seen))


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.parametrize(("said", "note"), by_name(ANSWERS, lambda case: [f"callback/gather/{REPLIES[case]}-noted"], of=ANSWERS))
def test_answer_of_a_person_is_noted(call: Call, said: dict[str, str], note: str) -> None:
    """A person who says no must not be called back as interested (contract 5.3)."""
    answer = call.callback("gather", **said)

    assert answer.status_code == 200, finding("signed-callback-not-answered", answer)
    now = call.now()
    seen = now.body.get("notes")
    assert seen == note, finding("answer-noted-wrongly", now, seen=seen, note=note)


def placed(operator: Product, env: Environment, name: str, script: str) -> Call:
    """A new call of a draft campaign of its own; Blocked where the vendor does not accept it."""
    token, own_number, address = (env.need(name) for name in ("twilio.auth_token", "twilio.phone_number", "app.url"))
    operation = (operator.role, "/api/calls/ for callbacks")
    operator.refused_creations.require(operation)
    campaign = operator.campaigns.new()
    contact = operator.contacts.new(name=operator.ledger.name(name))
    answer = operator.calls.place(
        campaign["id"],
        contact["id"],
        own_number=own_number,
        our_address=address,
        script_template=script,
    )
    refused = observed("twilio-test-call-not-placed", answer) if answer.status_code != 201 else None
    operator.refused_creations.note(operation, (), answer.status_code, refused)
    if refused:
        raise Blocked(refused)
    return Call(operator, token, address, answer.body)


def webhook(env: Environment, route: str) -> str:
    """The public address of a route, as Twilio signs it."""
    return f"{env.need('app.url')}/api/webhooks/twilio/{route}"


def signed(env: Environment, route: str) -> str:
    """The genuine signature of FORM at this route."""
    return twilio_signature(env.need("twilio.auth_token"), webhook(env, route), FORM)


def require_genuine_is_accepted(product: Product, env: Environment) -> None:
    """Blocked unless the plainest of genuine callbacks gets past the signature check: smoke says why."""
    answer = product.webhooks.twilio("status", IN_ORDER, signature=signed(env, "status"), must_be_refused=UNKNOWN_CALL)
    if answer.status_code != 404:
        raise Blocked(observed("twilio-callbacks-refused", answer))


def require_forged_is_refused(product: Product, env: Environment) -> None:
    """Blocked where any signature is accepted: smoke says so, and nothing finer can be looked at."""
    env.require("twilio.auth_token")
    forged = twilio_signature("not the auth token", webhook(env, "status"), IN_ORDER)
    answer = product.webhooks.twilio("status", IN_ORDER, signature=forged, must_be_refused="a callback signed with another key")
    if answer.status_code != 403:
        raise Blocked(observed("signature-not-checked-at-all", answer))


def counters(call: Call) -> dict[str, int]:
    body = call.campaign().body
    return {name: body[name] for name in ("total_calls", "successful_calls", "failed_calls", "pending_calls")}


def spoken(answer: Response[Json]) -> list[str]:
    """What a person hears, sentence by sentence."""
    assert answer.status_code == 200, finding("signed-callback-not-answered", answer)
    return [say.text or "" for say in twiml(answer).iter("Say")]


def twiml(answer: Response[Json]) -> ET.Element:
    """The document; its root is <Response>."""
    try:
        root = ET.fromstring(answer.text)  # noqa: S314 - of the product under test, and expat fetches nothing
    except ET.ParseError as error:
        root = ET.Element(str(error))
    assert root.tag == "Response", finding("twiml-not-well-formed", answer, seen=root.tag)
    return root
