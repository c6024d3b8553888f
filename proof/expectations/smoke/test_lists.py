from proof.expectations import Expectation

FAULTS = {
    "ids-are-no-uuids": Expectation(
        {"test_ids_are_uuids": "ids-not-uuids"},
        collateral={"*": "an id of one place is another text elsewhere: in reports, exports and tokens"},
    ),
    "call-metrics-taken-for-id": Expectation(
        {
            "test_fixed_path_is_not_taken_for_an_id[/api/calls/metrics]": "fixed-path-taken-for-id",
            "smoke/test_answers.py::test_answers_are_as_agreed[métricas de llamadas]": "status-not-agreed",
        },
        collateral={
            "smoke/test_response_times.py::test_mean_response_time_is_kept": ("these figures are one of the reads that it times"),
        },
        blocked={"regression/test_report_rules.py::test_chart_*": "the chart is part of these figures"},
    ),
    "campaign-pages-overlap": Expectation({"test_pages_of_campaigns_do_not_overlap": "list-pages-overlap"}),
    "campaign-list-without-script": Expectation(
        {
            "test_rows_have_their_fields[campaigns]": "row-fields-missing",
            "smoke/test_answers.py::test_answers_are_as_agreed[campañas]": "body-not-as-agreed",
        }
    ),
    "contact-page-past-end-not-found": Expectation(
        {"test_page_past_the_end_is_empty": "page-past-end-fails"},
        collateral={
            "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "it reads past the end as well"
        },
    ),
    "campaigns-in-a-page-object": Expectation(
        {
            "test_campaigns_are_a_bare_array": "campaigns-not-an-array",
            "smoke/test_answers.py::test_answers_are_as_agreed[campañas]": "body-not-as-agreed",
        }
    ),
    "contact-lists-taken-for-id": Expectation(
        {
            "test_fixed_path_is_not_taken_for_an_id[/api/contacts/lists]": "fixed-path-taken-for-id",
            "smoke/test_answers.py::test_answers_are_as_agreed[listas de contactos]": "status-not-agreed",
        },
        collateral={"regression/test_list_changes.py::test_*": "no list can be found"},
        blocked={
            "regression/test_contact_lists.py::*": "no list can be found",
            "regression/test_privacy.py::test_viewer_sees_masks_only[listas de contactos]": "no list can be found",
        },
    ),
    "contact-pages-overlap": Expectation(
        {
            "test_pages_of_contacts_do_not_overlap": "list-pages-overlap",
            "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "list-total-wrong",
            "regression/test_paging_rules.py::test_pages_make_up_the_whole_list": "list-pages-overlap",
            "test_total_of_contacts_is_the_number_of_rows": "list-total-wrong",
        }
    ),
    "contact-search-taken-for-id": Expectation(
        {
            "test_fixed_path_is_not_taken_for_an_id": "fixed-path-taken-for-id",
            "smoke/test_round_trips.py::test_search_finds_the_created_contact": "fixed-path-taken-for-id",
            "smoke/test_answers.py::test_answers_are_as_agreed[búsqueda de contactos]": "status-not-agreed",
        },
        blocked={
            "regression/test_privacy.py::test_viewer_sees_masks_only[búsqueda de contactos]": "nothing can be searched",
        },
    ),
    "contact-total-counts-memberships": Expectation(
        {
            "test_total_of_contacts_is_the_number_of_rows": "list-total-wrong",
            "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "list-total-wrong",
            "regression/test_paging_rules.py::test_page_has_the_rows_that_fit": "page-size-replaced",
        }
    ),
    "page-count-ignores-page-size": Expectation(
        {
            "test_contacts_come_in_pages": "page-numbers-disagree",
            "test_calls_come_in_pages": "page-numbers-disagree",
            "regression/test_paging_rules.py::test_pages_are_as_many_as_the_rows_fill": "page-count-wrong",
        }
    ),
    "viewer-sees-phones": Expectation(
        {
            "test_phones_are_masked_for_viewers": "phone-not-masked",
            "regression/test_privacy.py::test_viewer_sees_masks_only": "phone-not-masked",
            "regression/test_privacy.py::test_viewer_is_not_served_what_an_operator_saw": "phone-not-masked",
        },
        blocked={"regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": "a viewer is the next person"},
    ),
    "contact-export-taken-for-id": Expectation(
        {
            "test_contacts_are_exported_as_csv": "fixed-path-taken-for-id",
            "smoke/test_answers.py::test_answers_are_as_agreed[exportación de contactos]": "status-not-agreed",
        },
        blocked={
            "regression/test_import_export.py::test_newest_contact_is_exported": "nothing is exported",
            "regression/test_import_export.py::test_contact_is_exported_as_it_is": "nothing is exported",
            "regression/test_import_export.py::test_exported_text_is_no_formula": "nothing is exported",
            "regression/test_pages_contacts.py::test_export_is_named_by_its_day": "nothing is exported",
        },
    ),
    "contact-export-with-semicolons": Expectation({"test_contacts_are_exported_as_csv": "export-columns-changed"}),
}
