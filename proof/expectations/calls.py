"""Calls."""

from proof.expected import Expected

FAULTS = {
    "call-cancel-loses-reason": Expected(
        {"regression/test_call_rules.py::test_cancelled_call_says_why": "is the reason stored?"}
    ),
    "call-cancel-not-sent-to-vendor": Expected(
        {"integration/test_call_lines.py::test_cancelled_call_ends_at_the_vendor": "is the cancellation sent to the vendor?"}
    ),
    "call-date-without-offset-crashes": Expected(
        {"regression/test_call_rules.py::test_date_without_offset_is_accepted": "compared with one that has it"}
    ),
    "call-detail-duration-negative": Expected(
        {"regression/test_call_rules.py::test_detail_is_about_the_same_call": "whose contact and which duration"},
        collateral={
            "regression/test_webhook_rules.py::test_details_of_a_report_are_kept": "reads the duration back from the detail"
        },
    ),
    "call-detail-of-another-contact": Expected(
        {"regression/test_call_rules.py::test_detail_is_about_the_same_call": "whose contact and which duration"}
    ),
    "call-detail-shows-recording": Expected(
        {"regression/test_call_rules.py::test_detail_shows_recordings_only_when_asked": "include_recordings"}
    ),
    "call-detail-unmasked": Expected(
        {"regression/test_privacy.py::test_viewer_sees_masks_only[una llamada]": "mask them in this place"}
    ),
    "call-duration-not-stored": Expected(
        {"regression/test_call_rules.py::test_end_of_a_call_is_counted_once": "what was sent is lost"}
    ),
    "call-durations-sorted-as-text": Expected(
        {"regression/test_call_rules.py::test_durations_are_sorted_as_numbers": "sorted as text"}
    ),
    "call-end-date-excluded": Expected(
        {"regression/test_call_rules.py::test_both_ends_of_the_dates_are_inside": "is the end of the dates left out"}
    ),
    "call-history-oldest-first": Expected({"smoke/test_reports.py::test_history_comes_newest_first": "newest first"}),
    "call-history-total-of-all": Expected(
        {"regression/test_report_rules.py::test_history_of_a_campaign_is_its_own": "is the total counted without campaign_id"}
    ),
    "call-history-unmasked": Expected(
        {"regression/test_privacy.py::test_viewer_sees_masks_only[historial]": "mask them in this place"}
    ),
    "call-list-unmasked": Expected(
        {"regression/test_privacy.py::test_viewer_sees_masks_only[lista de llamadas]": "mask them in this place"}
    ),
    "call-metrics-taken-for-id": Expected(
        {"smoke/test_lists.py::test_fixed_path_is_not_taken_for_an_id[/api/calls/metrics]": "shadowed by /{id}"},
        collateral={
            "smoke/test_response_times.py::test_mean_response_time_is_kept": "these figures are one of the reads that it times",
            "regression/test_report_rules.py::test_chart_is_grouped_by*": "the chart is part of these figures",
        },
    ),
    "call-metrics-week-from-sunday": Expected(
        {"regression/test_report_rules.py::test_chart_is_grouped_by[week]": "which date stands for a week"}
    ),
    "call-not-found-in-english": Expected(
        {"regression/test_call_rules.py::test_unknown_call_is_not_found": "404: Llamada no encontrada"}
    ),
    "call-page-capped-silently": Expected(
        {"regression/test_paging_rules.py::test_last_page_has_the_last_rows[llamadas]": "is this size of page taken for another?"}
    ),
    "call-placed-for-unknown-contact": Expected(
        {"regression/test_call_rules.py::test_nobody_is_called_for_an_unknown": "the vendor was asked before"}
    ),
    "call-reschedule-into-the-past": Expected(
        {"regression/test_call_rules.py::test_call_is_not_rescheduled_into_the_past": "compare it with the clock"}
    ),
    "call-reschedule-keeps-status": Expected(
        {"regression/test_call_rules.py::test_rescheduled_call_waits_for_its_time": "keeps its old status"}
    ),
    "call-sort-order-ignored": Expected(
        {"regression/test_call_rules.py::test_durations_are_sorted_as_numbers[asc]": "or is sort_order ignored?"}
    ),
    "call-sort-pasted-into-sql": Expected(
        {"regression/test_call_rules.py::test_unknown_sort_column_is_refused": "is sort_by pasted into the query?"}
    ),
    "call-status-filter-ignored": Expected(
        {"regression/test_call_rules.py::test_status_filters_the_list": "is the status ignored?"}
    ),
    "call-transcript-swaps-speakers": Expected(
        {"regression/test_call_rules.py::test_transcript_has_each_side_say_its_own": "are the two sides swapped"}
    ),
}
