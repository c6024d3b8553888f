from proof.expectations import Expectation

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
        },
        first=(
            "test_contact_is_kept_as_given",
            "regression/test_contact_rules.py::test_texts_are_kept_as_given",
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
        }
    ),
    "phone-cleaned-silently": Expectation(
        {
            "test_invalid_phone_is_refused": "undiallable-phone-accepted",
            "test_contact_is_kept_as_given": "contact-not-kept-as-written",
            "regression/test_contact_rules.py::test_phone_is_kept_or_refused": "phone-changed-on-save",
            "regression/test_import_export.py::test_contact_is_exported_as_it_is": "exported-cells-damaged",
            "regression/test_contact_rules.py::test_field_can_be_changed[phone_number]": "contact-change-wrong",
            "regression/test_contact_rules.py::test_contact_is_found_by": "search-leaves-out-field",
        }
    ),
    "operator-may-delete-campaigns": Expectation(
        {
            "test_operator_cannot_delete_a_campaign": "campaign-deletable-by-operator",
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
            "test_contact_is_kept_as_given": "created-contact-not-readable",
            "test_created_contact_is_listed": "created-contact-not-listed",
            "test_search_finds_the_created_contact": "search-disagrees-with-list",
            "regression/test_import_export.py::test_bad_row_costs_only_itself": "imported-rows-missing",
        },
        collateral={
            "test_*": "what the check made is not there to be looked at",
            "regression/*": "what the check made is not there to be looked at",
            "integration/*": "what the check made is not there to be looked at",
        },
    ),
}
