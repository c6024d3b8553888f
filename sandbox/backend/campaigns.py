"""Campaigns: create, list, read, change, delete (contract 2.5)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from psycopg import errors, sql
from psycopg.types.json import Jsonb

from sandbox.backend.authentication import Caller, Reader, Writer, admin, writer
from sandbox.backend.campaign_models import (
    END_BEFORE_START,
    HOURS_REVERSED,
    Campaign,
    CampaignCreate,
    CampaignStatus,
    CampaignUpdate,
)
from sandbox.backend.database import Database
from sandbox.backend.errors import ApiError
from sandbox.backend.field_types import LARGEST_INT, Moment, as_utc, as_uuid
from sandbox.backend.pagination import PageNumber, PageSize, offset
from sandbox.faults import declare

DELETE_ONLY_CANCELS = declare(
    "campaign-delete-only-cancels",
    "Deleting a campaign only sets it to cancelled; listings and lookups forget to leave it out.",
    part="backend",
    kind="data",
    severity=2,
    finding="a campaign whose deletion was answered with 204 can still be read",
)
PAGES_OVERLAP = declare(
    "campaign-pages-overlap",
    "The offset of the campaign listing is counted from one row too early, so the last row of a page opens the next one.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="the same campaign is on two consecutive pages",
)
WRAPPED = declare(
    "campaigns-in-a-page-object",
    "The listing of campaigns was given the page object that the other listings have.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="the list of campaigns is an object where clients expect an array",
)
OPERATOR_MAY_DELETE = declare(
    "operator-may-delete-campaigns",
    "Deleting a campaign asks for the right to write, not for that of an administrator.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="an operator deletes a campaign with all its calls",
)

NOT_FOUND = "Campaña no encontrada"
INVALID_STATS = "Estadísticas inválidas"
COLUMNS = sql.SQL(
    """id, name, description, status, campaign_type, schedule_start, schedule_end, contact_list_ids, script_template,
    max_retries, retry_delay_minutes, to_char(calling_hours_start, 'HH24:MI') AS calling_hours_start,
    to_char(calling_hours_end, 'HH24:MI') AS calling_hours_end, pending_calls, total_calls, successful_calls, failed_calls,
    ai_config, key_points, created_at, updated_at"""
)

router = APIRouter(prefix="/api/campaigns", tags=["campaigns"])

Row = dict[str, Any]


def column_values(fields: CampaignCreate | CampaignUpdate) -> Row:
    """The columns that the body sets: all of them at creation, the sent ones in a change."""
    values = fields.model_dump(exclude_unset=isinstance(fields, CampaignUpdate))
    if "ai_config" in values:
        values["ai_config"] = Jsonb(fields.ai_config.model_dump())
    for moment in {"schedule_start", "schedule_end"} & values.keys():
        values[moment] = as_utc(values[moment])
    return values


async def link_contact_lists(database: Database, campaign: Row) -> None:
    """Keep the link table equal to contact_list_ids, as far as the lists exist."""
    await database.execute("DELETE FROM campaign_contact_lists WHERE campaign_id = %(id)s", campaign)
    await database.execute(
        """INSERT INTO campaign_contact_lists (campaign_id, contact_list_id)
        SELECT %(id)s, id FROM contact_lists WHERE id = ANY(%(contact_list_ids)s)""",
        campaign,
    )


async def find(database: Database, campaign_id: UUID) -> Row:
    query = sql.SQL("SELECT {} FROM campaigns WHERE id = %s").format(COLUMNS)
    campaign = await (await database.execute(query, [campaign_id])).fetchone()
    if campaign is None:
        raise ApiError(404, NOT_FOUND)
    return campaign


async def insert(database: Database, values: Row, owner: Caller) -> Row:
    values = values | {"user_id": as_uuid(owner.user_id)}
    query = sql.SQL("INSERT INTO campaigns ({}) VALUES ({}) RETURNING {}").format(
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
        COLUMNS,
    )
    campaign = await (await database.execute(query, values)).fetchone()
    assert campaign is not None, "INSERT ... RETURNING gives a row"
    return campaign


def explain_refused_row(error: errors.CheckViolation) -> ApiError:
    """A partial change is not compared with the stored half before, so the table's own checks are the last word."""
    constraint = error.diag.constraint_name or ""
    if "hours" in constraint:
        return ApiError(422, HOURS_REVERSED)
    if "date" in constraint or "schedule" in constraint:
        return ApiError(422, END_BEFORE_START)
    return ApiError(422, INVALID_STATS)


