from proof.expectations import Expectation

FAULTS = {
    "layer-forgets-deletions": Expectation({"test_nobody_changes_anything_without_a_token": "no-token-accepted"}),
    "layer-forgets-head": Expectation({"test_probing_with_head_tells_nothing": "head-reveals-paths"}),
    "viewer-may-delete": Expectation({"test_viewer_changes_nothing": "role-not-enforced"}),
    "no-roles-at-all": Expectation(
        {
            "test_viewer_changes_nothing": ("accepted-from-wrong-caller", "role-not-enforced"),
            "test_viewer_exports_nothing": "role-not-enforced",
            "test_operator_does_not_administer": "role-not-enforced",
            "pre_deploy/test_hardening.py::test_role_is_not_read_from_elsewhere": "role-not-enforced",
            "smoke/test_access.py::test_viewer_cannot_write": "accepted-from-wrong-caller",
            "smoke/test_round_trips.py::test_operator_cannot_delete_a_campaign": "campaign-deletable-by-operator",
            "integration/test_registration.py::test_newcomer_only_looks": "accepted-from-wrong-caller",
            "regression/test_privacy.py::test_viewer_sees_masks_only": "phone-not-masked",
            "regression/test_privacy.py::test_viewer_is_not_served_what_an_operator_saw": "phone-not-masked",
        },
        first=(
            "test_viewer_changes_nothing",
            "test_viewer_exports_nothing",
            "test_operator_does_not_administer",
            "smoke/test_access.py::test_viewer_cannot_write",
        ),
        collateral={
            "regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": "a viewer sees telephone numbers whole",
        },
    ),
    "operator-taken-for-admin": Expectation(
        {
            "test_operator_does_not_administer": "role-not-enforced",
            "smoke/test_round_trips.py::test_operator_cannot_delete_a_campaign": "campaign-deletable-by-operator",
        }
    ),
    "operator-taken-for-viewer": Expectation(
        {
            "test_staff_may_do_their_work": "staff-role-refused",
            "smoke/test_round_trips.py::test_invalid_phone_is_refused": "request-forbidden",
        },
        first=("test_staff_may_do_their_work",),
        collateral={"*": "whatever an operator writes or exports is refused"},
    ),
    "forbidden-in-english": Expectation(
        {
            "test_viewer_changes_nothing": "forbidden-text-differs",
            "test_viewer_exports_nothing": "forbidden-text-differs",
            "test_operator_does_not_administer": "forbidden-text-differs",
        }
    ),
    "forbidden-as-not-found": Expectation(
        {
            "test_viewer_changes_nothing": "role-not-enforced",
            "test_viewer_exports_nothing": "role-not-enforced",
            "test_operator_does_not_administer": "role-not-enforced",
        },
        collateral={"*": "whatever relies on 403 sees 404"},
    ),
}
