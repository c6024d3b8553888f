from proof.expectations import Expectation

OF_RIGHTS = (
    "pre_deploy/test_hardening.py::test_role_is_not_read_from_elsewhere",
    "pre_deploy/test_permissions.py::test_*",
    "regression/test_privacy.py::test_*",
    "smoke/test_lists.py::test_phones_are_masked_for_viewers",
    "smoke/test_round_trips.py::test_operator_cannot_delete_a_campaign",
)
FAULTS = {
    "login-outage-told-as-refusal+supabase-auth-down": Expectation(
        {"test_outage_is_not_told_as_a_wrong_password": "outage-told-as-wrong-password"},
        collateral={"*": "nobody can sign in while the auth service is down"},
    ),
    "data-as-last-sign-in": Expectation(
        {"test_caller_is_not_the_last_one_to_sign_in": "caller-is-the-last-sign-in"},
        collateral=dict.fromkeys(("*", *OF_RIGHTS), "everybody has the rights of whoever signed in last"),
        blocked=dict.fromkeys(
            (*OF_RIGHTS, "integration/test_call_lines.py::*", "regression/test_pages_sessions.py::*"),
            "who works here may just be taken for a viewer",
        ),
    ),
}
