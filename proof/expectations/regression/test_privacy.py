from proof.expectations import Expectation

FAULTS = {
    "call-detail-unmasked": Expectation({"test_viewer_sees_masks_only[una llamada]": "mask them in this place"}),
    "call-history-unmasked": Expectation({"test_viewer_sees_masks_only[historial]": "mask them in this place"}),
    "call-list-unmasked": Expectation({"test_viewer_sees_masks_only[lista de llamadas]": "mask them in this place"}),
    "contact-cached-across-roles": Expectation(
        {
            "test_viewer_is_not_served_what_an_operator_saw": "is a cache shared by roles",
            "test_who_calls_sees_numbers": "who is masked?",
        }
    ),
    "contact-list-unmasked": Expectation({"test_viewer_sees_masks_only[listas de contactos]": "mask them in this place"}),
    "contact-search-unmasked": Expectation({"test_viewer_sees_masks_only": "mask them in this place"}),
    "operator-sees-masked-phones": Expectation(
        {
            "test_who_calls_sees_numbers[operator]": "the operator has nobody to call",
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
    "phone-mask-too-thin": Expectation(
        {"test_viewer_sees_masks_only": "show more", "test_viewer_is_not_served_what_an_operator_saw": "a masked phone number"},
        first=("test_viewer_sees_masks_only",),
    ),
}
