from proof.expectations import Expectation

FAULTS = {
    "call-history-oldest-first": Expectation({"test_history_comes_newest_first": "newest first"}),
    "campaign-summary-of-all-calls": Expectation({"test_campaign_summary_agrees_with_its_calls": "other campaigns' calls"}),
    "campaigns-ranked-by-calls": Expectation({"test_best_campaign_comes_first": "from high to low"}),
    "report-busy-as-no-answer": Expectation({"test_report_by_status_adds_up": "counted twice"}),
    "report-duration-in-milliseconds": Expectation({"test_average_duration_is_that_of_the_calls": "s over"}),
    "report-ignores-window": Expectation(
        {
            "test_performance_report_agrees_with_the_calls": "counts other calls than the list shows",
            "regression/test_import_export.py::test_calls_are_exported_for_the_dates_asked": "ignore the dates",
            "regression/test_report_rules.py::test_history_of_a_campaign_is_its_own": "or without the dates",
        }
    ),
    "report-leaves-out-no-answer": Expectation(
        {"test_performance_report_agrees_with_the_calls": "the report counts other calls"}
    ),
    "report-mean-over-all-calls": Expectation(
        {"test_average_duration_is_that_of_the_calls": "calls without a duration counted as 0"}
    ),
    "report-rates-as-fractions": Expectation(
        {
            "test_performance_report_agrees_with_the_calls": "success_rate",
            "regression/test_report_rules.py::test_failure_rate_is_that_of_the_calls": "is the rate a percentage?",
        }
    ),
    "report-timeline-loses-a-day": Expectation(
        {
            "test_timeline_adds_up_to_the_total": "days lost",
            "regression/test_report_rules.py::test_timeline_has_each_day_once": "days",
            "regression/test_report_rules.py::test_chart_is_grouped_by": "lost at the edge",
        }
    ),
    "call-export-of-completed-calls": Expectation(
        {
            "test_export_holds_every_call": "the export loses calls",
            "regression/test_import_export.py::test_calls_are_exported_for_the_dates_asked": "or leave calls out?",
        }
    ),
}
