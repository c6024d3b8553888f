from proof.expectations import Expectation

# What makes a row of its own to look at something else.
NEEDING_A_RECORD = (
    "integration/test_call_lines.py::*",
    "regression/test_call_rules.py::test_call_is_not_rescheduled_into_the_past",
    "regression/test_call_rules.py::test_cancelled_call_says_why",
    "regression/test_call_rules.py::test_end_of_a_call_*",
    "regression/test_call_rules.py::test_nobody_is_called_for_an_unknown",
    "regression/test_call_rules.py::test_other_words_sound_otherwise",
    "regression/test_call_rules.py::test_rescheduled_call_waits_for_its_time",
    "regression/test_campaign_rules.py::test_campaign_*",
    "regression/test_campaign_rules.py::test_change_*",
    "regression/test_campaign_rules.py::test_counters_are_kept_as_sent",
    "regression/test_campaign_rules.py::test_dates_filter_the_list",
    "regression/test_campaign_rules.py::test_impossible_counters_are_refused",
    "regression/test_campaign_rules.py::test_refused_change_changes_nothing",
    "regression/test_campaign_rules.py::test_status_filters_the_list",
    "regression/test_contact_rules.py::test_change_moves_updated_at",
    "regression/test_contact_rules.py::test_contact_*",
    "regression/test_contact_rules.py::test_deleting_again_is_not_found",
    "regression/test_contact_rules.py::test_field_can_be_changed",
    "regression/test_contact_rules.py::test_null_leaves_a_field_as_it_is",
    "regression/test_contact_rules.py::test_search_ignores_case",
    "regression/test_contact_rules.py::test_texts_are_kept_as_given",
    "regression/test_contact_rules.py::test_total_counts_contacts_with_the_tags",
    "regression/test_contact_rules.py::test_two_people_may_share_a_phone",
    "regression/test_contact_rules.py::test_update_checks_the_phone",
    "regression/test_import_export.py::test_contact_is_exported_as_it_is",
    "regression/test_import_export.py::test_exported_text_is_no_formula",
    "regression/test_import_export.py::test_newest_contact_is_exported",
    "regression/test_pages_contacts.py::test_contact_is_deleted_only_when_confirmed",
    "regression/test_pages_contacts.py::test_question_*",
    "regression/test_pages_contacts.py::test_search_shows_only_what_matches",
    "regression/test_paging_rules.py::test_pages_make_up_the_whole_list",
    "regression/test_privacy.py::test_viewer_is_not_served_what_an_operator_saw",
    "regression/test_privacy.py::test_who_calls_sees_numbers",
    "regression/test_report_rules.py::test_deleted_campaign_leaves_the_ranking",
    "regression/test_webhook_rules.py::*",
    "smoke/test_pages.py::test_markup_in_a_name_is_text",
    "smoke/test_round_trips.py::test_created_contact_is_listed",
    "smoke/test_round_trips.py::test_deleted_*",
    "smoke/test_round_trips.py::test_draft_campaign_can_be_changed",
    "smoke/test_round_trips.py::test_operator_cannot_delete_a_campaign",
    "smoke/test_round_trips.py::test_partial_update_leaves_the_rest",
    "smoke/test_round_trips.py::test_search_finds_the_created_contact",
    "smoke/test_round_trips.py::test_total_counts_what_was_searched_for",
)
FAULTS = {
    "campaign-delete-only-cancels": Expectation(
        {"test_deleted_campaign_is_gone": "deleted-record-readable"},
        blocked={
            "regression/test_report_rules.py::test_deleted_campaign_leaves_the_ranking": "nothing is deleted",
        },
    ),
    "contact-delete-only-detaches": Expectation(
        {
            "test_deleted_contact_is_gone": "deleted-record-readable",
            "test_deleted_contact_leaves_the_list": "deleted-contact-listed",
            "pre_deploy/test_permissions.py::test_staff_may_do_their_work": "missing-row-changed",
            "regression/test_pages_contacts.py::test_contact_is_deleted_only_when_confirmed": "deleted-record-readable",
        },
        blocked={
            "regression/test_contact_rules.py::test_deleting_again_is_not_found": "nothing is deleted the first time",
        },
    ),
    "contact-notes-mojibake": Expectation(
        {
            "test_contact_is_kept_as_given": "contact-not-kept-as-written",
            "regression/test_contact_rules.py::test_texts_are_kept_as_given": "text-changed-on-save",
            "regression/test_import_export.py::test_contact_is_exported_as_it_is": "exported-cells-damaged",
            "regression/test_fields.py::test_change_of_one_field_leaves_the_others[contact.notes]": "field-not-kept",
        },
        first=(
            "test_contact_is_kept_as_given",
            "regression/test_contact_rules.py::test_texts_are_kept_as_given",
        ),
    ),
    "contact-list-searched-by-late-index": Expectation(
        {
            "test_created_contact_is_listed": "created-contact-not-listed",
            "regression/test_import_export.py::test_bad_row_costs_only_itself": "imported-rows-missing",
            "regression/test_import_export.py::test_file_is_imported": "imported-rows-missing",
            "regression/test_import_export.py::test_quoted_cells_are_imported_whole": "imported-rows-missing",
        },
        blocked=dict.fromkeys(
            (
                "regression/test_contact_rules.py::test_contact_is_found_by",
                "regression/test_contact_rules.py::test_search_ignores_case",
                "regression/test_pages_contacts.py::test_contact_is_deleted_only_when_confirmed",
                "regression/test_pages_contacts.py::test_question_*",
                "regression/test_pages_contacts.py::test_search_shows_only_what_matches",
                "regression/test_paging_rules.py::test_pages_make_up_the_whole_list",
                "smoke/test_pages.py::test_markup_in_a_name_is_text",
            ),
            "the list does not know the contact",
        ),
    ),
    "contact-total-ignores-search": Expectation(
        {"test_total_counts_what_was_searched_for": "list-total-ignores-search"},
    ),
    "contact-update-clears-tags": Expectation(
        {
            "test_partial_update_leaves_the_rest": "update-clears-other-fields",
            "regression/test_contact_rules.py::test_field_can_be_changed": "contact-change-wrong",
            "regression/test_contact_rules.py::test_null_leaves_a_field_as_it_is": "null-erases-field",
            "regression/test_fields.py::test_change_of_one_field_leaves_the_others[contact.email]": "update-changes-other-fields",
            "regression/test_fields.py::test_null_in_a_change[contact.tags]": "null-changes-field",
        }
    ),
    "phone-cleaned-silently": Expectation(
        {
            "test_invalid_phone_is_refused": "undiallable-phone-accepted",
            "regression/test_fields.py::test_field_refuses_other_values[contact.phone_number]": "field-value-accepted",
            "regression/test_fields.py::test_refused_change_leaves_the_row[contact.phone_number]": "field-value-accepted",
            "test_contact_is_kept_as_given": "contact-not-kept-as-written",
            "regression/test_contact_rules.py::test_phone_is_kept_or_refused": "phone-changed-on-save",
            "regression/test_import_export.py::test_contact_is_exported_as_it_is": "exported-cells-damaged",
            "regression/test_contact_rules.py::test_field_can_be_changed[phone_number]": "contact-change-wrong",
            "regression/test_contact_rules.py::test_contact_is_found_by": "search-leaves-out-field",
        }
    ),
    "operator-may-delete-campaigns": Expectation(
        {
            "test_operator_cannot_delete_a_campaign": "role-not-enforced",
            "pre_deploy/test_permissions.py::test_operator_does_not_administer": "role-not-enforced",
        }
    ),
    "unknown-method-succeeds": Expectation(
        {
            "test_put_on_a_campaign_is_no_silent_success": "accepted-with-wrong-method",
            "pre_deploy/test_errors.py::test_wrong_method_names_the_right_one": "wrong-method-not-refused",
        }
    ),
    "writes-not-committed": Expectation(
        {
            "test_contact_is_kept_as_given": "created-record-not-readable",
            "test_draft_campaign_is_kept_as_given": "created-record-not-readable",
            "regression/test_import_export.py::test_bad_row_costs_only_itself": "imported-rows-missing",
            "regression/test_import_export.py::test_file_is_imported": "imported-rows-missing",
            "regression/test_import_export.py::test_quoted_cells_are_imported_whole": "imported-rows-missing",
            "regression/test_pages_contacts.py::test_double_click_creates_one_contact": "contact-form-loses-input",
            "smoke/test_pages.py::test_contact_is_created_through_the_form": "contact-form-loses-input",
        },
        collateral={
            "smoke/test_whole_journeys.py::*": "what its first step made is not there",
            "regression/test_campaign_rules.py::test_date_is_kept_to_the_minute": "as above",
        },
        blocked=dict.fromkeys(NEEDING_A_RECORD, "what the check made is not there to be looked at"),
    ),
}
