"""What Twilio tells us becomes exactly what the books say, and what we tell Twilio is what a person hears (contract 5)."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

import pytest

from fixtures.product.nouns import Json, Product
from fixtures.product.response import Response
from fixtures.product.signature import twilio_signature
from fixtures.profile.environment import Environment
from fixtures.wire.finding import stated as finding
from record.outcome import Blocked

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
GENUINE = "a genuine signature to be accepted"
COMPARE_KEYS = "it signs another address or key: compare APP_URL and TWILIO_AUTH_TOKEN, see smoke/test_webhooks.py"
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
DELICATE_NAME = "Peña & Hijos <S.L.>"
DELICATE_SCRIPT = 'Diga "sí" si 1 < 2 & <Hangup/> no le cuelga.'


@dataclass(frozen=True)
class Call:
    """A call in the books, and the vendor's voice about it."""

    product: Product
    auth_token: str
    address: str
    body: Json

    def hears(self, route: str, **fields: str) -> Response[Json]:
        """Post a form about this call as Twilio does, signed; Blocked when a genuine signature is refused."""
        form = {"CallSid": str(self.body["twilio_sid"])} | fields
        signature = twilio_signature(self.auth_token, f"{self.address}/api/webhooks/twilio/{route}", form)
        answer = self.product.webhooks.twilio(route, form, signature=signature)
        if answer.status_code == 403:
            raise Blocked(finding(answer, expected=GENUINE, then=COMPARE_KEYS).finding)
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


@pytest.mark.plan("W1-D5-T5")
@pytest.mark.parametrize("place", [0, 9, 26], ids=["beginning", "middle", "end"])
def test_every_character_of_a_signature_counts(product: Product, env: Environment, place: int) -> None:
    """A comparison that looks at a part of it lets the rest be guessed (contract R-14)."""
    require_forged_is_refused(product, env)
    genuine = signed(env, "status")
    changed = genuine[:place] + ("A" if genuine[place] != "A" else "B") + genuine[place + 1 :]
    answer = product.webhooks.twilio("status", FORM, signature=changed, must_be_refused="a signature with one wrong character")

    assert answer.status_code == 403, finding(
        answer, expected="403", then="compare the whole signature, in constant time: stop the release"
    )


@pytest.mark.plan("W1-D5-T5")
def test_signature_of_the_address_alone_is_refused(product: Product, env: Environment) -> None:
    """It would be good for any form, once seen (contract 5.2)."""
    require_forged_is_refused(product, env)
    signature = twilio_signature(env.twilio.auth_token or "", f"{env.app.url}/api/webhooks/twilio/status", {})
    answer = product.webhooks.twilio("status", FORM, signature=signature, must_be_refused="a signature that covers no field")

    assert answer.status_code == 403, finding(answer, expected="403", then="the signature must cover every form field")


@pytest.mark.plan("W1-D5-T5")
def test_fields_may_come_in_any_order(product: Product, env: Environment) -> None:
    """They are signed by name, whatever order they are sent in. The call is unknown, so nothing changes: 404."""
    require_genuine_is_accepted(product, env)
    answer = product.webhooks.twilio("status", FORM, signature=signed(env, "status"), must_be_refused=UNKNOWN_CALL)

    assert answer.status_code == 404, finding(
        answer,
        expected="404: the signature is right, the call unknown",
        then="sort the fields by name before they are signed; another order is accepted",
    )


