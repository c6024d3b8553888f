"""What a failing check says: expected, seen, where, next."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Protocol

import httpx

from record.redaction import body_text, redact

A_REFUSAL = "a refusal"  # is expected where the product did what it must never do
# What is expected where a check fell over something that it did not expect itself.
CLAIM, ANSWER, SHAPE, UNDONE = (
    "the check's claim to hold",
    "an answer",
    "an answer of the contract's shape",
    "what the check made is undone",
)
STUMBLED = frozenset({CLAIM, ANSWER, SHAPE, UNDONE})
SEEN_LIMIT = 300  # characters of a body that help; more hides the point


@dataclass(frozen=True)
class Finding:
    """Four lines that a stranger can act on. `next` ends with a way out."""

    expected: str
    seen: str
    where: str
    next: str

    def __str__(self) -> str:
        return "\n".join(f"{name:<10}{value}" for name, value in asdict(self).items())

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    @property
    def fingerprint(self) -> str:
        """What stays the same when the same thing fails again: ids and numbers are left out. 12 hexadecimal digits.

        But for the status that opens a line: 403 in place of 401 is another failure.
        """
        text = f"{steady(self.expected)}|{steady(self.seen)}"
        return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()[:12]


def steady(text: str) -> str:
    """The text without what differs from one time to the next."""
    status = re.match(r"[1-5]\d\d(?![\d.])", text)
    kept = status[0] if status else ""
    return kept + re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|lv-[\w-]+|\d+(?:\.\d+)?", "#", text[len(kept) :])


class Answered(Protocol):
    """What wraps an answer, such as fixtures.product.response.Answer."""

    @property
    def response(self) -> httpx.Response: ...


_built: list[Finding] = []


def finding(
    subject: httpx.Response | Answered | str | None = None,
    *,
    expected: object,
    then: str,
    seen: object = None,
    where: str | None = None,
) -> Finding:
    """The message of an assert. `subject` is the answer that was looked at, or a sentence saying what was.

    `seen` and `where` come from the answer unless given; `then` is the next step.
    """
    if subject is not None and not isinstance(subject, httpx.Response | str):
        subject = subject.response
    if isinstance(subject, httpx.Response):
        seen = describe(subject) if seen is None else seen
        where = where or locate(subject)
    told = (str(expected), str(subject if seen is None else seen), where or str(subject or "the check itself"), then)
    built = Finding(*map(redact, told))  # it goes into reports that many people read
    _built.append(built)
    return built


def start() -> None:
    """Forget what earlier checks built."""
    _built.clear()


def last() -> Finding | None:
    """The finding that the running check built last, if any: an assert builds its message only when it fails."""
    return _built[-1] if _built else None


def describe(response: httpx.Response) -> str:
    """Status, reason and the beginning of the body."""
    body = " ".join(body_text(response.content).split())[:SEEN_LIMIT]
    return f"{response.status_code} {response.reason_phrase}" + (f": {body!r}" if body else "")


def locate(response: httpx.Response) -> str:
    """Method, address without its query values, request id, seconds."""
    request = response.request
    elapsed = f"{response.elapsed.total_seconds():.3f} s" if hasattr(response, "_elapsed") else "elapsed unknown"
    request_id = request_id_of(request.headers)
    return f"{request.method} {request.url}{f', request id {request_id}' if request_id else ''}, {elapsed}"


def request_id_of(headers: Mapping[str, str]) -> str | None:
    return headers.get("x-luz-verde-request")
