"""Contacts are created, changed and deleted (contract 2.7)."""

import unicodedata
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response
from psycopg import AsyncCursor, sql

from sandbox.backend.accounts.authentication import Caller, Reader, writer
from sandbox.backend.contact_lists import faults as list_faults
from sandbox.backend.contacts import faults
from sandbox.backend.contacts.models import Contact, ContactCreate, ContactUpdate, Success
from sandbox.backend.core.database import Database
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.field_types import as_uuid
from sandbox.backend.core.visibility import visible_to

NOT_FOUND = "Contacto no encontrado"
NOT_DELETED = "Contacto no encontrado o no se pudo eliminar"
LAST_OF_BMP = "\uffff"

router = APIRouter()

Row = dict[str, Any]


def contact_writer(caller: Reader) -> Caller:
    return caller if caller.role == "viewer" and faults.VIEWER_MAY_WRITE.on else writer(caller)


ContactWriter = Annotated[Caller, Depends(contact_writer)]


async def one(rows: AsyncCursor[Row], caller: Caller) -> Row:
    row = await rows.fetchone()
    if row is None:
        raise ApiError(404, NOT_FOUND)
    return visible_to(caller, [row])[0]


def as_stored(values: Row) -> Row:
    """The texts on their way to the database; None stays None."""
    name, notes = values["name"] or "", values["notes"] or ""
    if not notes.isascii() and faults.NOTES_MOJIBAKE.on:
        values["notes"] = notes.encode().decode("latin-1")
    if any(character > LAST_OF_BMP for character in name) and faults.ASTRAL_LOST.on:
        values["name"] = "".join(character for character in name if character <= LAST_OF_BMP)
    elif not unicodedata.is_normalized("NFD", name) and faults.DECOMPOSED.on:
        values["name"] = unicodedata.normalize("NFD", name)
    return values


async def same_phone(database: Database, phone: str) -> AsyncCursor[Row]:
    return await database.execute("SELECT * FROM contacts WHERE phone_number = %s ORDER BY created_at LIMIT 1", [phone])


@router.post("/", status_code=201, response_model=Contact)
async def create_contact(body: ContactCreate, caller: ContactWriter, database: Database) -> Row:
    """The same phone twice is two contacts (R-30)."""
    if faults.PHONE_UNIQUE.on and (await same_phone(database, body.phone_number)).rowcount:
        raise ApiError(409, "Ya existe un contacto con ese teléfono")
    if faults.EXISTING_ANSWERED.on and (known := await same_phone(database, body.phone_number)).rowcount:
        return await one(known, caller)
    created = await database.execute(
        """INSERT INTO contacts (id, name, phone_number, email, notes, tags)
        VALUES (coalesce(%(id)s::uuid, gen_random_uuid()), %(name)s, %(phone_number)s, %(email)s, %(notes)s, %(tags)s)
        RETURNING *""",
        as_stored(body.model_dump()) | {"id": body.id if faults.ID_FROM_CLIENT.on else None},
    )
    return await one(created, caller)


async def written(contact_id: str, body: ContactUpdate, database: Database) -> Row:
    """The columns that the update writes, null where the row keeps what it has."""
    values = as_stored(body.model_dump())
    if values["tags"] is None and faults.TAGS_CLEARED.on:
        values["tags"] = []
    if values["phone_number"] is not None and faults.PHONE_KEPT.on:
        values["phone_number"] = None
    nulls = [field for field in ("email", "notes") if field in body.model_fields_set and values[field] is None]
    if nulls and faults.NULL_CLEARS.on:
        for field in nulls:
            await database.execute(
                sql.SQL("UPDATE contacts SET {} = NULL WHERE id = %s").format(sql.Identifier(field)), [as_uuid(contact_id)]
            )
    return values


@router.put("/{contact_id}", response_model=Contact)
async def change_contact(contact_id: str, body: ContactUpdate, caller: ContactWriter, database: Database) -> Row | Response:
    """Null and omitted fields stay as they are (R-23)."""
    if faults.UPDATED_ONCE.on:
        again = "SELECT 1 FROM contacts WHERE id = %s AND updated_at <> created_at"
        if (await database.execute(again, [as_uuid(contact_id)])).rowcount:
            raise ApiError(404, NOT_FOUND)
    changed = await database.execute(
        """UPDATE contacts SET name = coalesce(%(name)s, name), phone_number = coalesce(%(phone_number)s, phone_number),
        email = coalesce(%(email)s, email), notes = coalesce(%(notes)s, notes), tags = coalesce(%(tags)s::text[], tags)
        WHERE id = %(id)s RETURNING *""",
        await written(contact_id, body, database) | {"id": as_uuid(contact_id)},
    )
    contact = await one(changed, caller)
    if faults.CHANGE_UNSHOWN.on:
        return JSONResponse({"success": True})
    return contact | {"updated_at": contact["created_at"]} if faults.UPDATED_AT_FROZEN.on else contact


@router.delete("/{contact_id}")
async def delete_contact(contact_id: str, _: ContactWriter, database: Database) -> Success:
    """The contact's calls and memberships go with it (contract 4.4)."""
    if faults.DELETE_ONLY_DETACHES.on:
        await database.execute("DELETE FROM contact_list_contacts WHERE contact_id = %s", [as_uuid(contact_id)])
        return Success(success=True)
    if list_faults.DELETION_EMPTIES.on:
        await database.execute(
            """DELETE FROM contact_list_contacts WHERE contact_list_id IN
            (SELECT contact_list_id FROM contact_list_contacts WHERE contact_id = %s)""",
            [as_uuid(contact_id)],
        )
    deleted = await database.execute("DELETE FROM contacts WHERE id = %s", [as_uuid(contact_id)])
    if not deleted.rowcount and not faults.SECOND_DELETE_SUCCEEDS.on:
        raise ApiError(404, NOT_DELETED)
    return Success(success=True)
