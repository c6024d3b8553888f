from proof.expectations import Expectation

FAULTS = {
    "call-history-total-of-all": Expectation({"test_history_total_is_that_of_the_campaign": "history-total-ignores-campaign"}),
    "call-history-rows-of-all": Expectation({"test_history_of_a_campaign_is_its_own": "history-ignores-campaign"}),
    "call-metrics-week-from-sunday": Expectation({"test_chart_is_grouped_by[week]": "chart-grouped-wrongly"}),
    "campaign-ranking-keeps-deleted": Expectation({"test_deleted_campaign_leaves_the_ranking": "deleted-campaign-ranked"}),
    "report-day-in-local-time": Expectation(
        {
            "test_timeline_has_calls_on_their_day": "timeline-days-shifted",
            "test_chart_is_grouped_by": "chart-grouped-wrongly",
        }
    ),
    "report-days-one-too-many": Expectation({"test_calls_per_day_follow_from_the_days": "calls-per-day-wrong"}),
    "report-failures-are-the-rest": Expectation({"test_failure_rate_is_that_of_the_calls": "failure-rate-wrong"}),
    "report-timeline-day-per-status": Expectation(
        {
            "test_timeline_has_each_day_once": "timeline-repeats-days",
            "test_chart_is_grouped_by": "chart-grouped-wrongly",
        }
    ),
}
