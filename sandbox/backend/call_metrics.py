"""Numbers over many calls: by status, mean duration, and a line through time (contract 2.6, R-03)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from sandbox.backend.authentication import Reader
from sandbox.backend.call_figures import ReportWindow, by_status, scope, summary, tallies, timeline
from sandbox.backend.call_models import CallMetrics
from sandbox.backend.database import Database
from sandbox.backend.field_types import Text, as_uuid

Unit = Literal["day", "week", "month"]


async def metrics(
    _: Reader, database: Database, window: ReportWindow, *, campaign_id: Text | None = None, group_by: Unit = "day"
) -> CallMetrics:
    """A campaign that does not exist has no calls."""
    campaign = as_uuid(campaign_id) if campaign_id is not None else None
    known = campaign_id is None or campaign is not None
    days = await tallies(database, scope(campaign_id=campaign, within=window)) if known else []
    periods = [replace(tally, date=first_day(date.fromisoformat(tally.date), group_by).isoformat()) for tally in days]
    return CallMetrics(by_status=by_status(days), avg_duration=summary(days)["avg_duration"], timeline=timeline(periods))


def first_day(day: date, unit: Unit) -> date:
    """The Monday of a week, the first of a month."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day
