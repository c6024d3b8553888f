from proof.expectations import Expectation

FAULTS = {
    "call-history-oldest-first": Expectation(
        {
            "test_history_comes_newest_first": "call-history-unsorted",
            "regression/test_listing_rules.py::test_list_comes_in_its_order[GET /api/reports/call_history]": "list-out-of-order",
        }
    ),
    "campaign-summary-of-all-calls": Expectation(
        {"test_campaign_summary_agrees_with_its_calls": "campaign-summary-of-other-calls"}
    ),
    "campaigns-ranked-by-calls": Expectation({"test_best_campaign_comes_first": "campaign-ranking-unsorted"}),
    "report-busy-as-no-answer": Expectation(
        {
            "test_report_by_status_adds_up": "report-status-counts-wrong",
            "regression/test_report_rules.py::test_chart_counts_the_calls_of_the_dates": "report-status-counts-wrong",
        }
    ),
    "report-duration-in-milliseconds": Expectation({"test_average_duration_is_that_of_the_calls": "report-average-wrong"}),
    "report-total-renamed": Expectation(
        {
            "test_performance_report_agrees_with_the_calls": "body-without-field",
            "regression/test_report_rules.py::test_calls_per_day_follow_from_the_days": "body-without-field",
            "smoke/test_answers.py::test_answers_are_as_agreed[rendimiento]": "body-not-as-agreed",
        },
        collateral={
            "smoke/test_pages.py::test_dashboard_shows_the_report": "its first card is that number",
            "regression/test_pages_dashboard.py::*": "its first card is that number",
        },
    ),
    "report-ignores-window": Expectation(
        {
            "test_performance_report_agrees_with_the_calls": "report-counts-other-calls",
            "test_report_by_status_adds_up": "report-counts-other-calls",
            "regression/test_report_rules.py::test_chart_counts_the_calls_of_the_dates": "report-counts-other-calls",
            "regression/test_import_export.py::test_no_call_of_other_dates_is_exported": "call-export-ignores-dates",
            "regression/test_report_rules.py::test_history_total_is_that_of_the_campaign": "history-total-ignores-campaign",
        }
    ),
    "report-leaves-out-no-answer": Expectation(
        {
            "test_performance_report_agrees_with_the_calls": "report-counts-other-calls",
            "test_report_by_status_adds_up": "report-counts-other-calls",
            "regression/test_report_rules.py::test_chart_counts_the_calls_of_the_dates": "report-counts-other-calls",
        }
    ),
    "report-mean-over-all-calls": Expectation({"test_average_duration_is_that_of_the_calls": "report-average-wrong"}),
    "report-rates-as-fractions": Expectation(
        {
            "test_performance_report_agrees_with_the_calls": "report-counts-other-calls",
            "regression/test_report_rules.py::test_failure_rate_is_that_of_the_calls": "failure-rate-wrong",
        }
    ),
    "report-timeline-loses-a-day": Expectation(
        {
            "test_timeline_adds_up_to_the_total": "report-timeline-incomplete",
            "regression/test_report_rules.py::test_timeline_has_calls_on_their_day": "timeline-days-shifted",
            "regression/test_report_rules.py::test_chart_is_grouped_by": "chart-grouped-wrongly",
        }
    ),
    "call-history-without-waiting-calls": Expectation(
        {"test_history_holds_the_calls_of_the_list": "call-history-total-disagrees"},
        collateral={
            "regression/test_paging_rules.py::test_page_has_the_rows_that_fit[historial]": "its pages hold more than they count",
            "regression/test_report_rules.py::test_history_total_is_that_of_the_campaign": "it compares the same total",
        },
    ),
    "call-export-ignores-campaign": Expectation({"test_export_of_a_campaign_is_its_own": "calls-export-of-other-campaigns"}),
    "call-export-of-completed-calls": Expectation(
        {
            "test_export_holds_every_call": "calls-export-incomplete",
            "regression/test_import_export.py::test_calls_are_exported_for_the_dates_asked": "call-export-loses-calls",
        }
    ),
}
