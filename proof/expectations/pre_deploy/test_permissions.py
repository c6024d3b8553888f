from proof.expectations import Expectation

FAULTS = {
    "layer-forgets-deletions": Expectation(
        {"test_nobody_changes_anything_without_a_token": "does authentication look at DELETE too?"}
    ),
    "layer-forgets-head": Expectation({"test_probing_with_head_tells_nothing": "does authentication look at HEAD too?"}),
    "viewer-may-delete": Expectation({"test_viewer_changes_nothing": "checked for this method"}),
    "operator-taken-for-admin": Expectation(
        {
            "test_operator_does_not_administer": "no operator",
            "smoke/test_round_trips.py::test_operator_cannot_delete_a_campaign": "roles are not enforced on campaigns",
        }
    ),
    "operator-taken-for-viewer": Expectation(
        {"test_staff_may_do_their_work": "is the operator of user_roles a role"},
        collateral={"*": "whatever an operator writes or exports is refused"},
    ),
    "forbidden-in-english": Expectation(
        {
            "test_viewer_changes_nothing": "Forbidden",
            "test_viewer_exports_nothing": "Forbidden",
            "test_operator_does_not_administer": "Forbidden",
        }
    ),
    "forbidden-as-not-found": Expectation(
        {
            "test_viewer_changes_nothing": "before the row is looked up",
            "test_viewer_exports_nothing": "before the row is looked up",
            "test_operator_does_not_administer": "before the row is looked up",
        },
        collateral={"*": "whatever relies on 403 sees 404"},
    ),
}
