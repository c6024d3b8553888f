"""Who gets in, what the edge lets through, and what the transport promises."""

from collections.abc import Iterable

from proof.expected import Expected

ACCESS, EDGE = "smoke/test_access.py::", "smoke/test_edge.py::"
HARDENING, TRANSPORT = "pre_deploy/test_hardening.py::", "pre_deploy/test_transport.py::"
LIMITS, PERMISSIONS = "pre_deploy/test_limits.py::", "pre_deploy/test_permissions.py::"
ERRORS, SOCKETS = "pre_deploy/test_errors.py::", "pre_deploy/test_sockets.py::"
SUPABASE, REGISTRATION = "integration/test_supabase.py::", "integration/test_registration.py::"

FORGED = f"{ACCESS}test_forged_token_is_refused"
SIGNED = f"{HARDENING}test_signed_token_is_read_before_it_is_trusted"
HEADERS = f"{EDGE}test_security_headers_are_on"
KNOCKING = f"{SOCKETS}test_socket_is_closed_to_strangers"
REFUSALS = (
    f"{PERMISSIONS}test_viewer_changes_nothing",
    f"{PERMISSIONS}test_viewer_exports_nothing",
    f"{PERMISSIONS}test_operator_does_not_administer",
)
LOCKED_OUT = "nobody signs in any more: that is what the fault does"


def only(check: str, words: str) -> Expected:
    """One check sees it."""
    return Expected({check: words})


def each(checks: Iterable[str], words: str) -> Expected:
    """Several checks see it, in the same words."""
    return Expected(dict.fromkeys(checks, words))


SIGNING_IN = {
    "login-works-once": Expected(
        {f"{ACCESS}test_right_password_signs_in": "401 Unauthorized"},
        collateral={"*": "whatever signs in once more is refused, too"},
    ),
    "login-refused-with-200": Expected(
        {f"{ACCESS}test_wrong_password_is_refused": "200 OK", f"{ACCESS}test_unknown_account_is_refused": "200 OK"},
        collateral={f"{LIMITS}test_login_locks_after_repeated_failures": "it expects 401 for each mistake"},
    ),
    "password-not-checked": only(f"{ACCESS}test_wrong_password_is_refused", "any password opens this account"),
    "login-reveals-accounts": only(f"{ACCESS}test_unknown_account_is_refused", "No existe una cuenta con este correo"),
    "me-is-last-sign-in": only(f"{ACCESS}test_me_is_the_caller", "not a shared client"),
    "me-trusts-the-layer": only(f"{ACCESS}test_me_without_a_token_is_refused", "500"),
    "me-refused-without-reason": only(f"{ACCESS}test_me_without_a_token_is_refused", "a reason in message"),
    "operator-told-as-agent": only(f"{ACCESS}test_me_is_the_caller[operator]", "look at user_roles"),
    "refresh-token-not-rotated": only(f"{ACCESS}test_refresh_token_works_once", "turn refresh token rotation on"),
    "refresh-token-reusable": only(f"{ACCESS}test_used_refresh_token_opens_no_new_session", "a stolen refresh token is good"),
    "logout-keeps-session": only(f"{ACCESS}test_logout_ends_the_session", "401 for a session that was signed out"),
    "sign-out-ignored": only(f"{ACCESS}test_logout_ends_the_session", "401 for a session that was signed out"),
    "logout-ends-all-sessions": Expected(
        {f"{ACCESS}test_logout_ends_the_session": "logout must be local"},
        collateral={"smoke/*": "the session of the other checks was ended, too"},
    ),
    "supabase-auth-slow": Expected(
        {f"{SUPABASE}test_signing_in_is_quick": "the time is spent at Supabase"},
        collateral={"smoke/*": "/me and the pages wait for the same service"},
    ),
    "recovery-reveals-accounts": only(f"{SUPABASE}test_recovery_does_not_tell_who_has_an_account", "User not found"),
    "supabase-accounts-listed": only(f"{SUPABASE}test_anonymous_key_lists_no_accounts", "accounts"),
    "registration-takes-a-role": each(
        (f"{REGISTRATION}test_registration_gives_no_power", f"{REGISTRATION}test_newcomer_only_looks"), "the roles ['admin']"
    ),
    "registration-gives-operator": each(
        (f"{REGISTRATION}test_registration_gives_no_power", f"{REGISTRATION}test_newcomer_only_looks"), "the roles ['operator']"
    ),
    "self-registered-may-write": only(f"{REGISTRATION}test_newcomer_only_looks", "a newcomer may not create contacts"),
}

