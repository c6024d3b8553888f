"""Counts, means and days of calls, computed from the rows each time: no counter can drift from them."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from psycopg import sql

from sandbox.backend.calls import faults
from sandbox.backend.calls.models import TimelineEntry
from sandbox.backend.core.database import Database
from sandbox.backend.core.field_types import Moment, as_utc

FAILED = ("failed", "error")  # contract 3.4
DEFAULT_WINDOW = timedelta(days=30)
OFFICE = "America/Mexico_City"  # for LOCAL_DAYS
IN_SCOPE = sql.SQL(
    """(%(campaign_id)s::uuid IS NULL OR calls.campaign_id = %(campaign_id)s::uuid)
    AND (%(contact_id)s::uuid IS NULL OR calls.contact_id = %(contact_id)s::uuid)
    AND (%(start)s::timestamptz IS NULL OR calls.created_at >= %(start)s::timestamptz)
    AND (%(end)s::timestamptz IS NULL OR calls.created_at <= %(end)s::timestamptz)"""
)


@dataclass(frozen=True)
class Window:
    """From `start` to `end`, both included, in UTC."""

    start: datetime
    end: datetime


def window(start_date: Moment | None = None, end_date: Moment | None = None) -> Window:
    """The last 30 days unless the query says otherwise."""
    end = as_utc(end_date) if end_date else datetime.now(UTC)
    if start_date:
        return Window(as_utc(start_date), end)
    earliest = datetime.min.replace(tzinfo=UTC)
    return Window(end - min(DEFAULT_WINDOW, end - earliest), end)


ReportWindow = Annotated[Window, Depends(window)]


def scope(campaign_id: UUID | None = None, contact_id: UUID | None = None, within: Window | None = None) -> dict[str, Any]:
    """The parameters of IN_SCOPE."""
    bounded = within is not None and not faults.WINDOW_IGNORED.on
    return {
        "campaign_id": campaign_id,
        "contact_id": contact_id,
        "start": within.start if within and bounded else None,
        "end": within.end if within and bounded else None,
    }


async def count(database: Database, parameters: dict[str, Any]) -> int:
    counted = await database.execute(sql.SQL("SELECT count(*) AS calls FROM calls WHERE {}").format(IN_SCOPE), parameters)
    calls: int = (await counted.fetchall())[0]["calls"]
    return calls


def percentage(part: int, whole: int) -> float:
    if part and faults.RATE_AS_FRACTION.on:
        return round(part / whole, 2)
    return round(100 * part / whole, 2) if whole else 0


@dataclass(frozen=True)
class Tally:
    """The calls of one UTC day that are in one status. `seconds` is the sum over the `timed` calls that have a duration."""

    date: str
    status: str
    calls: int
    timed: int
    seconds: int


async def tallies(database: Database, parameters: dict[str, Any]) -> list[Tally]:
    """One statement, so that everything that a report derives from it agrees, also while calls go on."""
    query = sql.SQL(
        """SELECT to_char(created_at AT TIME ZONE {}, 'YYYY-MM-DD') AS date, status, count(*) AS calls,
        count(duration) AS timed, coalesce(sum(duration), 0) AS seconds
        FROM calls WHERE {} GROUP BY 1, 2 ORDER BY 1, 2"""
    ).format(sql.Literal(OFFICE if faults.LOCAL_DAYS.on else "UTC"), IN_SCOPE)
    return [Tally(**row) for row in await (await database.execute(query, parameters)).fetchall()]


def by_status(days: list[Tally]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for tally in days:
        if tally.status == "no_answer" and faults.NO_ANSWER_LEFT_OUT.on:
            continue
        merged = tally.status == "busy" and faults.BUSY_AS_NO_ANSWER.on
        counts["no_answer" if merged else tally.status] += tally.calls
    return dict(counts)


def summary(days: list[Tally]) -> dict[str, float]:
    counts = Counter(by_status(days))
    total, failed, timed = counts.total(), sum(counts[status] for status in FAILED), sum(tally.timed for tally in days)
    if failed != total - counts["completed"] and faults.FAILURES_OF_THE_REST.on:
        failed = total - counts["completed"]
    spoken = total if timed != total and faults.DURATION_OVER_ALL.on else timed
    seconds = sum(tally.seconds for tally in days) * (1000 if timed and faults.DURATION_IN_MS.on else 1)
    return {
        "total_calls": total,
        "completed_calls": counts["completed"],
        "failed_calls": failed,
        "in_progress_calls": counts["in_progress"],
        "queued_calls": 0,
        "cancelled_calls": counts["cancelled"],
        "success_rate": percentage(counts["completed"], total),
        "failure_rate": percentage(failed, total),
        "avg_duration": round(seconds / spoken, 2) if spoken else 0,
    }


def timeline(days: list[Tally]) -> list[TimelineEntry]:
    """One entry for each UTC day that has calls, in order."""
    entries: dict[str, TimelineEntry] = {}
    for tally in days:
        key = f"{tally.date} {tally.status}" if faults.TIMELINE_REPEATS_DAY.on else tally.date
        entry = entries.setdefault(key, TimelineEntry(date=tally.date, total=0, completed=0, failed=0))
        entry.total += tally.calls
        entry.completed += tally.calls if tally.status == "completed" else 0
        entry.failed += tally.calls if tally.status in FAILED else 0
    return list(entries.values())[: -1 if entries and faults.LAST_DAY_LOST.on else None]
