"""Which fault which check must see, and the words by which its finding names the cause.

A check is written as its node id below suites/, without parameters: of a check with parameters at least one has to fail.
"""

Findings = dict[str, str]  # check -> what stands in its finding (expected, seen or next)

# Switched on in the running sandbox, each by itself unless several names stand in its key.
SWITCHED: dict[tuple[str, ...], Findings] = {
    ("login-works-once",): {"smoke/test_access.py::test_right_password_signs_in": "401 Unauthorized"},
    ("password-not-checked",): {"smoke/test_access.py::test_wrong_password_is_refused": "any password opens this account"},
    ("login-reveals-accounts",): {
        "smoke/test_access.py::test_unknown_account_is_refused": "No existe una cuenta con este correo"
    },
    ("me-is-last-sign-in",): {"smoke/test_access.py::test_me_is_the_caller": "not a shared client"},
    ("me-trusts-the-layer",): {"smoke/test_access.py::test_me_without_a_token_is_refused": "500"},
    ("contacts-readable-without-token",): {"smoke/test_access.py::test_anonymous_is_refused": "Data is open to the internet"},
    ("token-signature-not-checked",): {"smoke/test_access.py::test_forged_token_is_refused": "verify signature"},
    ("token-no-exp-accepted",): {
        "pre_deploy/test_hardening.py::test_signed_token_is_read_before_it_is_trusted": "without an expiry"
    },
    ("refresh-token-not-rotated",): {"smoke/test_access.py::test_refresh_token_works_once": "turn refresh token rotation on"},
    ("logout-keeps-session",): {"smoke/test_access.py::test_logout_ends_the_session": "401 for a session that was signed out"},
    ("sign-out-ignored",): {"smoke/test_access.py::test_logout_ends_the_session": "401 for a session that was signed out"},
    ("viewer-may-write-contacts",): {"smoke/test_access.py::test_viewer_cannot_write": "a viewer may not create a contact"},
    ("redis-down",): {
        "smoke/test_caches.py::test_cache_statistics_are_alive": "unreachable Redis",
        "smoke/test_liveness.py::test_health_is_ok": "503",
        "pre_deploy/test_hardening.py::test_requests_are_counted_against_a_limit": "is rate limiting on?",
    },
    ("redis-down", "health-lies"): {"smoke/test_liveness.py::test_health_agrees_with_redis": "/health does not look at Redis"},
    ("health-slow",): {"smoke/test_liveness.py::test_health_is_ok": "which of its parts answers slowly?"},
    ("cache-total-counts-hits",): {"smoke/test_caches.py::test_cache_hits_and_misses_add_up": "total_requests = hits + misses"},
    ("audio-cache-off",): {"smoke/test_caches.py::test_audio_cache_statistics": "is AUDIO_CACHE_ENABLED true?"},
    ("hsts-missing",): {"smoke/test_edge.py::test_security_headers_are_on": "strict-transport-security"},
    ("header-missing-on-errors",): {"smoke/test_edge.py::test_security_headers_are_on": "not only for 200"},
    ("server-version-shown",): {"smoke/test_edge.py::test_server_does_not_tell_its_version": "nginx/1.25.3"},
    ("redirect-forgets-path",): {"smoke/test_edge.py::test_http_is_sent_to_https": "keep host, path and query"},
    ("metrics-unprotected",): {"smoke/test_edge.py::test_metrics_ask_for_a_password": "basic auth"},
    ("metrics-of-vendors-missing",): {"smoke/test_edge.py::test_metrics_are_complete": "twilio_errors_total"},
    ("metrics-frozen",): {"smoke/test_edge.py::test_metrics_count_what_happens": "0 more"},
    ("campaigns-in-a-page-object",): {"smoke/test_lists.py::test_campaigns_are_a_bare_array": "a JSON array"},
    ("page-count-ignores-page-size",): {
        "smoke/test_lists.py::test_contacts_come_in_pages": "totalPages",
        "smoke/test_lists.py::test_calls_come_in_pages": "total_pages",
    },
    ("contact-pages-overlap",): {
        "smoke/test_lists.py::test_pages_of_contacts_do_not_overlap": "1 of them again",
        "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "the total disagrees with the rows",
    },
    ("campaign-pages-overlap",): {"smoke/test_lists.py::test_pages_of_campaigns_do_not_overlap": "1 of them again"},
    ("report-ignores-window",): {
        "smoke/test_reports.py::test_performance_report_agrees_with_the_calls": "counts other calls than the list shows"
    },
    ("log-shows-tokens",): {"smoke/test_logs.py::test_log_keeps_no_credentials": "an access token"},
    ("contact-total-counts-memberships",): {
        "smoke/test_lists.py::test_total_of_contacts_is_the_number_of_rows": "the total counts other rows",
        "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "the total disagrees with the rows",
    },
    ("contact-search-taken-for-id",): {"smoke/test_lists.py::test_fixed_path_is_not_taken_for_an_id": "shadowed by /{id}"},
    ("contact-export-with-semicolons",): {"smoke/test_lists.py::test_contacts_are_exported_as_csv": "id;name;phone_number"},
    ("viewer-sees-phones",): {"smoke/test_lists.py::test_phones_are_masked_for_viewers": "personal data leaves the API"},
    ("contact-column-not-migrated",): {"smoke/test_liveness.py::test_health_agrees_with_the_database": "the database up"},
    ("root-of-another-application",): {"smoke/test_liveness.py::test_root_introduces_the_api": "another application"},
    ("version-stale",): {"smoke/test_liveness.py::test_deployed_build_is_the_one_we_meant": "versions ['0.9.4']"},
    ("health-version-fixed",): {"smoke/test_liveness.py::test_root_and_health_name_the_same_version": "as / says"},
    ("login-page-lang-en",): {"smoke/test_liveness.py::test_frontend_is_served": '<html lang="es">'},
    ("log-fields-renamed",): {"smoke/test_logs.py::test_request_leaves_its_line": "without ['status_code']"},
    ("login-logs-password",): {"smoke/test_logs.py::test_log_keeps_no_credentials": "the password"},
    ("page-scrolls-sideways",): {
        "smoke/test_pages.py::test_login_page_fits_and_is_quiet[tableta]": "px too wide",
        "smoke/test_pages.py::test_page_fits_and_is_quiet[panel-tableta]": "px too wide",
    },
    ("console-error-on-contacts",): {"smoke/test_pages.py::test_page_fits_and_is_quiet[contactos-escritorio]": "contacts-anal"},
    ("supabase-auth-down",): {
        "smoke/test_pages.py::test_wrong_password_is_told": "Credenciales inválidas",
        "integration/test_supabase.py::test_identity_signs_in": "name resolution failed",
    },
    ("login-forgets-the-way-back",): {
        "smoke/test_pages.py::test_anonymous_visitor_is_sent_to_sign_in[/contacts]": "/login?redirect=",
        "smoke/test_pages.py::test_sign_in_leads_where_one_was_going": "Contactos",
    },
    ("page-shows-sample-data",): {
        "smoke/test_pages.py::test_contacts_page_shows_the_contacts": "to be visible",
        "smoke/test_pages.py::test_dashboard_shows_the_report": "is this sample data?",
    },
    ("report-leaves-out-no-answer",): {
        "smoke/test_reports.py::test_performance_report_agrees_with_the_calls": "the report counts other calls",
        "smoke/test_reports.py::test_report_by_status_adds_up": "counted twice",
    },
    ("report-mean-over-all-calls",): {
        "smoke/test_reports.py::test_average_duration_is_that_of_the_calls": "calls without a duration counted as 0"
    },
    ("report-timeline-loses-a-day",): {"smoke/test_reports.py::test_timeline_adds_up_to_the_total": "days lost"},
    ("campaign-summary-of-all-calls",): {
        "smoke/test_reports.py::test_campaign_summary_agrees_with_its_calls": "other campaigns' calls"
    },
    ("campaigns-ranked-by-calls",): {"smoke/test_reports.py::test_best_campaign_comes_first": "from high to low"},
    ("call-history-oldest-first",): {"smoke/test_reports.py::test_history_comes_newest_first": "newest first"},
    ("call-export-of-completed-calls",): {"smoke/test_reports.py::test_export_holds_every_call": "the export loses calls"},
    ("writes-not-committed",): {
        "smoke/test_round_trips.py::test_contact_is_kept_as_given": "200 for what was just created",
        "smoke/test_round_trips.py::test_created_contact_is_found": "exactly the contact",
    },
    ("contact-total-ignores-search",): {"smoke/test_round_trips.py::test_created_contact_is_found": "total ignores the search"},
    ("contact-update-clears-tags",): {"smoke/test_round_trips.py::test_partial_update_leaves_the_rest": "clears fields"},
    ("contact-delete-only-detaches",): {"smoke/test_round_trips.py::test_deleted_contact_is_gone": "is it deleted"},
    ("phone-cleaned-silently",): {
        "smoke/test_round_trips.py::test_invalid_phone_is_refused": "422 for the phone",
        "smoke/test_round_trips.py::test_contact_is_kept_as_given": "lost or damaged",
        "regression/test_contact_rules.py::test_phone_is_kept_or_refused": "must not be changed on its way",
    },
    ("campaign-delete-only-cancels",): {"smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip": "is it deleted"},
    ("unknown-method-succeeds",): {
        "smoke/test_round_trips.py::test_put_on_a_campaign_is_no_silent_success": "campaigns are updated with PATCH"
    },
    ("operator-may-delete-campaigns",): {
        "smoke/test_round_trips.py::test_operator_cannot_delete_a_campaign": "roles are not enforced on campaigns"
    },
    ("webhook-signature-not-checked",): {
        "smoke/test_webhooks.py::test_unsigned_callback_is_refused": "is APP_DEBUG true?",
        "smoke/test_webhooks.py::test_forged_signature_is_refused": "is the signature compared at all?",
        "smoke/test_webhooks.py::test_changed_callback_is_refused": "every form field",
    },
    ("webhook-signature-over-inner-address",): {
        "smoke/test_webhooks.py::test_genuine_signature_is_accepted": "it signs another address"
    },
    ("supabase-rls-bypassed",): {
        "integration/test_supabase.py::test_anonymous_key_reads_nothing": "row-level security",
        "integration/test_supabase.py::test_contacts_are_for_those_who_call": "policies on contacts",
        "integration/test_supabase.py::test_profile_of_others_is_hidden": "policies on profiles",
    },
    ("cors-reflects-any-origin",): {
        "pre_deploy/test_hardening.py::test_foreign_origin_is_not_let_in": "reflect only those",
        "pre_deploy/test_hardening.py::test_foreign_preflight_is_not_let_in": "reflect only those",
    },
    ("cors-lists-nobody",): {"pre_deploy/test_hardening.py::test_own_origin_is_let_in": "answered before authentication?"},
    ("root-points-to-documentation",): {"pre_deploy/test_hardening.py::test_root_does_not_point_to_documentation": "/docs"},
    ("contact-search-wildcards-unescaped",): {
        "regression/test_contact_rules.py::test_search_text_is_only_text": "escape wildcards"
    },
}

