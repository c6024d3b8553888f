"""Health, build, configuration, logs, metrics, webhooks and vendors."""

from proof.expected import Expected

LIVENESS = "smoke/test_liveness.py"
LOGS = "smoke/test_logs.py"
LOGGING = "pre_deploy/test_logging.py"
CONFIGURATION = "pre_deploy/test_configuration.py"
WEBHOOKS = "smoke/test_webhooks.py"
WEBHOOK_RULES = "regression/test_webhook_rules.py"
METRICS_RULES = "regression/test_metrics_rules.py"
TWILIO = "integration/test_twilio.py"

REDIS_GONE = {
    "smoke/test_caches.py::*": "the caches are in Redis",
    "pre_deploy/test_hardening.py::test_requests_are_counted_against_a_limit": "requests are counted in Redis",
    "pre_deploy/test_limits.py::*": "requests and failed sign-ins are counted in Redis",
}
HEALTH_AND_BUILD = {
    "redis-down+health-lies": Expected(
        {f"{LIVENESS}::test_health_agrees_with_redis": "/health does not look at Redis"}, collateral=REDIS_GONE
    ),
    "redis-down+health-ignores-redis": Expected(
        {f"{LIVENESS}::test_health_agrees_with_redis": "/health does not look at Redis"}, collateral=REDIS_GONE
    ),
    "database-down": Expected(
        {f"{LIVENESS}::test_health_is_ok": "mend database first"},
        collateral={"*": "nothing but pages and files is there without the database, and /health says so"},
    ),
    "health-slow": Expected({f"{LIVENESS}::test_health_is_ok": "which of its parts answers slowly?"}),
    "contact-column-not-migrated": Expected(
        {
            f"{LIVENESS}::test_health_agrees_with_the_database": "the database up",
            "smoke/test_lists.py::test_contacts_come_in_pages": "500 Internal Server Error",
        },
        collateral={"*": "whatever lists contacts gets a 500"},
    ),
    "root-of-another-application": Expected({f"{LIVENESS}::test_root_introduces_the_api": "another application"}),
    "version-stale": Expected({f"{LIVENESS}::test_deployed_build_is_the_one_we_meant": "versions ['0.9.4']"}),
    "version-stale-on-one-worker": Expected(
        {f"{LIVENESS}::test_deployed_build_is_the_one_we_meant": "versions ['0.9.4', '1.0.0']"},
        collateral={f"{LIVENESS}::test_*_same_version": "two answers that two workers gave"},
    ),
    "health-version-fixed": Expected(
        {
            f"{LIVENESS}::test_root_and_health_name_the_same_version": "as / says",
            f"{LIVENESS}::test_deployed_build_is_the_one_we_meant": "/health has this one typed in",
        }
    ),
    "documentation-left-open+openapi-version-as-shipped": Expected(
        {f"{LIVENESS}::test_api_document_names_the_same_version": "typed into the API's document"},
        collateral={"pre_deploy/test_hardening.py::*": "production shows its documents, without which their version is hidden"},
    ),
    "login-page-lang-en": Expected({f"{LIVENESS}::test_frontend_is_served": '<html lang="es">'}),
    "call-metrics-row-by-row": Expected(
        {"smoke/test_response_times.py::test_mean_response_time_is_kept": "mean response time of cifras is violated"}
    ),
}
LOG = {
    "log-shows-tokens": Expected({f"{LOGS}::test_log_keeps_no_credentials": "an access token"}),
    "login-logs-password": Expected({f"{LOGS}::test_log_keeps_no_credentials": "the password"}),
    "log-fields-renamed": Expected({f"{LOGS}::test_request_leaves_its_line": "without ['status_code']"}),
    "log-pretty-printed": Expected(
        {
            f"{LOGS}::test_request_leaves_its_line": "without indentation",
            f"{LOGGING}::test_log_is_one_json_object_a_line": "without indentation",
        }
    ),
    "log-as-text": Expected(
        {
            f"{LOGS}::test_request_leaves_its_line": "is LOG_FORMAT json",
            f"{LOGGING}::test_log_is_one_json_object_a_line": "LOG_FORMAT=json",
        }
    ),
    "log-in-local-time": Expected({f"{LOGGING}::test_log_tells_the_time_in_utc": "+2.0 hours off"}),
    "health-logged": Expected({f"{LOGGING}::test_health_checks_are_not_logged": "exclude /health"}),
    "log-keeps-query-strings": Expected({f"{LOGGING}::test_log_masks_phones": "without its query"}),
}
METRICS = {
    "metrics-password-old": Expected(
        {
            "smoke/test_edge.py::test_metrics_are_complete": "LV_METRICS_PASSWORD",
            f"{METRICS_RULES}::test_metrics_come_as_a_text_exposition": "LV_METRICS_PASSWORD",
        },
        collateral={"smoke/test_edge.py::test_metrics_count_what_happens": "nothing can be counted on a page that is refused"},
    ),
    "metrics-sent-as-json": Expected({f"{METRICS_RULES}::test_metrics_come_as_a_text_exposition": "application/json"}),
    "metrics-unreadable": Expected({f"{METRICS_RULES}::test_metrics_can_be_read": "escape quotes"}),
    "metrics-count-no-errors": Expected({f"{METRICS_RULES}::test_refused_requests_are_counted": "0 more"}),
    "metrics-labelled-by-raw-path": Expected({f"{METRICS_RULES}::test_path_label_is_the_route": "label by the route"}),
    "metrics-buckets-not-cumulative": Expected({f"{METRICS_RULES}::test_histograms_add_up": "buckets are cumulative"}),
    "metrics-without-infinity": Expected({f"{METRICS_RULES}::test_histograms_add_up": "le=+Inf"}),
}
PRODUCTION_FILE = {
    "production-file-lacks-secret-key": Expected(
        {
            f"{CONFIGURATION}::test_key_is_set[SECRET_KEY]": "SECRET_KEY with a value",
            f"{CONFIGURATION}::test_value_is_for_production[SECRET_KEY]": "at least 32 characters",
        },
        first=(f"{CONFIGURATION}::test_key_is_set[SECRET_KEY]",),
    ),
    "production-file-weak-secret-key": Expected(
        {f"{CONFIGURATION}::test_value_is_for_production[SECRET_KEY]": "at least 32 characters"}
    ),
    "production-file-debug-on": Expected(
        {f"{CONFIGURATION}::test_value_is_for_production[APP_DEBUG]": "true switches webhook signatures off"}
    ),
    "production-file-documentation-on": Expected({f"{CONFIGURATION}::test_value_is_for_production[DEBUG]": "true opens /docs"}),
    "production-file-placeholder-key": Expected({f"{CONFIGURATION}::test_no_placeholder_is_left": "OPENAI_API_KEY"}),
    "production-file-service-key-exposed": Expected({f"{CONFIGURATION}::test_anon_key_is_not_the_service_key": "SUPABASE_KEY"}),
    "production-file-cors-any-origin": Expected(
        {f"{CONFIGURATION}::test_value_is_for_production[CORS_ORIGINS]": "origins, not *"}
    ),
    "production-file-plain-api-address": Expected(
        {f"{CONFIGURATION}::test_value_is_for_production[NEXT_PUBLIC_API_URL]": "an https origin without a path"}
    ),
    "production-file-localhost-left": Expected(
        {f"{CONFIGURATION}::test_value_is_for_production[APP_URL]": "APP_URL: an https origin"}
    ),
    "production-file-key-twice": Expected({f"{CONFIGURATION}::test_file_can_be_read_in_one_way": "each key once"}),
    "production-file-authentication-off": Expected(
        {f"{CONFIGURATION}::test_value_is_for_production[AUTH_ENABLED]": "false opens the API to everybody"}
    ),
    "production-file-staging-profile": Expected(
        {f"{CONFIGURATION}::test_value_is_for_production[APP_ENV]": "APP_ENV: production"}
    ),
    "public-address-plain-http": Expected(
        {"pre_deploy/test_transport.py::test_web_and_api_are_https": "set APP_URL"},
        collateral={
            f"{WEBHOOKS}::test_genuine_signature_is_accepted*": "the vendor is given an address that the product does not sign",
            f"{TWILIO}::test_number_*_to_our_webhook": "the number has the https address",
            f"{TWILIO}::test_number_asks_our_webhook": "the number has the https address",
        },
    ),
}
ANOTHER_ADDRESS = {f"{WEBHOOKS}::test_genuine_signature_is_accepted": "it signs another address"}
SIGNATURES = {
    "webhook-signature-not-checked": Expected(
        {
            f"{WEBHOOKS}::test_unsigned_callback_is_refused": "is APP_DEBUG true?",
            f"{WEBHOOKS}::test_forged_signature_is_refused": "is the signature compared at all?",
            f"{WEBHOOKS}::test_changed_callback_is_refused": "every form field",
        }
    ),
    "webhook-empty-signature-accepted": Expected({f"{WEBHOOKS}::test_unsigned_callback_is_refused": "404"}),
    "webhook-gather-not-signed": Expected(
        {
            f"{WEBHOOKS}::test_unsigned_callback_is_refused[gather]": "404",
            f"{WEBHOOKS}::test_forged_signature_is_refused[gather]": "is the signature compared at all?",
        }
    ),
    "webhook-signature-compared-by-prefix": Expected(
        {f"{WEBHOOK_RULES}::test_every_character_of_a_signature_counts": "compare the whole signature"}
    ),
    "webhook-signature-of-address-alone": Expected(
        {f"{WEBHOOK_RULES}::test_signature_of_the_address_alone_is_refused": "every form field"}
    ),
    "webhook-signature-over-inner-address": Expected(ANOTHER_ADDRESS),
    "webhook-signature-over-http": Expected(ANOTHER_ADDRESS),
    "webhook-signature-without-query": Expected({f"{WEBHOOK_RULES}::test_signature_covers_the_query": "sign the query"}),
    "webhook-signature-in-order-of-arrival": Expected(
        {f"{WEBHOOK_RULES}::test_fields_may_come_in_any_order": "sort the fields by name"}
    ),
    "json-callbacks-without-token": Expected(
        {f"{WEBHOOKS}::test_json_callback_without_a_token_is_refused": "neither signed nor carries a token"}
    ),
}
CALLS = {
    "webhook-unknown-call-crashes": Expected(
        {
            f"{WEBHOOKS}::test_genuine_signature_is_accepted": "500",
            "smoke/test_whole_journeys.py::test_journey_leads_to_its_end[avisos de Twilio]": "500",
        }
    ),
    "webhook-busy-mapped-to-failed": Expected(
        {
            f"{WEBHOOK_RULES}::test_word_of_the_vendor_becomes_ours[busy]": "busy, from Twilio's busy",
            f"{WEBHOOK_RULES}::test_word_of_the_vendor_becomes_ours[no-answer]": "no_answer, from Twilio's no-answer",
        }
    ),
    "webhook-canceled-unknown": Expected(
        {f"{WEBHOOK_RULES}::test_word_of_the_vendor_becomes_ours[canceled]": "cancelled, from Twilio's canceled"}
    ),
    "webhook-unknown-word-ends-call": Expected(
        {f"{WEBHOOK_RULES}::test_unknown_word_changes_nothing": "a word outside the table"}
    ),
    "terminal-status-overwritten": Expected(
        {f"{WEBHOOK_RULES}::test_late_report_changes_nothing": "must not bring the call back"}
    ),
    "webhook-duplicate-counted-twice": Expected(
        {f"{WEBHOOK_RULES}::test_repeated_report_counts_once": "when the status changes"}
    ),
    "webhook-details-lost": Expected({f"{WEBHOOK_RULES}::test_details_of_a_report_are_kept": "store CallDuration"}),
    "webhook-duration-crashes": Expected(
        {f"{WEBHOOK_RULES}::test_duration_that_is_no_number_is_ignored": "a duration that is no number"}
    ),
    "twiml-unescaped": Expected({f"{WEBHOOK_RULES}::test_answered_call_hears_its_script": "escaped for XML?"}),
    "twiml-name-not-filled-in": Expected(
        {f"{WEBHOOK_RULES}::test_answered_call_hears_its_script": "is the contact's name filled in?"}
    ),
    "twiml-without-language": Expected({f"{WEBHOOK_RULES}::test_call_is_spoken_in_spanish": 'language="es-ES"'}),
    "twiml-sent-as-html": Expected({f"{WEBHOOK_RULES}::test_twiml_is_sent_as_xml": "text/html"}),
    "gather-action-inner-address": Expected(
        {f"{WEBHOOK_RULES}::test_answer_is_sent_to_our_public_address": "the public https address"}
    ),
    "gather-ignores-negation": Expected(
        {f"{WEBHOOK_RULES}::test_answer_of_a_person_is_noted[dice que no]": "a word before the keyword may negate it"}
    ),
    "gather-prefers-speech": Expected(
        {f"{WEBHOOK_RULES}::test_answer_of_a_person_is_noted[tecla antes que palabra]": "keys come before speech"}
    ),
}
VENDOR = {
    "twilio-down": Expected({f"{TWILIO}::test_credentials_are_accepted": "503, code 20503"}),
    "twilio-credentials-revoked": Expected({f"{TWILIO}::test_credentials_are_accepted": "the token was rotated"}),
    "twilio-account-suspended": Expected({f"{TWILIO}::test_account_is_active": "suspended"}),
    "twilio-balance-spent": Expected({f"{TWILIO}::test_balance_lasts": "0.00 USD"}),
    "twilio-credentials-of-another-project": Expected({f"{TWILIO}::test_number_is_ours": "another project"}),
    "twilio-number-without-voice": Expected({f"{TWILIO}::test_number_can_speak": "buy a number with voice"}),
    "twilio-number-on-demo-url": Expected({f"{TWILIO}::test_number_asks_our_webhook": "demo.twilio.com"}),
    "twilio-status-callback-by-get": Expected({f"{TWILIO}::test_number_reports_to_our_webhook": "GET https://"}),
    "twilio-status-callback-elsewhere": Expected({f"{TWILIO}::test_number_reports_to_our_webhook": "staging"}),
    "twilio-geographic-permission-missing": Expected({f"{TWILIO}::test_call_is_taken_on": "Geo permissions"}),
}

FAULTS = {**HEALTH_AND_BUILD, **LOG, **METRICS, **PRODUCTION_FILE, **SIGNATURES, **CALLS, **VENDOR}
