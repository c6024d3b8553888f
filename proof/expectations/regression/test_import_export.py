from proof.expectations import Expectation

FAULTS = {
    "call-export-excel-loses-a-row": Expectation({"test_excel_holds_the_calls_of_the_csv": "excel-differs-from-csv"}),
    "call-export-ignores-window": Expectation({"test_no_call_of_other_dates_is_exported": "call-export-ignores-dates"}),
    "contact-export-in-latin1": Expectation({"test_contact_is_exported_as_it_is": "exported-cells-damaged"}),
    "contact-export-loses-a-row": Expectation(
        {
            "test_newest_contact_is_exported": "contact-export-loses-rows",
            "regression/test_contact_lists.py::test_export_of_a_list_holds_its_members": "list-export-wrong",
        }
    ),
    "contact-export-unquoted": Expectation({"test_contact_is_exported_as_it_is": "exported-cells-damaged"}),
    "contact-import-all-or-nothing": Expectation({"test_bad_row_costs_only_itself": "imported-rows-missing"}),
    "contact-import-counts-header": Expectation({"test_import_counts_each_row": "import-counts-wrong"}),
    "contact-import-crashes-on-latin1": Expectation({"test_file_is_refused[no es UTF-8]": "request-not-served"}),
    "contact-import-fails-blank-email": Expectation({"test_file_is_imported[correo en blanco]": "import-refuses-blank-email"}),
    "contact-import-guesses-encoding": Expectation({"test_file_is_refused[no es UTF-8]": "import-guesses-encoding"}),
    "contact-import-loses-last-line": Expectation({"test_file_is_imported[sin salto*": "import-loses-last-line"}),
    "contact-import-refuses-upper-case-name": Expectation({"test_file_is_imported": "import-file-name-case"}),
    "contact-import-skips-known-phones": Expectation({"test_import_takes_a_known_phone": "phone-taken-as-unique"}),
    "contact-import-splits-quoted-cells": Expectation({"test_quoted_cells_are_imported_whole": "import-splits-quoted-cells"}),
    "contact-import-trips-over-bom": Expectation({"test_file_is_imported[UTF-8 con BOM]": "import-trips-over-bom"}),
    "export-cell-injection": Expectation({"test_exported_text_is_no_formula": "export-runs-formulas"}),
    "export-cell-injection-by-plus": Expectation(
        {
            "test_exported_text_is_no_formula[+]": "export-runs-formulas",
            "test_exported_text_is_no_formula[-]": "export-runs-formulas",
            "test_exported_text_is_no_formula[@]": "export-runs-formulas",
        }
    ),
    "export-phones-with-apostrophe": Expectation({"test_contact_is_exported_as_it_is": "exported-cells-damaged"}),
}
