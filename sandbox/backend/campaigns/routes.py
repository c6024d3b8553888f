"""Campaigns: create, list, read, change, delete (contract 2.5)."""

from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from psycopg import errors, sql
from psycopg.types.json import Jsonb

from sandbox.backend.accounts.authentication import Caller, Reader, Writer, admin, writer
from sandbox.backend.campaigns import faults
from sandbox.backend.campaigns.models import (
    END_BEFORE_START,
    HOURS_REVERSED,
    Campaign,
    CampaignCreate,
    CampaignStatus,
    CampaignUpdate,
)
from sandbox.backend.core.database import Database, Pool
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.field_types import LARGEST_INT, Moment, as_utc, as_uuid, bounded_unless, instead_under
from sandbox.backend.core.pagination import PageSize, offset
from sandbox.backend.core.state import from_state

NOT_FOUND = "Campaña no encontrada"
INVALID_STATS = "Estadísticas inválidas"
COLUMNS = sql.SQL(
    """id, name, description, status, campaign_type, schedule_start, schedule_end, contact_list_ids, script_template,
    max_retries, retry_delay_minutes, to_char(calling_hours_start, 'HH24:MI') AS calling_hours_start,
    to_char(calling_hours_end, 'HH24:MI') AS calling_hours_end, pending_calls, total_calls, successful_calls, failed_calls,
    ai_config, key_points, created_at, updated_at"""
)
# What creation puts where nothing was sent; only for REST_RESET.
DEFAULTS: dict[str, Any] = {"max_retries": 3, "retry_delay_minutes": 60, "key_points": []}
ListedStatus = Annotated[CampaignStatus | None, instead_under(faults.UNKNOWN_STATUS_LISTS_ALL, "enum", None)]
CampaignPage = Annotated[int, Query(ge=1), bounded_unless(faults.PAGE_ZERO_CRASHES, "greater_than_equal")]

router = APIRouter(prefix="/api/campaigns", tags=["campaigns"])

Row = dict[str, Any]


def column_values(fields: CampaignCreate | CampaignUpdate) -> Row:
    """The columns that the body sets: all of them at creation, the sent ones in a change."""
    values = fields.model_dump(exclude_unset=isinstance(fields, CampaignUpdate))
    if "ai_config" in values:
        values["ai_config"] = Jsonb(fields.ai_config.model_dump())
    for moment in {"schedule_start", "schedule_end"} & values.keys():
        values[moment] = on_the_clock(values[moment])
    if "{name}" in values.get("script_template", "") and faults.PLACEHOLDERS_EATEN.on:
        values["script_template"] = values["script_template"].replace("{name}", "")
    return values


def on_the_clock(moment: datetime) -> datetime:
    """In UTC."""
    if moment.utcoffset() and faults.OFFSET_DROPPED.on:
        return moment.replace(tzinfo=UTC)
    return as_utc(moment)


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
        raise ApiError(404, "Campaign not found" if faults.NOT_FOUND_IN_ENGLISH.on else NOT_FOUND)
    return as_shown(campaign)


def as_shown(campaign: Row) -> Row:
    changed = campaign["updated_at"] != campaign["created_at"]
    return campaign | {"updated_at": campaign["created_at"]} if changed and faults.UPDATED_AT_FROZEN.on else campaign


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
    """A partial change is not compared with the stored half before, so the table's own checks decide."""
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
    return as_shown(campaign)


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
    page: CampaignPage = 1,
    page_size: PageSize = 10,
    status: ListedStatus = None,
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
    if start_date and start_date.utcoffset() and faults.LIST_KNOWS_UTC_ONLY.on:
        raise ApiError(422, "La fecha debe estar en UTC")
    skipped = offset(page, page_size)
    parameters = {
        "status": None if status and faults.STATUS_FILTER_IGNORED.on else status,
        "start": start_date and as_utc(start_date),
        "end": end_date and as_utc(end_date),
        "limit": page_size,
        "offset": max(skipped - int(skipped > 0 and faults.PAGES_OVERLAP.on), 0),
    }
    if (start_date or end_date) and faults.DATE_FILTER_IGNORED.on:
        parameters |= {"start": None, "end": None}
    campaigns = await (await database.execute(query, parameters)).fetchall()
    if page < 1:
        campaigns = list(islice(campaigns, skipped, None))  # let through by PAGE_ZERO_CRASHES; islice refuses what is below 0
    if faults.LISTED_WITHOUT_SCRIPT.on:
        short = [{name: value for name, value in campaign.items() if name != "script_template"} for campaign in campaigns]
        return JSONResponse(jsonable_encoder(short))
    return JSONResponse({"data": jsonable_encoder(campaigns), "page": page}) if faults.WRAPPED.on else campaigns


