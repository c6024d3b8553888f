from proof.expectations import Expectation

# What can be looked at only while Supabase lets people in. The API can also be asked with a token of one's own signature.
NEEDING_SUPABASE = (
    "integration/test_registration.py::*",
    "smoke/test_access.py::test_account_has_its_role",
    "smoke/test_access.py::test_logout_ends_the_session",
    "smoke/test_access.py::test_me_is_the_caller",
    "smoke/test_access.py::test_one_mistake_locks_nobody_out",
    "smoke/test_access.py::test_refresh_token_works_once",
    "smoke/test_access.py::test_refusal_does_not_tell_who_has_an_account",
    "smoke/test_access.py::test_sign_out_ends_no_other_session",
    "smoke/test_access.py::test_used_refresh_token_opens_no_new_session",
    "smoke/test_identities.py::test_caller_is_not_the_last_one_to_sign_in",
    "smoke/test_logs.py::test_log_keeps_no_credentials",
    "smoke/test_pages.py::*",
    "smoke/test_pages_sign_in.py::test_sign_in_never_leads_elsewhere",
    "smoke/test_pages_sign_in.py::test_sign_out_ends_the_session",
    "smoke/test_pages_sign_in.py::test_wrong_password_is_announced",
    "regression/test_pages_contacts.py::*",
    "regression/test_pages_dashboard.py::*",
    "regression/test_pages_sessions.py::*",
    "pre_deploy/test_limits.py::test_few_mistakes_lock_nobody_out",
    "pre_deploy/test_limits.py::test_lock_of_one_account_leaves_the_others",
    "pre_deploy/test_limits.py::test_login_locks_after_repeated_failures",
    "pre_deploy/test_limits.py::test_signing_in_often_locks_nobody",
)
# What is learnt only of a login that lets somebody in.
NEEDING_A_LOGIN = (
    "integration/test_registration.py::test_newcomer_*",
    "integration/test_registration.py::test_taken_email_is_refused",
    "pre_deploy/test_limits.py::test_few_mistakes_lock_nobody_out",
    "pre_deploy/test_limits.py::test_lock_of_one_account_leaves_the_others",
    "pre_deploy/test_limits.py::test_login_locks_after_repeated_failures",
    "pre_deploy/test_limits.py::test_signing_in_often_locks_nobody",
    "smoke/test_access.py::test_one_mistake_locks_nobody_out",
    "smoke/test_access.py::test_refusal_does_not_tell_who_has_an_account",
    "smoke/test_identities.py::test_caller_is_not_the_last_one_to_sign_in",
    "smoke/test_logs.py::test_log_keeps_no_credentials",
)
NOTHING_LEARNT = dict.fromkeys(NEEDING_A_LOGIN, "of a login that lets nobody in nothing can be learnt")
FAULTS = {
    "supabase-auth-down": Expectation(
        {
            "test_right_password_signs_in": "auth-service-down",
            "smoke/test_pages_sign_in.py::test_wrong_password_is_told": "page-api-call-failed",
            "smoke/test_pages_sign_in.py::test_sign_in_leads_where_one_was_going": "page-api-call-failed",
            "integration/test_supabase.py::test_identity_signs_in": "unexpected-shape",  # the error of Supabase's own SDK
        },
        first=("test_right_password_signs_in",),
        collateral={
            "integration/*": "signs in at Supabase first",
            "pre_deploy/test_limits.py::*": "counts refusals of a sign-in, where there are only outages",
            "smoke/test_edge.py::test_second_role_gets_an_answer_of_its_own": "asks who the caller is, which Supabase knows",
            "smoke/test_response_times.py::test_mean_response_time_is_kept": "as above",
            "smoke/test_routes.py::test_route_is_served[usuario]": "as above",
        },
        blocked=dict.fromkeys(NEEDING_SUPABASE, "no password can be tried, and no browser gets a session"),
    ),
    "login-refuses-everybody": Expectation(
        {"test_right_password_signs_in": "login-refuses-right-password"},
        collateral={"*": "whatever signs in by the login is refused"},
        blocked=NOTHING_LEARNT,
    ),
    "login-fails-for-everybody": Expectation(
        {"test_right_password_signs_in": "sign-in-not-served"},
        collateral={"*": "whatever signs in by the login gets an error"},
        blocked=NOTHING_LEARNT,
    ),
    "login-closes-its-client": Expectation(
        {"test_right_password_signs_in": ("sign-in-not-served", "right-password-refused")},
        collateral={"*": "whatever signs in by the login gets an error"},
        blocked=NOTHING_LEARNT,
    ),
    "login-works-once": Expectation(
        {"test_right_password_signs_in": "right-password-refused"},
        collateral={"*": "whatever signs in once more is refused, too"},
        blocked=NOTHING_LEARNT,
    ),
    "login-refused-with-200": Expectation(
        {
            "test_wrong_password_is_refused": "wrong-password-accepted",
            "test_unknown_account_is_refused": "unknown-account-admitted",
        },
        blocked={
            "test_one_mistake_locks_nobody_out": "a mistake is taken for a sign-in",
            "test_refusal_does_not_tell_who_has_an_account": "nobody is refused",
        },
    ),
    "password-not-checked": Expectation(
        {"test_wrong_password_is_refused": "wrong-password-accepted"},
        blocked={
            "test_one_mistake_locks_nobody_out": "a mistake is taken for a sign-in",
            "test_refusal_does_not_tell_who_has_an_account": "a wrong password is not refused",
        },
    ),
    "login-reveals-accounts": Expectation({"test_refusal_does_not_tell_who_has_an_account": "account-existence-revealed"}),
    "login-locks-at-once": Expectation(
        {
            "test_one_mistake_locks_nobody_out": "account-locked-after-one-mistake",
            "pre_deploy/test_limits.py::test_few_mistakes_lock_nobody_out": "login-locks-too-early",
        },
        collateral={"*": "the viewer is locked out, and with the role whatever signs in as it"},
        blocked={"smoke/test_identities.py::test_caller_is_not_the_last_one_to_sign_in": "the viewer is locked out"},
    ),
    "me-is-last-sign-in": Expectation(
        {
            "test_me_is_the_caller": "me-is-another-account",
            "smoke/test_edge.py::test_second_role_gets_an_answer_of_its_own": "me-is-another-account",
        },
        blocked={"test_account_has_its_role": "the roles are those of another account"},
    ),
    "me-trusts-the-layer": Expectation(
        {
            "test_me_without_a_token_is_refused": "me-without-token-not-refused",
        },
        collateral={"pre_deploy/test_authentication.py::test_malformed_authorization_is_refused*": "no layer reads it there"},
    ),
    "me-refused-without-reason": Expectation({"test_me_without_a_token_is_refused": "me-refused-without-reason"}),
    "operator-told-as-agent": Expectation({"test_account_has_its_role[operator]": "role-not-assigned"}),
    "refresh-token-not-rotated": Expectation({"test_refresh_token_works_once": "refresh-token-not-rotated"}),
    "refresh-token-reusable": Expectation({"test_used_refresh_token_opens_no_new_session": "used-refresh-token-accepted"}),
    "logout-keeps-session": Expectation({"test_logout_ends_the_session": "signed-out-session-renewed"}),
    "sign-out-ignored": Expectation({"test_logout_ends_the_session": "signed-out-session-renewed"}),
    "logout-ends-all-sessions": Expectation(
        {"test_sign_out_ends_no_other_session": "sign-out-ends-other-sessions"},
        collateral={"smoke/*": "the session of the other checks was ended, too"},
    ),
    "contacts-readable-without-token": Expectation(
        {
            "test_anonymous_is_refused": "data-open-without-token",
            "smoke/test_edge.py::test_second_reader_gets_an_answer_of_their_own[contactos]": "data-open-without-token",
            "test_forged_token_is_refused": "data-open-without-token",
            "pre_deploy/test_hardening.py::test_signed_token_is_read_before_it_is_trusted": "data-open-without-token",
        },
        collateral={
            "pre_deploy/test_permissions.py::test_nobody_changes_anything_without_a_token": (
                "the layer leaves the refusal to the roles"
            ),
            "pre_deploy/test_permissions.py::test_probing_with_head_tells_nothing": "it asks about contacts",
        },
    ),
    "refusal-without-reason": Expectation({"test_anonymous_is_refused": "anonymous-refused-without-reason"}),
    "token-signature-not-checked": Expectation(
        {
            "test_forged_token_is_refused": "token-signature-not-verified",
            "pre_deploy/test_hardening.py::test_signed_token_is_read_before_it_is_trusted": "token-signature-not-verified",
            "pre_deploy/test_sockets.py::test_socket_is_closed_to_strangers[forged]": "socket-token-not-verified",
            "pre_deploy/test_sockets.py::test_socket_is_closed_to_strangers[expired]": "socket-expired-token-accepted",
        },
        first=("test_forged_token_is_refused",),
    ),
    "token-alg-none-accepted": Expectation({"test_forged_token_is_refused[none]": "unsigned-token-accepted"}),
    "token-empty-key-accepted": Expectation({"test_forged_token_is_refused[empty-key]": "empty-key-token-accepted"}),
    "token-brings-its-own-key": Expectation({"test_forged_token_is_refused[own-key]": "token-brings-own-key"}),
    "token-malformed-crashes": Expectation(
        {
            "test_forged_token_is_refused[no-token]": "malformed-token-not-refused",
            "pre_deploy/test_errors.py::test_malformed_token_tells_nothing_inside": "error-reveals-internals",
            "pre_deploy/test_sockets.py::test_socket_is_closed_to_strangers": "socket-fails-at-a-stranger",
        },
        first=("test_forged_token_is_refused[no-token]", "pre_deploy/test_errors.py::test_malformed_token_tells_nothing_inside"),
    ),
    "viewer-may-write-contacts": Expectation(
        {
            "test_viewer_cannot_write": "role-not-enforced",
            "pre_deploy/test_permissions.py::test_viewer_changes_nothing": "role-not-enforced",
            "integration/test_registration.py::test_newcomer_only_looks": "role-not-enforced",
        }
    ),
}
