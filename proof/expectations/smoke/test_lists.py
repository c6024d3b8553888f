from proof.expectations import Expectation

FAULTS = {
    "call-metrics-taken-for-id": Expectation(
        {"test_fixed_path_is_not_taken_for_an_id[/api/calls/metrics]": "shadowed by /{id}"},
        collateral={
            "smoke/test_response_times.py::test_mean_response_time_is_kept": ("these figures are one of the reads that it times"),
            "regression/test_report_rules.py::test_chart_is_grouped_by*": "the chart is part of these figures",
        },
    ),
    "campaign-pages-overlap": Expectation({"test_pages_of_campaigns_do_not_overlap": "1 of them again"}),
    "campaigns-in-a-page-object": Expectation({"test_campaigns_are_a_bare_array": "a JSON array"}),
    "contact-lists-taken-for-id": Expectation(
        {"test_fixed_path_is_not_taken_for_an_id[/api/contacts/lists]": "shadowed by /{id}"}
    ),
    "contact-pages-overlap": Expectation(
        {
            "test_pages_of_contacts_do_not_overlap": "1 of them again",
            "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "the total disagrees with the rows",
            "regression/test_paging_rules.py::test_pages_make_up_the_whole_list": "sorted the same way",
            "test_total_of_contacts_is_the_number_of_rows": "the total counts other rows",
        }
    ),
    "contact-search-taken-for-id": Expectation(
        {
            "test_fixed_path_is_not_taken_for_an_id": "shadowed by /{id}",
            "smoke/test_round_trips.py::test_created_contact_is_found": "shadowed by /{id}",
        }
    ),
    "contact-total-counts-memberships": Expectation(
        {
            "test_total_of_contacts_is_the_number_of_rows": "the total counts other rows",
            "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "the total disagrees with the rows",
            "regression/test_paging_rules.py::test_last_page_has_the_last_rows": "rows",
        }
    ),
    "page-count-ignores-page-size": Expectation(
        {
            "test_contacts_come_in_pages": "totalPages",
            "test_calls_come_in_pages": "total_pages",
            "regression/test_paging_rules.py::test_last_page_has_the_last_rows": "round the quotient up, once",
        }
    ),
    "viewer-sees-phones": Expectation(
        {
            "test_phones_are_masked_for_viewers": "personal data leaves the API",
            "regression/test_privacy.py::test_viewer_sees_masks_only": "mask them in this place",
            "regression/test_privacy.py::test_viewer_is_not_served_what_an_operator_saw": "or the mask missing here?",
        },
        collateral={"regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": "a viewer is the next person"},
    ),
    "contact-export-taken-for-id": Expectation({"test_contacts_are_exported_as_csv": "shadowed by /{id}"}),
    "contact-export-with-semicolons": Expectation({"test_contacts_are_exported_as_csv": "id;name;phone_number"}),
}
