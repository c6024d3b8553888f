"""Contacts, campaigns, calls, reports and caches."""

from tests.proof.expected import Expected

FAULTS = {
    "redis-down": Expected(
        {
            "smoke/test_caches.py::test_cache_statistics_are_alive": "unreachable Redis",
            "smoke/test_liveness.py::test_health_is_ok": "503",
            "pre_deploy/test_hardening.py::test_requests_are_counted_against_a_limit": "is rate limiting on?",
        }
    ),
    "cache-total-counts-hits": Expected(
        {"smoke/test_caches.py::test_cache_hits_and_misses_add_up": "total_requests = hits + misses"}
    ),
    "audio-cache-off": Expected({"smoke/test_caches.py::test_audio_cache_statistics": "is AUDIO_CACHE_ENABLED true?"}),
    "campaigns-in-a-page-object": Expected({"smoke/test_lists.py::test_campaigns_are_a_bare_array": "a JSON array"}),
    "page-count-ignores-page-size": Expected(
        {
            "smoke/test_lists.py::test_contacts_come_in_pages": "totalPages",
            "smoke/test_lists.py::test_calls_come_in_pages": "total_pages",
        }
    ),
    "contact-pages-overlap": Expected(
        {
            "smoke/test_lists.py::test_pages_of_contacts_do_not_overlap": "1 of them again",
            "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "the total disagrees with the rows",
        }
    ),
    "campaign-pages-overlap": Expected({"smoke/test_lists.py::test_pages_of_campaigns_do_not_overlap": "1 of them again"}),
    "report-ignores-window": Expected(
        {"smoke/test_reports.py::test_performance_report_agrees_with_the_calls": "counts other calls than the list shows"}
    ),
    "contact-total-counts-memberships": Expected(
        {
            "smoke/test_lists.py::test_total_of_contacts_is_the_number_of_rows": "the total counts other rows",
            "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "the total disagrees with the rows",
        }
    ),
    "contact-search-taken-for-id": Expected({"smoke/test_lists.py::test_fixed_path_is_not_taken_for_an_id": "shadowed by /{id}"}),
    "contact-export-with-semicolons": Expected(
        {"smoke/test_lists.py::test_contacts_are_exported_as_csv": "id;name;phone_number"}
    ),
    "viewer-sees-phones": Expected({"smoke/test_lists.py::test_phones_are_masked_for_viewers": "personal data leaves the API"}),
    "report-leaves-out-no-answer": Expected(
        {
            "smoke/test_reports.py::test_performance_report_agrees_with_the_calls": "the report counts other calls",
            "smoke/test_reports.py::test_report_by_status_adds_up": "counted twice",
        }
    ),
    "report-mean-over-all-calls": Expected(
        {"smoke/test_reports.py::test_average_duration_is_that_of_the_calls": "calls without a duration counted as 0"}
    ),
    "report-timeline-loses-a-day": Expected({"smoke/test_reports.py::test_timeline_adds_up_to_the_total": "days lost"}),
    "campaign-summary-of-all-calls": Expected(
        {"smoke/test_reports.py::test_campaign_summary_agrees_with_its_calls": "other campaigns' calls"}
    ),
    "campaigns-ranked-by-calls": Expected({"smoke/test_reports.py::test_best_campaign_comes_first": "from high to low"}),
    "call-history-oldest-first": Expected({"smoke/test_reports.py::test_history_comes_newest_first": "newest first"}),
    "call-export-of-completed-calls": Expected({"smoke/test_reports.py::test_export_holds_every_call": "the export loses calls"}),
    "writes-not-committed": Expected(
        {
            "smoke/test_round_trips.py::test_contact_is_kept_as_given": "200 for what was just created",
            "smoke/test_round_trips.py::test_created_contact_is_found": "exactly the contact",
        }
    ),
    "contact-total-ignores-search": Expected(
        {"smoke/test_round_trips.py::test_created_contact_is_found": "total ignores the search"}
    ),
    "contact-update-clears-tags": Expected({"smoke/test_round_trips.py::test_partial_update_leaves_the_rest": "clears fields"}),
    "contact-delete-only-detaches": Expected({"smoke/test_round_trips.py::test_deleted_contact_is_gone": "is it deleted"}),
    "phone-cleaned-silently": Expected(
        {
            "smoke/test_round_trips.py::test_invalid_phone_is_refused": "422 for the phone",
            "smoke/test_round_trips.py::test_contact_is_kept_as_given": "lost or damaged",
            "regression/test_contact_rules.py::test_phone_is_kept_or_refused": "must not be changed on its way",
        }
    ),
    "campaign-delete-only-cancels": Expected(
        {"smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip": "is it deleted"}
    ),
    "unknown-method-succeeds": Expected(
        {"smoke/test_round_trips.py::test_put_on_a_campaign_is_no_silent_success": "campaigns are updated with PATCH"}
    ),
    "operator-may-delete-campaigns": Expected(
        {"smoke/test_round_trips.py::test_operator_cannot_delete_a_campaign": "roles are not enforced on campaigns"}
    ),
    "contact-search-wildcards-unescaped": Expected(
        {"regression/test_contact_rules.py::test_search_text_is_only_text": "escape wildcards"}
    ),
}
