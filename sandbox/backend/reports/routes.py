"""Reports about campaigns and calls (contract 2.8)."""

import time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from psycopg import sql

from sandbox.backend.accounts.authentication import Reader, Writer
from sandbox.backend.calls import export as call_export
from sandbox.backend.calls import figures as call_figures
from sandbox.backend.calls.figures import IN_SCOPE, ReportWindow, percentage, scope
from sandbox.backend.calls.models import CallPage
from sandbox.backend.core import audit
from sandbox.backend.core.database import Database
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.field_types import as_uuid
from sandbox.backend.core.pagination import PageNumber, PageSize, offset, page_of
from sandbox.backend.core.visibility import visible_to
from sandbox.backend.reports import faults
from sandbox.backend.reports.models import CampaignPerformance, CampaignSummary, PerformanceMetrics

CAMPAIGN_NOT_FOUND = "Campaña no encontrada"

BEST_FIRST = sql.SQL("count(calls.id) FILTER (WHERE calls.status = 'completed')::float8 / greatest(count(calls.id), 1) DESC,")

RANKING_KEPT_S = 60
_ranked_lately: dict[UUID, tuple[float, dict[str, Any]]] = {}  # for DELETED_IN_RANKING

router = APIRouter(prefix="/api/reports", tags=["reports"])

Row = dict[str, Any]


@router.get("/campaign/{campaign_id}/summary", response_model=CampaignSummary)
async def campaign_summary(campaign_id: str, _: Reader, database: Database) -> Row:
    """All calls of one campaign, however old."""
    found = await database.execute("SELECT * FROM campaigns WHERE id = %s", [as_uuid(campaign_id)])
    campaign = await found.fetchone()
    if campaign is None:
        raise ApiError(404, CAMPAIGN_NOT_FOUND)
    days = await call_figures.tallies(database, scope(None if faults.SUMMARY_OF_ALL.on else campaign["id"]))
    return {"campaign": campaign, "metrics": call_figures.summary(days), "timeline": call_figures.timeline(days)}


@router.get("/campaigns/performance", response_model=list[CampaignPerformance])
async def campaigns_performance(
    _: Reader,
    database: Database,
    within: ReportWindow,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> list[Row]:
    """Best success rate first; a campaign without calls in the window has rate 0."""
    query = sql.SQL(
        """SELECT campaigns.id, campaigns.name, campaigns.status, count(calls.id) AS total_calls,
        count(calls.id) FILTER (WHERE calls.status = 'completed') AS completed_calls,
        round(coalesce(avg(calls.duration), 0), 2)::float8 AS avg_duration
        FROM campaigns LEFT JOIN calls ON calls.campaign_id = campaigns.id AND {}
        GROUP BY campaigns.id
        ORDER BY {} total_calls DESC, campaigns.created_at DESC, campaigns.id
        LIMIT %(limit)s"""
    ).format(IN_SCOPE, sql.SQL("") if faults.RANKED_BY_CALLS.on else BEST_FIRST)
    campaigns = await database.execute(query, scope(within=within) | {"limit": limit})
    ranking = [
        row | {"success_rate": percentage(row["completed_calls"], row["total_calls"])} for row in await campaigns.fetchall()
    ]
    return with_remembered(ranking)


def with_remembered(ranking: list[Row]) -> list[Row]:
    """The ranking as it is; under DELETED_IN_RANKING with what stood in it during the last minute."""
    if not faults.DELETED_IN_RANKING.on:
        _ranked_lately.clear()
        return ranking
    now = time.monotonic()
    for row in ranking:
        _ranked_lately[row["id"]] = (now, row)
    kept = [row for moment, row in _ranked_lately.values() if now - moment < RANKING_KEPT_S]
    return sorted(kept, key=lambda row: row["success_rate"], reverse=True)


@router.get("/call_history", response_model=CallPage)
async def call_history(
    *,
    caller: Reader,
    database: Database,
    within: ReportWindow,
    campaign_id: UUID | None = None,
    contact_id: UUID | None = None,
    page: PageNumber = 1,
    page_size: PageSize = 10,
) -> Row:
    """Newest first."""
    parameters = scope(campaign_id, contact_id, within)
    everything = scope(None, contact_id, within)
    of_all = campaign_id is not None and faults.HISTORY_TOTAL_OF_ALL.on
    total = await call_figures.count(database, everything if of_all else parameters)
    if faults.HISTORY_WITHOUT_WAITING.on:
        days = await call_figures.tallies(database, parameters)
        total -= sum(call_figures.by_status(days).get(status, 0) for status in ("pending", "scheduled"))
    query = sql.SQL(
        """SELECT *, campaign_id::text AS campaign_id FROM calls WHERE {}
        ORDER BY created_at {}, id LIMIT %(limit)s OFFSET %(offset)s"""
    ).format(IN_SCOPE, sql.SQL("ASC" if faults.HISTORY_OLDEST_FIRST.on else "DESC"))
    shown = everything if campaign_id is not None and faults.HISTORY_ROWS_OF_ALL.on else parameters
    found = await database.execute(query, shown | {"limit": page_size, "offset": offset(page, page_size)})
    calls = await found.fetchall()
    return page_of(visible_to(caller, calls, unless=faults.HISTORY_UNMASKED), total, page, page_size)


@router.get("/export/calls", response_class=Response, responses=call_export.DOCUMENTED)
async def export_calls(
    *,
    request: Request,
    caller: Writer,
    database: Database,
    within: ReportWindow,
    campaign_id: UUID | None = None,
    format: str = "csv",  # noqa: A002 - the contract's parameter name
) -> Response:
    asked_for = None if faults.EXPORT_IGNORES_CAMPAIGN.on else campaign_id
    calls = await call_export.newest(database, scope(asked_for, within=None if faults.EXPORT_IGNORES_WINDOW.on else within))
    if faults.EXPORT_OF_COMPLETED.on:
        calls = [call for call in calls if call["status"] == "completed"]
    await audit.record(database, request, "data_export", {"what": "calls", "rows": len(calls)}, caller)
    columns = call_export.COLUMNS + (("campaign_name",) if campaign_id else ())
    return await call_export.attachment(visible_to(caller, calls), columns, excel=format == "excel")


@router.get("/performance_metrics", response_model=PerformanceMetrics)
async def performance_metrics(
    _: Reader,
    database: Database,
    within: ReportWindow,
    campaign_id: UUID | None = None,
) -> Any:
    calls = await call_figures.tallies(database, scope(campaign_id, within=within))
    summary = call_figures.summary(calls)
    days = max((within.end - within.start).days, 0) + faults.DAYS_ROUNDED_UP.on
    report = {
        "period": {"start_date": within.start, "end_date": within.end, "days": days},
        "summary": summary | {"calls_per_day": round(summary["total_calls"] / days, 2) if days else 0},
        "by_status": call_figures.by_status(calls),
        "timeline": call_figures.timeline(calls),
    }
    return with_total_renamed(report) if faults.TOTAL_RENAMED.on else report


def with_total_renamed(report: Row) -> JSONResponse:
    summary = {"calls" if name == "total_calls" else name: number for name, number in report["summary"].items()}
    return JSONResponse(jsonable_encoder(report | {"summary": summary}))
