"""Contacts: list, search, create, read, change, delete (contract 2.7). Lists and files join the same prefix."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from psycopg import AsyncCursor, sql

from sandbox.backend import contact_files, contact_lists
from sandbox.backend.authentication import Caller, Reader, writer
from sandbox.backend.contact_models import Contact, ContactCreate, ContactPage, ContactUpdate, Success
from sandbox.backend.database import Database
from sandbox.backend.errors import ApiError
from sandbox.backend.field_types import Text, as_uuid
from sandbox.backend.pagination import LARGEST_OFFSET, total_pages
from sandbox.backend.visibility import visible_to
from sandbox.faults import declare

TAGS_CLEARED = declare(
    "contact-update-clears-tags",
    "A partial update of a contact writes every column, so the tags that the client did not send are emptied.",
    part="backend",
    kind="data",
    severity=1,
    finding="a contact loses its tags when only its name is changed",
)
TOTAL_IGNORES_SEARCH = declare(
    "contact-total-ignores-search",
    "The total of the contact listing is counted without the search, so it disagrees with the rows.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="the contact listing says a total that its pages do not hold",
)
WILDCARDS_UNESCAPED = declare(
    "contact-search-wildcards-unescaped",
    "The search text goes into ILIKE as it is, so % and _ match anything.",
    part="backend",
    kind="correctness",
    severity=3,
    finding="a search for a percent sign finds contacts that have none",
)

VIEWER_MAY_WRITE = declare(
    "viewer-may-write-contacts",
    "The contact endpoints check that the caller is signed in and forget to check the role.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="a viewer creates, changes or deletes a contact",
)
PAGES_OVERLAP = declare(
    "contact-pages-overlap",
    "The offset of the contact listing is counted from one row too early.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="the same contact is on two consecutive pages",
)
TOTAL_COUNTS_MEMBERSHIPS = declare(
    "contact-total-counts-memberships",
    "The total of the contact listing is counted over a join, so a contact counts once for each list that it is on.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="the total of the contact listing is more than there are contacts",
)
SEARCH_TAKEN_FOR_ID = declare(
    "contact-search-taken-for-id",
    "The route with an id was moved above the fixed paths and takes the word search for an id.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="/api/contacts/search answers that there is no such contact",
)
COLUMN_NOT_MIGRATED = declare(
    "contact-column-not-migrated",
    "The build expects a column that no migration has added yet.",
    part="backend",
    kind="data",
    severity=1,
    finding="every listing of contacts is a server error while /health is ok",
)
DELETE_ONLY_DETACHES = declare(
    "contact-delete-only-detaches",
    "Deleting a contact takes it off its lists and leaves it in the table.",
    part="backend",
    kind="data",
    severity=1,
    finding="a contact whose deletion was answered with success can still be read",
)

NOT_FOUND = "Contacto no encontrado"
MATCHES = sql.SQL("(name ILIKE %(pattern)s OR email ILIKE %(pattern)s OR phone_number ILIKE %(pattern)s)")
MEMBERSHIPS = sql.SQL("LEFT JOIN contact_list_contacts ON contact_id = contacts.id")
ON_NEW_COLUMN = sql.SQL("full_name ILIKE %(pattern)s")
NOT_DELETED = "Contacto no encontrado o no se pudo eliminar"

router = APIRouter(prefix="/api/contacts", tags=["contacts"])
# Fixed paths before /{contact_id}.
router.include_router(contact_lists.router)
router.include_router(contact_files.router)

Row = dict[str, Any]


def contact_writer(caller: Reader) -> Caller:
    return caller if VIEWER_MAY_WRITE.on else writer(caller)


ContactWriter = Annotated[Caller, Depends(contact_writer)]


def containing(text: str) -> str:
    """An ILIKE pattern for the text itself: its % and _ stand for themselves."""
    if not WILDCARDS_UNESCAPED.on:
        text = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{text}%"


@router.get("/", response_model=ContactPage)
async def list_contacts(
    *,
    caller: Reader,
    database: Database,
    skip: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    search: Text = "",
    tags: Annotated[list[Text] | None, Query()] = None,
) -> Row:
    """Newest first. Several `tags`: the contact must hold all."""
    parameters = {
        "pattern": containing(search),
        "tags": tags or [],
        "limit": limit,
        "skip": max(min(skip, LARGEST_OFFSET) - PAGES_OVERLAP.on, 0),
    }
    counted = await database.execute(
        sql.SQL("SELECT count(*) AS total FROM contacts {} WHERE {} AND tags @> %(tags)s::text[]").format(
            MEMBERSHIPS if TOTAL_COUNTS_MEMBERSHIPS.on else sql.SQL(""),
            sql.SQL("true") if TOTAL_IGNORES_SEARCH.on else MATCHES,
        ),
        parameters,
    )
    total = (await counted.fetchall())[0]["total"]
    found = await database.execute(
        sql.SQL(
            """SELECT * FROM contacts WHERE {} AND tags @> %(tags)s::text[]
            ORDER BY created_at DESC, id LIMIT %(limit)s OFFSET %(skip)s"""
        ).format(ON_NEW_COLUMN if COLUMN_NOT_MIGRATED.on else MATCHES),
        parameters,
    )
    return {
        "data": visible_to(caller, await found.fetchall()),
        "total": total,
        "page": skip // limit + 1,
        "limit": limit,
        "totalPages": total_pages(total, limit),
    }


@router.get("/search", response_model=list[Contact])
async def search_contacts(
    caller: Reader,
    database: Database,
    q: Text,
    limit: Annotated[int, Query(ge=0)] = 10,
) -> list[Row]:
    if SEARCH_TAKEN_FOR_ID.on:
        raise ApiError(404, NOT_FOUND)
    found = await database.execute(
        sql.SQL("SELECT * FROM contacts WHERE {} ORDER BY created_at DESC, id LIMIT %(limit)s").format(MATCHES),
        {"pattern": containing(q), "limit": min(limit, LARGEST_OFFSET)},
    )
    return visible_to(caller, await found.fetchall())


async def one(rows: AsyncCursor[Row], caller: Caller) -> Row:
    row = await rows.fetchone()
    if row is None:
        raise ApiError(404, NOT_FOUND)
    return visible_to(caller, [row])[0]


@router.get("/{contact_id}", response_model=Contact)
async def read_contact(contact_id: str, caller: Reader, database: Database) -> Row:
    return await one(await database.execute("SELECT * FROM contacts WHERE id = %s", [as_uuid(contact_id)]), caller)


@router.post("/", status_code=201, response_model=Contact)
async def create_contact(body: ContactCreate, caller: ContactWriter, database: Database) -> Row:
    created = await database.execute(
        """INSERT INTO contacts (name, phone_number, email, notes, tags)
        VALUES (%(name)s, %(phone_number)s, %(email)s, %(notes)s, %(tags)s) RETURNING *""",
        body.model_dump(),
    )
    return await one(created, caller)


@router.put("/{contact_id}", response_model=Contact)
async def change_contact(contact_id: str, body: ContactUpdate, caller: ContactWriter, database: Database) -> Row:
    """Null and omitted fields stay as they are (R-23)."""
    values = body.model_dump()
    if TAGS_CLEARED.on and values["tags"] is None:
        values["tags"] = []
    changed = await database.execute(
        """UPDATE contacts SET name = coalesce(%(name)s, name), phone_number = coalesce(%(phone_number)s, phone_number),
        email = coalesce(%(email)s, email), notes = coalesce(%(notes)s, notes), tags = coalesce(%(tags)s::text[], tags)
        WHERE id = %(id)s RETURNING *""",
        values | {"id": as_uuid(contact_id)},
    )
    return await one(changed, caller)


@router.delete("/{contact_id}")
async def delete_contact(contact_id: str, _: ContactWriter, database: Database) -> Success:
    """The contact's calls and memberships go with it (contract 4.4)."""
    if DELETE_ONLY_DETACHES.on:
        await database.execute("DELETE FROM contact_list_contacts WHERE contact_id = %s", [as_uuid(contact_id)])
        return Success(success=True)
    deleted = await database.execute("DELETE FROM contacts WHERE id = %s", [as_uuid(contact_id)])
    if not deleted.rowcount:
        raise ApiError(404, NOT_DELETED)
    return Success(success=True)
