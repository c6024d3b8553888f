from proof.expectations import Expectation

FAULTS = {
    "call-history-total-of-all": Expectation(
        {"test_history_of_a_campaign_is_its_own": "is the total counted without campaign_id"}
    ),
    "call-metrics-week-from-sunday": Expectation({"test_chart_is_grouped_by[week]": "which date stands for a week"}),
    "campaign-ranking-keeps-deleted": Expectation(
        {"test_deleted_campaign_leaves_the_ranking": "is the ranking served from a cache?"}
    ),
    "report-day-in-local-time": Expectation(
        {
            "test_timeline_has_each_day_once": "are the days those of another time zone?",
            "test_chart_is_grouped_by": "which calls belong to it",
        }
    ),
    "report-days-one-too-many": Expectation({"test_calls_per_day_follow_from_the_days": "is a day counted at both ends?"}),
    "report-failures-are-the-rest": Expectation(
        {"test_failure_rate_is_that_of_the_calls": "which statuses are counted as failed"}
    ),
    "report-timeline-day-per-status": Expectation(
        {
            "test_timeline_has_each_day_once": "grouped by more than the day",
            "test_chart_is_grouped_by": "which calls belong to it",
        }
    ),
}