# Read once, so a sandbox has to be started with them.
STARTED: dict[tuple[str, ...], Findings] = {
    ("tls-1.3-missing", "documentation-left-open"): {
        "pre_deploy/test_transport.py::test_current_tls_is_spoken": "ssl_protocols",
        "pre_deploy/test_hardening.py::test_documentation_is_hidden_in_production": "DEBUG=false",
    },
    ("tls-old-versions-spoken", "certificate-expires-soon"): {
        "pre_deploy/test_transport.py::test_old_tls_is_refused": "spoken",
        "pre_deploy/test_transport.py::test_certificate_is_good_for_two_weeks": "days left",
    },
}

# What the profile says is wrong, and not the product: its keys as they are changed for the run; {KEY} is the value of another.
PROFILES: dict[str, tuple[dict[str, str], Findings]] = {
    "plain-http": (
        {"APP_URL": "{LV_HTTP_URL}"},
        {"pre_deploy/test_transport.py::test_web_and_api_are_https": "set APP_URL"},
    ),
    "other-version": (
        {"LV_EXPECTED_VERSION": "9.9.9"},
        {"smoke/test_liveness.py::test_deployed_build_is_the_one_we_meant": "version 9.9.9"},
    ),
    "metrics-password": (
        {"LV_METRICS_PASSWORD": "not-the-password"},
        {"smoke/test_edge.py::test_metrics_are_complete": "LV_METRICS_PASSWORD"},
    ),
}

# The same for the `.env.production` that the deployment will start with; None removes a key.
PRODUCTION_FILES: dict[str, tuple[dict[str, str | None], Findings]] = {
    "key-missing": (
        {"SECRET_KEY": None},
        {"pre_deploy/test_configuration.py::test_key_is_set": "SECRET_KEY with a value"},
    ),
    "debug-on": (
        {"APP_DEBUG": "true"},
        {"pre_deploy/test_configuration.py::test_value_is_for_production": "true switches webhook signatures off"},
    ),
    "placeholder": (
        {"OPENAI_API_KEY": "your-openai-key"},
        {"pre_deploy/test_configuration.py::test_no_placeholder_is_left": "OPENAI_API_KEY"},
    ),
    "service-key-exposed": (
        {"SUPABASE_KEY": "s" * 60, "SUPABASE_SERVICE_KEY": "s" * 60},
        {"pre_deploy/test_configuration.py::test_anon_key_is_not_the_service_key": "SUPABASE_KEY"},
    ),
}

# Checks that no break makes fail, each with the reason.
EXCUSED = {
    "smoke/test_response_times.py::test_mean_response_time_is_kept": (
        "a hundred slow reads take a minute: test_slow_answers_are_seen gives it answers that say how long they took"
    ),
}
