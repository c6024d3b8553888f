from proof.expectations import Expectation

FAULTS = {
    "login-works-once": Expectation(
        {"test_right_password_signs_in": "401 Unauthorized"}, collateral={"*": "whatever signs in once more is refused, too"}
    ),
    "login-refused-with-200": Expectation(
        {"test_wrong_password_is_refused": "200 OK", "test_unknown_account_is_refused": "200 OK"},
        collateral={"pre_deploy/test_limits.py::test_login_locks_after_repeated_failures": "it expects 401 for each mistake"},
    ),
    "password-not-checked": Expectation({"test_wrong_password_is_refused": "any password opens this account"}),
    "login-reveals-accounts": Expectation({"test_unknown_account_is_refused": "No existe una cuenta con este correo"}),
    "me-is-last-sign-in": Expectation({"test_me_is_the_caller": "not a shared client"}),
    "me-trusts-the-layer": Expectation({"test_me_without_a_token_is_refused": "500"}),
    "me-refused-without-reason": Expectation({"test_me_without_a_token_is_refused": "a reason in message"}),
    "operator-told-as-agent": Expectation({"test_me_is_the_caller[operator]": "look at user_roles"}),
    "refresh-token-not-rotated": Expectation({"test_refresh_token_works_once": "turn refresh token rotation on"}),
    "refresh-token-reusable": Expectation({"test_used_refresh_token_opens_no_new_session": "a stolen refresh token is good"}),
    "logout-keeps-session": Expectation({"test_logout_ends_the_session": "401 for a session that was signed out"}),
    "sign-out-ignored": Expectation({"test_logout_ends_the_session": "401 for a session that was signed out"}),
    "logout-ends-all-sessions": Expectation(
        {"test_logout_ends_the_session": "logout must be local"},
        collateral={"smoke/*": "the session of the other checks was ended, too"},
    ),
    "contacts-readable-without-token": Expectation(
        {"test_anonymous_is_refused": "Data is open to the internet"},
        collateral={
            "test_forged_token_is_refused": "where no token is asked for, a forged one passes, too",
            "pre_deploy/test_hardening.py::test_signed_token_is_read_before_it_is_trusted": "the same",
            "pre_deploy/test_permissions.py::test_nobody_changes_anything_without_a_token": (
                "the layer leaves the refusal to the roles"
            ),
            "pre_deploy/test_permissions.py::test_probing_with_head_tells_nothing": "it asks about contacts",
        },
    ),
    "refusal-without-reason": Expectation({"test_anonymous_is_refused": "JSON with a reason"}),
    "token-signature-not-checked": Expectation(
        {
            "test_forged_token_is_refused": "Signature, algorithm and key have to be verified",
            "pre_deploy/test_hardening.py::test_signed_token_is_read_before_it_is_trusted": "when decoding",
            "pre_deploy/test_sockets.py::test_socket_is_closed_to_strangers[forged]": "verify the token itself",
            "pre_deploy/test_sockets.py::test_socket_is_closed_to_strangers[expired]": "verify the token itself",
        },
        first=("test_forged_token_is_refused",),
    ),
    "token-alg-none-accepted": Expectation({"test_forged_token_is_refused[none]": "is `none` in the list of algorithms?"}),
    "token-empty-key-accepted": Expectation({"test_forged_token_is_refused[empty-key]": "is one of the keys empty?"}),
    "token-brings-its-own-key": Expectation(
        {"test_forged_token_is_refused[own-key]": "never take the key from the token's header"}
    ),
    "token-malformed-crashes": Expectation(
        {
            "test_forged_token_is_refused[no-token]": "catch everything that decoding can raise",
            "pre_deploy/test_errors.py::test_malformed_token_tells_nothing_inside": "UnpackError",
        },
        collateral={"pre_deploy/test_sockets.py::*": "the crash ends the socket without a code"},
    ),
    "viewer-may-write-contacts": Expectation(
        {
            "test_viewer_cannot_write": "a viewer may not create a contact",
            "pre_deploy/test_permissions.py::test_viewer_changes_nothing": "a viewer may not change anything",
            "integration/test_registration.py::test_newcomer_only_looks": "a newcomer may not create contacts",
        }
    ),
}
