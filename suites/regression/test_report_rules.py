"""The numbers of the reports follow from the calls (contract 2.6, 2.8)."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from fixtures.product.nouns import Product
from fixtures.wire.finding import stated as finding
from record.outcome import Blocked, Unverified

FAILED = ("failed", "error")  # contract 3.4
WRITES = "makes a campaign under the run's own name and removes it"

Row = dict[str, Any]


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
def test_failure_rate_is_that_of_the_calls(report: Row, raw_calls: list[Row]) -> None:
    """Failed and error, of all calls: what waits or was withdrawn has not failed (contract 3.4)."""
    summary = report["summary"]

    failed = sum(call["status"] in FAILED for call in raw_calls)
    expected = (failed, round(100 * failed / len(raw_calls), 2))
    seen = (summary["failed_calls"], summary["failure_rate"])
    assert seen == expected, finding(
        "/api/reports/performance_metrics",
        expected=f"failed_calls, failure_rate = {expected}",
        seen=seen,
        then="which statuses are counted as failed, and is the rate a percentage?",
    )


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
def test_timeline_has_each_day_once(report: Row, raw_calls: list[Row]) -> None:
    """With the calls that were made on it, by the clock that the calls are dated with: UTC (contract R-21)."""
    timeline = report["timeline"]

    days = [day["date"] for day in timeline]
    assert len(days) == len(set(days)), finding(
        "/api/reports/performance_metrics",
        expected="each day once",
        seen=days,
        then="is the timeline grouped by more than the day?",
    )
    expected = dict(Counter(_day(call["created_at"]) for call in raw_calls))
    seen = {day["date"]: day["total"] for day in timeline if day["total"]}
    wrong = sorted(day for day in expected.keys() | seen.keys() if expected.get(day) != seen.get(day))
    assert not wrong, finding(
        "/api/reports/performance_metrics",
        expected=f"{[(day, expected.get(day, 0)) for day in wrong[:3]]}",
        seen=f"{[(day, seen.get(day, 0)) for day in wrong[:3]]}",
        then="are the days those of another time zone?",
    )


def _day(moment: str) -> str:
    return dt.datetime.fromisoformat(moment).astimezone(dt.UTC).date().isoformat()


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
def test_calls_per_day_follow_from_the_days(report: Row, window: Row) -> None:
    """The window's length is the distance of its ends (contract 2.8)."""
    span = dt.datetime.fromisoformat(window["end_date"]) - dt.datetime.fromisoformat(window["start_date"])
    expected = (span.days, round(report["summary"]["total_calls"] / span.days, 2))
    seen = (report["period"]["days"], report["summary"]["calls_per_day"])
    assert seen == expected, finding(
        "/api/reports/performance_metrics",
        expected=f"days, calls_per_day = {expected}",
        seen=seen,
        then="is a day counted at both ends?",
    )


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
def test_history_of_a_campaign_is_its_own(viewer: Product, raw_calls: list[Row], window: Row) -> None:
    """Its rows and its total are about the same campaign."""
    campaign_id, number = Counter(str(call["campaign_id"]) for call in raw_calls).most_common(1)[0]
    history = viewer.reports.call_history(campaign_id=campaign_id, page_size=100, **window)

    strangers = [row["id"] for row in history.body["data"] if row["campaign_id"] != campaign_id]
    assert not strangers, finding(
        history, expected="calls of this campaign", seen=f"{len(strangers)} others", then="is campaign_id ignored?"
    )
    assert history.body["total"] == number, finding(
        history,
        expected=f"total {number}",
        seen=history.body["total"],
        then="is the total counted without campaign_id, or without the dates?",
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
def test_deleted_campaign_leaves_the_ranking(admin: Product) -> None:
    """At once: a report about what is gone cannot be checked by anybody."""
    campaign_id = admin.campaigns.new()["id"]
    before = admin.reports.campaigns(limit=100)
    if campaign_id not in [row["id"] for row in before.body]:
        raise Unverified("a hundred campaigns rank before a new one", "run it where there are fewer campaigns")
    admin.campaigns.delete(campaign_id)
    read = admin.campaigns.get(campaign_id)
    if read.status_code != 404:
        raise Blocked(finding(read, expected="404 after the deletion", then="it is not deleted at all").finding)
    after = admin.reports.campaigns(limit=100)

    assert campaign_id not in [row["id"] for row in after.body], finding(
        after, expected=f"no campaign {campaign_id}", seen="the deleted campaign", then="is the ranking served from a cache?"
    )


UNITS = {
    "day": lambda day: day,
    "week": lambda day: day - dt.timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
}


@pytest.mark.plan("W2-D2-T10", "W7-D3-T2")
@pytest.mark.parametrize("unit", UNITS)
def test_chart_is_grouped_by(viewer: Product, window: Row, raw_calls: list[Row], unit: str) -> None:
    """Days, weeks that begin on Monday, months (contract 2.6)."""
    metrics = viewer.calls.metrics(group_by=unit, **window)
    if metrics.status_code != 200 or sum(metrics.body["by_status"].values()) != len(raw_calls):
        wanted, then = f"numbers over {len(raw_calls)} calls", "see the checks of fixed paths, and of reports over a window"
        raise Blocked(finding(metrics, expected=wanted, then=then).finding)

    periods = (UNITS[unit](dt.date.fromisoformat(_day(call["created_at"]))).isoformat() for call in raw_calls)
    expected = dict(sorted(Counter(periods).items()))
    seen = {entry["date"]: entry["total"] for entry in metrics.body["timeline"] if entry["total"]}
    assert seen == expected, finding(
        metrics,
        expected=expected,
        seen=seen,
        then=f"which date stands for a {unit}, which calls belong to it, and is one lost at the edge of the window?",
    )
