"""Contact lists and who is on them (contract 2.7)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from psycopg import sql

from sandbox.backend.accounts.authentication import Caller, Reader, Writer
from sandbox.backend.contacts import faults
from sandbox.backend.contacts.models import Added, ContactList, ContactListCreate, Success
from sandbox.backend.core.database import Database
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.field_types import as_uuid
from sandbox.backend.core.visibility import visible_to

NOT_FOUND = "Lista de contactos no encontrada"
MEMBER_NOT_FOUND = "Lista o contacto no encontrados"
USED_BY = sql.SQL("LEFT JOIN campaign_contact_lists USING (contact_list_id)")

router = APIRouter(prefix="/lists")

Row = dict[str, Any]


async def find(database: Database, list_id: str) -> Row:
    """The list's own row, or 404, also for an id that is not a UUID."""
    rows = await database.execute("SELECT * FROM contact_lists WHERE id = %s", [as_uuid(list_id)])
    contact_list = await rows.fetchone()
    if contact_list is None:
        raise ApiError(404, NOT_FOUND)
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
    return [contact_list | {"contacts": contacts[contact_list["id"]]} for contact_list in lists]


async def add(database: Database, list_id: UUID, contact_ids: list[str]) -> int:
    """The number of contacts added; unknown ids and contacts that are on the list already are skipped."""
    added = await database.execute(
        """INSERT INTO contact_list_contacts (contact_list_id, contact_id) SELECT %s, id FROM contacts WHERE id = ANY(%s)
        ON CONFLICT DO NOTHING""",
        [list_id, [known for contact_id in contact_ids if (known := as_uuid(contact_id))]],
    )
    return added.rowcount


@router.get("", response_model=list[ContactList])
async def list_contact_lists(caller: Reader, database: Database) -> list[Row]:
    if faults.LISTS_TAKEN_FOR_ID.on:
        raise ApiError(404, "Contacto no encontrado")
    lists = await database.execute("SELECT * FROM contact_lists ORDER BY created_at DESC, id")
    return await with_contacts(database, await lists.fetchall(), caller)


@router.post("", status_code=201, response_model=ContactList)
async def create_contact_list(body: ContactListCreate, caller: Writer, database: Database) -> Row:
    created = await database.execute(
        "INSERT INTO contact_lists (name, description) VALUES (%s, %s) RETURNING *",
        [body.name, body.description],
    )
    lists = await created.fetchall()
    await add(database, lists[0]["id"], body.contacts)
    return (await with_contacts(database, lists, caller))[0]


@router.get("/{list_id}", response_model=ContactList)
async def read_contact_list(list_id: str, caller: Reader, database: Database) -> Row:
    contact_list = await find(database, list_id)
    shown = (await with_contacts(database, [contact_list], caller))[0]
    return shown | {"contacts": shown["contacts"][:1]} if faults.LIST_CUT.on else shown


@router.post("/{list_id}/contacts")
async def add_contacts(list_id: str, contact_ids: list[str], _: Writer, database: Database) -> Added:
    contact_list = await find(database, list_id)
    return Added(added=await add(database, contact_list["id"], contact_ids))


@router.delete("/{list_id}/contacts/{contact_id}")
async def remove_contact(list_id: str, contact_id: str, _: Writer, database: Database) -> Success:
    removed = await database.execute(
        "DELETE FROM contact_list_contacts WHERE contact_list_id = %s AND contact_id = %s",
        [as_uuid(list_id), as_uuid(contact_id)],
    )
    if not removed.rowcount:
        raise ApiError(404, MEMBER_NOT_FOUND)
    return Success(success=True)
