"""Reports agree with the rows and with each other."""

import csv
import io

import httpx
import openpyxl

from tests.conftest import RunningSandbox
from tests.sandbox.conftest import Row


def all_calls(client: httpx.Client) -> list[Row]:
    first = client.get("/api/reports/call_history", params={"page_size": 100}).json()
    pages = range(2, first["total_pages"] + 1)
    more = [client.get("/api/reports/call_history", params={"page_size": 100, "page": page}).json()["data"] for page in pages]
    return [call for data in (first["data"], *more) for call in data]


def test_report_agrees_with_the_rows(sandbox: RunningSandbox, admin: httpx.Client) -> None:
    report = admin.get("/api/reports/performance_metrics").json()
    calls, summary = all_calls(admin), report["summary"]
    statuses = [call["status"] for call in calls]
    assert report["period"]["days"] == 30
    assert (
        summary["total_calls"] == len(calls) == sum(report["by_status"].values()) == sum(d["total"] for d in report["timeline"])
    )
    assert summary["completed_calls"] == statuses.count("completed")
    assert summary["failed_calls"] == statuses.count("failed") + statuses.count("error")
    assert summary["success_rate"] == round(100 * statuses.count("completed") / len(calls), 2)
    past = {"start_date": "2020-01-01", "end_date": "2020-01-02T00:00:00Z"}
    assert admin.get("/api/reports/performance_metrics", params=past).json()["summary"]["total_calls"] == 0
    with sandbox.control("report-ignores-window"):
        assert admin.get("/api/reports/performance_metrics", params=past).json()["summary"]["total_calls"] == len(calls)


def test_performance_is_sorted_by_success_and_summary_agrees(admin: httpx.Client) -> None:
    campaigns = admin.get("/api/reports/campaigns/performance", params={"limit": 100}).json()
    assert [row["success_rate"] for row in campaigns] == sorted((row["success_rate"] for row in campaigns), reverse=True)
    metrics = admin.get(f"/api/reports/campaign/{campaigns[0]['id']}/summary").json()["metrics"]
    assert {name: metrics[name] for name in ("total_calls", "success_rate", "avg_duration")} == {
        name: campaigns[0][name] for name in ("total_calls", "success_rate", "avg_duration")
    }
    assert admin.get("/api/reports/campaign/nadie/summary").json()["message"] == "Campaña no encontrada"


def test_calls_export_has_the_same_table_in_both_forms(admin: httpx.Client) -> None:
    campaign = all_calls(admin)[0]["campaign_id"]
    text = admin.get("/api/reports/export/calls", params={"campaign_id": campaign})
    sheet = admin.get("/api/reports/export/calls", params={"campaign_id": campaign, "format": "excel"})
    assert text.headers["content-type"].startswith("text/csv")
    assert sheet.headers["content-disposition"].endswith(".xlsx")
    rows = list(csv.reader(io.StringIO(text.text)))
    cells = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0].iter_rows())
    assert rows[0][0] == "contact_id"
    assert rows[0][-2:] == ["interaction_history", "campaign_name"]
    assert rows == [["" if cell.value is None else str(cell.value) for cell in row] for row in cells]
    assert not [cell.coordinate for row in cells for cell in row if cell.data_type == "f"]
