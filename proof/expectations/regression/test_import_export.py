from proof.expectations import Expectation

FAULTS = {
    "call-export-excel-loses-a-row": Expectation(
        {"test_excel_holds_the_calls_of_the_csv": "is a row lost between header and end?"}
    ),
    "call-export-ignores-window": Expectation(
        {"test_calls_are_exported_for_the_dates_asked": "does the export ignore the dates"}
    ),
    "contact-export-in-latin1": Expectation({"test_contact_is_exported_as_it_is": "UTF-8 as the header says"}),
    "contact-export-loses-a-row": Expectation(
        {
            "test_contact_is_exported_as_it_is": "the export loses rows",
            "regression/test_contact_lists.py::test_export_of_a_list_holds_its_members": "or a row lost?",
        }
    ),
    "contact-export-unquoted": Expectation({"test_contact_is_exported_as_it_is": "one CSV writer"}),
    "contact-import-all-or-nothing": Expectation({"test_bad_row_costs_only_itself": "counted as imported is not there"}),
    "contact-import-counts-header": Expectation({"test_bad_row_costs_only_itself": "neither the header nor less than all"}),
    "contact-import-crashes-on-latin1": Expectation({"test_file_is_refused[no es UTF-8]": "let no decoder's error through"}),
    "contact-import-fails-blank-email": Expectation(
        {"test_file_is_imported[correo en blanco]": "how is the file read (correo en blanco)"}
    ),
    "contact-import-guesses-encoding": Expectation({"test_file_is_refused[no es UTF-8]": "guess nothing"}),
    "contact-import-loses-last-line": Expectation(
        {
            "test_file_is_imported": "how is the file read (sin salto de línea final)",
            "test_bad_row_costs_only_itself": "total counts the data rows",
        },
        first=(
            "test_file_is_imported",
            "test_bad_row_costs_only_itself",
        ),
    ),
    "contact-import-refuses-upper-case-name": Expectation({"test_file_is_imported": "compare with contract R-24"}),
    "contact-import-skips-known-phones": Expectation({"test_import_takes_a_known_phone": "no uniqueness"}),
    "contact-import-splits-quoted-cells": Expectation({"test_quoted_cells_are_imported_whole": "not by splitting at commas"}),
    "contact-import-trips-over-bom": Expectation({"test_file_is_imported[UTF-8 con BOM]": "200 for a file: UTF-8 con BOM"}),
    "export-cell-injection": Expectation({"test_exported_text_is_no_formula": "runs formulas on the desk"}),
    "export-cell-injection-by-plus": Expectation(
        {
            "test_exported_text_is_no_formula[+]": "runs formulas on the desk",
            "test_exported_text_is_no_formula[-]": "runs formulas",
            "test_exported_text_is_no_formula[@]": "runs formulas",
        }
    ),
    "export-phones-with-apostrophe": Expectation({"test_contact_is_exported_as_it_is": "phones as they are"}),
}