@pytest.mark.plan("W1-D5-T5")
def test_signature_covers_the_query(product: Product, env: Environment) -> None:
    """Over the whole address as the vendor saw it, query included (contract R-15)."""
    require_genuine_is_accepted(product, env)
    route = "status?attempt=1"
    answer = product.webhooks.twilio(route, IN_ORDER, signature=signed(env, route), must_be_refused=UNKNOWN_CALL)

    assert answer.status_code == 404, finding(
        answer,
        expected="404: the signature is right, the call unknown",
        then="sign the query, too; an address without one is accepted",
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.parametrize("word", STATUSES)
def test_word_of_the_vendor_becomes_ours(call: Call, word: str) -> None:
    """Retry waits and reports depend on which it was (contract R-16, 5.4)."""
    answer = call.hears("status", CallStatus=word)

    assert answer.status_code == 200, finding(
        answer, expected="200 for a signed callback about a call of ours", then="the request id leads to the backend's log"
    )
    now = call.now()
    seen = now.body.get("status")
    assert seen == STATUSES[word], finding(
        now, expected=f"{STATUSES[word]}, from Twilio's {word}", seen=seen, then="compare the mapping with contract 5.4"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
def test_unknown_word_changes_nothing(call: Call) -> None:
    """Twilio invents statuses now and then (contract 5.4)."""
    before = call.now().body["status"]
    answer = call.hears("status", CallStatus="transferring")

    seen = call.now().body["status"]
    assert (answer.status_code, seen) == (200, before), finding(
        answer,
        expected=f"200, and the call still {before}",
        seen=f"{answer.status_code}, and the call {seen}",
        then="a word outside the table must leave the call as it is",
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.parametrize(("last", "late"), [("completed", "in-progress"), ("busy", "ringing"), ("no-answer", "queued")])
def test_late_report_changes_nothing(call: Call, last: str, late: str) -> None:
    """Callbacks overtake each other; an ended call stays ended (contract 5.4)."""
    call.hears("status", CallStatus=last)
    ended = call.now().body["status"]
    answer = call.hears("status", CallStatus=late)

    assert answer.status_code == 200, finding(
        answer, expected="200: Twilio is told that all is well", then="the request id leads to the backend's log"
    )
    seen = call.now().body["status"]
    assert seen == ended, finding(
        answer,
        expected=f"still {ended}",
        seen=f"{seen} after a late {late}",
        then="a callback that comes after the end must not bring the call back",
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
def test_repeated_report_counts_once(call: Call) -> None:
    """Twilio repeats what it is not sure of; a call is one call (contract 5.4)."""
    call.hears("status", CallStatus="completed")
    once = counters(call)
    again = call.hears("status", CallStatus="completed")

    assert again.status_code == 200, finding(
        again, expected="200 the second time, too", then="a repeated callback is no error: Twilio would go on repeating it"
    )
    assert counters(call) == once, finding(
        call.campaign(),
        expected=f"{once} as after the first callback",
        seen=counters(call),
        then="move the counters when the status changes, not with each callback",
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
def test_details_of_a_report_are_kept(call: Call) -> None:
    """Duration and recording are what reports and invoices are made of (contract 5.4)."""
    recording = f"{call.address}/recording.wav"
    call.hears("status", CallStatus="completed", CallDuration="42", RecordingUrl=recording)

    now = call.now()
    seen = (now.body.get("duration"), now.body.get("recording_url"))
    assert seen == (42, recording), finding(
        now, expected=(42, recording), seen=seen, then="store CallDuration and RecordingUrl with the status"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
def test_duration_that_is_no_number_is_ignored(call: Call) -> None:
    """And the rest of the callback counts (contract 5.4)."""
    answer = call.hears("status", CallStatus="completed", CallDuration="forty")

    assert answer.status_code == 200, finding(
        answer, expected="200", then="a duration that is no number must be ignored: the end of the call is lost"
    )
    seen = (call.now().body["status"], call.now().body["duration"])
    assert seen == ("completed", None), finding(
        answer, expected="completed, without a duration", seen=seen, then="ignore only what cannot be read"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
def test_answered_call_hears_its_script(delicate_call: Call) -> None:
    """Name and script word for word, whatever characters are in them (contract 5.3)."""
    answer = delicate_call.hears("", CallStatus="in-progress")

    assert answer.status_code == 200, finding(answer, expected="200", then="the request id leads to the backend's log")
    spoken = [say.text or "" for say in twiml(answer).iter("Say")]
    assert DELICATE_NAME in spoken[0], finding(
        answer, expected=f"a greeting with {DELICATE_NAME!r}", seen=spoken[0], then="is the contact's name filled in?"
    )
    assert spoken[1] == DELICATE_SCRIPT, finding(
        answer, expected=DELICATE_SCRIPT, seen=spoken[1], then="say the script as it is, escaped for XML"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
def test_call_is_spoken_in_spanish(call: Call) -> None:
    """In each sentence: Twilio's voice is English unless it is told otherwise (contract 5.3)."""
    answer = call.hears("", CallStatus="in-progress")

    voices = {(say.get("voice"), say.get("language")) for say in twiml(answer).iter("Say")}
    assert voices == {("woman", "es-ES")}, finding(
        answer,
        expected='voice="woman" and language="es-ES" in each <Say>',
        seen=sorted(map(str, voices)),
        then="Spanish read by an English voice is not understood",
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
def test_answer_is_sent_to_our_public_address(call: Call) -> None:
    """Twilio has to reach it, by POST and over https (contract 5.3)."""
    answer = call.hears("", CallStatus="in-progress")

    gathers = [(gather.get("method"), gather.get("action")) for gather in twiml(answer).iter("Gather")]
    expected = [("POST", f"{call.address}/api/webhooks/twilio/gather")]
    assert gathers == expected, finding(
        answer, expected=expected, seen=gathers, then="build the action of <Gather> from APP_URL, the public https address"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
def test_twiml_is_sent_as_xml(call: Call) -> None:
    """Twilio hangs up on another content type (contract 5.3)."""
    answer = call.hears("gather", Digits="1")

    seen = answer.headers.get("content-type", "none").split(";")[0]
    assert seen == "application/xml", finding(
        answer, expected="application/xml", seen=seen, then="Twilio reports error 12300 and hangs up: set the content type"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W1-D5-T5", "W2-D2-T7")
@pytest.mark.parametrize(("said", "note"), ANSWERS.values(), ids=ANSWERS)
def test_answer_of_a_person_is_noted(call: Call, said: dict[str, str], note: str) -> None:
    """Whoever says no must not be called back as interested (contract 5.3)."""
    answer = call.hears("gather", **said)

    assert answer.status_code == 200, finding(answer, expected="200", then="the request id leads to the backend's log")
    now = call.now()
    seen = now.body.get("notes")
    assert seen == note, finding(
        now, expected=note, seen=seen, then="keys come before speech, and a word before the keyword may negate it"
    )


def placed(operator: Product, env: Environment, name: str, script: str) -> Call:
    """A new call of a draft campaign of its own; Blocked where the vendor does not take it on."""
    env.require("twilio.auth_token", "twilio.phone_number", "app.url")
    campaign = operator.campaigns.create().body
    contact = operator.contacts.create(name=operator.ledger.name(name)).body
    answer = operator.calls.place(
        campaign["id"],
        contact["id"],
        own_number=env.twilio.phone_number or "",
        our_address=env.app.url or "",
        script_template=script,
    )
    if answer.status_code != 201:
        then = "see the checks of Twilio under integration; this needs a stand-in for Twilio or its test credentials"
        raise Blocked(finding(answer, expected="a call to Twilio's test number", then=then).finding)
    return Call(operator, env.twilio.auth_token or "", env.app.url or "", answer.body)


def signed(env: Environment, route: str) -> str:
    """The genuine signature of FORM at this route."""
    env.require("twilio.auth_token", "app.url")
    return twilio_signature(env.twilio.auth_token or "", f"{env.app.url}/api/webhooks/twilio/{route}", FORM)


def require_genuine_is_accepted(product: Product, env: Environment) -> None:
    """Blocked unless the plainest of genuine callbacks gets past the signature check: smoke says why."""
    answer = product.webhooks.twilio("status", IN_ORDER, signature=signed(env, "status"), must_be_refused=UNKNOWN_CALL)
    if answer.status_code != 404:
        raise Blocked(finding(answer, expected=GENUINE, then=COMPARE_KEYS).finding)


def require_forged_is_refused(product: Product, env: Environment) -> None:
    """Blocked where any signature gets past: smoke says so, and nothing finer can be seen."""
    env.require("twilio.auth_token", "app.url")
    forged = twilio_signature("not the auth token", f"{env.app.url}/api/webhooks/twilio/status", IN_ORDER)
    answer = product.webhooks.twilio("status", IN_ORDER, signature=forged, must_be_refused="a callback signed with another key")
    if answer.status_code != 403:
        then = "the signature is not looked at: see smoke/test_webhooks.py"
        raise Blocked(finding(answer, expected="403 for a forged signature", then=then).finding)


def counters(call: Call) -> dict[str, int]:
    body = call.campaign().body
    return {name: body[name] for name in ("total_calls", "successful_calls", "failed_calls", "pending_calls")}


def twiml(answer: Response[Json]) -> ET.Element:
    """The document; its root is <Response>."""
    try:
        root = ET.fromstring(answer.text)  # noqa: S314 - of the product under test, and expat fetches nothing
    except ET.ParseError as error:
        root = ET.Element(f"no XML: {error}")
    assert root.tag == "Response", finding(
        answer, expected="a document <Response>", seen=root.tag, then="are names and scripts escaped for XML?"
    )
    return root