TOKENS = {
    "contacts-readable-without-token": Expected(
        {f"{ACCESS}test_anonymous_is_refused": "Data is open to the internet"},
        collateral={
            FORGED: "where no token is asked for, a forged one passes, too",
            SIGNED: "the same",
            f"{PERMISSIONS}test_nobody_changes_anything_without_a_token": "the layer leaves the refusal to the roles",
            f"{PERMISSIONS}test_probing_with_head_tells_nothing": "it asks about contacts",
        },
    ),
    "refusal-without-reason": only(f"{ACCESS}test_anonymous_is_refused", "JSON with a reason"),
    "layer-forgets-deletions": only(
        f"{PERMISSIONS}test_nobody_changes_anything_without_a_token", "does authentication look at DELETE too?"
    ),
    "layer-forgets-head": only(f"{PERMISSIONS}test_probing_with_head_tells_nothing", "does authentication look at HEAD too?"),
    "token-signature-not-checked": Expected(
        {
            FORGED: "Signature, algorithm and key have to be verified",
            SIGNED: "when decoding",
            f"{KNOCKING}[forged]": "verify the token itself",
            f"{KNOCKING}[expired]": "verify the token itself",
        },
        first=(FORGED,),
    ),
    "token-alg-none-accepted": only(f"{FORGED}[none]", "is `none` in the list of algorithms?"),
    "token-empty-key-accepted": only(f"{FORGED}[empty-key]", "is one of the keys empty?"),
    "token-brings-its-own-key": only(f"{FORGED}[own-key]", "never take the key from the token's header"),
    "token-malformed-crashes": Expected(
        {
            f"{FORGED}[no-token]": "catch everything that decoding can raise",
            f"{ERRORS}test_malformed_token_tells_nothing_inside": "UnpackError",
        },
        collateral={f"{SOCKETS}*": "the crash ends the socket without a code"},
    ),
    "token-no-exp-accepted": only(f"{SIGNED}[no-exp]", "without an expiry"),
    "token-good-a-day-longer": Expected(
        {f"{SIGNED}[expired]": "that expired an hour ago", f"{KNOCKING}[expired]": "verify the token itself"}
    ),
    "refusal-tells-exception": each(
        (
            "pre_deploy/test_errors.py::test_refusal_tells_nothing_inside",
            "pre_deploy/test_errors.py::test_malformed_token_tells_nothing_inside",
        ),
        "a message for people",
    ),
    "token-audience-not-checked": only(f"{SIGNED}[other-audience]", "made out for another service"),
    "token-algorithm-not-pinned": only(f"{SIGNED}[hs512]", "signed with HS512"),
    "websocket-without-token": each(
        (f"{KNOCKING}[missing*", f"{KNOCKING}[made up]", f"{KNOCKING}[forged]", f"{KNOCKING}[expired]"),
        "verify the token itself",
    ),
    "websocket-token-not-verified": each(
        (f"{KNOCKING}[made up]", f"{KNOCKING}[forged]", f"{KNOCKING}[expired]"), "verify the token itself"
    ),
    "websocket-token-never-expires": only(f"{KNOCKING}[expired]", "for a token that is expired"),
}

