"""Numbers over many calls: by status, mean duration, and a line through time (contract 2.6, R-03)."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from sandbox.backend.accounts.authentication import Reader
from sandbox.backend.calls import faults
from sandbox.backend.calls.figures import ReportWindow, by_status, scope, summary, tallies, timeline
from sandbox.backend.calls.models import CallMetrics
from sandbox.backend.core.database import Database
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.field_types import Text, as_uuid

SLOW_S = 2.0

Unit = Literal["day", "week", "month"]


async def metrics(
    _: Reader, database: Database, window: ReportWindow, *, campaign_id: Text | None = None, group_by: Unit = "day"
) -> CallMetrics:
    """A campaign that does not exist has no calls."""
    if faults.TAKEN_FOR_ID.on:
        raise ApiError(404, "Llamada no encontrada")
    if faults.ROW_BY_ROW.on:
        await asyncio.sleep(SLOW_S)
    campaign = as_uuid(campaign_id) if campaign_id is not None else None
    known = campaign_id is None or campaign is not None
    days = await tallies(database, scope(campaign_id=campaign, within=window)) if known else []
    periods = [replace(tally, date=first_day(date.fromisoformat(tally.date), group_by).isoformat()) for tally in days]
    return CallMetrics(by_status=by_status(days), avg_duration=summary(days)["avg_duration"], timeline=timeline(periods))


def first_day(day: date, unit: Unit) -> date:
    """The Monday of a week, the first of a month."""
    if unit == "week":
        return day - timedelta(days=(day.weekday() + 1) % 7 if faults.WEEK_FROM_SUNDAY.on else day.weekday())
    return day.replace(day=1) if unit == "month" else day
