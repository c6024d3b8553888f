from proof.expectations import Expectation

MAY = "pre_deploy/test_permissions.py::test_staff_may_do_their_work"
OF_LISTS = "test_contact_leaves_one_list_alone"
FAULTS = {
    "contact-list-loses-its-description": Expectation({"test_list_is_kept_as_given": "list-not-kept-as-written"}),
    "contact-list-created-empty": Expectation(
        {
            "test_list_is_kept_as_given": "list-members-wrong",
            "test_adding_again_changes_nothing": "list-added-wrongly-counted",
        },
        collateral={"regression/test_list_changes.py::test_*": "the lists of these checks have no members"},
    ),
    "contact-list-left-out-while-empty": Expectation({"test_new_list_is_listed": "list-not-listed"}),
    "contact-list-counts-what-was-sent": Expectation({"test_adding_again_changes_nothing": "list-added-wrongly-counted"}),
    "contact-joins-every-list": Expectation(
        {"test_contact_joins_one_list_alone": "list-members-wrong"},
        collateral={"regression/test_list_changes.py::test_*": "others stand on the lists of these checks as well"},
    ),
    "contact-leaves-every-list": Expectation({OF_LISTS: "list-members-wrong"}),
    "contact-list-emptied-by-one-removal": Expectation({OF_LISTS: "list-members-wrong"}),
    "contact-list-removal-deletes-the-contact": Expectation({OF_LISTS: "list-members-wrong"}),
    "contact-list-removes-nobody-silently": Expectation(
        {"test_who_is_not_on_a_list_cannot_be_removed": "unknown-not-404", MAY: "missing-row-changed"}
    ),
    "contact-list-unknown-counts-none": Expectation(
        {"test_nobody_joins_a_list_that_is_not_there": "unknown-not-404", MAY: "missing-row-changed"}
    ),
    "contact-list-without-a-name": Expectation({"test_list_needs_a_name": "list-without-name-accepted"}),
    "contact-list-refusals-in-english": Expectation(
        {
            "test_nobody_joins_a_list_that_is_not_there": "list-refusal-differs",
            "test_who_is_not_on_a_list_cannot_be_removed": "list-refusal-differs",
        }
    ),
    "contact-list-not-found-while-empty": Expectation(
        {"test_list_is_there_after_its_last_member_left": "empty-list-gone"},
        blocked={"regression/test_list_changes.py::test_*": "lists without members cannot be read"},
    ),
    "contact-deletion-empties-its-lists": Expectation({"test_deleted_contact_leaves_its_lists": "list-members-wrong"}),
    "contact-list-members-without-notes": Expectation({"test_list_shows_its_members_as_they_are": "list-member-differs"}),
}
