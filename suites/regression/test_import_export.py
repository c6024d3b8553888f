"""Contacts and calls as files: nothing is lost or damaged on the way, and no cell is a formula (contract 2.9, R-24)."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import pytest

from fixtures.product.nouns import Product
from fixtures.product.response import Response, object_in
from fixtures.product.spreadsheets import csv_rows, excel_rows
from fixtures.wire.finding import finding, observed
from record.outcome import Blocked, Unverified
from suites.claiming import by_name
from suites.masks import sees_masks

WRITES = "makes contacts under the run's own name and removes them"
HEADER = "name,phone_number,email,notes,tags"
Row = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file of one contact, whose name is written as {name}, and the cause when it is not read as it should be.

    `rows` are those of the contract that it is an example of.
    """

    cause: str
    content: str
    rows: tuple[str, ...]
    file_name: str = "contactos.csv"
    encoding: str = "utf-8"

    def of(self, name: str) -> bytes:
        return self.content.format(name=name).encode(self.encoding)


ONE = f"{HEADER}\r\n{{name}},+34600123456,{{email}},,\r\n".replace("{email}", "a@example.com")
ACCEPTED = {
    "UTF-8 con BOM": Upload("import-trips-over-bom", ONE, ("bom-read",), encoding="utf-8-sig"),
    "extensión en mayúsculas": Upload("import-file-name-case", ONE, ("extension-in-capitals-read",), "CONTACTOS.CSV"),
    "correo en blanco": Upload(
        "import-refuses-blank-email", f"{HEADER}\r\n{{name}},+34600123456,,,\r\n", ("blank-optional-cells-read", "crlf-read")
    ),
    "solo las columnas requeridas": Upload(
        "import-wants-optional-columns",
        "phone_number,name\n+34600123456,{name}\n",
        ("required-columns-only-read", "columns-in-other-order-read"),
    ),
    "sin salto de línea final": Upload(
        "import-loses-last-line", "name,phone_number\n{name},+34600123456", ("no-last-line-break-read",)
    ),
}
REFUSED = {
    "no es UTF-8": Upload(
        "import-guesses-encoding", f"{HEADER}\r\n{{name}} Muñoz,+34600123456,,,\r\n", ("latin-1-refused",), encoding="latin-1"
    ),
    "sin la columna phone_number": Upload(
        "import-without-required-column", "name,email\r\n{name},a@example.com\r\n", ("without-phone-column-refused",)
    ),
    "no es CSV": Upload("import-of-other-file-types", ONE, ("no-csv-refused",), "contactos.xlsx"),
}


def _rows_of(case: str) -> list[str]:
    return [f"file/import/{row}" for row in (ACCEPTED | REFUSED)[case].rows]


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize("case", by_name(ACCEPTED, _rows_of))
def test_file_is_imported(operator: Product, case: str) -> None:
    """As spreadsheets write them (contract R-24). What the answer counts is the claim of another check."""
    name = operator.ledger.name("importado")
    upload = ACCEPTED[case]
    imported = operator.contacts.import_file(upload.of(name), marker=name, file_name=upload.file_name)

    assert imported.status_code == 200, finding(upload.cause, imported)
    found = operator.contacts.list(search=name)
    seen = [row["name"] for row in found.body["data"]]
    unread = object_in(imported.response).get("imported") == 0  # the product says itself that it read no row
    assert seen or not unread, finding(upload.cause, imported)
    assert seen == [name], finding("imported-rows-missing", found, seen=seen, names=[name])


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.parametrize("case", by_name(REFUSED, _rows_of))
def test_file_is_refused(operator: Product, case: str) -> None:
    """As a whole, with 400: people would be called by damaged names (contract R-24)."""
    name = operator.ledger.name("rechazado")
    upload = REFUSED[case]
    imported = operator.contacts.import_file(upload.of(name), marker=name, file_name=upload.file_name)

    assert imported.status_code == 400, finding(upload.cause, imported)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("file/import/bad-row-costs-itself")
