from proof.expectations import Expectation

FAULTS = {
    "call-cancel-loses-reason": Expectation({"test_cancelled_call_says_why": "is the reason stored?"}),
    "call-date-without-offset-crashes": Expectation({"test_date_without_offset_is_accepted": "compared with one that has it"}),
    "call-detail-duration-negative": Expectation(
        {"test_detail_is_about_the_same_call": "whose contact and which duration"},
        collateral={
            "regression/test_webhook_rules.py::test_details_of_a_report_are_kept": "reads the duration back from the detail"
        },
    ),
    "call-detail-of-another-contact": Expectation({"test_detail_is_about_the_same_call": "whose contact and which duration"}),
    "call-detail-shows-recording": Expectation({"test_detail_shows_recordings_only_when_asked": "include_recordings"}),
    "call-duration-not-stored": Expectation({"test_end_of_a_call_is_counted_once": "what was sent is lost"}),
    "call-durations-sorted-as-text": Expectation({"test_durations_are_sorted_as_numbers": "sorted as text"}),
    "call-end-date-excluded": Expectation({"test_both_ends_of_the_dates_are_inside": "is the end of the dates left out"}),
    "call-not-found-in-english": Expectation({"test_unknown_call_is_not_found": "404: Llamada no encontrada"}),
    "call-placed-for-unknown-contact": Expectation({"test_nobody_is_called_for_an_unknown": "the vendor was asked before"}),
    "call-reschedule-into-the-past": Expectation({"test_call_is_not_rescheduled_into_the_past": "compare it with the clock"}),
    "call-reschedule-keeps-status": Expectation({"test_rescheduled_call_waits_for_its_time": "keeps its old status"}),
    "call-sort-order-ignored": Expectation({"test_durations_are_sorted_as_numbers[asc]": "or is sort_order ignored?"}),
    "call-sort-pasted-into-sql": Expectation({"test_unknown_sort_column_is_refused": "is sort_by pasted into the query?"}),
    "call-status-filter-ignored": Expectation({"test_status_filters_the_list": "is the status ignored?"}),
    "call-transcript-swaps-speakers": Expectation({"test_transcript_has_each_side_say_its_own": "are the two sides swapped"}),
    "campaign-counters-count-again": Expectation(
        {
            "test_end_of_a_call_is_counted_once": "a repeated status moves no counter",
            "regression/test_webhook_rules.py::test_repeated_report_counts_once": "not with each callback",
        }
    ),
    "campaign-counters-keep-pending": Expectation({"test_end_of_a_call_is_counted_once": "an end ends the waiting"}),
    "audio-cache-forgets-text": Expectation({"test_other_words_sound_otherwise": "is the text part of the audio cache's key?"}),
}
