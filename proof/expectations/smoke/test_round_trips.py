from proof.expectations import Expectation

FAULTS = {
    "campaign-delete-only-cancels": Expectation({"test_draft_campaign_makes_the_round_trip": "is it deleted"}),
    "contact-delete-only-detaches": Expectation(
        {
            "test_deleted_contact_is_gone": "is it deleted",
            "pre_deploy/test_permissions.py::test_staff_may_do_their_work": "does it look at how many rows it changed",
        }
    ),
    "contact-notes-mojibake": Expectation(
        {
            "test_contact_is_kept_as_given": "lost or damaged",
            "regression/test_contact_rules.py::test_texts_are_kept_as_given": "one encoding all the way",
            "regression/test_import_export.py::test_contact_is_exported_as_it_is": "UTF-8 as the header says",
            "test_partial_update_leaves_the_rest": "clears fields",
        },
        first=(
            "test_contact_is_kept_as_given",
            "regression/test_contact_rules.py::test_texts_are_kept_as_given",
        ),
    ),
    "contact-total-ignores-search": Expectation(
        {"test_created_contact_is_found": "total ignores the search", "test_deleted_contact_is_gone": "total 0"},
        first=("test_created_contact_is_found",),
    ),
    "contact-update-clears-tags": Expectation(
        {
            "test_partial_update_leaves_the_rest": "clears fields",
            "regression/test_contact_rules.py::test_each_field_can_be_changed": "changed more than it said",
            "regression/test_contact_rules.py::test_null_leaves_a_field_as_it_is": "a null must not erase tags",
        }
    ),
    "phone-cleaned-silently": Expectation(
        {
            "test_invalid_phone_is_refused": "422 for the phone",
            "test_contact_is_kept_as_given": "lost or damaged",
            "regression/test_contact_rules.py::test_phone_is_kept_or_refused": "must not be changed on its way",
            "regression/test_import_export.py::test_contact_is_exported_as_it_is": "phones as they are",
            "regression/test_contact_rules.py::test_each_field_can_be_changed": "the change of phone_number is lost",
            "test_partial_update_leaves_the_rest": "an update clears fields",
            "regression/test_contact_rules.py::test_contact_is_found_by": "by its phone_number",
        }
    ),
    "operator-may-delete-campaigns": Expectation(
        {
            "test_operator_cannot_delete_a_campaign": "roles are not enforced on campaigns",
            "pre_deploy/test_permissions.py::test_operator_does_not_administer": "is the role checked for this method and path",
        }
    ),
    "unknown-method-succeeds": Expectation(
        {
            "test_put_on_a_campaign_is_no_silent_success": "campaigns are updated with PATCH",
            "pre_deploy/test_errors.py::test_wrong_method_names_the_right_one": "must be refused",
        }
    ),
    "writes-not-committed": Expectation(
        {
            "test_contact_is_kept_as_given": "200 for what was just created",
            "test_created_contact_is_found": "exactly the contact",
            "regression/test_import_export.py::test_bad_row_costs_only_itself": "is not there",
        },
        collateral={
            "test_*": "what the check made is not there to be looked at",
            "regression/*": "what the check made is not there to be looked at",
            "integration/*": "what the check made is not there to be looked at",
        },
    ),
}
