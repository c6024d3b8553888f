"""Contacts and calls as files."""

from proof.expected import Expected

FAULTS = {
    "call-export-excel-loses-a-row": Expected(
        {"regression/test_import_export.py::test_excel_holds_the_calls_of_the_csv": "is a row lost between header and end?"}
    ),
    "call-export-ignores-window": Expected(
        {"regression/test_import_export.py::test_calls_are_exported_for_the_dates_asked": "does the export ignore the dates"}
    ),
    "call-export-of-completed-calls": Expected(
        {
            "smoke/test_reports.py::test_export_holds_every_call": "the export loses calls",
            "regression/test_import_export.py::test_calls_are_exported_for_the_dates_asked": "or leave calls out?",
        }
    ),
    "contact-export-ignores-list": Expected(
        {"regression/test_contact_lists.py::test_export_of_a_list_holds_its_members": "is list_id ignored"}
    ),
    "contact-export-in-latin1": Expected(
        {"regression/test_import_export.py::test_contact_is_exported_as_it_is": "UTF-8 as the header says"}
    ),
    "contact-export-loses-a-row": Expected(
        {
            "regression/test_import_export.py::test_contact_is_exported_as_it_is": "the export loses rows",
            "regression/test_contact_lists.py::test_export_of_a_list_holds_its_members": "or a row lost?",
        }
    ),
    "contact-export-taken-for-id": Expected({"smoke/test_lists.py::test_contacts_are_exported_as_csv": "shadowed by /{id}"}),
    "contact-export-unquoted": Expected(
        {"regression/test_import_export.py::test_contact_is_exported_as_it_is": "one CSV writer"}
    ),
    "contact-export-with-semicolons": Expected(
        {"smoke/test_lists.py::test_contacts_are_exported_as_csv": "id;name;phone_number"}
    ),
    "contact-import-all-or-nothing": Expected(
        {"regression/test_import_export.py::test_bad_row_costs_only_itself": "counted as imported is not there"}
    ),
    "contact-import-counts-header": Expected(
        {"regression/test_import_export.py::test_bad_row_costs_only_itself": "neither the header nor less than all"}
    ),
    "contact-import-crashes-on-latin1": Expected(
        {"regression/test_import_export.py::test_file_is_refused[no es UTF-8]": "let no decoder's error through"}
    ),
    "contact-import-fails-blank-email": Expected(
        {"regression/test_import_export.py::test_file_is_imported[correo en blanco]": "how is the file read (correo en blanco)"}
    ),
    "contact-import-guesses-encoding": Expected(
        {"regression/test_import_export.py::test_file_is_refused[no es UTF-8]": "guess nothing"}
    ),
    "contact-import-loses-last-line": Expected(
        {
            "regression/test_import_export.py::test_file_is_imported": "how is the file read (sin salto de línea final)",
            "regression/test_import_export.py::test_bad_row_costs_only_itself": "total counts the data rows",
        },
        first=(
            "regression/test_import_export.py::test_file_is_imported",
            "regression/test_import_export.py::test_bad_row_costs_only_itself",
        ),
    ),
    "contact-import-refuses-upper-case-name": Expected(
        {"regression/test_import_export.py::test_file_is_imported": "compare with contract R-24"}
    ),
    "contact-import-skips-known-phones": Expected(
        {"regression/test_import_export.py::test_import_takes_a_known_phone": "no uniqueness"}
    ),
    "contact-import-splits-quoted-cells": Expected(
        {"regression/test_import_export.py::test_quoted_cells_are_imported_whole": "not by splitting at commas"}
    ),
    "contact-import-trips-over-bom": Expected(
        {"regression/test_import_export.py::test_file_is_imported[UTF-8 con BOM]": "200 for a file: UTF-8 con BOM"}
    ),
    "export-cell-injection": Expected(
        {"regression/test_import_export.py::test_exported_text_is_no_formula": "runs formulas on the desk"}
    ),
    "export-cell-injection-by-plus": Expected(
        {
            "regression/test_import_export.py::test_exported_text_is_no_formula[+]": "runs formulas on the desk",
            "regression/test_import_export.py::test_exported_text_is_no_formula[-]": "runs formulas",
            "regression/test_import_export.py::test_exported_text_is_no_formula[@]": "runs formulas",
        }
    ),
    "export-phones-with-apostrophe": Expected(
        {"regression/test_import_export.py::test_contact_is_exported_as_it_is": "phones as they are"}
    ),
}
