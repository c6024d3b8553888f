"""Who gets in, what the edge lets through, and what the transport promises."""

from tests.proof.expected import Expected

FAULTS = {
    "login-works-once": Expected({"smoke/test_access.py::test_right_password_signs_in": "401 Unauthorized"}),
    "password-not-checked": Expected({"smoke/test_access.py::test_wrong_password_is_refused": "any password opens this account"}),
    "login-reveals-accounts": Expected(
        {"smoke/test_access.py::test_unknown_account_is_refused": "No existe una cuenta con este correo"}
    ),
    "me-is-last-sign-in": Expected({"smoke/test_access.py::test_me_is_the_caller": "not a shared client"}),
    "me-trusts-the-layer": Expected({"smoke/test_access.py::test_me_without_a_token_is_refused": "500"}),
    "contacts-readable-without-token": Expected(
        {"smoke/test_access.py::test_anonymous_is_refused": "Data is open to the internet"}
    ),
    "token-signature-not-checked": Expected({"smoke/test_access.py::test_forged_token_is_refused": "verify signature"}),
    "token-no-exp-accepted": Expected(
        {"pre_deploy/test_hardening.py::test_signed_token_is_read_before_it_is_trusted": "without an expiry"}
    ),
    "refresh-token-not-rotated": Expected(
        {"smoke/test_access.py::test_refresh_token_works_once": "turn refresh token rotation on"}
    ),
    "logout-keeps-session": Expected(
        {"smoke/test_access.py::test_logout_ends_the_session": "401 for a session that was signed out"}
    ),
    "sign-out-ignored": Expected({"smoke/test_access.py::test_logout_ends_the_session": "401 for a session that was signed out"}),
    "viewer-may-write-contacts": Expected(
        {"smoke/test_access.py::test_viewer_cannot_write": "a viewer may not create a contact"}
    ),
    "hsts-missing": Expected({"smoke/test_edge.py::test_security_headers_are_on": "strict-transport-security"}),
    "header-missing-on-errors": Expected({"smoke/test_edge.py::test_security_headers_are_on": "not only for 200"}),
    "server-version-shown": Expected({"smoke/test_edge.py::test_server_does_not_tell_its_version": "nginx/1.25.3"}),
    "redirect-forgets-path": Expected({"smoke/test_edge.py::test_http_is_sent_to_https": "keep host, path and query"}),
    "metrics-unprotected": Expected({"smoke/test_edge.py::test_metrics_ask_for_a_password": "basic auth"}),
    "metrics-of-vendors-missing": Expected({"smoke/test_edge.py::test_metrics_are_complete": "twilio_errors_total"}),
    "metrics-frozen": Expected({"smoke/test_edge.py::test_metrics_count_what_happens": "0 more"}),
    "supabase-rls-bypassed": Expected(
        {
            "integration/test_supabase.py::test_anonymous_key_reads_nothing": "row-level security",
            "integration/test_supabase.py::test_contacts_are_for_those_who_call": "policies on contacts",
            "integration/test_supabase.py::test_profile_of_others_is_hidden": "policies on profiles",
        }
    ),
    "cors-reflects-any-origin": Expected(
        {
            "pre_deploy/test_hardening.py::test_foreign_origin_is_not_let_in": "reflect only those",
            "pre_deploy/test_hardening.py::test_foreign_preflight_is_not_let_in": "reflect only those",
        }
    ),
    "cors-lists-nobody": Expected({"pre_deploy/test_hardening.py::test_own_origin_is_let_in": "answered before authentication?"}),
    "root-points-to-documentation": Expected(
        {"pre_deploy/test_hardening.py::test_root_does_not_point_to_documentation": "/docs"}
    ),
    "tls-1.3-missing": Expected({"pre_deploy/test_transport.py::test_current_tls_is_spoken": "ssl_protocols"}),
    "documentation-left-open": Expected(
        {"pre_deploy/test_hardening.py::test_documentation_is_hidden_in_production": "DEBUG=false"}
    ),
    "tls-old-versions-spoken": Expected({"pre_deploy/test_transport.py::test_old_tls_is_refused": "spoken"}),
    "certificate-expires-soon": Expected({"pre_deploy/test_transport.py::test_certificate_is_good_for_two_weeks": "days left"}),
}
