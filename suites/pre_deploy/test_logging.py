"""The log is written the way that its collector reads it, and holds no phone number in full (contract 7.9)."""

import datetime as dt
import email.utils
from typing import Any

import pytest

from fixtures.monitoring.logs import ApplicationLog, as_object
from fixtures.product.nouns import Product
from fixtures.product.response import Response
from fixtures.wire.finding import finding, observed
from record.outcome import Blocked

PHONE = "34600918273"  # a number that is not in use
TOLERANCE_S = 60.0  # far more than a request takes, and less than any time zone is wide

pytestmark = pytest.mark.plan("W1-D4-T7")


@pytest.mark.claims("log/one-object-a-line")
def test_log_is_one_json_object_a_line(application_log: ApplicationLog, viewer: Product) -> None:
    """A collector cuts the file at line ends: an indented record or a bare traceback falls to pieces."""
    requests = [viewer.contacts.list(limit=1) for _ in range(3)]  # also where it fails: a traceback is what falls to pieces
    application_log.line_with(requests[-1].headers.get("x-request-id", "none"))
    lines = application_log.lines()

    assert lines, finding("logging-nothing-written", str(application_log), requests=len(requests))
    pieces = [line for line in lines if as_object(line) is None]
    assert not pieces, finding(
        "logging-lines-not-json", str(application_log), count=len(pieces), total=len(lines), line=repr(pieces[0][:100])
    )


@pytest.mark.claims("log/utc", "log/field/timestamp")
def test_log_tells_the_time_in_utc(application_log: ApplicationLog, viewer: Product) -> None:
    """Without an offset in the timestamp every reader has to assume the same zone (contract 7.9)."""
    answer = served(viewer)
    record = recorded(application_log, answer)
    written = as_utc(str(record.get("timestamp")))
    answered = email.utils.parsedate_to_datetime(answer.headers["date"])

    assert written, finding("logging-timestamp-unreadable", answer, seen=f"timestamp: {record.get('timestamp', '')}")
    apart_s = (written - answered).total_seconds()
    assert abs(apart_s) < TOLERANCE_S, finding(
        "logging-not-in-utc", answer, seen=f"{record.get('timestamp')} ({apart_s / 3600:+.1f} h)", time=f"{answered:%H:%M:%S}"
    )


@pytest.mark.claims("log/excluded/health")
def test_health_checks_are_not_logged(application_log: ApplicationLog, product: Product, viewer: Product) -> None:
    """Every few seconds from every balancer: they would bury what happened (contract R-01, 7.9)."""
    for _ in range(3):
        product.health()
    recorded(application_log, served(viewer))

    paths = [str((as_object(line) or {}).get("path")) for line in application_log.lines()]
    logged = sum(path.startswith("/health") for path in paths)
    assert not logged, finding("logging-health-checks", str(application_log), count=logged, total=len(paths))


@pytest.mark.privacy
@pytest.mark.plan("W1-D3-T3")
@pytest.mark.claims("log/phones-masked")
def test_log_masks_phones(application_log: ApplicationLog, operator: Product) -> None:
    """A search by phone puts it into the address, and the address into the log (contract R-29)."""
    answer = operator.contacts.search(f"+{PHONE}")
    request_id = answer.headers.get("x-request-id", "none")
    if application_log.line_with(request_id) is None:
        raise Blocked(observed("logging-request-not-found", str(application_log), request_id=request_id))

    unmasked = [line for line in application_log.lines() if PHONE in line]
    assert not unmasked, finding("logging-phone-numbers", str(application_log), count=len(unmasked))


def served(viewer: Product) -> Response[Any]:
    """The answer to a read, of the first list that does not fail: what becomes of a failing one in the log is another matter."""
    answers = (read() for read in (viewer.contacts.list, viewer.campaigns.list, viewer.calls.list, viewer.accounts.me))
    for answer in answers:
        if answer.status_code < 500:
            return answer
    raise Blocked(observed("request-not-served", answer, status=200))


def recorded(log: ApplicationLog, answer: Response[Any]) -> dict[str, Any]:
    """The record of a request; Blocked without one, because then there is nothing to look at."""
    request_id = answer.headers.get("x-request-id", "none")
    record = log.record(request_id)
    if record is None:
        raise Blocked(observed("logging-request-not-found", str(log), request_id=request_id))
    return record


def as_utc(text: str) -> dt.datetime | None:
    """A timestamp without an offset is meant to be UTC."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
