"""Which calls a listing shows, in which order, and on which page (contract 2.6)."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends
from psycopg import sql
from pydantic import ValidatorFunctionWrapHandler, WrapValidator

from sandbox.backend.accounts.authentication import Reader
from sandbox.backend.calls import faults
from sandbox.backend.calls.models import Call, SortColumn
from sandbox.backend.calls.states import CallStatus
from sandbox.backend.calls.store import Row
from sandbox.backend.core.database import Database
from sandbox.backend.core.field_types import Moment, Text, as_utc, as_uuid
from sandbox.backend.core.pagination import PageNumber, PageSize, offset, page_of
from sandbox.backend.core.visibility import visible_to

ROWS_OF_DATA_REST = 25  # for PAGE_CAPPED


class Selection:
    """Which calls a listing shows. A campaign or contact that does not exist has none."""

    def __init__(
        self,
        campaign_id: Text | None = None,
        contact_id: Text | None = None,
        status: CallStatus | None = None,
        start_date: Moment | None = None,
        end_date: Moment | None = None,
    ) -> None:
        self.parameters = {
            "campaign_id": campaign_id and as_uuid(campaign_id),
            "contact_id": contact_id and as_uuid(contact_id),
            "status": status,
            "start": start_date and as_utc(start_date),
            "end": end_date and as_utc(end_date),
        }
        naive = [moment for moment in (start_date, end_date) if moment and moment.tzinfo is None]
        if naive and faults.NAIVE_DATE_CRASHES.on:
            min(*naive, datetime.now(UTC))  # raises TypeError
        if end_date and faults.END_EXCLUDED.on:
            self.parameters["end"] = as_utc(end_date) - timedelta(days=1)
        conditions = {
            "campaign_id = %(campaign_id)s": campaign_id,
            "contact_id = %(contact_id)s": contact_id,
            "status = %(status)s::call_status": status,
            "created_at >= %(start)s": start_date,
            "created_at <= %(end)s": end_date,
        }
        asked = [text for text, value in conditions.items() if value is not None]
        self.where = " AND ".join(["true", *asked])
        if status and faults.STATUS_NOT_COUNTED.on:
            self.where = " AND ".join(["true", *(text for text in asked if not text.startswith("status "))])
        if status and faults.STATUS_IGNORED.on:
            asked.remove("status = %(status)s::call_status")
        self.where_of_rows = " AND ".join(["true", *asked])


def any_column(text: str, handler: ValidatorFunctionWrapHandler) -> str:
    try:
        return str(handler(text))
    except ValueError:
        if faults.SORT_PASTED.on:
            return text
        raise


def expression(sort_by: str) -> sql.Composable:
    if sort_by not in Call.model_fields:
        return sql.SQL(sort_by.replace("%", "%%"))  # let through by SORT_PASTED
    if sort_by == "duration" and faults.SORTED_AS_TEXT.on:
        return sql.SQL("duration::text")
    return sql.Identifier(sort_by)


def listing(where: str, sort_by: str, sort_order: str) -> sql.Composed:
    """`where` is made of our own texts; anything but `asc` means newest or highest first."""
    upwards = sort_order == "asc" and not faults.ORDER_IGNORED.on
    return sql.SQL("SELECT * FROM calls WHERE {} ORDER BY {} {} NULLS LAST, id LIMIT %(limit)s OFFSET %(offset)s").format(
        sql.SQL(where), expression(sort_by), sql.SQL("ASC" if upwards else "DESC")
    )


async def list_calls(
    caller: Reader,
    database: Database,
    *,
    selection: Annotated[Selection, Depends()],
    page: PageNumber = 1,
    page_size: PageSize = 10,
    sort_by: Annotated[SortColumn, WrapValidator(any_column)] = "created_at",
    sort_order: str = "desc",
) -> Row:
    counted = await database.execute(
        sql.SQL("SELECT count(*) AS total FROM calls WHERE ") + sql.SQL(selection.where), selection.parameters
    )
    total = (await counted.fetchone() or {})["total"]
    capped = min(page_size, ROWS_OF_DATA_REST) if page_size > ROWS_OF_DATA_REST and faults.PAGE_CAPPED.on else page_size
    window = {"limit": capped, "offset": offset(page, page_size)}
    found = await database.execute(listing(selection.where_of_rows, sort_by, sort_order), selection.parameters | window)
    rows = await found.fetchall()
    return page_of(visible_to(caller, rows, unless=faults.UNMASKED), total, page, page_size)
