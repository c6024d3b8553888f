"""Campaigns."""

from proof.expected import Expected

FAULTS = {
    "campaign-activation-refused": Expected({"regression/test_campaign_rules.py::test_campaign_goes_its_way": "draft > active"}),
    "campaign-counters-corrected-silently": Expected(
        {"regression/test_campaign_rules.py::test_impossible_counters_are_refused": "successful + failed <= total"}
    ),
    "campaign-counters-count-again": Expected(
        {
            "regression/test_call_rules.py::test_end_of_a_call_is_counted_once": "a repeated status moves no counter",
            "regression/test_webhook_rules.py::test_repeated_report_counts_once": "not with each callback",
        }
    ),
    "campaign-counters-keep-pending": Expected(
        {"regression/test_call_rules.py::test_end_of_a_call_is_counted_once": "an end ends the waiting"}
    ),
    "campaign-date-filter-ignored": Expected(
        {"regression/test_campaign_rules.py::test_dates_filter_the_list": "is start_date ignored?"}
    ),
    "campaign-date-offset-dropped": Expected(
        {"regression/test_campaign_rules.py::test_date_is_kept_to_the_minute": "is the offset cut off?"}
    ),
    "campaign-date-without-offset-crashes": Expected(
        {"regression/test_campaign_rules.py::test_dates_without_offset_are_accepted": "compared with one that has it"}
    ),
    "campaign-delete-only-cancels": Expected(
        {"smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip": "is it deleted"}
    ),
    "campaign-mixed-dates-crash": Expected(
        {"regression/test_campaign_rules.py::test_mixed_dates_are_no_server_error": "compared before they are looked at"}
    ),
    "campaign-name-cut": Expected(
        {"regression/test_campaign_rules.py::test_campaign_is_refused[nombre de 256 caracteres]": "contract 3.1"}
    ),
    "campaign-page-zero-crashes": Expected(
        {
            "regression/test_paging_rules.py::test_page_out_of_bounds_is_no_server_error[/api/campaigns/?page=0]": "the bounds",
            "regression/test_paging_rules.py::test_page_out_of_bounds_is_refused": "a bound is not checked",
        }
    ),
    "campaign-pages-overlap": Expected({"smoke/test_lists.py::test_pages_of_campaigns_do_not_overlap": "1 of them again"}),
    "campaign-not-found-in-english": Expected(
        {"regression/test_campaign_rules.py::test_unknown_campaign_is_not_found": "404: Campaña no encontrada"}
    ),
    "campaign-patch-not-routed": Expected(
        {
            "regression/test_campaign_rules.py::test_change_leaves_the_rest": "campaigns are changed with PATCH",
            "pre_deploy/test_permissions.py::test_staff_may_do_their_work": "is this method routed at this path",
            "smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip": "is PATCH routed",
            "regression/test_campaign_rules.py::test_campaign_goes_its_way": "is PATCH routed",
            "regression/test_campaign_rules.py::test_change_moves_updated_at": "updated_at",
        },
        first=(
            "regression/test_campaign_rules.py::test_change_leaves_the_rest",
            "pre_deploy/test_permissions.py::test_staff_may_do_their_work",
            "smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip",
            "regression/test_campaign_rules.py::test_campaign_goes_its_way",
        ),
    ),
    "campaign-pause-is-final": Expected({"regression/test_campaign_rules.py::test_campaign_goes_its_way": "paused > active"}),
    "campaign-placeholders-eaten": Expected(
        {
            "regression/test_campaign_rules.py::test_campaign_is_kept_as_given": "lost or filled in",
            "smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip": "changed without being asked",
        }
    ),
    "campaign-ranking-keeps-deleted": Expected(
        {"regression/test_report_rules.py::test_deleted_campaign_leaves_the_ranking": "is the ranking served from a cache?"}
    ),
    "campaign-stats-swapped": Expected(
        {"regression/test_campaign_rules.py::test_counters_are_kept_as_sent": "handed over by position"}
    ),
    "campaign-status-filter-ignored": Expected(
        {"regression/test_campaign_rules.py::test_status_filters_the_list": "is the status ignored?"}
    ),
    "campaign-status-in-any-case": Expected({"regression/test_campaign_rules.py::test_campaign_is_refused": "contract 3.1"}),
    "campaign-status-not-stored": Expected(
        {"regression/test_campaign_rules.py::test_campaign_goes_its_way": "was answered and not stored"}
    ),
    "campaign-summary-of-all-calls": Expected(
        {"smoke/test_reports.py::test_campaign_summary_agrees_with_its_calls": "other campaigns' calls"}
    ),
    "campaign-update-not-stored": Expected(
        {
            "regression/test_campaign_rules.py::test_change_leaves_the_rest": "was the change rolled back?",
            "smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip": "was lost",
            "regression/test_campaign_rules.py::test_campaign_goes_its_way": "answered and not stored",
            "regression/test_campaign_rules.py::test_change_moves_updated_at": "the change is not dated",
        },
        first=(
            "regression/test_campaign_rules.py::test_change_leaves_the_rest",
            "smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip",
            "regression/test_campaign_rules.py::test_campaign_goes_its_way",
        ),
    ),
    "campaign-update-resets-the-rest": Expected(
        {
            "regression/test_campaign_rules.py::test_change_leaves_the_rest": "does PATCH write defaults?",
            "smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip": "changed without being asked",
        }
    ),
    "campaign-updated-at-stands-still": Expected(
        {"regression/test_campaign_rules.py::test_change_moves_updated_at": "the change is not dated"}
    ),
    "campaigns-in-a-page-object": Expected({"smoke/test_lists.py::test_campaigns_are_a_bare_array": "a JSON array"}),
    "campaigns-ranked-by-calls": Expected({"smoke/test_reports.py::test_best_campaign_comes_first": "from high to low"}),
}
