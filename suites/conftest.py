"""What checks of several suites share: the judge of measurements, and the calls that reports are compared with."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.product.nouns import Json, Product
from fixtures.profile.environment import Environment
from fixtures.wire.finding import observed
from record.outcome import Blocked, Unverified
from suites.reported import AT_MOST, Rows, counted_by_status, every_call

if TYPE_CHECKING:
    from suites.judging import Judge

REPORT = "GET /api/reports/performance_metrics"
WINDOWS_DAYS = (21, 14, 7, 3, 1, 30)
Window = dict[str, Any]  # start_date and end_date, ISO 8601


@pytest.fixture
def window(viewer: Product) -> Window:
    """Days that ended yesterday, so that calls going on now change nothing: with some calls, and not all that there are."""
    end = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    everything = viewer.calls.list(page_size=1).body["total"]
    usable: list[Window] = []
    for days in WINDOWS_DAYS:
        query: Window = {"start_date": (end - dt.timedelta(days=days)).isoformat(), "end_date": end.isoformat()}
        total = viewer.calls.list(page_size=1, **query).body["total"]
        if 0 < total <= AT_MOST:
            usable.append(query)
        if 0 < total <= min(AT_MOST, everything - 1):
            return query  # a report that ignores its window would show
    if not usable:
        raise Unverified("no-calls-in-window", most=AT_MOST, days=max(WINDOWS_DAYS))
    return usable[0]


@pytest.fixture
def raw_calls(viewer: Product, window: Window) -> Rows:
    """Every call of the window, read page by page; Blocked when the pages hold less than the list promises."""
    return every_call(viewer, **window)


@pytest.fixture
def report(viewer: Product, window: Window) -> Json:
    """The performance report of the window; Blocked when there is none."""
    answer = viewer.reports.performance(**window)
    if answer.status_code != 200:
        raise Blocked(observed("request-not-served", answer, status=200))
    return answer.body


@pytest.fixture
def reported_calls(viewer: Product, report: Json, raw_calls: Rows) -> Rows:
    """The calls that the report counts, be they those of its window or not; Blocked when they cannot be told."""
    calls = counted_by_status(report, raw_calls, viewer)
    if calls is None:
        raise Blocked(observed("report-differs-from-its-calls", REPORT, seen=report["by_status"], calls=len(raw_calls)))
    return calls


@pytest.fixture(scope="session")
def judge(env: Environment) -> "Judge":
    """The success criteria of the profile, held against measurements."""
    from suites.judging import Judge  # noqa: PLC0415 - numpy and scipy: no listing of the checks waits for them

    return Judge(env)
