"""The numbers of the reports follow from the calls (contract 2.6, 2.8)."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from fixtures.product.nouns import Product
from fixtures.product.response import Response
from fixtures.wire.finding import finding, locate, observed
from record.outcome import Blocked, Unverified
from suites.claiming import by_name
from suites.reported import Rows, counted_by_day, miscount, tally, without_zeros

PERFORMANCE = "/api/reports/performance_metrics"
FAILED = ("failed", "error")  # contract 3.4
RANKED = 100  # campaigns that a ranking shows at most (contract 2.8)
WRITES = "makes a campaign under the run's own name and removes it"

Row = dict[str, Any]


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
@pytest.mark.claims(
    "report/GET /api/reports/performance_metrics/failed_calls", "report/GET /api/reports/performance_metrics/failure_rate"
)
def test_failure_rate_is_that_of_the_calls(report: Row, reported_calls: Rows) -> None:
    """Failed and error, of all calls: what waits or was withdrawn has not failed (contract 3.4)."""
    summary = report["summary"]

    failed = sum(call["status"] in FAILED for call in reported_calls)
    expected = (failed, round(100 * failed / len(reported_calls), 2))
    seen = (summary["failed_calls"], summary["failure_rate"])
    assert seen == expected, finding("failure-rate-wrong", PERFORMANCE, seen=seen, values=expected)


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
@pytest.mark.claims("report/GET /api/reports/performance_metrics/timeline-days-once")
def test_timeline_has_each_day_once(report: Row) -> None:
    """A day that comes twice is two columns of the chart."""
    days = [day["date"] for day in report["timeline"]]

    assert len(days) == len(set(days)), finding("timeline-repeats-days", PERFORMANCE, seen=days)


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
@pytest.mark.claims("report/GET /api/reports/performance_metrics/timeline-total")
def test_timeline_has_calls_on_their_day(viewer: Product, report: Row, raw_calls: Rows) -> None:
    """In UTC, as the calls are dated (contract R-21)."""
    expected = Counter(_day(call["created_at"]) for call in counted_by_day(report["timeline"], raw_calls, viewer))
    seen = Counter[str]()
    for day in report["timeline"]:
        seen[day["date"]] += day["total"]
    wrong = sorted(day for day in expected.keys() | seen.keys() if expected[day] != seen[day])
    assert not wrong, finding(
        "timeline-days-shifted",
        PERFORMANCE,
        seen=[(day, seen[day]) for day in wrong[:3]],
        days=[(day, expected[day]) for day in wrong[:3]],
    )


def _day(moment: str) -> str:
    return dt.datetime.fromisoformat(moment).astimezone(dt.UTC).date().isoformat()


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
@pytest.mark.claims(
    "report/GET /api/reports/performance_metrics/calls_per_day", "report/GET /api/reports/performance_metrics/period"
)
def test_calls_per_day_follow_from_the_days(report: Row, window: Row) -> None:
    """The window's length is the distance of its ends (contract 2.8)."""
    span = dt.datetime.fromisoformat(window["end_date"]) - dt.datetime.fromisoformat(window["start_date"])
    expected = (span.days, round(report["summary"]["total_calls"] / span.days, 2))
    seen = (report["period"]["days"], report["summary"]["calls_per_day"])
    assert seen == expected, finding("calls-per-day-wrong", PERFORMANCE, seen=seen, values=expected)


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
@pytest.mark.claims("listing/GET /api/reports/call_history/campaign_id-only")
def test_history_of_a_campaign_is_its_own(viewer: Product, raw_calls: Rows, window: Row) -> None:
    """No rows of another."""
    campaign_id, _ = _busiest(raw_calls)
    history = viewer.reports.call_history(campaign_id=campaign_id, page_size=100, **window)

    others = [row["id"] for row in history.body["data"] if row["campaign_id"] != campaign_id]
    assert not others, finding(
        "history-ignores-campaign", where=locate(history.response), campaign_id=campaign_id, others=len(others)
    )


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
@pytest.mark.claims("listing/GET /api/reports/call_history/campaign_id-total")
def test_history_total_is_that_of_the_campaign(viewer: Product, raw_calls: Rows, window: Row) -> None:
    """As many as the rows of that campaign, whichever rows are shown."""
    campaign_id, number = _busiest(raw_calls)
    history = viewer.reports.call_history(campaign_id=campaign_id, page_size=1, **window)

    seen = history.body["total"]
    assert seen == number, finding("history-total-ignores-campaign", history, seen=seen, total=number)


def _busiest(raw_calls: Rows) -> tuple[str, int]:
    """The campaign with the most of these calls, and how many they are."""
    return Counter(str(call["campaign_id"]) for call in raw_calls).most_common(1)[0]


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
@pytest.mark.claims("relation/campaign-deleted/ranking-gone")
def test_deleted_campaign_leaves_the_ranking(admin: Product) -> None:
    """At once: a report about a campaign that is gone cannot be checked."""
    campaign_id = admin.campaigns.new()["id"]
    before = admin.reports.campaigns(limit=RANKED)
    if campaign_id not in [row["id"] for row in before.body]:
        raise Unverified("new-campaign-not-ranked", campaigns=RANKED)
    admin.campaigns.delete(campaign_id)
    read = admin.campaigns.get(campaign_id)
    if read.status_code != 404:
        raise Blocked(observed("campaign-deletion-not-carried-out", read))
    after = admin.reports.campaigns(limit=RANKED)

    ranked = [row["id"] for row in after.body]
    assert campaign_id not in ranked, finding("deleted-campaign-ranked", after, seen=campaign_id, campaign_id=campaign_id)


def chart(viewer: Product, window: Row, **query: str) -> Response[Row]:
    """Blocked where it is not served: its path is a claim of its own."""
    metrics = viewer.calls.metrics(**query, **window)
    if metrics.status_code != 200:
        raise Blocked(observed("request-not-served", metrics, status=200))
    return metrics


UNITS = {
    "day": lambda day: day,
    "week": lambda day: day - dt.timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
}


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
@pytest.mark.claims(
    "report/GET /api/calls/metrics/by_status",
    "report/GET /api/calls/metrics/start_date-bounds",
    "report/GET /api/calls/metrics/end_date-bounds",
)
def test_chart_counts_the_calls_of_the_dates(viewer: Product, window: Row, raw_calls: Rows) -> None:
    """Every call of the days that were asked for, once."""
    metrics = chart(viewer, window)

    seen, expected = without_zeros(metrics.body["by_status"]), tally(raw_calls)
    assert seen == expected, finding(miscount(seen, raw_calls), metrics, seen=seen, summary=expected, calls=len(raw_calls))


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
@pytest.mark.parametrize("unit", by_name(UNITS, lambda unit: [f"report/GET /api/calls/metrics/group_by-{unit}"]))
def test_chart_is_grouped_by(viewer: Product, window: Row, raw_calls: Rows, unit: str) -> None:
    """Days, weeks that begin on Monday, months (contract 2.6)."""
    metrics = chart(viewer, window, group_by=unit)
    timeline = metrics.body["timeline"]

    calls = counted_by_day(timeline, raw_calls, viewer)
    periods = (UNITS[unit](dt.date.fromisoformat(_day(call["created_at"]))).isoformat() for call in calls)
    expected = dict(sorted(Counter(periods).items()))
    seen = {entry["date"]: entry["total"] for entry in timeline if entry["total"]}
    assert seen == expected, finding("chart-grouped-wrongly", metrics, seen=seen, periods=expected, unit=unit)
