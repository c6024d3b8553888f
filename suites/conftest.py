"""What checks of several suites share: the judge of measurements, and the calls that reports are compared with."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.product.nouns import Json, Product, every_page
from fixtures.product.response import object_in
from fixtures.profile.environment import Environment
from fixtures.wire.finding import observed
from record.outcome import Blocked, Unverified

if TYPE_CHECKING:
    from suites.judging import Judge

AT_MOST = 5_000  # calls that are read one by one; a busier deployment is compared over fewer days
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
def raw_calls(viewer: Product, window: Window) -> list[dict[str, Any]]:
    """Every call of the window, read page by page; Blocked when the pages hold less than the list promises.

    By pages as large as they come: that they are as large as asked is the claim of a check.
    """
    first = viewer.calls.list(page_size=100, **window).body
    total, size = first["total"], len(first["data"]) or 100
    calls = every_page(
        lambda page: viewer.calls.list(page=page, page_size=size, **window).body["data"], at_most=total // size + 2
    )
    if len(calls) != total:
        raise Blocked(observed("call-pages-incomplete", "GET /api/calls/?page_size=100", rows=len(calls), total=total))
    return calls


@pytest.fixture
def report(viewer: Product, window: Window, raw_calls: list[dict[str, Any]]) -> Json:
    """The performance report of the window; Blocked when it is about other calls than those of the window.

    Of a single number that is wrong or missing its own check tells, and the others read on.
    """
    answer = viewer.reports.performance(**window)
    if answer.status_code != 200 or _is_about_others(object_in(answer.response), len(raw_calls)):
        raise Blocked(observed("report-differs-from-its-calls", answer, calls=len(raw_calls)))
    return answer.body


def _is_about_others(report: Json, calls: int) -> bool:
    """Whether its summary counts another number of calls, and its counts by status agree with that."""
    summary, by_status = report.get("summary"), report.get("by_status")
    total = summary.get("total_calls") if isinstance(summary, dict) else None
    counts = by_status.values() if isinstance(by_status, dict) else ()
    return total not in (None, calls) and sum(count for count in counts if isinstance(count, int)) == total


@pytest.fixture(scope="session")
def judge(env: Environment) -> "Judge":
    """The success criteria of the profile, held against measurements."""
    from suites.judging import Judge  # noqa: PLC0415 - numpy and scipy: no listing of the checks waits for them

    return Judge(env)