@router.get("/{campaign_id}", response_model=Campaign)
async def read_campaign(campaign_id: UUID, _: Reader, database: Database) -> Row:
    return await find(database, campaign_id)


async def keep_settings(campaign_id: UUID, _: Writer, request: Request, pool: Annotated[Pool, from_state("pool")]) -> None:
    """For CHANGE_STORED_FIRST: writes the AI settings of the body as they come."""
    body = await request.json()
    settings = body.get("ai_config") if isinstance(body, dict) else None
    if isinstance(settings, dict) and faults.CHANGE_STORED_FIRST.on:
        async with pool.connection() as connection:
            await connection.execute(
                "UPDATE campaigns SET ai_config = ai_config || %s WHERE id = %s", [Jsonb(settings), campaign_id]
            )


@router.patch("/{campaign_id}", response_model=Campaign, dependencies=[Depends(keep_settings)])
async def change_campaign(campaign_id: UUID, body: CampaignUpdate, _: Writer, database: Database) -> Row:
    if faults.PATCH_NOT_ROUTED.on:
        raise HTTPException(405, "Method Not Allowed")
    values = column_values(body)
    if not values and not faults.EMPTY_CHANGE_RESETS.on:
        return await find(database, campaign_id)
    if not values:
        values = {"campaign_type": "sales"}
    if "status" in values:
        await require_transition(database, campaign_id, values["status"])
        if faults.STATUS_NOT_STORED.on:
            return await change_all_but_status(database, campaign_id, values)
    campaign = await update(database, campaign_id, DEFAULTS | values if faults.REST_RESET.on else values)
    if "contact_list_ids" in values:
        await link_contact_lists(database, campaign)
    if faults.CHANGE_NOT_STORED.on:
        await database.rollback()
    return campaign


async def require_transition(database: Database, campaign_id: UUID, new: CampaignStatus) -> None:
    """Any status may follow any other (R-20)."""
    impossible = {
        "draft": new == CampaignStatus.ACTIVE and faults.ACTIVATION_REFUSED.on,
        "paused": new == CampaignStatus.ACTIVE and faults.PAUSE_IS_FINAL.on,
    }
    if any(impossible.values()) and impossible.get((await find(database, campaign_id))["status"]):
        raise ApiError(422, "Transición de estado no permitida")


async def change_all_but_status(database: Database, campaign_id: UUID, values: Row) -> Row:
    rest = {column: value for column, value in values.items() if column != "status"}
    campaign = await (update(database, campaign_id, rest) if rest else find(database, campaign_id))
    return campaign | {"status": values["status"]}


def remover(caller: Reader) -> Caller:
    return writer(caller) if faults.OPERATOR_MAY_DELETE.on else admin(caller)


@router.delete("/{campaign_id}", status_code=204)
async def delete_campaign(campaign_id: UUID, _: Annotated[Caller, Depends(remover)], database: Database) -> None:
    """Its calls and links go with it (contract 4.4)."""
    if faults.DELETE_ONLY_CANCELS.on:
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
        if not faults.COUNTERS_CORRECTED.on:
            raise ApiError(422, INVALID_STATS)
        counters["total_calls"] = successful_calls + failed_calls
    if successful_calls != failed_calls and faults.STATS_SWAPPED.on:
        counters |= {"successful_calls": failed_calls, "failed_calls": successful_calls}
    return await update(database, campaign_id, counters)
