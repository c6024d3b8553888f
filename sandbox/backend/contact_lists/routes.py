"""Contact lists and who is on them (contract 2.7)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from psycopg import sql

from sandbox.backend.accounts.authentication import Caller, Reader, Writer
from sandbox.backend.contact_lists import faults
from sandbox.backend.contact_lists.models import Added, ContactList, ContactListCreate
from sandbox.backend.contacts.models import Success
from sandbox.backend.core.database import Database
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.field_types import as_uuid
from sandbox.backend.core.visibility import visible_to

NOT_FOUND = "Lista de contactos no encontrada"
IN_ENGLISH = "Contact list not found"
MEMBER_NOT_FOUND = "Lista o contacto no encontrados"
USED_BY = sql.SQL("LEFT JOIN campaign_contact_lists USING (contact_list_id)")

router = APIRouter(prefix="/lists")

Row = dict[str, Any]


async def find(database: Database, list_id: str) -> Row:
    """The list's own row, or 404, also for an id that is not a UUID."""
    rows = await database.execute("SELECT * FROM contact_lists WHERE id = %s", [as_uuid(list_id)])
    contact_list = await rows.fetchone()
    if contact_list is None:
        raise ApiError(404, IN_ENGLISH if faults.LIST_TEXTS_ENGLISH.on else NOT_FOUND)
    return contact_list


async def with_contacts(database: Database, lists: list[Row], caller: Caller) -> list[Row]:
    found = await database.execute(
        sql.SQL(
            """SELECT contact_list_id, contacts.* FROM contact_list_contacts JOIN contacts ON contacts.id = contact_id {}
            WHERE contact_list_id = ANY(%s) ORDER BY contacts.created_at DESC, contacts.id"""
        ).format(USED_BY if faults.MEMBERS_TWICE.on else sql.SQL("")),
        [[contact_list["id"] for contact_list in lists]],
    )
    contacts: dict[UUID, list[Row]] = {contact_list["id"]: [] for contact_list in lists}
    for member in visible_to(caller, await found.fetchall(), unless=faults.MEMBERS_UNMASKED):
        contacts[member["contact_list_id"]].append(member)
    if faults.MEMBER_WITHOUT_NOTES.on:
        contacts = {key: [member | {"notes": None} for member in rows] for key, rows in contacts.items()}
    return [contact_list | {"contacts": contacts[contact_list["id"]]} for contact_list in lists]


async def add(database: Database, list_id: UUID, contact_ids: list[str]) -> int:
    """The number of contacts added; unknown ids and contacts that are on the list already are skipped."""
    known = [contact for contact_id in contact_ids if (contact := as_uuid(contact_id))]
    added = await database.execute(
        sql.SQL(
            """INSERT INTO contact_list_contacts (contact_list_id, contact_id)
            SELECT contact_lists.id, contacts.id FROM contact_lists, contacts WHERE {} AND contacts.id = ANY(%s)
            ON CONFLICT DO NOTHING"""
        ).format(sql.SQL("%s::uuid IS NOT NULL" if faults.ADDED_EVERYWHERE.on else "contact_lists.id = %s")),
        [list_id, known],
    )
    return len(known) if faults.ADDED_AS_SENT.on else added.rowcount


@router.get("", response_model=list[ContactList])
async def list_contact_lists(caller: Reader, database: Database) -> list[Row]:
    if faults.LISTS_TAKEN_FOR_ID.on:
        raise ApiError(404, "Contacto no encontrado")
    lists = await database.execute("SELECT * FROM contact_lists ORDER BY created_at DESC, id")
    shown = await with_contacts(database, await lists.fetchall(), caller)
    return [each for each in shown if each["contacts"] or not faults.EMPTY_LEFT_OUT.on]


@router.post("", status_code=201, response_model=ContactList)
async def create_contact_list(body: ContactListCreate, caller: Writer, database: Database) -> Row:
    created = await database.execute(
        "INSERT INTO contact_lists (name, description) VALUES (%s, %s) RETURNING *",
        [body.name, None if faults.DESCRIPTION_LOST.on else body.description],
    )
    lists = await created.fetchall()
    if not faults.CREATED_EMPTY.on:
        await add(database, lists[0]["id"], body.contacts)
    return (await with_contacts(database, lists, caller))[0]


@router.get("/{list_id}", response_model=ContactList)
async def read_contact_list(list_id: str, caller: Reader, database: Database) -> Row:
    contact_list = await find(database, list_id)
    shown = (await with_contacts(database, [contact_list], caller))[0]
    if faults.NOT_FOUND_WHILE_EMPTY.on and not shown["contacts"]:
        raise ApiError(404, NOT_FOUND)
    return shown | {"contacts": shown["contacts"][:1]} if faults.LIST_CUT.on else shown


@router.post("/{list_id}/contacts")
async def add_contacts(list_id: str, contact_ids: list[str], _: Writer, database: Database) -> Added:
    if faults.ADDED_TO_NO_LIST.on and (unchecked := as_uuid(list_id)):
        return Added(added=await add(database, unchecked, contact_ids))
    contact_list = await find(database, list_id)
    return Added(added=await add(database, contact_list["id"], contact_ids))


@router.delete("/{list_id}/contacts/{contact_id}")
async def remove_contact(list_id: str, contact_id: str, _: Writer, database: Database) -> Success:
    of_list, of_contact = as_uuid(list_id), as_uuid(contact_id)
    removed = await database.execute(
        sql.SQL("DELETE FROM contact_list_contacts WHERE {} AND {}").format(
            sql.SQL("%s::uuid IS NOT NULL" if faults.REMOVED_EVERYWHERE.on else "contact_list_id = %s"),
            sql.SQL("%s::uuid IS NOT NULL" if faults.REMOVAL_EMPTIES.on else "contact_id = %s"),
        ),
        [of_list, of_contact],
    )
    if not removed.rowcount and not faults.REMOVAL_OF_NOBODY.on:
        raise ApiError(404, IN_ENGLISH if faults.LIST_TEXTS_ENGLISH.on else MEMBER_NOT_FOUND)
    if faults.REMOVAL_DELETES.on:
        await database.execute("DELETE FROM contacts WHERE id = %s", [of_contact])
    return Success(success=True)
