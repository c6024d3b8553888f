"""What can be wrong with the bodies of errors: words from inside, another shape, or none."""

from functools import partial

from sandbox.faults import Fault, declare

fault = partial(declare, part="backend")
misshapen = partial(fault, kind="correctness")


def revealing(name: str, sentence: str, finding: str) -> Fault:
    return fault(name, sentence, kind="configuration", severity=1, finding=finding, rulings=("R-28",))


DATABASE_WORDS = revealing(
    "error-shows-database-words",
    "What is not found is answered with the text of the data API's exception.",
    "An id that does not exist is answered with the words of the database.",
)
HTTP_CLIENT_WORDS = revealing(
    "error-shows-http-client-words",
    "The text of the HTTP client's exception is appended to the refusal of a refresh token.",
    "A refused refresh token shows the address of the identity provider.",
)
VALIDATION_DUMP = revealing(
    "error-shows-validation-dump",
    "The message of a validation error is the text of the library's exception.",
    "A mistyped date is answered with the name of a model and a link to the library's documentation.",
)
STACK_TRACE = revealing(
    "error-shows-stack-trace",
    "The page for unknown paths was given a stack trace while it was written, and kept it.",
    "A path that does not exist is answered with a stack trace and the paths of files.",
)

# What needs the text of an error's body; without it they cannot be told from a right one.
OF_THE_TEXT = (
    "call-not-found-in-english",
    "campaign-not-found-in-english",
    "error-leaks-internals",
    "error-shows-*",
    "forbidden-in-english",
    "login-outage-tells-exception",
    "me-refused-without-reason",
)
SHAPES = ("error-bodies-empty", "error-bodies-as-html", "error-bodies-nested", "error-bodies-in-a-list")
BODIES_EMPTY = misshapen(
    SHAPES[0],
    "A middleware that compresses answers drops the bodies of those that are no success.",
    severity=2,
    finding="Every error of the API has an empty body.",
    hides=(*OF_THE_TEXT, "validation-errors-as-the-framework-has-them", "login-reveals-accounts"),
)
BODIES_HTML = misshapen(
    SHAPES[1],
    "The proxy intercepts errors and serves its own page in their place.",
    severity=2,
    finding="Every error of the API is a page of HTML, which the frontend cannot read.",
    hides=(*OF_THE_TEXT, "validation-errors-as-the-framework-has-them", "login-reveals-accounts"),
    excludes=SHAPES[:1],
)
BODIES_NESTED = misshapen(
    SHAPES[2],
    "Errors have the shape of the documentation: an object `error` with code, message and details.",
    severity=2,
    finding="The frontend looks for `message` in the body of an error and finds none.",
    excludes=SHAPES[:2],
)
BODIES_LISTED = misshapen(
    SHAPES[3],
    "Errors are collected and returned together, as a list, also where there is one.",
    severity=2,
    finding="The body of an error is an array, in which the frontend looks for `message`.",
    excludes=SHAPES[:3],
)
VALIDATION_RAW = misshapen(
    "validation-errors-as-the-framework-has-them",
    "The handler of validation errors was not registered, so the framework's own answers.",
    severity=2,
    finding="A validation error is {detail: [...]} with the input that was refused, and not the envelope.",
    excludes=SHAPES,
)
REQUEST_ID_LOST = misshapen(
    "request-id-lost-on-errors",
    "The response of an error is made anew, without the headers that the layers before it had set.",
    finding="An error has no X-Request-ID, so whoever reports it cannot name it.",
    severity=3,
)
CORS_LOST = misshapen(
    "cors-lost-on-errors",
    "The proxy adds the CORS headers with add_header and without always, which leaves errors out.",
    severity=2,
    finding="A page of the frontend cannot read any error, and shows a failure of the network.",
    hides=("cors-star-on-refusals",),
)
