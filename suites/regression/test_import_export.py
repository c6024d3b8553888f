"""Contacts and calls as files: nothing is lost, damaged or run on the way (contract 2.9, R-24)."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import pytest

from fixtures.product.nouns import Product
from fixtures.product.response import Response
from fixtures.product.spreadsheets import csv_rows, excel_rows
from fixtures.wire.finding import stated as finding
from record.outcome import Blocked, Unverified

WRITES = "makes contacts under the run's own name and removes them"
HEADER = "name,phone_number,email,notes,tags"
Row = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file of one contact, whose name is written as {name}."""

    content: str
    file_name: str = "contactos.csv"
    encoding: str = "utf-8"

    def of(self, name: str) -> bytes:
        return self.content.format(name=name).encode(self.encoding)


ONE = f"{HEADER}\r\n{{name}},+34600123456,{{email}},,\r\n".replace("{email}", "a@example.com")
ACCEPTED = {
    "UTF-8 con BOM": Upload(ONE, encoding="utf-8-sig"),
    "extensión en mayúsculas": Upload(ONE, "CONTACTOS.CSV"),
    "correo en blanco": Upload(f"{HEADER}\r\n{{name}},+34600123456,,,\r\n"),
    "solo las columnas requeridas": Upload("phone_number,name\n+34600123456,{name}\n"),
    "sin salto de línea final": Upload("name,phone_number\n{name},+34600123456"),
}
REFUSED = {
    "no es UTF-8": Upload(f"{HEADER}\r\n{{name}} Muñoz,+34600123456,,,\r\n", encoding="latin-1"),
    "sin la columna phone_number": Upload("name,email\r\n{name},a@example.com\r\n"),
    "no es CSV": Upload(ONE, "contactos.xlsx"),
}


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize("case", ACCEPTED)
def test_file_is_imported(operator: Product, case: str) -> None:
    """As spreadsheets write them (contract R-24)."""
    name = operator.ledger.name("importado")
    upload = ACCEPTED[case]
    imported = operator.contacts.import_file(upload.of(name), marker=name, file_name=upload.file_name)

    assert imported.status_code == 200, finding(imported, expected=f"200 for a file: {case}", then="compare with contract R-24")
    assert (imported.body["imported"], imported.body["errors"]) == (1, 0), finding(
        imported, expected="one row, imported", then=f"how is the file read ({case})?"
    )
    found = operator.contacts.list(search=name)
    assert [row["name"] for row in found.body["data"]] == [name], finding(
        found, expected=f"the contact {name}", then="counted as imported and not there"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.parametrize("case", REFUSED)
def test_file_is_refused(operator: Product, case: str) -> None:
    """As a whole, with 400: half-read names would be called by them (contract R-24)."""
    name = operator.ledger.name("rechazado")
    upload = REFUSED[case]
    imported = operator.contacts.import_file(upload.of(name), marker=name, file_name=upload.file_name)

    assert imported.status_code == 400, finding(
        imported, expected=f"400 for a file: {case}", then="guess nothing, and let no decoder's error through (contract R-24)"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
def test_bad_row_costs_only_itself(operator: Product) -> None:
    """Each row stands for itself, and the counts add up (contract 2.9)."""
    name = operator.ledger.name("fila")
    rows = (f"{name} uno,+34600123456", f"{name} dos,12345", f"{name} tres,+34600123457")
    imported = operator.contacts.import_file("\n".join(["name,phone_number", *rows]).encode(), marker=name)

    expected = {"total": 3, "imported": 2, "errors": 1}
    assert imported.body == expected, finding(
        imported, expected=expected, then="total counts the data rows: neither the header nor less than all"
    )
    seen = sorted(row["name"] for row in operator.contacts.list(search=name).body["data"])
    assert seen == [f"{name} tres", f"{name} uno"], finding(
        imported, expected="the two good rows among the contacts", seen=seen, then="what is counted as imported is not there"
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
def test_import_takes_a_known_phone(operator: Product) -> None:
    """A family has one phone (contract R-30)."""
    name = operator.ledger.name("familia")
    content = f"name,phone_number\n{name} uno,+34600555444\n{name} dos,+34600555444\n".encode()
    first = operator.contacts.import_file(content, marker=name)

    assert (first.body["imported"], first.body["errors"]) == (2, 0), finding(
        first, expected="both rows imported", then="contacts have no uniqueness (contract R-30)"
    )


CELLS: Row = {"notes": 'Dijo: "llámeme, por favor"\nSegunda línea; con ñ', "tags": ["uno", "dos"], "email": "b@example.com"}


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
def test_quoted_cells_are_imported_whole(operator: Product) -> None:
    """Commas, quotes and line breaks inside a cell; tags are trimmed (contract 2.9)."""
    name = f"{operator.ledger.name('citado')}, S.A."
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER.split(","), [name, "+34600123456", CELLS["email"], CELLS["notes"], "uno, dos"]])
    imported = operator.contacts.import_file(text.getvalue().encode(), marker=name.removesuffix(", S.A."))
    found = operator.contacts.list(search=name.removesuffix(", S.A.")).body["data"]

    expected = {"name": name, **CELLS}
    seen = {field: found[0].get(field) for field in expected} if len(found) == 1 else f"{len(found)} contacts"
    assert seen == expected, finding(
        imported, expected=expected, seen=seen, then="read the file with a CSV reader, not by splitting at commas"
    )


def _row(export: Response[str], contact_id: str) -> dict[str, str] | None:
    """The contact's row of the exported file."""
    return next((row for row in csv_rows(export) if row["id"] == contact_id), None)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T10")
def test_contact_is_exported_as_it_is(operator: Product) -> None:
    """The newest one too, with its commas, quotes, line breaks and accents, and a phone that can be dialled."""
    given = {"phone_number": "+34600123456", **CELLS}
    created = operator.contacts.new(**given)
    export = operator.contacts.export()

    expected = {"name": created["name"], **given, "tags": "uno,dos"}
    row = _row(export, created["id"])
    assert row, finding(export, expected=f"a row for the contact {created['id']}", seen="none", then="the export loses rows")
    seen = {field: row.get(field) for field in expected}
    assert seen == expected, finding(
        export.response,
        expected=expected,
        seen=seen,
        then="one CSV writer, UTF-8 as the header says, and phones as they are (contract 2.9)",
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W1-D3-T1")
@pytest.mark.parametrize("beginning", ["=", "+", "-", "@"])
def test_exported_text_is_no_formula(operator: Product, beginning: str) -> None:
    """A spreadsheet runs what begins like one; an apostrophe keeps it text (contract 2.9)."""
    text = f"{beginning}1+1"
    created = operator.contacts.new(notes=text, tags=[f"{beginning}1"])
    export = operator.contacts.export()
    row = _row(export, created["id"])
    if row is None:
        raise Blocked(finding(export, expected=f"a row for the contact {created['id']}", then="the export loses rows").finding)

    seen = {field: row.get(field) for field in ("notes", "tags")}
    assert seen == {"notes": f"'{text}", "tags": f"'{beginning}1"}, finding(
        "/api/contacts/export",
        expected=f"an apostrophe before {beginning} in notes and tags",
        seen=seen,
        then="whoever can write a note runs formulas on the desk of whoever exports it",
    )


@pytest.mark.plan("W7-D3-T2", "W2-D2-T10")
def test_calls_are_exported_for_the_dates_asked(operator: Product, window: Row) -> None:
    """As many as the list shows for the same dates (contract 2.8)."""
    total = operator.calls.list(page_size=1, **window).body["total"]
    export = operator.reports.export_calls(**window)

    expected = min(total, 10_000)  # contract 2.9
    seen = len(csv_rows(export))
    assert seen == expected, finding(
        export, expected=f"{expected} calls", seen=seen, then="does the export ignore the dates, or leave calls out?"
    )


@pytest.mark.plan("W7-D3-T2", "W2-D2-T10")
def test_excel_holds_the_calls_of_the_csv(operator: Product, window: Row) -> None:
    """The same rows in the same order (contract 2.9)."""
    as_csv = [row["id"] for row in csv_rows(operator.reports.export_calls(**window))]
    excel = operator.reports.export_calls(format="excel", **window)
    if not as_csv:
        raise Unverified("there are no calls to export", "run it where calls were made in the last 30 days")

    seen = [str(row["id"]) for row in excel_rows(excel)]
    assert seen == as_csv, finding(
        "/api/reports/export/calls?format=excel",
        expected=f"{len(as_csv)} calls, as in the CSV",
        seen=f"{len(seen)} calls, {len(set(as_csv) - set(seen))} of the CSV's missing",
        then="is a row lost between header and end?",
    )
