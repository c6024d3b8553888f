"""The log is written the way that its collector reads it, and holds nobody's phone (contract 7.9)."""

import datetime as dt
import email.utils
from typing import Any

import pytest

from fixtures.monitoring.logs import ApplicationLog, as_object
from fixtures.product.nouns import Product
from fixtures.product.response import Response
from fixtures.wire.finding import stated as finding
from record.outcome import Blocked

PHONE = "34600918273"  # of nobody
TOLERANCE_S = 60.0  # far more than a request takes, and less than any time zone is wide
NOT_READABLE = "mend what smoke/test_logs.py and the check of JSON lines find"

pytestmark = pytest.mark.plan("W1-D4-T7")


def test_log_is_one_json_object_a_line(application_log: ApplicationLog, viewer: Product) -> None:
    """A collector cuts the file at line ends: an indented record or a bare traceback falls to pieces."""
    requests = [viewer.contacts.list(limit=1) for _ in range(3)]
    application_log.line_with(requests[-1].headers.get("x-request-id", "none"))
    lines = application_log.lines()

    assert lines, finding(
        f"{application_log}",
        expected="lines about three requests",
        seen="none",
        then="is LV_LOG_FILE the log of this deployment, and is its level info?",
    )
    pieces = [line for line in lines if as_object(line) is None]
    assert not pieces, finding(
        f"{application_log}",
        expected="a JSON object in each line",
        seen=f"{len(pieces)} of {len(lines)} lines are none: {pieces[0][:100]!r}",
        then="LOG_FORMAT=json, without indentation, and tracebacks inside the object",
    )


def test_log_tells_the_time_in_utc(application_log: ApplicationLog, viewer: Product) -> None:
    """Without an offset in the timestamp everybody has to agree on one zone (contract 7.9)."""
    answer = viewer.contacts.list(limit=1)
    record = recorded(application_log, answer)
    written = as_utc(str(record.get("timestamp")))
    answered = email.utils.parsedate_to_datetime(answer.headers["date"])

    assert written, finding(
        answer, expected="a timestamp in ISO 8601", seen=record.get("timestamp", "none"), then="compare with contract 7.9"
    )
    apart_s = (written - answered).total_seconds()
    assert abs(apart_s) < TOLERANCE_S, finding(
        answer,
        expected=f"the time of the answer, {answered:%H:%M:%S} UTC",
        seen=f"{record.get('timestamp')}: {apart_s / 3600:+.1f} hours off",
        then="is the log written in local time? Use UTC in the container",
    )


def test_health_checks_are_not_logged(application_log: ApplicationLog, product: Product, viewer: Product) -> None:
    """Every few seconds from every balancer: they would bury what happened (contract R-01, 7.9)."""
    for _ in range(3):
        product.health()
    recorded(application_log, viewer.contacts.list(limit=1))

    paths = [str((as_object(line) or {}).get("path")) for line in application_log.lines()]
    logged = sum(path.startswith("/health") for path in paths)
    assert not logged, finding(
        f"{application_log}",
        expected="no line about /health",
        seen=f"{logged} of {len(paths)} lines",
        then="exclude /health and /metrics from the request log",
    )


@pytest.mark.privacy
@pytest.mark.plan("W1-D3-T3")
def test_log_masks_phones(application_log: ApplicationLog, operator: Product) -> None:
    """A search by phone puts it into the address, and the address into the log (contract R-29)."""
    answer = operator.contacts.search(f"+{PHONE}")
    if application_log.line_with(answer.headers.get("x-request-id", "none")) is None:
        raise Blocked(finding(answer, expected="a line about it in the log", seen="none", then=NOT_READABLE).finding)

    told = [line for line in application_log.lines() if PHONE in line]
    assert not told, finding(
        answer,
        expected=f"no whole phone number in {application_log}",
        seen=f"the number searched for, in {len(told)} line(s)",
        then="log the path without its query, and mask what looks like a phone: +123****789",
    )


def recorded(log: ApplicationLog, answer: Response[Any]) -> dict[str, Any]:
    """The record of a request; Blocked without one, because then there is nothing to look at."""
    record = log.record(answer.headers.get("x-request-id", "none"))
    if record is None:
        raise Blocked(finding(answer, expected="its record as JSON in the log", seen="none", then=NOT_READABLE).finding)
    return record


def as_utc(text: str) -> dt.datetime | None:
    """A timestamp without an offset is meant to be UTC."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
