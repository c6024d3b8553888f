"""Contacts as files: CSV in and out (contract 2.9)."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from sandbox.backend.accounts.authentication import Writer, forbidden
from sandbox.backend.contact_lists import routes as contact_lists
from sandbox.backend.contacts import faults
from sandbox.backend.contacts.models import ContactCreate, ImportResult
from sandbox.backend.core import audit
from sandbox.backend.core.database import Database
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.spreadsheet_cells import inert, phone
from sandbox.backend.core.visibility import visible_to

NOT_CSV = "El archivo debe ser CSV"
NOT_UTF8 = "El archivo debe estar codificado en UTF-8"
MALFORMED = "El archivo CSV no es válido"
REQUIRED_COLUMNS = ("name", "phone_number")
EXPORT_COLUMNS = ("id", "name", "phone_number", "email", "notes", "tags", "created_at", "updated_at")
BATCH = 100  # rows an INSERT (contract 2.9)

router = APIRouter()


def text_of(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if faults.ENCODING_GUESSED.on:
            return content.decode("utf-8-sig", "replace")
        if faults.UNDECODABLE_CRASHES.on:
            raise
        raise ApiError(400, NOT_UTF8) from error
    if content.startswith(codecs.BOM_UTF8) and faults.BOM_IS_PART_OF_HEADER.on:
        return content.decode()
    return text[: text.rfind("\n") + 1] if not text.endswith("\n") and faults.LAST_LINE_LOST.on else text


def lines_of(text: str) -> Iterator[list[str]]:
    if '"' in text and faults.QUOTES_UNREAD.on:
        return (line.replace('"', "").split(",") for line in text.splitlines())
    return csv.reader(io.StringIO(text, newline=""))


def data_rows(content: bytes) -> Iterator[dict[str, str]]:
    """The rows below the header by column name; a short row has blanks, what is beyond the last column is dropped."""
    reader = lines_of(text_of(content))
    try:
        header = [column.strip() for column in next(reader, [])]
        missing = [column for column in REQUIRED_COLUMNS if column not in header]
        if missing:
            raise ApiError(400, f"Faltan columnas requeridas: {', '.join(missing)}")
        for cells in reader:
            if cells:
                yield dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
    except csv.Error as error:
        raise ApiError(400, MALFORMED) from error


def contact_in(row: dict[str, str]) -> ContactCreate | None:
    """None where a required cell is blank or a cell has an invalid value."""
    filled = {column: cell for column, cell in row.items() if cell.strip()}
    tags = [tag.strip() for tag in row.get("tags", "").split(",") if tag.strip()]
    if "email" in row and "email" not in filled and faults.BLANK_EMAIL_FAILS.on:
        return None
    try:
        return ContactCreate.model_validate(filled | {"tags": tags})
    except ValidationError:
        return None


def contacts_in(content: bytes) -> list[ContactCreate | None]:
    return [contact_in(row) for row in data_rows(content)]


async def insert(database: Database, contacts: list[ContactCreate]) -> None:
    async with database.cursor() as cursor:
        for start in range(0, len(contacts), BATCH):
            await cursor.executemany(
                """INSERT INTO contacts (name, phone_number, email, notes, tags)
                VALUES (%(name)s, %(phone_number)s, %(email)s, %(notes)s, %(tags)s)""",
                [contact.model_dump() for contact in contacts[start : start + BATCH]],
            )


async def first_of_each_phone(database: Database, contacts: list[ContactCreate]) -> list[ContactCreate]:
    """One contact for each phone that is not stored yet: the first."""
    phones = [contact.phone_number for contact in contacts]
    found = await database.execute("SELECT phone_number FROM contacts WHERE phone_number = ANY(%s)", [phones])
    known = {row["phone_number"] for row in await found.fetchall()}
    return list({contact.phone_number: contact for contact in reversed(contacts) if contact.phone_number not in known}.values())


@router.post("/import")
async def import_contacts(file: Annotated[UploadFile, File()], _: Writer, database: Database) -> ImportResult:
    """Each row stands for itself: a bad one is counted and the rest are kept. The same phone twice is two contacts (R-30)."""
    name = file.filename or ""
    if not name.lower().endswith(".csv") or (not name.endswith(".csv") and faults.UPPER_CASE_REFUSED.on):
        raise ApiError(400, NOT_CSV)
    rows = await run_in_threadpool(contacts_in, await file.read())
    contacts = [contact for contact in rows if contact]
    if contacts and faults.KNOWN_PHONES_SKIPPED.on:
        contacts = await first_of_each_phone(database, contacts)
    if len(contacts) == len(rows) or not faults.ALL_OR_NOTHING.on:
        await insert(database, contacts)
    return ImportResult(total=len(rows) + faults.HEADER_COUNTED.on, imported=len(contacts), errors=len(rows) - len(contacts))


def exported(contact: dict[str, Any]) -> dict[str, Any]:
    free_text = {"name": contact["name"], "notes": contact["notes"], "tags": ",".join(contact["tags"] or [])}
    moments = {column: contact[column].isoformat() for column in ("created_at", "updated_at")}
    cells = {column: inert(cell) for column, cell in free_text.items()}
    return contact | moments | cells | {"phone_number": phone(contact["phone_number"])}


def csv_of(contacts: Iterable[dict[str, Any]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, EXPORT_COLUMNS, extrasaction="ignore", delimiter=";" if faults.SEMICOLONS.on else ",")
    writer.writeheader()
    writer.writerows(map(exported, contacts))
    return text.getvalue()


def joined_with_commas(contacts: Iterable[dict[str, Any]]) -> str:
    rows = [list(EXPORT_COLUMNS), *([cells[column] for column in EXPORT_COLUMNS] for cells in map(exported, contacts))]
    return "".join(",".join("" if cell is None else str(cell) for cell in row) + "\r\n" for row in rows)


@router.get("/export", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def export_contacts(request: Request, caller: Writer, database: Database, list_id: str | None = None) -> Response:
    """All contacts, or those of one list."""
    if faults.EXPORT_TAKEN_FOR_ID.on:
        raise ApiError(404, "Contacto no encontrado")
    if caller.role == "admin" and faults.EXPORT_FOR_OPERATORS.on:
        raise forbidden()
    wanted = None if list_id is None or faults.LIST_IGNORED.on else (await contact_lists.find(database, list_id))["id"]
    found = await database.execute(
        """SELECT * FROM contacts WHERE %(list)s::uuid IS NULL
        OR id IN (SELECT contact_id FROM contact_list_contacts WHERE contact_list_id = %(list)s::uuid)
        ORDER BY created_at DESC, id""",
        {"list": wanted},
    )
    contacts = visible_to(caller, await found.fetchall())[int(faults.NEWEST_NOT_EXPORTED.on) :]
    await audit.record(database, request, "data_export", {"what": "contacts", "rows": len(contacts)}, caller)
    text = await run_in_threadpool(joined_with_commas if faults.EXPORT_UNQUOTED.on else csv_of, contacts)
    return Response(
        text.encode("latin-1", "replace") if faults.EXPORT_IN_LATIN1.on else text,
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=contacts.csv"},
    )
