from proof.expectations import Expectation

FAULTS = {
    "call-detail-unmasked": Expectation({"test_viewer_sees_masks_only[una llamada]": "phone-not-masked"}),
    "call-history-unmasked": Expectation({"test_viewer_sees_masks_only[historial]": "phone-not-masked"}),
    "call-list-unmasked": Expectation({"test_viewer_sees_masks_only[lista de llamadas]": "phone-not-masked"}),
    "contact-cached-across-roles": Expectation(
        {
            "test_viewer_is_not_served_what_an_operator_saw": "phone-cached-across-roles",
            "test_who_calls_sees_numbers": "calling-role-sees-masks",
        }
    ),
    "contact-list-unmasked": Expectation({"test_viewer_sees_masks_only[listas de contactos]": "phone-not-masked"}),
    "contact-search-unmasked": Expectation({"test_viewer_sees_masks_only": "phone-not-masked"}),
    "operator-sees-masked-phones": Expectation(
        {
            "test_who_calls_sees_numbers[operator]": "calling-role-sees-masks",
            "smoke/test_round_trips.py::test_contact_is_kept_as_given": "calling-role-sees-masks",
            "regression/test_contact_rules.py::test_field_can_be_changed[phone_number]": "calling-role-sees-masks",
            "regression/test_contact_rules.py::test_phone_is_kept_or_refused": "calling-role-sees-masks",
            "regression/test_import_export.py::test_contact_is_exported_as_it_is": "calling-role-sees-masks",
            "regression/test_call_rules.py::test_detail_is_about_the_same_call": "calling-role-sees-masks",
        },
        collateral={
            "regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": "shows the operator's numbers first",
            "smoke/test_pages.py::test_contact_is_created_through_the_form": "the number that it compares is masked",
        },
    ),
    "phone-mask-too-thin": Expectation(
        {
            "test_viewer_sees_masks_only": "phone-not-masked",
            "test_viewer_is_not_served_what_an_operator_saw": "phone-not-masked",
        },
        first=("test_viewer_sees_masks_only",),
    ),
}
