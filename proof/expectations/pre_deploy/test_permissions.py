from proof.expectations import Expectation

FAULTS = {
    "layer-forgets-deletions": Expectation({"test_nobody_changes_anything_without_a_token": "no-token-accepted"}),
    "layer-forgets-head": Expectation({"test_probing_with_head_tells_nothing": "head-reveals-paths"}),
    "viewer-may-delete": Expectation({"test_viewer_changes_nothing": "role-not-enforced"}),
    "no-roles-at-all": Expectation(
        {
            "test_viewer_changes_nothing": "role-not-enforced",
            "test_viewer_exports_nothing": "role-not-enforced",
            "test_operator_does_not_administer": "role-not-enforced",
            "pre_deploy/test_hardening.py::test_role_is_not_read_from_elsewhere": "role-not-enforced",
            "smoke/test_access.py::test_viewer_cannot_write": "role-not-enforced",
            "smoke/test_round_trips.py::test_operator_cannot_delete_a_campaign": "role-not-enforced",
            "integration/test_registration.py::test_newcomer_only_looks": "role-not-enforced",
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
        blocked={"regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": "as above"},
    ),
    "operator-taken-for-admin": Expectation(
        {
            "test_operator_does_not_administer": "role-not-enforced",
            "smoke/test_round_trips.py::test_operator_cannot_delete_a_campaign": "role-not-enforced",
        }
    ),
    "contact-export-for-operators-alone": Expectation(
        {"test_staff_reads_everything[exportación de contactos-admin]": "staff-role-may-not-read"}
    ),
    "operator-taken-for-viewer": Expectation(
        {
            "test_staff_may_do_their_work": "staff-role-refused",
            "test_staff_reads_everything": "staff-role-may-not-read",
        },
        first=("test_staff_may_do_their_work", "test_staff_reads_everything"),
        collateral={"*": "what an operator writes in a page is refused"},
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