def test_bad_row_costs_only_itself(operator: Product) -> None:
    """Each row stands for itself, whatever the answer counts (contract 2.9)."""
    name = operator.ledger.name("fila")
    imported = operator.contacts.import_file(_with_a_bad_row(name), marker=name)
    found = operator.contacts.list(search=name)

    seen = sorted(row["name"] for row in found.body["data"])
    good = [f"{name} tres", f"{name} uno"]
    assert seen == good, finding("imported-rows-missing", imported, seen=seen, names=good)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("file/import/bad-phone-error", "file/import/counts-add-up")
def test_import_counts_each_row(operator: Product) -> None:
    """As read, as imported or as an error: who imports a file reads nothing else of what became of it (contract 2.9)."""
    name = operator.ledger.name("fila")
    imported = operator.contacts.import_file(_with_a_bad_row(name), marker=name)

    expected = {"total": 3, "imported": 2, "errors": 1}
    assert imported.body == expected, finding("import-counts-wrong", imported, counts=expected)


def _with_a_bad_row(name: str) -> bytes:
    """Three rows, the second with a phone that cannot be dialled."""
    rows = (f"{name} uno,+34600123456", f"{name} dos,12345", f"{name} tres,+34600123457")
    return "\n".join(["name,phone_number", *rows, ""]).encode()


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("file/import/same-phone-twice")
def test_import_takes_a_known_phone(operator: Product) -> None:
    """A family has one phone (contract R-30)."""
    name = operator.ledger.name("familia")
    content = f"name,phone_number\n{name} uno,+34600555444\n{name} dos,+34600555444\n".encode()
    first = operator.contacts.import_file(content, marker=name)

    assert (first.body["imported"], first.body["errors"]) == (2, 0), finding("phone-taken-as-unique", first)


CELLS: Row = {"notes": 'Dijo: "llámeme, por favor"\nSegunda línea; con ñ', "tags": ["uno", "dos"], "email": "b@example.com"}


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims(
    "file/import/all-columns-read",
    "file/import/quoted-comma-read",
    "file/import/quoted-quote-read",
    "file/import/quoted-line-break-read",
    "file/import/tags-split",
    "file/import/tags-trimmed",
    "file/import/cells-kept",
)
def test_quoted_cells_are_imported_whole(operator: Product) -> None:
    """Commas, quotes and line breaks inside a cell; tags are trimmed (contract 2.9)."""
    name = f"{operator.ledger.name('citado')}, S.A."
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER.split(","), [name, "+34600123456", CELLS["email"], CELLS["notes"], "uno, dos"]])
    imported = operator.contacts.import_file(text.getvalue().encode(), marker=name.removesuffix(", S.A."))
    found = operator.contacts.list(search=name.removesuffix(", S.A.")).body["data"]

    lost = not found and object_in(imported.response).get("imported") != 0  # told as imported, and not there
    assert not lost, finding("imported-rows-missing", imported, seen=[], names=[name])
    expected = {"name": name, **CELLS}
    seen = [{field: contact.get(field) for field in expected} for contact in found]
    assert seen == [expected], finding("import-splits-quoted-cells", imported, seen=seen, values=[expected])


def _exported(operator: Product, **fields: Any) -> tuple[Row, dict[str, str], Response[str]]:
    """A new contact, its row of the exported file, and the export.

    Of two contacts alike, because that none is lost is the claim of another check; Blocked where the file has neither.
    """
    created = [operator.contacts.new(**fields) for _ in range(2)]
    export = operator.contacts.export()
    rows = {row["id"]: row for row in csv_rows(export)}
    for contact in created:
        if contact["id"] in rows:
            return dict(contact), rows[contact["id"]], export
    raise Blocked(observed("contact-export-loses-rows", export, contact_id=created[0]["id"]))


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T10")
@pytest.mark.claims("file/contacts/every-row")
def test_newest_contact_is_exported(operator: Product) -> None:
    """The file has each contact, the one that was made a moment ago too (contract 2.9)."""
    created = operator.contacts.new()
    export = operator.contacts.export()

    exported = {row["id"] for row in csv_rows(export)}
    assert created["id"] in exported, finding("contact-export-loses-rows", export, contact_id=created["id"])


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T10")
@pytest.mark.claims("file/contacts/cells-as-they-are", "file/contacts/phones-as-they-are", "file/contacts/tags-joined")
def test_contact_is_exported_as_it_is(operator: Product) -> None:
    """With its commas, quotes, line breaks and accents, and a phone that can be dialled."""
    sent = {"phone_number": "+34600123456", **CELLS}
    created, row, export = _exported(operator, **sent)

    expected = {"name": created["name"], **sent, "tags": "uno,dos"}
    seen = {field: row.get(field) for field in expected}
    masked = sees_masks(export, operator, seen, expected)
    assert seen == expected, masked or finding("exported-cells-damaged", export, seen=seen, values=expected)


