"""Contacts: list, search and read (contract 2.7). Changes, lists and files join the same prefix."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from psycopg import sql

from sandbox.backend.accounts.authentication import Reader
from sandbox.backend.contact_lists import routes as contact_lists
from sandbox.backend.contacts import changes as contact_changes
from sandbox.backend.contacts import faults
from sandbox.backend.contacts import files as contact_files
from sandbox.backend.contacts.changes import NOT_FOUND, one
from sandbox.backend.contacts.models import Contact, ContactPage
from sandbox.backend.contacts.search import containing, matches
from sandbox.backend.core.database import Database
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.field_types import Text, as_uuid, bounded_unless
from sandbox.backend.core.pagination import LARGEST_OFFSET, total_pages
from sandbox.backend.core.visibility import visible_to

MEMBERSHIPS = sql.SQL("LEFT JOIN contact_list_contacts ON contact_id = contacts.id")
DEFAULT_LIMIT = 10
ON_NEW_COLUMN = sql.SQL("full_name ILIKE %(pattern)s")
NEWEST_FIRST = sql.SQL("ORDER BY created_at DESC, id")

router = APIRouter(prefix="/api/contacts", tags=["contacts"])
# Fixed paths before /{contact_id}.
router.include_router(contact_lists.router)
router.include_router(contact_files.router)

Row = dict[str, Any]
Skip = Annotated[int, Query(ge=0), bounded_unless(faults.SKIP_UNCHECKED, "greater_than_equal")]
Limit = Annotated[int, Query(ge=1, le=100), bounded_unless(faults.LIMIT_ZERO_CRASHES, "greater_than_equal")]
_read_before: dict[tuple[str, str], Row] = {}  # for CACHED_ACROSS_ROLES: by id and moment of the last change


async def count(database: Database, search: str, parameters: Row) -> int:
    counted = await database.execute(
        sql.SQL("SELECT count(*) AS total FROM contacts {} WHERE {} AND {} AND {}").format(
            MEMBERSHIPS if faults.TOTAL_COUNTS_MEMBERSHIPS.on else sql.SQL(""),
            sql.SQL("true") if search and faults.TOTAL_IGNORES_SEARCH.on else matches(search),
            sql.SQL("true") if parameters["tags"] and faults.TOTAL_IGNORES_TAGS.on else tagged(parameters["tags"]),
            indexed(search),
        ),
        parameters,
    )
    total: int = (await counted.fetchall())[0]["total"]
    return total


def indexed(search: str) -> sql.SQL:
    """What a search of the list knows."""
    return sql.SQL("created_at < now() - interval '5 minutes'") if search and faults.SEARCH_INDEX_LATE.on else sql.SQL("true")


def tagged(tags: list[str]) -> sql.SQL:
    return sql.SQL("tags && %(tags)s::text[]") if len(tags) > 1 and faults.ANY_TAG.on else sql.SQL("tags @> %(tags)s::text[]")


async def rows_of_page(database: Database, search: str, parameters: Row) -> list[Row]:
    skip, limit = parameters["skip"], parameters["limit"]
    shifted = int(skip > 0 and faults.PAGES_OVERLAP.on)
    query = sql.SQL("SELECT * FROM contacts WHERE {} AND {} AND {} {} LIMIT %(limit)s OFFSET %(skip)s").format(
        ON_NEW_COLUMN if faults.COLUMN_NOT_MIGRATED.on else matches(search),
        tagged(parameters["tags"]),
        indexed(search),
        sql.SQL("ORDER BY created_at, id") if skip > 0 and faults.SORTED_ON_FIRST_PAGE.on else NEWEST_FIRST,
    )
    size = DEFAULT_LIMIT if limit == 1 and faults.LIMIT_ONE_IGNORED.on else limit
    if limit == DEFAULT_LIMIT and faults.PAGES_OF_TWENTY.on:
        size = 20
    window = {"skip": max(min(skip, LARGEST_OFFSET) - shifted, 0), "limit": size}
    return await (await database.execute(query, parameters | window)).fetchall()


@router.get("/", response_model=ContactPage)
async def list_contacts(
    *,
    request: Request,
    caller: Reader,
    database: Database,
    skip: Skip = 0,
    limit: Limit = DEFAULT_LIMIT,
    search: Text = "",
    tags: Annotated[list[Text] | None, Query()] = None,
) -> Any:
    """Newest first. Several `tags`: the contact must hold all."""
    parameters = {"pattern": containing(search), "tags": tags or [], "limit": limit, "skip": skip}
    total = await count(database, search, parameters)
    rows = await rows_of_page(database, search, parameters)
    if not rows and skip and faults.PAST_END_MISSING.on:
        raise ApiError(404, NOT_FOUND)
    page = {
        "data": visible_to(caller, rows),
        "total": total,
        "page": skip // limit + 1,
        "limit": limit,
        "totalPages": total_pages(total, limit),
    }
    mexican = request.headers.get("accept-language", "").lower().startswith("es-mx")
    return in_mexican(page) if mexican and faults.DATES_FOLLOW_LOCALE.on else page


def in_mexican(page: Row) -> JSONResponse:
    moments = ("created_at", "updated_at")
    rows = [row | {moment: f"{row[moment]:%d/%m/%Y %H:%M}" for moment in moments} for row in page["data"]]
    return JSONResponse(jsonable_encoder(page | {"data": rows}))


@router.get("/search", response_model=list[Contact])
async def search_contacts(
    caller: Reader,
    database: Database,
    q: Text,
    limit: Annotated[int, Query(ge=0)] = DEFAULT_LIMIT,
) -> list[Row]:
    if faults.SEARCH_TAKEN_FOR_ID.on:
        raise ApiError(404, NOT_FOUND)
    found = await database.execute(
        sql.SQL("SELECT * FROM contacts WHERE {} {} LIMIT %(limit)s").format(matches(q), NEWEST_FIRST),
        {"pattern": containing(q), "limit": min(limit, LARGEST_OFFSET)},
    )
    return visible_to(caller, await found.fetchall(), unless=faults.MASK_LEFT_OUT_OF_SEARCH)


@router.get("/{contact_id}", response_model=Contact)
async def read_contact(contact_id: str, caller: Reader, database: Database) -> Any:
    try:
        contact = await one(await database.execute("SELECT * FROM contacts WHERE id = %s", [as_uuid(contact_id)]), caller)
    except ApiError as error:
        if faults.FOUND_NOTHING_WITH_200.on:
            return JSONResponse({"status": "error", "code": error.status_code, "message": error.message})
        raise
    return read_before(contact)


def read_before(contact: Row) -> Row:
    """Under the fault what the first reader got since the row changed last, otherwise the contact itself."""
    if not faults.CACHED_ACROSS_ROLES.on:
        _read_before.clear()
        return contact
    return _read_before.setdefault((str(contact["id"]), str(contact["updated_at"])), contact)


router.include_router(contact_changes.router)