ROLES = {
    "viewer-may-write-contacts": Expected(
        {
            f"{ACCESS}test_viewer_cannot_write": "a viewer may not create a contact",
            f"{PERMISSIONS}test_viewer_changes_nothing": "a viewer may not change anything",
            f"{REGISTRATION}test_newcomer_only_looks": "a newcomer may not create contacts",
        }
    ),
    "viewer-may-delete": only(f"{PERMISSIONS}test_viewer_changes_nothing", "checked for this method"),
    "operator-taken-for-admin": Expected(
        {
            f"{PERMISSIONS}test_operator_does_not_administer": "no operator",
            "smoke/test_round_trips.py::test_operator_cannot_delete_a_campaign": "roles are not enforced on campaigns",
        }
    ),
    "operator-taken-for-viewer": Expected(
        {f"{PERMISSIONS}test_staff_may_do_their_work": "is the operator of user_roles a role"},
        collateral={"*": "whatever an operator writes or exports is refused"},
    ),
    "role-from-user-metadata": only(
        f"{HARDENING}test_role_is_not_read_from_elsewhere", "a viewer, though user_metadata says admin"
    ),
    "forbidden-in-english": each(REFUSALS, "Forbidden"),
    "forbidden-as-not-found": Expected(
        dict.fromkeys(REFUSALS, "before the row is looked up"),
        collateral={"*": "whatever relies on 403 sees 404"},
    ),
}

LIMITED = {
    "rate-limit-not-announced": each(
        (
            f"{HARDENING}test_requests_are_counted_against_a_limit",
            f"{LIMITS}test_limit_is_that_of_the_environment",
            f"{LIMITS}test_each_request_uses_some_of_the_limit",
            f"{LIMITS}test_refused_requests_use_some_of_the_limit",
            f"{LIMITS}test_client_cannot_choose_its_address",
        ),
        "is rate limiting on",
    ),
    "rate-limit-of-the-example": only(f"{LIMITS}test_limit_is_that_of_the_environment", "X-RateLimit-Limit: 60"),
    "rate-limit-counts-per-process": Expected(
        {
            f"{LIMITS}test_each_request_uses_some_of_the_limit": "by each worker for itself",
            f"{LIMITS}test_refused_requests_use_some_of_the_limit": "less left after each request",
            f"{LIMITS}test_client_cannot_choose_its_address": "less left after each request",
        },
        first=(f"{LIMITS}test_each_request_uses_some_of_the_limit",),
    ),
    "rate-limit-behind-authentication": only(
        f"{LIMITS}test_refused_requests_use_some_of_the_limit", "count before authentication"
    ),
    "client-address-believed": only(f"{LIMITS}test_client_cannot_choose_its_address", "must be replaced at the proxy"),
    "health-rate-limited": only(f"{LIMITS}test_probes_use_nothing_of_the_limit", "exempt /health"),
    "login-never-locks": only(f"{LIMITS}test_login_locks_after_repeated_failures", "nothing stops a guesser"),
    "login-locks-after-two": only(f"{LIMITS}test_login_locks_after_repeated_failures", "the lock comes too early"),
    "login-locks-for-a-day": only(f"{LIMITS}test_locked_login_says_when_to_come_back", "Retry-After: 86400"),
    "login-lock-without-retry-after": only(f"{LIMITS}test_locked_login_says_when_to_come_back", "Retry-After: none"),
    "login-lock-counts-successes": Expected(
        {f"{LIMITS}test_signing_in_often_locks_nobody": "does the lock count sign-ins that succeed?"},
        collateral={"*": LOCKED_OUT},
    ),
    "login-locks-the-address": Expected(
        {f"{LIMITS}test_lock_of_one_account_leaves_the_others": "not for an address"}, collateral={"*": LOCKED_OUT}
    ),
}

