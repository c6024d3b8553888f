from proof.expectations import Expectation

FAULTS = {
    "contact-created-is-an-older-one": Expectation(
        {"test_two_people_may_share_a_phone": "second-contact-lost"},
        collateral={
            "regression/test_import_export.py::test_contact_is_exported_as_it_is": "it has the phone of another check's",
            "smoke/test_round_trips.py::test_contact_is_kept_as_given": "as above",
        },
    ),
    "contact-dates-follow-locale": Expectation({"test_language_changes_no_data": "dates-follow-language"}),
    "contact-delete-of-nobody-succeeds": Expectation(
        {
            "test_deleting_again_is_not_found": "deleting-nothing-succeeds",
            "pre_deploy/test_permissions.py::test_staff_may_do_their_work": "missing-row-changed",
        }
    ),
    "contact-name-decomposed": Expectation(
        {
            "test_texts_are_kept_as_given": "text-changed-on-save",
            "smoke/test_whole_journeys.py::test_journey_leads_to_its_end[mantener un contacto]": "journey-answer-wrong",
            "regression/test_fields.py::test_change_of_one_field_leaves_the_others[contact.name]": "field-not-kept",
        },
        first=("test_texts_are_kept_as_given",),
        collateral={
            "regression/test_webhook_rules.py::test_answered_call_hears_its_script": (
                "the greeting says the name as it is stored"
            )
        },
    ),
    "contact-name-loses-emoji": Expectation(
        {
            "test_texts_are_kept_as_given": "text-changed-on-save",
            "regression/test_fields.py::test_field_keeps_what_it_takes[contact.name]": "field-not-kept",
        }
    ),
    "contact-not-found-with-200": Expectation(
        {
            "test_unknown_contact_is_not_found": "unknown-not-404",
            "pre_deploy/test_errors.py::test_error_has_the_envelope[contacto de nadie]": "unknown-not-404",
            "smoke/test_round_trips.py::test_deleted_contact_is_gone": "unknown-not-404",
        },
        first=("test_unknown_contact_is_not_found",),
        collateral={
            "regression/test_metrics_rules.py::test_refused_requests_are_counted": "counts the 404 of an unknown contact",
            "regression/test_pages_contacts.py::test_missing_contact_is_told": "the page waits for the API's 404",
        },
        blocked={"test_deleting_again_is_not_found": "whether the contact is gone cannot be told"},
    ),
    "contact-phone-unique": Expectation({"test_two_people_may_share_a_phone": "phone-taken-as-unique"}),
    "contact-search-breaks-on-comma": Expectation({"test_search_text_is_only_text": "request-not-served"}),
    "contact-search-case-of-ascii": Expectation({"test_search_ignores_case": "search-depends-on-case"}),
    "contact-search-only-in-names": Expectation({"test_contact_is_found_by": "search-leaves-out-field"}),
    "contact-search-pasted-into-sql": Expectation({"test_search_text_is_only_text": "search-pasted-into-query"}),
    "contact-search-wildcards-unescaped": Expectation({"test_search_text_is_only_text": "search-finds-others"}),
    "contact-tags-any-of": Expectation({"test_contact_must_hold_all_tags": "tags-not-all-required"}),
    "contact-total-ignores-tags": Expectation({"test_total_counts_contacts_with_the_tags": "contacts-total-ignores-tags"}),
    "contact-update-accepts-bad-phone": Expectation(
        {
            "test_update_checks_the_phone": "bad-phone-update-accepted",
            "regression/test_fields.py::test_partly_valid_change_changes_nothing[contact]": "field-value-accepted",
        }
    ),
    "contact-update-ignores-phone": Expectation(
        {
            "test_field_can_be_changed[phone_number]": "contact-change-wrong",
            "regression/test_fields.py::test_change_of_one_field_leaves_the_others[contact.phone_number]": "field-not-kept",
        }
    ),
    "contact-update-null-clears": Expectation(
        {
            "test_null_leaves_a_field_as_it_is": "null-erases-field",
            "regression/test_fields.py::test_null_in_a_change[contact.email]": "null-changes-field",
        }
    ),
    "contact-update-works-once": Expectation({"test_contact_can_be_changed_again": "contact-changed-only-once"}),
    "contact-updated-at-stands-still": Expectation({"test_change_moves_updated_at": "updated-at-not-moved"}),
}
