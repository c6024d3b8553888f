"""Reports are generated, and their numbers agree with the rows that they are made from."""

import csv
import io
from typing import Any

import pytest

from fixtures.product.nouns import Json, Product, every_page
from fixtures.product.response import Response
from fixtures.wire.finding import finding
from record.outcome import Unverified
from suites.moving import look_until
from suites.reported import Rows, counted_by_day, miscount, tally, without_zeros

REPORT = "/api/reports/performance_metrics"
Window = dict[str, Any]  # start_date and end_date, ISO 8601


def _summary_of(calls: Rows) -> dict[str, float]:
    """Contract 2.8: percentages to 2 decimals."""
    completed = sum(call["status"] == "completed" for call in calls)
    return {"total_calls": len(calls), "completed_calls": completed, "success_rate": round(100 * completed / len(calls), 2)}


@pytest.mark.plan("W2-D2-T10", "W2-D1-T11")
@pytest.mark.claims(
    "report/GET /api/reports/performance_metrics/total_calls",
    "report/GET /api/reports/performance_metrics/completed_calls",
    "report/GET /api/reports/performance_metrics/success_rate",
    "report/GET /api/reports/performance_metrics/start_date-bounds",
    "report/GET /api/reports/performance_metrics/end_date-bounds",
    "report/agreement/performance-and-list",
)
def test_performance_report_agrees_with_the_calls(viewer: Product, window: Window, raw_calls: Rows) -> None:
    """A total that the rows do not confirm is worse than no report."""
    report = viewer.reports.performance(**window)

    assert report.status_code == 200, finding("request-not-served", report, status=200)
    expected = _summary_of(raw_calls)
    seen = {name: report.body["summary"][name] for name in expected}
    assert seen == expected, finding("report-counts-other-calls", report, seen=seen, summary=expected, calls=len(raw_calls))


@pytest.mark.plan("W2-D2-T10")
@pytest.mark.claims("report/GET /api/reports/performance_metrics/by_status")
def test_report_by_status_adds_up(report: Json, raw_calls: Rows) -> None:
    """Every call once, under its own status."""
    seen, expected = without_zeros(report["by_status"]), tally(raw_calls)
    assert seen == expected, finding(miscount(seen, raw_calls), REPORT, seen=seen, summary=expected, calls=len(raw_calls))


@pytest.mark.plan("W2-D2-T10")
@pytest.mark.claims("report/GET /api/reports/performance_metrics/avg_duration")
def test_average_duration_is_that_of_the_calls(report: Json, reported_calls: Rows) -> None:
    """The mean of the durations that there are (contract 3.4)."""
    durations = [call["duration"] for call in reported_calls if call["duration"] is not None]
    expected = sum(durations) / len(durations) if durations else 0
    seen = report["summary"]["avg_duration"]
    assert seen == pytest.approx(expected, abs=0.01), finding(
        "report-average-wrong", REPORT, seen=seen, mean_s=f"{expected:.2f}", calls=len(durations)
    )


@pytest.mark.plan("W2-D2-T10")
def test_timeline_adds_up_to_the_total(viewer: Product, report: Json, raw_calls: Rows) -> None:
    """The chart has all the calls, whatever the number above it says."""
    expected = len(counted_by_day(report["timeline"], raw_calls, viewer))
    seen = sum(day["total"] for day in report["timeline"])
    assert seen == expected, finding("report-timeline-incomplete", REPORT, seen=seen, calls=expected)


def _first_campaign(viewer: Product) -> dict[str, Any]:
    for campaign in every_page(lambda page: viewer.campaigns.rows(page=page, page_size=50), at_most=4):
        if viewer.calls.list(page_size=1, campaign_id=campaign["id"]).body["total"]:
            return dict(campaign)
    raise Unverified("no-campaign-with-calls")


