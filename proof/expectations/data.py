"""Reports, caches, and what is common to all writes."""

from proof.expected import Expected

FAULTS = {
    "audio-cache-counts-its-index": Expected(
        {"smoke/test_caches.py::test_audio_cache_files_add_up": "is something counted that is no audio?"}
    ),
    "audio-cache-forgets-text": Expected(
        {"regression/test_call_rules.py::test_other_words_sound_otherwise": "is the text part of the audio cache's key?"}
    ),
    "audio-cache-off": Expected({"smoke/test_caches.py::test_audio_cache_statistics": "is AUDIO_CACHE_ENABLED true?"}),
    "cache-hit-ratio-of-misses": Expected({"smoke/test_caches.py::test_cache_hits_and_misses_add_up": "or that of the misses?"}),
    "cache-reads-another-redis": Expected(
        {
            "smoke/test_caches.py::test_cache_statistics_are_alive": "unreachable Redis",
            "smoke/test_liveness.py::test_health_agrees_with_redis": "/health does not look at Redis",
        }
    ),
    "cache-total-counts-hits": Expected(
        {"smoke/test_caches.py::test_cache_hits_and_misses_add_up": "total_requests = hits + misses"}
    ),
    "operator-may-delete-campaigns": Expected(
        {
            "smoke/test_round_trips.py::test_operator_cannot_delete_a_campaign": "roles are not enforced on campaigns",
            "pre_deploy/test_permissions.py::test_operator_does_not_administer": "is the role checked for this method and path",
        }
    ),
    "redis-down": Expected(
        {
            "smoke/test_caches.py::test_cache_statistics_are_alive": "unreachable Redis",
            "smoke/test_liveness.py::test_health_is_ok": "503",
            "pre_deploy/test_hardening.py::test_requests_are_counted_against_a_limit": "is rate limiting on?",
        },
        collateral={
            "pre_deploy/test_limits.py::*": "requests and failed sign-ins are counted in Redis",
            "smoke/test_liveness.py::test_health_agrees_with_the_database": "health is degraded for the sake of Redis",
        },
    ),
    "report-busy-as-no-answer": Expected({"smoke/test_reports.py::test_report_by_status_adds_up": "counted twice"}),
    "report-day-in-local-time": Expected(
        {
            "regression/test_report_rules.py::test_timeline_has_each_day_once": "are the days those of another time zone?",
            "regression/test_report_rules.py::test_chart_is_grouped_by": "which calls belong to it",
        }
    ),
    "report-days-one-too-many": Expected(
        {"regression/test_report_rules.py::test_calls_per_day_follow_from_the_days": "is a day counted at both ends?"}
    ),
    "report-duration-in-milliseconds": Expected({"smoke/test_reports.py::test_average_duration_is_that_of_the_calls": "s over"}),
    "report-failures-are-the-rest": Expected(
        {"regression/test_report_rules.py::test_failure_rate_is_that_of_the_calls": "which statuses are counted as failed"}
    ),
    "report-ignores-window": Expected(
        {
            "smoke/test_reports.py::test_performance_report_agrees_with_the_calls": "counts other calls than the list shows",
            "regression/test_import_export.py::test_calls_are_exported_for_the_dates_asked": "ignore the dates",
            "regression/test_report_rules.py::test_history_of_a_campaign_is_its_own": "or without the dates",
        }
    ),
    "report-leaves-out-no-answer": Expected(
        {"smoke/test_reports.py::test_performance_report_agrees_with_the_calls": "the report counts other calls"}
    ),
    "report-mean-over-all-calls": Expected(
        {"smoke/test_reports.py::test_average_duration_is_that_of_the_calls": "calls without a duration counted as 0"}
    ),
    "report-rates-as-fractions": Expected(
        {
            "smoke/test_reports.py::test_performance_report_agrees_with_the_calls": "success_rate",
            "regression/test_report_rules.py::test_failure_rate_is_that_of_the_calls": "is the rate a percentage?",
        }
    ),
    "report-timeline-day-per-status": Expected(
        {
            "regression/test_report_rules.py::test_timeline_has_each_day_once": "grouped by more than the day",
            "regression/test_report_rules.py::test_chart_is_grouped_by": "which calls belong to it",
        }
    ),
    "report-timeline-loses-a-day": Expected(
        {
            "smoke/test_reports.py::test_timeline_adds_up_to_the_total": "days lost",
            "regression/test_report_rules.py::test_timeline_has_each_day_once": "days",
            "regression/test_report_rules.py::test_chart_is_grouped_by": "lost at the edge",
        }
    ),
    "unknown-method-succeeds": Expected(
        {
            "smoke/test_round_trips.py::test_put_on_a_campaign_is_no_silent_success": "campaigns are updated with PATCH",
            "pre_deploy/test_errors.py::test_wrong_method_names_the_right_one": "must be refused",
        },
    ),
    "writes-not-committed": Expected(
        {
            "smoke/test_round_trips.py::test_contact_is_kept_as_given": "200 for what was just created",
            "smoke/test_round_trips.py::test_created_contact_is_found": "exactly the contact",
            "regression/test_import_export.py::test_bad_row_costs_only_itself": "is not there",
        },
        collateral={
            "smoke/test_round_trips.py::*": "what the check made is not there to be looked at",
            "regression/*": "what the check made is not there to be looked at",
            "integration/*": "what the check made is not there to be looked at",
        },
    ),
}
