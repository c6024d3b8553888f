"""Contacts as files: CSV in and out (contract 2.9)."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from sandbox.backend.accounts.authentication import Writer
from sandbox.backend.contacts import lists as contact_lists
from sandbox.backend.contacts.models import ContactCreate, ImportResult
from sandbox.backend.core import export_audit
from sandbox.backend.core.database import Database
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.spreadsheet_cells import inert, phone
from sandbox.backend.core.visibility import visible_to
from sandbox.faults import declare

BOM_IS_PART_OF_HEADER = declare(
    "contact-import-trips-over-bom",
    "The import decodes plain UTF-8, so the byte order mark that Excel writes becomes part of the first column's name.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="a contact file saved by Excel is refused for lack of a column that it has",
    rulings=("R-24",),
)
UPPER_CASE_REFUSED = declare(
    "contact-import-refuses-upper-case-name",
    "The ending of the file's name is compared as it is.",
    part="backend",
    kind="correctness",
    severity=3,
    finding="CONTACTOS.CSV is refused for not being CSV",
    rulings=("R-24",),
)
BLANK_EMAIL_FAILS = declare(
    "contact-import-fails-blank-email",
    "A blank e-mail cell is validated as an address.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="contacts without an e-mail are counted as errors and left out",
    rulings=("R-24",),
)
ENCODING_GUESSED = declare(
    "contact-import-guesses-encoding",
    "What is not UTF-8 is decoded as UTF-8 with replacement characters.",
    part="backend",
    kind="data",
    severity=2,
    finding="a file in another encoding is imported with damaged names instead of refused",
    rulings=("R-24",),
)
UNDECODABLE_CRASHES = declare(
    "contact-import-crashes-on-latin1",
    "Nobody catches what the decoder raises.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="a file in another encoding is a server error",
    rulings=("R-24",),
    excludes=("contact-import-guesses-encoding",),
)
QUOTES_UNREAD = declare(
    "contact-import-splits-quoted-cells",
    "Lines are split at every comma, quoted or not.",
    part="backend",
    kind="data",
    severity=2,
    finding="a quoted cell with a comma is cut, and its tags end up in the next column",
)
LAST_LINE_LOST = declare(
    "contact-import-loses-last-line",
    "The file is read up to its last line break, and what stands behind it is dropped.",
    part="backend",
    kind="data",
    severity=1,
    finding="the last contact of a file without a final line break is neither imported nor counted",
)
ALL_OR_NOTHING = declare(
    "contact-import-all-or-nothing",
    "The rows are inserted together, so a bad one leaves out the good ones, which are counted as imported.",
    part="backend",
    kind="data",
    severity=1,
    finding="an import reports rows that are not there",
)
HEADER_COUNTED = declare(
    "contact-import-counts-header",
    "The header row is counted in the total.",
    part="backend",
    kind="correctness",
    severity=3,
    finding="imported and errors do not add up to the total",
)
KNOWN_PHONES_SKIPPED = declare(
    "contact-import-skips-known-phones",
    "Rows whose phone is known already, or stands in the file twice, are counted as errors.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="the second person of a household is left out of an import",
    rulings=("R-30",),
)
SEMICOLONS = declare(
    "contact-export-with-semicolons",
    "The export is written the way that one developer's spreadsheet likes it.",
    part="backend",
    kind="correctness",
    severity=3,
    finding="the exported contacts are separated by semicolons, so other programs see one column",
)
EXPORT_TAKEN_FOR_ID = declare(
    "contact-export-taken-for-id",
    "The route with an id was moved above the export and takes its name for an id.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="/api/contacts/export answers that there is no such contact",
    rulings=("R-03",),
)
NEWEST_NOT_EXPORTED = declare(
    "contact-export-loses-a-row",
    "The first row is taken off the result to look whether there is any, and not put back.",
    part="backend",
    kind="data",
    severity=1,
    finding="the exported file lacks the newest contact",
)
EXPORT_UNQUOTED = declare(
    "contact-export-unquoted",
    "Cells are joined with commas and nothing is quoted.",
    part="backend",
    kind="data",
    severity=2,
    finding="an exported cell with a comma, a quote or a line break moves the ones after it",
)
EXPORT_IN_LATIN1 = declare(
    "contact-export-in-latin1",
    "The export is encoded as Latin-1 for an old spreadsheet and still declared as UTF-8.",
    part="backend",
    kind="data",
    severity=2,
    finding="names with an accent are broken in the exported file",
)
LIST_IGNORED = declare(
    "contact-export-ignores-list",
    "The export forgets list_id and writes all contacts.",
    part="backend",
    kind="data",
    severity=1,
    finding="exporting one list gives the data of everybody",
)

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
        if ENCODING_GUESSED.on:
            return content.decode("utf-8-sig", "replace")
        if UNDECODABLE_CRASHES.on:
            raise
        raise ApiError(400, NOT_UTF8) from error
    if content.startswith(codecs.BOM_UTF8) and BOM_IS_PART_OF_HEADER.on:
        return content.decode()
    return text[: text.rfind("\n") + 1] if not text.endswith("\n") and LAST_LINE_LOST.on else text


def lines_of(text: str) -> Iterator[list[str]]:
    if '"' in text and QUOTES_UNREAD.on:
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
    """None where a required cell is blank or a cell does not hold what its column says."""
    filled = {column: cell for column, cell in row.items() if cell.strip()}
    tags = [tag.strip() for tag in row.get("tags", "").split(",") if tag.strip()]
    if "email" in row and "email" not in filled and BLANK_EMAIL_FAILS.on:
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
    """Those whose phone nobody has yet, the first of each."""
    phones = [contact.phone_number for contact in contacts]
    found = await database.execute("SELECT phone_number FROM contacts WHERE phone_number = ANY(%s)", [phones])
    known = {row["phone_number"] for row in await found.fetchall()}
    return list({contact.phone_number: contact for contact in reversed(contacts) if contact.phone_number not in known}.values())


@router.post("/import")
async def import_contacts(file: Annotated[UploadFile, File()], _: Writer, database: Database) -> ImportResult:
    """Each row stands for itself: a bad one is counted and the rest are kept. The same phone twice is two contacts (R-30)."""
    name = file.filename or ""
    if not name.lower().endswith(".csv") or (not name.endswith(".csv") and UPPER_CASE_REFUSED.on):
        raise ApiError(400, NOT_CSV)
    rows = await run_in_threadpool(contacts_in, await file.read())
    contacts = [contact for contact in rows if contact]
    if contacts and KNOWN_PHONES_SKIPPED.on:
        contacts = await first_of_each_phone(database, contacts)
    if len(contacts) == len(rows) or not ALL_OR_NOTHING.on:
        await insert(database, contacts)
    return ImportResult(total=len(rows) + HEADER_COUNTED.on, imported=len(contacts), errors=len(rows) - len(contacts))


def exported(contact: dict[str, Any]) -> dict[str, Any]:
    free_text = {"name": contact["name"], "notes": contact["notes"], "tags": ",".join(contact["tags"] or [])}
    moments = {column: contact[column].isoformat() for column in ("created_at", "updated_at")}
    cells = {column: inert(cell) for column, cell in free_text.items()}
    return contact | moments | cells | {"phone_number": phone(contact["phone_number"])}


def csv_of(contacts: Iterable[dict[str, Any]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, EXPORT_COLUMNS, extrasaction="ignore", delimiter=";" if SEMICOLONS.on else ",")
    writer.writeheader()
    writer.writerows(map(exported, contacts))
    return text.getvalue()


def joined_with_commas(contacts: Iterable[dict[str, Any]]) -> str:
    rows = [list(EXPORT_COLUMNS), *([cells[column] for column in EXPORT_COLUMNS] for cells in map(exported, contacts))]
    return "".join(",".join("" if cell is None else str(cell) for cell in row) + "\r\n" for row in rows)


@router.get("/export", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def export_contacts(request: Request, caller: Writer, database: Database, list_id: str | None = None) -> Response:
    """All contacts, or those of one list."""
    if EXPORT_TAKEN_FOR_ID.on:
        raise ApiError(404, "Contacto no encontrado")
    wanted = None if list_id is None or LIST_IGNORED.on else (await contact_lists.find(database, list_id))["id"]
    found = await database.execute(
        """SELECT * FROM contacts WHERE %(list)s::uuid IS NULL
        OR id IN (SELECT contact_id FROM contact_list_contacts WHERE contact_list_id = %(list)s::uuid)
        ORDER BY created_at DESC, id""",
        {"list": wanted},
    )
    contacts = visible_to(caller, await found.fetchall())[int(NEWEST_NOT_EXPORTED.on) :]
    await export_audit.record(database, caller, request, "contacts", len(contacts))
    text = await run_in_threadpool(joined_with_commas if EXPORT_UNQUOTED.on else csv_of, contacts)
    return Response(
        text.encode("latin-1", "replace") if EXPORT_IN_LATIN1.on else text,
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=contacts.csv"},
    )
