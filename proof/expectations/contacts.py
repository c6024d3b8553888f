"""Contacts, their lists, who sees their phones, and pages."""

from proof.expected import Expected

FAULTS = {
    "contact-cached-across-roles": Expected(
        {
            "regression/test_privacy.py::test_viewer_is_not_served_what_an_operator_saw": "is a cache shared by roles",
            "regression/test_privacy.py::test_who_calls_sees_numbers": "who is masked?",
        }
    ),
    "contact-created-is-an-older-one": Expected(
        {"regression/test_contact_rules.py::test_two_people_may_share_a_phone": "the second person is lost"}
    ),
    "contact-dates-follow-locale": Expected(
        {"regression/test_contact_rules.py::test_language_changes_no_data": "a date is written for es-MX"}
    ),
    "contact-delete-of-nobody-succeeds": Expected(
        {
            "regression/test_contact_rules.py::test_deleting_again_is_not_found": "how many rows it removed",
            "pre_deploy/test_permissions.py::test_staff_may_do_their_work": "does it look at how many rows it changed",
        }
    ),
    "contact-delete-only-detaches": Expected(
        {
            "smoke/test_round_trips.py::test_deleted_contact_is_gone": "is it deleted",
            "pre_deploy/test_permissions.py::test_staff_may_do_their_work": "does it look at how many rows it changed",
        }
    ),
    "contact-list-cut-when-read-alone": Expected(
        {"regression/test_contact_lists.py::test_list_is_the_same_by_itself": "compare the two queries"}
    ),
    "contact-limit-of-one-ignored": Expected(
        {
            "regression/test_paging_rules.py::test_last_page_has_the_last_rows": "is this size of page taken for another?",
            "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "the total disagrees with the rows",
        }
    ),
    "contact-limit-zero-crashes": Expected(
        {
            "regression/test_paging_rules.py::test_page_out_of_bounds_is_no_server_error": "the bounds",
            "regression/test_paging_rules.py::test_page_out_of_bounds_is_refused": "a bound is not checked",
        }
    ),
    "contact-list-doubles-members": Expected(
        {"regression/test_contact_lists.py::test_contact_is_on_a_list_once": "read over a join that repeats its rows"}
    ),
    "contact-list-unmasked": Expected(
        {"regression/test_privacy.py::test_viewer_sees_masks_only[listas de contactos]": "mask them in this place"}
    ),
    "contact-lists-taken-for-id": Expected(
        {"smoke/test_lists.py::test_fixed_path_is_not_taken_for_an_id[/api/contacts/lists]": "shadowed by /{id}"}
    ),
    "contact-name-decomposed": Expected(
        {
            "regression/test_contact_rules.py::test_texts_are_kept_as_given": "neither cut nor normalised",
            "smoke/test_whole_journeys.py::test_journey_leads_to_its_end[mantener un contacto]": "somebody else's",
        },
        collateral={
            "regression/test_webhook_rules.py::test_answered_call_hears_its_script": "the greeting says the name as it is stored"
        },
    ),
    "contact-name-loses-emoji": Expected(
        {"regression/test_contact_rules.py::test_texts_are_kept_as_given": "neither cut nor normalised"}
    ),
    "contact-not-found-with-200": Expected(
        {
            "regression/test_contact_rules.py::test_unknown_contact_is_not_found": "is the error an answer with 200",
            "smoke/test_round_trips.py::test_deleted_contact_is_gone": '"code": 404',
        },
        first=("regression/test_contact_rules.py::test_unknown_contact_is_not_found",),
        collateral={
            "regression/test_contact_rules.py::test_deleting_again_is_not_found": "looks for the contact that it deleted",
            "regression/test_metrics_rules.py::test_refused_requests_are_counted": "counts the 404 of an unknown contact",
            "regression/test_pages_contacts.py::test_missing_contact_is_told": "the page waits for the API's 404",
            "regression/test_pages_contacts.py::test_contact_is_deleted_only_when_confirmed*": "looks for the contact afterwards",
        },
    ),
    "contact-notes-mojibake": Expected(
        {
            "smoke/test_round_trips.py::test_contact_is_kept_as_given": "lost or damaged",
            "regression/test_contact_rules.py::test_texts_are_kept_as_given": "one encoding all the way",
            "regression/test_import_export.py::test_contact_is_exported_as_it_is": "UTF-8 as the header says",
            "smoke/test_round_trips.py::test_partial_update_leaves_the_rest": "clears fields",
        },
        first=(
            "smoke/test_round_trips.py::test_contact_is_kept_as_given",
            "regression/test_contact_rules.py::test_texts_are_kept_as_given",
        ),
    ),
    "contact-pages-overlap": Expected(
        {
            "smoke/test_lists.py::test_pages_of_contacts_do_not_overlap": "1 of them again",
            "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "the total disagrees with the rows",
            "regression/test_paging_rules.py::test_pages_make_up_the_whole_list": "sorted the same way",
            "smoke/test_lists.py::test_total_of_contacts_is_the_number_of_rows": "the total counts other rows",
        }
    ),
    "contact-pages-sorted-differently": Expected(
        {"regression/test_paging_rules.py::test_pages_make_up_the_whole_list": "is every page sorted the same way"}
    ),
    "contact-phone-unique": Expected({"regression/test_contact_rules.py::test_two_people_may_share_a_phone": "no uniqueness"}),
    "contact-search-breaks-on-comma": Expected(
        {"regression/test_contact_rules.py::test_search_text_is_only_text": "reaches the database as more than text: quote it"}
    ),
    "contact-search-case-of-ascii": Expected(
        {"regression/test_contact_rules.py::test_search_ignores_case": "does the search fold ñ and á"}
    ),
    "contact-search-only-in-names": Expected(
        {"regression/test_contact_rules.py::test_contact_is_found_by": "the search covers name, email and phone_number"}
    ),
    "contact-search-pasted-into-sql": Expected(
        {"regression/test_contact_rules.py::test_search_text_is_only_text": "send the text beside the statement"}
    ),
    "contact-search-taken-for-id": Expected(
        {
            "smoke/test_lists.py::test_fixed_path_is_not_taken_for_an_id": "shadowed by /{id}",
            "smoke/test_round_trips.py::test_created_contact_is_found": "shadowed by /{id}",
        }
    ),
    "contact-search-unmasked": Expected({"regression/test_privacy.py::test_viewer_sees_masks_only": "mask them in this place"}),
    "contact-search-wildcards-unescaped": Expected(
        {"regression/test_contact_rules.py::test_search_text_is_only_text": "wildcards of the pattern escaped"}
    ),
    "contact-skip-not-checked": Expected(
        {"regression/test_paging_rules.py::test_page_out_of_bounds_is_refused": "a bound is not checked"}
    ),
    "contact-tags-any-of": Expected(
        {"regression/test_contact_rules.py::test_contact_must_hold_all_tags": "a contact must hold all of them"}
    ),
    "contact-total-counts-memberships": Expected(
        {
            "smoke/test_lists.py::test_total_of_contacts_is_the_number_of_rows": "the total counts other rows",
            "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "the total disagrees with the rows",
            "regression/test_paging_rules.py::test_last_page_has_the_last_rows": "rows",
        }
    ),
    "contact-total-ignores-search": Expected(
        {
            "smoke/test_round_trips.py::test_created_contact_is_found": "total ignores the search",
            "smoke/test_round_trips.py::test_deleted_contact_is_gone": "total 0",
        },
        first=("smoke/test_round_trips.py::test_created_contact_is_found",),
    ),
    "contact-update-accepts-bad-phone": Expected(
        {"regression/test_contact_rules.py::test_update_checks_the_phone": "must not be dropped in silence"}
    ),
    "contact-update-clears-tags": Expected(
        {
            "smoke/test_round_trips.py::test_partial_update_leaves_the_rest": "clears fields",
            "regression/test_contact_rules.py::test_each_field_can_be_changed": "changed more than it said",
            "regression/test_contact_rules.py::test_null_leaves_a_field_as_it_is": "a null must not erase tags",
        }
    ),
    "contact-update-ignores-phone": Expected(
        {"regression/test_contact_rules.py::test_each_field_can_be_changed": "the change of phone_number is lost"}
    ),
    "contact-update-null-clears": Expected(
        {"regression/test_contact_rules.py::test_null_leaves_a_field_as_it_is": "a null must not erase"}
    ),
    "contact-update-works-once": Expected(
        {"regression/test_contact_rules.py::test_each_field_can_be_changed": "does an update work the second time?"}
    ),
    "contact-updated-at-stands-still": Expected(
        {"regression/test_contact_rules.py::test_change_moves_updated_at": "the change is not dated"}
    ),
    "operator-sees-masked-phones": Expected(
        {
            "regression/test_privacy.py::test_who_calls_sees_numbers[operator]": "the operator has nobody to call",
            "smoke/test_round_trips.py::test_contact_is_kept_as_given": "****",
            "smoke/test_round_trips.py::test_partial_update_leaves_the_rest": "****",
            "regression/test_contact_rules.py::test_each_field_can_be_changed": "****",
            "regression/test_contact_rules.py::test_phone_is_kept_or_refused": "****",
            "regression/test_import_export.py::test_contact_is_exported_as_it_is": "****",
            "regression/test_call_rules.py::test_detail_is_about_the_same_call": "****",
        },
        collateral={
            "regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": "shows the operator's numbers first"
        },
    ),
    "page-count-ignores-page-size": Expected(
        {
            "smoke/test_lists.py::test_contacts_come_in_pages": "totalPages",
            "smoke/test_lists.py::test_calls_come_in_pages": "total_pages",
            "regression/test_paging_rules.py::test_last_page_has_the_last_rows": "round the quotient up, once",
        }
    ),
    "page-count-one-too-many": Expected(
        {"regression/test_paging_rules.py::test_last_page_has_the_last_rows": "round the quotient up, once"}
    ),
    "page-size-unbounded": Expected(
        {"regression/test_paging_rules.py::test_page_out_of_bounds_is_refused": "a bound is not checked"}
    ),
    "phone-cleaned-silently": Expected(
        {
            "smoke/test_round_trips.py::test_invalid_phone_is_refused": "422 for the phone",
            "smoke/test_round_trips.py::test_contact_is_kept_as_given": "lost or damaged",
            "regression/test_contact_rules.py::test_phone_is_kept_or_refused": "must not be changed on its way",
            "regression/test_import_export.py::test_contact_is_exported_as_it_is": "phones as they are",
            "regression/test_contact_rules.py::test_each_field_can_be_changed": "the change of phone_number is lost",
            "smoke/test_round_trips.py::test_partial_update_leaves_the_rest": "an update clears fields",
            "regression/test_contact_rules.py::test_contact_is_found_by": "by its phone_number",
        }
    ),
    "phone-mask-too-thin": Expected(
        {
            "regression/test_privacy.py::test_viewer_sees_masks_only": "show more",
            "regression/test_privacy.py::test_viewer_is_not_served_what_an_operator_saw": "a masked phone number",
        },
        first=("regression/test_privacy.py::test_viewer_sees_masks_only",),
    ),
    "viewer-sees-phones": Expected(
        {
            "smoke/test_lists.py::test_phones_are_masked_for_viewers": "personal data leaves the API",
            "regression/test_privacy.py::test_viewer_sees_masks_only": "mask them in this place",
            "regression/test_privacy.py::test_viewer_is_not_served_what_an_operator_saw": "or the mask missing here?",
        },
        collateral={"regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": "a viewer is the next person"},
    ),
}
