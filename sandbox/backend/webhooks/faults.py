"""What can be wrong with the vendors' callbacks."""

from functools import partial
from typing import Literal

from sandbox.faults import Fault, declare

fault = partial(declare, part="backend")


def accepted(name: str, sentence: str, finding: str, severity: Literal[1, 2] = 1) -> Fault:
    return fault(
        f"webhook-{name}",
        sentence,
        kind="authorization",
        severity=severity,
        finding=finding,
        rulings=("R-14",),
    )


def refused(name: str, sentence: str, finding: str, *excludes: str, rulings: tuple[str, ...] = ("R-15",)) -> Fault:
    return fault(
        f"webhook-{name}",
        sentence,
        kind="configuration",
        severity=1,
        finding=finding,
        rulings=rulings,
        excludes=excludes,
    )


NOT_CHECKED = accepted(
    "signature-not-checked",
    "APP_DEBUG was left on where it matters, so the vendor's signature is not looked at.",
    "Anybody can change the state of a call with a form.",
)
EMPTY_ACCEPTED = accepted(
    "empty-signature-accepted",
    "The signature is checked if there is one.",
    "Anybody who leaves the header out can change the state of a call.",
)
NOT_CHECKED_ON_GATHER = accepted(
    "gather-not-signed",
    "The route for what people press was added later and without the check.",
    "Anybody can write what a person is supposed to have answered.",
)
COMPARED_BY_PREFIX = accepted(
    "signature-compared-by-prefix",
    "Only as much of the signature is compared as fits the column in which it was once kept.",
    "A signature can be found by trying.",
)
ADDRESS_ALONE = accepted(
    "signature-of-address-alone",
    "A signature over the address without the form is accepted, too, for callbacks that have no body.",
    "One signature that was seen once is good for any form.",
)
OVER_INNER_ADDRESS = refused(
    "signature-over-inner-address",
    "The signature is computed over the address behind the proxy, not over the one that the vendor called.",
    "Every genuine callback is refused, so no call ever ends in the books.",
    "webhook-signature-over-http",
)
OVER_HTTP = refused(
    "signature-over-http",
    "TLS ends at the proxy, X-Forwarded-Proto is not read, and so the signature is computed over http.",
    "Every genuine callback is refused, so no call ever ends in the books.",
)
WITHOUT_QUERY = refused(
    "signature-without-query",
    "The signature is computed over the address up to the question mark.",
    "Callbacks whose address has a query are refused.",
)
IN_ORDER_OF_ARRIVAL = refused(
    "signature-in-order-of-arrival",
    "The fields of the form are signed in the order in which they came, not by name.",
    "Genuine callbacks are refused, each time that the vendor sends its fields in another order.",
    rulings=("R-14",),
)
GATHER_IGNORES_NEGATION = fault(
    "gather-ignores-negation",
    "Speech is searched for the keyword and not for the word before it.",
    kind="correctness",
    severity=2,
    finding="A person who says `no estoy interesado` is noted as interested and called back.",
)
PREFERS_SPEECH = fault(
    "gather-prefers-speech",
    "What the recogniser heard is looked at before the key that was pressed.",
    kind="correctness",
    severity=2,
    finding="A person who presses 2 while the television talks is noted as not understood.",
)
UNKNOWN_CALL_CRASHES = fault(
    "webhook-unknown-call-crashes",
    "A callback about a call that is not in the books is an error that nobody handles.",
    kind="correctness",
    severity=2,
    finding="Twilio gets a 500 for calls of another deployment, and reports errors 11200 for ours.",
    rulings=("R-14",),
)
TWIML_AS_HTML = fault(
    "twiml-sent-as-html",
    "TwiML is returned through the answer class for pages.",
    kind="correctness",
    severity=1,
    finding="The content type of TwiML is text/html, so Twilio hangs up with error 12300.",
)
DURATION_CRASHES = fault(
    "webhook-duration-crashes",
    "The duration is taken for a number whatever was sent.",
    kind="correctness",
    severity=2,
    finding="A callback with a duration that is no number is answered with 500 and lost.",
)
DETAILS_LOST = fault(
    "webhook-details-lost",
    "Only the status of a callback is stored.",
    kind="data",
    severity=2,
    finding="Calls have no duration and no recording, so reports and invoices are wrong.",
)
REPEATED_COUNTS_AGAIN = fault(
    "webhook-duplicate-counted-twice",
    "The campaign's counters move with each callback and not with each change.",
    kind="data",
    severity=2,
    finding="The vendor repeats a callback and one call counts twice in its campaign.",
)