@pytest.mark.plan("W2-D2-T10", "W2-D1-T11")
@pytest.mark.claims(
    "report/agreement/summary-and-list",
    "report/GET /api/reports/campaign/{id}/summary/total_calls",
    "report/GET /api/reports/campaign/{id}/summary/campaign_id-only",
)
def test_campaign_summary_agrees_with_its_calls(viewer: Product) -> None:
    """Only its own calls, all of them."""
    campaign = _first_campaign(viewer)
    report = viewer.reports.campaign_summary(campaign["id"])
    assert report.status_code == 200, finding("request-not-served", report, status=200)

    def totals() -> tuple[tuple[str, int], tuple[str, int]]:
        listed = viewer.calls.list(page_size=1, campaign_id=campaign["id"]).body["total"]
        summary = viewer.reports.campaign_summary(campaign["id"]).body
        return (summary["campaign"]["id"], summary["metrics"]["total_calls"]), (campaign["id"], listed)

    seen, expected = look_until(lambda look: look[0] == look[1], totals)
    assert seen == expected, finding("campaign-summary-of-other-calls", report, seen=seen, values=expected)


@pytest.mark.plan("W2-D2-T10")
@pytest.mark.claims("listing/GET /api/reports/campaigns/performance/order")
def test_best_campaign_comes_first(viewer: Product) -> None:
    """Sorted by success rate, best first (contract 2.8)."""
    report = viewer.reports.campaigns(limit=50)

    rates = [row["success_rate"] for row in report.body]
    assert rates == sorted(rates, reverse=True), finding("campaign-ranking-unsorted", report, seen=rates)


@pytest.mark.plan("W2-D2-T10")
@pytest.mark.claims("listing/GET /api/reports/call_history/order")
def test_history_comes_newest_first(viewer: Product) -> None:
    """Who looks something up looks for what happened last (contract 2.8)."""
    history = viewer.reports.call_history(page_size=50)

    moments = [row["created_at"] for row in history.body["data"]]
    assert moments == sorted(moments, reverse=True), finding("call-history-unsorted", history, seen=moments[:3])


@pytest.mark.plan("W2-D2-T10")
@pytest.mark.claims("report/GET /api/reports/call_history/as-many-as-calls")
def test_history_holds_the_calls_of_the_list(viewer: Product) -> None:
    """As many as /api/calls/ has (contract 2.8)."""

    def totals() -> tuple[int, int]:
        return viewer.reports.call_history(page_size=1).body["total"], viewer.calls.list(page_size=1).body["total"]

    seen, expected = look_until(lambda look: look[0] == look[1], totals)
    assert seen == expected, finding("call-history-total-disagrees", "/api/reports/call_history", seen=seen, total=expected)


def _rows(export: Response[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export.text)))


@pytest.mark.plan("W2-D2-T10")
@pytest.mark.claims("file/calls-csv/campaign_id-all")
def test_export_holds_every_call(operator: Product) -> None:
    """The file that the business works with has the calls that the screen shows."""
    campaign = _first_campaign(operator)
    total = operator.calls.list(page_size=1, campaign_id=campaign["id"]).body["total"]
    export = operator.reports.export_calls(campaign_id=campaign["id"])

    assert export.status_code == 200, finding("request-not-served", export, status=200)
    seen = sum(row["campaign_id"] == campaign["id"] for row in _rows(export))  # those of others are another claim
    expected = min(total, 10_000)  # contract 2.9
    assert seen == expected, finding("calls-export-incomplete", export, seen=seen, rows=expected)


@pytest.mark.plan("W2-D2-T10")
@pytest.mark.claims("file/calls-csv/campaign_id-only", "file/calls-csv/campaign-name")
def test_export_of_a_campaign_is_its_own(operator: Product) -> None:
    """The file goes to the people who work with that campaign."""
    campaign = _first_campaign(operator)
    export = operator.reports.export_calls(campaign_id=campaign["id"])

    assert export.status_code == 200, finding("request-not-served", export, status=200)
    seen = {row["campaign_name"] for row in _rows(export)}
    assert seen == {campaign["name"]}, finding(
        "calls-export-of-other-campaigns", export, seen=sorted(seen), campaign=campaign["name"]
    )
