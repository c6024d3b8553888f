from proof.expectations import Expectation

FAULTS = {
    "contact-created-is-an-older-one": Expectation({"test_two_people_may_share_a_phone": "the second person is lost"}),
    "contact-dates-follow-locale": Expectation({"test_language_changes_no_data": "a date is written for es-MX"}),
    "contact-delete-of-nobody-succeeds": Expectation(
        {
            "test_deleting_again_is_not_found": "how many rows it removed",
            "pre_deploy/test_permissions.py::test_staff_may_do_their_work": "does it look at how many rows it changed",
        }
    ),
    "contact-name-decomposed": Expectation(
        {
            "test_texts_are_kept_as_given": "neither cut nor normalised",
            "smoke/test_whole_journeys.py::test_journey_leads_to_its_end[mantener un contacto]": "somebody else's",
        },
        collateral={
            "regression/test_webhook_rules.py::test_answered_call_hears_its_script": (
                "the greeting says the name as it is stored"
            )
        },
    ),
    "contact-name-loses-emoji": Expectation({"test_texts_are_kept_as_given": "neither cut nor normalised"}),
    "contact-not-found-with-200": Expectation(
        {
            "test_unknown_contact_is_not_found": "is the error an answer with 200",
            "smoke/test_round_trips.py::test_deleted_contact_is_gone": '"code": 404',
        },
        first=("test_unknown_contact_is_not_found",),
        collateral={
            "test_deleting_again_is_not_found": "looks for the contact that it deleted",
            "regression/test_metrics_rules.py::test_refused_requests_are_counted": "counts the 404 of an unknown contact",
            "regression/test_pages_contacts.py::test_missing_contact_is_told": "the page waits for the API's 404",
            "regression/test_pages_contacts.py::test_contact_is_deleted_only_when_confirmed*": (
                "looks for the contact afterwards"
            ),
        },
    ),
    "contact-phone-unique": Expectation({"test_two_people_may_share_a_phone": "no uniqueness"}),
    "contact-search-breaks-on-comma": Expectation(
        {"test_search_text_is_only_text": "reaches the database as more than text: quote it"}
    ),
    "contact-search-case-of-ascii": Expectation({"test_search_ignores_case": "does the search fold ñ and á"}),
    "contact-search-only-in-names": Expectation({"test_contact_is_found_by": "the search covers name, email and phone_number"}),
    "contact-search-pasted-into-sql": Expectation({"test_search_text_is_only_text": "send the text beside the statement"}),
    "contact-search-wildcards-unescaped": Expectation({"test_search_text_is_only_text": "wildcards of the pattern escaped"}),
    "contact-tags-any-of": Expectation({"test_contact_must_hold_all_tags": "a contact must hold all of them"}),
    "contact-update-accepts-bad-phone": Expectation({"test_update_checks_the_phone": "must not be dropped in silence"}),
    "contact-update-ignores-phone": Expectation({"test_each_field_can_be_changed": "the change of phone_number is lost"}),
    "contact-update-null-clears": Expectation({"test_null_leaves_a_field_as_it_is": "a null must not erase"}),
    "contact-update-works-once": Expectation({"test_each_field_can_be_changed": "does an update work the second time?"}),
    "contact-updated-at-stands-still": Expectation({"test_change_moves_updated_at": "the change is not dated"}),
}