BEGINNINGS = {"=": "equals", "+": "plus", "-": "minus", "@": "at"}  # as the contract's rows call them


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W1-D3-T1")
@pytest.mark.parametrize(
    "beginning", by_name(BEGINNINGS, lambda sign: [f"file/contacts/{column}-{BEGINNINGS[sign]}" for column in ("notes", "tags")])
)
def test_exported_text_is_no_formula(operator: Product, beginning: str) -> None:
    """A spreadsheet runs what begins like one; an apostrophe keeps it text (contract 2.9)."""
    text = f"{beginning}1+1"
    _, row, _ = _exported(operator, notes=text, tags=[f"{beginning}1"])

    seen = {field: row.get(field) for field in ("notes", "tags")}
    assert seen == {"notes": f"'{text}", "tags": f"'{beginning}1"}, finding(
        "export-runs-formulas", "/api/contacts/export", seen=seen, beginning=beginning
    )


@pytest.mark.plan("W7-D3-T2", "W2-D2-T10")
@pytest.mark.claims("file/calls-csv/every-row")
def test_calls_are_exported_for_the_dates_asked(operator: Product, window: Row, raw_calls: list[Row]) -> None:
    """All that the list shows for the same dates (contract 2.8)."""
    export = operator.reports.export_calls(**window)

    lost = {call["id"] for call in raw_calls} - {row["id"] for row in csv_rows(export)}
    assert not lost, finding("call-export-loses-calls", export, lost=len(lost), calls=len(raw_calls), id=min(lost))


@pytest.mark.plan("W7-D3-T2", "W2-D2-T10")
@pytest.mark.claims(
    "report/GET /api/reports/export/calls/start_date-bounds", "report/GET /api/reports/export/calls/end_date-bounds"
)
def test_no_call_of_other_dates_is_exported(operator: Product, window: Row, raw_calls: list[Row]) -> None:
    """Who asks for a month and gets the year counts the year (contract 2.8)."""
    export = operator.reports.export_calls(**window)

    rows = csv_rows(export)
    others = {row["id"] for row in rows} - {call["id"] for call in raw_calls}
    assert not others, finding("call-export-ignores-dates", export, others=len(others), rows=len(rows), calls=len(raw_calls))


@pytest.mark.plan("W7-D3-T2", "W2-D2-T10")
@pytest.mark.claims("file/calls-excel/same-as-csv")
def test_excel_holds_the_calls_of_the_csv(operator: Product, window: Row) -> None:
    """The same rows in the same order (contract 2.9)."""
    as_csv = [row["id"] for row in csv_rows(operator.reports.export_calls(**window))]
    excel = operator.reports.export_calls(format="excel", **window)
    if not as_csv:
        raise Unverified("no-call-to-export")

    seen = [str(row["id"]) for row in excel_rows(excel)]
    same = next((number for number, (sheet, file) in enumerate(zip(seen, as_csv, strict=False)) if sheet != file), len(as_csv))
    assert seen == as_csv, finding(
        "excel-differs-from-csv",
        "/api/reports/export/calls?format=excel",
        calls=len(as_csv),
        rows=len(seen),
        missing=len(set(as_csv) - set(seen)),
        others=len(set(seen) - set(as_csv)),
        same=same,
    )
