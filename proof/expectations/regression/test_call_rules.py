from proof.expectations import Expectation

FAULTS = {
    "call-cancel-loses-reason": Expectation({"test_cancelled_call_says_why": "cancellation-reason-lost"}),
    "call-date-without-offset-crashes": Expectation({"test_date_without_offset_is_accepted": "naive-date-crashes"}),
    "call-detail-duration-negative": Expectation(
        {"test_detail_is_about_the_same_call": "call-detail-of-another"},
        collateral={
            "regression/test_webhook_rules.py::test_details_of_a_report_are_kept": "reads the duration back from the detail"
        },
    ),
    "call-detail-of-another-contact": Expectation({"test_detail_is_about_the_same_call": "call-detail-of-another"}),
    "call-detail-shows-recording": Expectation({"test_detail_shows_recordings_only_when_asked": "recording-shown-unasked"}),
    "call-duration-not-stored": Expectation({"test_end_of_a_call_comes_with_its_duration": "call-duration-not-stored"}),
    "call-durations-sorted-as-text": Expectation(
        {
            "test_durations_are_sorted_as_numbers": "calls-durations-misordered",
            "regression/test_listing_rules.py::test_calls_are_sorted_as_what_they_are[duration]": "list-out-of-order",
        }
    ),
    "call-end-date-excluded": Expectation({"test_both_ends_of_the_dates_are_inside": "calls-end-date-excluded"}),
    "call-not-found-in-english": Expectation({"test_unknown_call_is_not_found": "not-found-answer-wrong"}),
    "call-placed-for-unknown-contact": Expectation({"test_nobody_is_called_for_an_unknown": "call-placed-for-unknown"}),
    "call-reschedule-into-the-past": Expectation({"test_call_is_not_rescheduled_into_the_past": "call-rescheduled-into-past"}),
    "call-reschedule-keeps-status": Expectation({"test_rescheduled_call_waits_for_its_time": "rescheduled-call-keeps-status"}),
    "call-sort-order-ignored": Expectation(
        {
            "test_durations_are_sorted_as_numbers[asc]": "calls-durations-misordered",
            "regression/test_listing_rules.py::test_sort_goes_both_ways[status]": "list-out-of-order",
        }
    ),
    "call-sort-pasted-into-sql": Expectation(
        {"test_unknown_sort_column_is_refused": ("sort-column-not-checked", "request-not-served")},
    ),
    "call-status-filter-ignored": Expectation({"test_status_filters_the_list": "calls-status-filter-ignored"}),
    "call-total-ignores-status": Expectation({"test_statuses_add_up_to_the_whole": "calls-total-ignores-status"}),
    "call-transcript-swaps-speakers": Expectation({"test_transcript_has_each_side_say_its_own": "transcript-sides-swapped"}),
    "campaign-counters-count-again": Expectation(
        {
            "test_end_of_a_call_is_counted_once": "campaign-counters-wrong",
            "regression/test_webhook_rules.py::test_repeated_report_counts_once": "campaign-counters-wrong",
        }
    ),
    "campaign-counters-keep-pending": Expectation({"test_end_of_a_call_is_counted_once": "campaign-counters-wrong"}),
    "audio-cache-forgets-text": Expectation({"test_other_words_sound_otherwise": "audio-cache-ignores-text"}),
}
