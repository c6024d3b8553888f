"""Contacts are created, changed and deleted (contract 2.7)."""

import unicodedata
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from psycopg import AsyncCursor, sql

from sandbox.backend.accounts.authentication import Caller, Reader, writer
from sandbox.backend.contacts.models import Contact, ContactCreate, ContactUpdate, Success
from sandbox.backend.core.database import Database
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.field_types import as_uuid
from sandbox.backend.core.visibility import visible_to
from sandbox.faults import declare

VIEWER_MAY_WRITE = declare(
    "viewer-may-write-contacts",
    "The contact endpoints check that the caller is signed in and forget to check the role.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="a viewer creates, changes or deletes a contact",
    rulings=("R-07",),
)
PHONE_UNIQUE = declare(
    "contact-phone-unique",
    "A constraint that no ruling asked for: a phone that is known is refused as a conflict.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="a second person under the same number cannot be added",
    rulings=("R-30",),
    excludes=("contact-created-is-an-older-one",),
)
EXISTING_ANSWERED = declare(
    "contact-created-is-an-older-one",
    "Creating a contact whose phone is known answers 201 with the contact that has it.",
    part="backend",
    kind="data",
    severity=1,
    finding="a new contact is answered with somebody else's data and never stored",
    rulings=("R-30",),
)
NOTES_MOJIBAKE = declare(
    "contact-notes-mojibake",
    "The notes are encoded as UTF-8 and decoded as Latin-1 on their way to the database.",
    part="backend",
    kind="data",
    severity=2,
    finding="a note with an accent comes back as two wrong characters for each",
)
ASTRAL_LOST = declare(
    "contact-name-loses-emoji",
    "A filter from the days of a database with three-byte UTF-8 drops every character beyond U+FFFF from names.",
    part="backend",
    kind="data",
    severity=3,
    finding="a name comes back without its rarer characters",
)
DECOMPOSED = declare(
    "contact-name-decomposed",
    "Names are normalised to NFD, so ñ becomes n and a combining tilde: it looks the same and is not found.",
    part="backend",
    kind="data",
    severity=2,
    finding="a contact with an ñ is not found by the name that it was given",
)
TAGS_CLEARED = declare(
    "contact-update-clears-tags",
    "A partial update of a contact writes every column, so the tags that the client did not send are emptied.",
    part="backend",
    kind="data",
    severity=1,
    finding="a contact loses its tags when only its name is changed",
    rulings=("R-23",),
)
NULL_CLEARS = declare(
    "contact-update-null-clears",
    "A null in an update is written as it is.",
    part="backend",
    kind="data",
    severity=2,
    finding="a form that sends its empty fields as null erases the contact's e-mail and notes",
    rulings=("R-23",),
)
PHONE_KEPT = declare(
    "contact-update-ignores-phone",
    "The phone is missing from the columns that an update writes.",
    part="backend",
    kind="data",
    severity=1,
    finding="a corrected phone number is answered with 200 and not kept",
    rulings=("R-23",),
)
UPDATED_ONCE = declare(
    "contact-update-works-once",
    "The guard against lost updates compares with the moment of creation, so only a contact's first change finds its row.",
    part="backend",
    kind="correctness",
    severity=1,
    finding="the second change of a contact is answered with 404",
    rulings=("R-23",),
)
UPDATED_AT_FROZEN = declare(
    "contact-updated-at-stands-still",
    "The answer to an update carries the moment of creation as the moment of the change.",
    part="backend",
    kind="correctness",
    severity=3,
    finding="a changed contact says that it was never changed",
)
DELETE_ONLY_DETACHES = declare(
    "contact-delete-only-detaches",
    "Deleting a contact takes it off its lists and leaves it in the table.",
    part="backend",
    kind="data",
    severity=1,
    finding="a contact whose deletion was answered with success can still be read",
)
SECOND_DELETE_SUCCEEDS = declare(
    "contact-delete-of-nobody-succeeds",
    "A deletion does not look at how many rows it removed.",
    part="backend",
    kind="correctness",
    severity=3,
    finding="deleting a contact that does not exist is answered with success",
)