EDGES = {
    "hsts-missing": each((HEADERS, f"{EDGE}test_static_files_carry_the_security_headers"), "strict-transport-security"),
    "hsts-for-five-minutes": each((HEADERS, f"{EDGE}test_static_files_carry_the_security_headers"), "max-age=300"),
    "header-sent-twice": each((HEADERS, f"{EDGE}test_static_files_carry_the_security_headers"), "nosniff, nosniff"),
    "header-missing-on-errors": Expected(
        {HEADERS: "not only for 200", f"{EDGE}test_content_security_policy_is_on[api]": "for every answer"}
    ),
    "header-missing-on-redirects": only(f"{HEADERS}[redirecci*", "strict-transport-security"),
    "header-missing-on-pages": Expected(
        {HEADERS: "once, at the proxy", f"{EDGE}test_content_security_policy_is_on[p*": "for every answer"}
    ),
    "header-missing-on-static-files": only(f"{EDGE}test_static_files_carry_the_security_headers", "for every answer"),
    "csp-report-only": only(f"{EDGE}test_content_security_policy_is_on", "report-only watches and stops nothing"),
    "csp-without-connect-src": only(f"{EDGE}test_content_security_policy_is_on", "connect-src as in contract 8.1"),
    "server-version-shown": only(f"{EDGE}test_server_does_not_tell_its_version", "nginx/1.25.3"),
    "framework-version-shown": only(f"{EDGE}test_server_does_not_tell_its_version", "Next.js 14.2.3"),
    "redirect-forgets-path": only(f"{EDGE}test_http_is_sent_to_https", "keep host, path and query"),
    "redirect-temporary": only(f"{EDGE}test_http_is_sent_to_https", "302 Found"),
    "http-shows-welcome-page": only(f"{EDGE}test_http_is_sent_to_https", "Welcome to nginx!"),
    "redirect-reflects-host": only(f"{HARDENING}test_redirect_never_leads_to_a_stranger", "Location: https://evil.example"),
    "metrics-unprotected": only(f"{EDGE}test_metrics_ask_for_a_password", "basic auth"),
    "metrics-any-password": only(f"{EDGE}test_metrics_ask_for_a_password", "asked for and not compared"),
    "metrics-of-vendors-missing": only(f"{EDGE}test_metrics_are_complete", "twilio_errors_total"),
    "metrics-frozen": only(f"{EDGE}test_metrics_count_what_happens", "0 more"),
    "proxy-strips-cache-prefix": Expected(
        {f"{HARDENING}test_proxy_hands_paths_on_unchanged": "does the proxy take a prefix off"},
        collateral={
            "smoke/test_caches.py::*": "the statistics of the cache are behind that prefix",
            "smoke/test_liveness.py::test_health_agrees_with_redis": "it asks for them, too",
            f"{PERMISSIONS}test_viewer_changes_nothing[precargar*": "filling the cache is behind that prefix",
            f"{PERMISSIONS}test_operator_does_not_administer[precargar*": "as above",
            f"{PERMISSIONS}test_nobody_changes_anything_without_a_token[precargar*": "as above",
        },
    ),
    "proxy-replaces-error-bodies": Expected(
        {f"{HARDENING}test_proxy_hands_paths_on_unchanged": "404 text/html through the proxy"},
        collateral={"*_is_not_found": "reads the message of a 404", "smoke/test_round_trips.py::*": "as above"},
    ),
    "proxy-forgets-websockets": only(f"{SOCKETS}test_socket_of_an_unknown_call_is_closed", "does the proxy hand /ws/ on"),
}

ORIGINS = {
    "cors-reflects-any-origin": each(
        (f"{HARDENING}test_foreign_origin_is_not_let_in", f"{HARDENING}test_foreign_preflight_is_not_let_in"),
        "reflect only those",
    ),
    "cors-star-with-credentials": Expected(
        {
            f"{HARDENING}test_foreign_origin_is_not_let_in": "Access-Control-Allow-Origin: *",
            f"{HARDENING}test_foreign_preflight_is_not_let_in": "Access-Control-Allow-Origin: *",
            f"{HARDENING}test_own_origin_is_let_in": "Access-Control-Allow-Origin",
        }
    ),
    "cors-lists-null": each(
        (f"{HARDENING}test_foreign_origin_is_not_let_in", f"{HARDENING}test_foreign_preflight_is_not_let_in"),
        "Access-Control-Allow-Origin: null",
    ),
    "cors-compares-the-beginning": each(
        (f"{HARDENING}test_foreign_origin_is_not_let_in", f"{HARDENING}test_foreign_preflight_is_not_let_in"), ".evil.example"
    ),
    "cors-open-on-preflight": only(f"{HARDENING}test_foreign_preflight_is_not_let_in", "reflect only those"),
    "cors-star-on-refusals": only(f"{HARDENING}test_foreign_origin_is_not_let_in", "Access-Control-Allow-Origin: *"),
    "cors-lists-nobody": only(f"{HARDENING}test_own_origin_is_let_in", "answered before authentication?"),
    "cors-preflight-wants-a-token": only(f"{HARDENING}test_own_origin_is_let_in", "A browser sends no token with it"),
}

