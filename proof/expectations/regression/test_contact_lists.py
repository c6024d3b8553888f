from proof.expectations import Expectation

FAULTS = {
    "contact-list-cut-when-read-alone": Expectation(
        {
            "test_list_is_the_same_by_itself": "list-differs-by-itself",
            "regression/test_list_changes.py::test_list_is_kept_as_given": "list-members-wrong",
        },
        collateral={"regression/test_list_changes.py::test_*": "a list of two is read as one of one"},
    ),
    "contact-list-doubles-members": Expectation({"test_contact_is_on_a_list_once": "list-member-repeated"}),
    "contact-export-ignores-list": Expectation({"test_export_of_a_list_holds_its_members": "list-export-wrong"}),
}
