"""Health, build, configuration, logs, metrics, webhooks and vendors."""

from tests.proof.expected import Expected

FAULTS = {
    "redis-down+health-lies": Expected(
        {"smoke/test_liveness.py::test_health_agrees_with_redis": "/health does not look at Redis"}
    ),
    "health-slow": Expected({"smoke/test_liveness.py::test_health_is_ok": "which of its parts answers slowly?"}),
    "log-shows-tokens": Expected({"smoke/test_logs.py::test_log_keeps_no_credentials": "an access token"}),
    "contact-column-not-migrated": Expected({"smoke/test_liveness.py::test_health_agrees_with_the_database": "the database up"}),
    "root-of-another-application": Expected({"smoke/test_liveness.py::test_root_introduces_the_api": "another application"}),
    "version-stale": Expected({"smoke/test_liveness.py::test_deployed_build_is_the_one_we_meant": "versions ['0.9.4']"}),
    "health-version-fixed": Expected({"smoke/test_liveness.py::test_root_and_health_name_the_same_version": "as / says"}),
    "login-page-lang-en": Expected({"smoke/test_liveness.py::test_frontend_is_served": '<html lang="es">'}),
    "log-fields-renamed": Expected({"smoke/test_logs.py::test_request_leaves_its_line": "without ['status_code']"}),
    "login-logs-password": Expected({"smoke/test_logs.py::test_log_keeps_no_credentials": "the password"}),
    "webhook-signature-not-checked": Expected(
        {
            "smoke/test_webhooks.py::test_unsigned_callback_is_refused": "is APP_DEBUG true?",
            "smoke/test_webhooks.py::test_forged_signature_is_refused": "is the signature compared at all?",
            "smoke/test_webhooks.py::test_changed_callback_is_refused": "every form field",
        }
    ),
    "webhook-signature-over-inner-address": Expected(
        {"smoke/test_webhooks.py::test_genuine_signature_is_accepted": "it signs another address"}
    ),
}