async def update(database: Database, campaign_id: UUID, values: Row) -> Row:
    assignments = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(column), sql.Placeholder(column)) for column in values
    )
    query = sql.SQL("UPDATE campaigns SET {} WHERE id = %(id)s RETURNING {}").format(assignments, COLUMNS)
    try:
        campaign = await (await database.execute(query, values | {"id": campaign_id})).fetchone()
    except errors.CheckViolation as error:
        raise explain_refused_row(error) from error
    if campaign is None:
        raise ApiError(404, NOT_FOUND)
    return campaign


@router.post("/", status_code=201, response_model=Campaign)
async def create_campaign(body: CampaignCreate, caller: Writer, database: Database) -> Row:
    campaign = await insert(database, column_values(body), caller)
    await link_contact_lists(database, campaign)
    return campaign


@router.get("/", response_model=list[Campaign])
async def list_campaigns(
    *,
    _: Reader,
    database: Database,
    page: PageNumber = 1,
    page_size: PageSize = 10,
    status: CampaignStatus | None = None,
    start_date: Moment | None = None,
    end_date: Moment | None = None,
) -> Any:
    """Newest first."""
    query = sql.SQL(
        """SELECT {} FROM campaigns
        WHERE (%(status)s::campaign_status IS NULL OR status = %(status)s::campaign_status)
          AND (%(start)s::timestamptz IS NULL OR schedule_start >= %(start)s::timestamptz)
          AND (%(end)s::timestamptz IS NULL OR schedule_end <= %(end)s::timestamptz)
        ORDER BY created_at DESC, id LIMIT %(limit)s OFFSET %(offset)s"""
    ).format(COLUMNS)
    skipped = offset(page, page_size)
    parameters = {
        "status": status,
        "start": start_date and as_utc(start_date),
        "end": end_date and as_utc(end_date),
        "limit": page_size,
        "offset": max(skipped - 1, 0) if PAGES_OVERLAP.on else skipped,
    }
    campaigns = await (await database.execute(query, parameters)).fetchall()
    return JSONResponse({"data": jsonable_encoder(campaigns), "page": page}) if WRAPPED.on else campaigns


@router.get("/{campaign_id}", response_model=Campaign)
async def read_campaign(campaign_id: UUID, _: Reader, database: Database) -> Row:
    return await find(database, campaign_id)


@router.patch("/{campaign_id}", response_model=Campaign)
async def change_campaign(campaign_id: UUID, body: CampaignUpdate, _: Writer, database: Database) -> Row:
    values = column_values(body)
    if not values:
        return await find(database, campaign_id)
    campaign = await update(database, campaign_id, values)
    if "contact_list_ids" in values:
        await link_contact_lists(database, campaign)
    return campaign


def remover(caller: Reader) -> Caller:
    return writer(caller) if OPERATOR_MAY_DELETE.on else admin(caller)


@router.delete("/{campaign_id}", status_code=204)
async def delete_campaign(campaign_id: UUID, _: Annotated[Caller, Depends(remover)], database: Database) -> None:
    """Its calls and links go with it (contract 4.4)."""
    if DELETE_ONLY_CANCELS.on:
        await update(database, campaign_id, {"status": "cancelled"})
        return
    deleted = await database.execute("DELETE FROM campaigns WHERE id = %s", [campaign_id])
    if not deleted.rowcount:
        raise ApiError(404, NOT_FOUND)


StatsCount = Annotated[int, Query(ge=-LARGEST_INT, le=LARGEST_INT)]


@router.patch("/{campaign_id}/stats", response_model=Campaign)
async def change_stats(
    *,
    campaign_id: UUID,
    _: Writer,
    database: Database,
    total_calls: StatsCount,
    successful_calls: StatsCount,
    failed_calls: StatsCount,
    pending_calls: StatsCount,
) -> Row:
    """Impossible numbers are refused without `errors`: the framework's own 422 is for missing ones (contract 2.5)."""
    counters = {
        "total_calls": total_calls,
        "successful_calls": successful_calls,
        "failed_calls": failed_calls,
        "pending_calls": pending_calls,
    }
    if min(counters.values()) < 0 or successful_calls + failed_calls > total_calls:
        raise ApiError(422, INVALID_STATS)
    return await update(database, campaign_id, counters)