NOT_FOUND = "Contacto no encontrado"
NOT_DELETED = "Contacto no encontrado o no se pudo eliminar"
LAST_OF_BMP = "\uffff"

router = APIRouter()

Row = dict[str, Any]


def contact_writer(caller: Reader) -> Caller:
    return caller if caller.role == "viewer" and VIEWER_MAY_WRITE.on else writer(caller)


ContactWriter = Annotated[Caller, Depends(contact_writer)]


async def one(rows: AsyncCursor[Row], caller: Caller) -> Row:
    row = await rows.fetchone()
    if row is None:
        raise ApiError(404, NOT_FOUND)
    return visible_to(caller, [row])[0]


def as_stored(values: Row) -> Row:
    """The texts on their way to the database; None stays None."""
    name, notes = values["name"] or "", values["notes"] or ""
    if not notes.isascii() and NOTES_MOJIBAKE.on:
        values["notes"] = notes.encode().decode("latin-1")
    if any(character > LAST_OF_BMP for character in name) and ASTRAL_LOST.on:
        values["name"] = "".join(character for character in name if character <= LAST_OF_BMP)
    elif not unicodedata.is_normalized("NFD", name) and DECOMPOSED.on:
        values["name"] = unicodedata.normalize("NFD", name)
    return values


async def same_phone(database: Database, phone: str) -> AsyncCursor[Row]:
    return await database.execute("SELECT * FROM contacts WHERE phone_number = %s ORDER BY created_at LIMIT 1", [phone])


@router.post("/", status_code=201, response_model=Contact)
async def create_contact(body: ContactCreate, caller: ContactWriter, database: Database) -> Row:
    """The same phone twice is two contacts (R-30)."""
    if PHONE_UNIQUE.on and (await same_phone(database, body.phone_number)).rowcount:
        raise ApiError(409, "Ya existe un contacto con ese teléfono")
    if EXISTING_ANSWERED.on and (known := await same_phone(database, body.phone_number)).rowcount:
        return await one(known, caller)
    created = await database.execute(
        """INSERT INTO contacts (name, phone_number, email, notes, tags)
        VALUES (%(name)s, %(phone_number)s, %(email)s, %(notes)s, %(tags)s) RETURNING *""",
        as_stored(body.model_dump()),
    )
    return await one(created, caller)


async def written(contact_id: str, body: ContactUpdate, database: Database) -> Row:
    """The columns that the update writes, null where the row keeps what it has."""
    values = as_stored(body.model_dump())
    if values["tags"] is None and TAGS_CLEARED.on:
        values["tags"] = []
    if values["phone_number"] is not None and PHONE_KEPT.on:
        values["phone_number"] = None
    nulls = [field for field in ("email", "notes") if field in body.model_fields_set and values[field] is None]
    if nulls and NULL_CLEARS.on:
        for field in nulls:
            await database.execute(
                sql.SQL("UPDATE contacts SET {} = NULL WHERE id = %s").format(sql.Identifier(field)), [as_uuid(contact_id)]
            )
    return values


@router.put("/{contact_id}", response_model=Contact)
async def change_contact(contact_id: str, body: ContactUpdate, caller: ContactWriter, database: Database) -> Row:
    """Null and omitted fields stay as they are (R-23)."""
    if UPDATED_ONCE.on:
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
    return contact | {"updated_at": contact["created_at"]} if UPDATED_AT_FROZEN.on else contact


@router.delete("/{contact_id}")
async def delete_contact(contact_id: str, _: ContactWriter, database: Database) -> Success:
    """The contact's calls and memberships go with it (contract 4.4)."""
    if DELETE_ONLY_DETACHES.on:
        await database.execute("DELETE FROM contact_list_contacts WHERE contact_id = %s", [as_uuid(contact_id)])
        return Success(success=True)
    deleted = await database.execute("DELETE FROM contacts WHERE id = %s", [as_uuid(contact_id)])
    if not deleted.rowcount and not SECOND_DELETE_SUCCEEDS.on:
        raise ApiError(404, NOT_DELETED)
    return Success(success=True)
