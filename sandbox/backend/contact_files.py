"""Contacts as files: CSV in and out (contract 2.9)."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from sandbox.backend import contact_lists, export_audit
from sandbox.backend.authentication import Writer
from sandbox.backend.contact_models import ContactCreate, ImportResult
from sandbox.backend.database import Database
from sandbox.backend.errors import ApiError
from sandbox.backend.spreadsheet_cells import inert
from sandbox.backend.visibility import visible_to
from sandbox.faults import declare

BOM_IS_PART_OF_HEADER = declare(
    "contact-import-trips-over-bom",
    "The import decodes plain UTF-8, so the byte order mark that Excel writes becomes part of the first column's name.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="a contact file saved by Excel is refused for lack of a column that it has",
)
SEMICOLONS = declare(
    "contact-export-with-semicolons",
    "The export is written the way that one developer's spreadsheet likes it.",
    part="backend",
    kind="correctness",
    severity=3,
    finding="the exported contacts are separated by semicolons, so other programs see one column",
)

NOT_CSV = "El archivo debe ser CSV"
NOT_UTF8 = "El archivo debe estar codificado en UTF-8"
MALFORMED = "El archivo CSV no es válido"
REQUIRED_COLUMNS = ("name", "phone_number")
EXPORT_COLUMNS = ("id", "name", "phone_number", "email", "notes", "tags", "created_at", "updated_at")
BATCH = 100  # rows an INSERT (contract 2.9)

router = APIRouter()


def data_rows(content: bytes) -> Iterator[dict[str, str]]:
    """The rows below the header by column name; a short row has blanks, what is beyond the last column is dropped."""
    try:
        text = content.decode("utf-8" if BOM_IS_PART_OF_HEADER.on else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ApiError(400, NOT_UTF8) from error
    reader = csv.reader(io.StringIO(text, newline=""))
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
    """None where a required cell is blank or a cell does not hold what its column says."""
    filled = {column: cell for column, cell in row.items() if cell.strip()}
    tags = [tag.strip() for tag in row.get("tags", "").split(",") if tag.strip()]
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


@router.post("/import")
async def import_contacts(file: Annotated[UploadFile, File()], _: Writer, database: Database) -> ImportResult:
    """Each row stands for itself: a bad one is counted and the rest are kept. The same phone twice is two contacts (R-30)."""
    if not (file.filename or "").lower().endswith(".csv"):
        raise ApiError(400, NOT_CSV)
    rows = await run_in_threadpool(contacts_in, await file.read())
    contacts = [contact for contact in rows if contact]
    await insert(database, contacts)
    return ImportResult(total=len(rows), imported=len(contacts), errors=len(rows) - len(contacts))


def exported(contact: dict[str, Any]) -> dict[str, Any]:
    free_text = {"name": contact["name"], "notes": contact["notes"], "tags": ",".join(contact["tags"] or [])}
    moments = {column: contact[column].isoformat() for column in ("created_at", "updated_at")}
    return contact | moments | {column: inert(cell) for column, cell in free_text.items()}


def csv_of(contacts: Iterable[dict[str, Any]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, EXPORT_COLUMNS, extrasaction="ignore", delimiter=";" if SEMICOLONS.on else ",")
    writer.writeheader()
    writer.writerows(map(exported, contacts))
    return text.getvalue()


@router.get("/export", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def export_contacts(request: Request, caller: Writer, database: Database, list_id: str | None = None) -> Response:
    """All contacts, or those of one list."""
    wanted = None if list_id is None else (await contact_lists.find(database, list_id))["id"]
    found = await database.execute(
        """SELECT * FROM contacts WHERE %(list)s::uuid IS NULL
        OR id IN (SELECT contact_id FROM contact_list_contacts WHERE contact_list_id = %(list)s::uuid)
        ORDER BY created_at DESC, id""",
        {"list": wanted},
    )
    contacts = visible_to(caller, await found.fetchall())
    await export_audit.record(database, caller, request, "contacts", len(contacts))
    text = await run_in_threadpool(csv_of, contacts)
    return Response(
        text,
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=contacts.csv"},
    )