INSIDE = {
    "allow-header-missing": only(f"{ERRORS}test_wrong_method_names_the_right_one", "Allow: none"),
    "error-leaks-internals+contact-column-not-migrated": Expected(
        {f"{ERRORS}test_error_tells_nothing_inside[lista]": "log the exception with the request's id"},
        collateral={"*": "contacts cannot be read: the column that is missing breaks them"},
    ),
    "login-outage-tells-exception+supabase-auth-down": Expected(
        {f"{ERRORS}test_failed_sign_in_tells_nothing_inside": "log the exception with the request's id"},
        collateral={"*": "nobody can sign in while the auth service is down"},
    ),
    "root-points-to-documentation": only(f"{HARDENING}test_root_does_not_point_to_documentation", "/docs"),
    "documentation-left-open": only(f"{HARDENING}test_documentation_is_hidden_in_production", "DEBUG=false"),
    "redoc-left-open": only(f"{HARDENING}test_documentation_is_hidden_in_production[/redoc]", "DEBUG=false"),
    "schema-left-open": only(f"{HARDENING}test_documentation_is_hidden_in_production[/openapi.json]", "APP_ENV=production"),
}

ROWS = {
    "supabase-rls-bypassed": Expected(
        {
            f"{SUPABASE}test_anonymous_key_reads_nothing": "row-level security",
            f"{SUPABASE}test_anonymous_key_writes_nothing": "anybody on the internet can add rows",
            f"{SUPABASE}test_viewer_gives_no_roles": "let through to the table",
            f"{SUPABASE}test_contacts_are_for_those_who_call": "policies on contacts",
            f"{SUPABASE}test_profile_of_others_is_hidden": "policies on profiles",
        }
    ),
    "supabase-rls-off-on-call-history": only(f"{SUPABASE}test_anonymous_key_reads_nothing[call_history]", "on call_history"),
    "supabase-contacts-open-to-viewers": only(f"{SUPABASE}test_contacts_are_for_those_who_call", "policies on contacts"),
    "supabase-anonymous-may-insert": only(f"{SUPABASE}test_anonymous_key_writes_nothing[contacts]", "can add rows"),
    "supabase-roles-writable": only(f"{SUPABASE}test_viewer_gives_no_roles", "let through to the table"),
}

HANDSHAKES = {
    "tls-1.3-missing": only(f"{TRANSPORT}test_current_tls_is_spoken", "ssl_protocols"),
    "tls-old-versions-spoken": only(f"{TRANSPORT}test_old_tls_is_refused", "take it out of ssl_protocols"),
    "tls-weak-ciphers": only(f"{TRANSPORT}test_weak_ciphers_are_refused", "set ssl_ciphers to HIGH:!aNULL:!MD5"),
    "certificate-expires-soon": only(f"{TRANSPORT}test_certificate_is_good_for_two_weeks", "days left"),
}

CERTIFICATES = {
    "certificate-expired": Expected(blocks="certificate has expired"),
    "certificate-wrong-host": Expected(blocks="certificate is not valid for"),
}

FAULTS = SIGNING_IN | TOKENS | ROLES | LIMITED | EDGES | ORIGINS | INSIDE | ROWS | HANDSHAKES | CERTIFICATES
