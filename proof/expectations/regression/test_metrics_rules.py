from proof.expectations import Expectation

FAULTS = {
    "metrics-sent-as-json": Expectation({"test_metrics_come_as_a_text_exposition": "metrics-content-type-wrong"}),
    "metrics-unreadable": Expectation(
        {"test_metrics_can_be_read": "metrics-unreadable"},
        blocked={
            "test_histogram*": "no metric can be read",
            "test_path_label_is_the_route": "as above",
            "test_refused_requests_are_counted": "as above",
        },
    ),
    "metrics-count-no-errors": Expectation({"test_refused_requests_are_counted": "errors-not-counted"}),
    "metrics-labelled-by-raw-path": Expectation({"test_path_label_is_the_route": "metrics-labelled-by-raw-path"}),
    "metrics-buckets-not-cumulative": Expectation({"test_histogram_buckets_grow": "histogram-not-cumulative"}),
    "metrics-count-includes-its-scrape": Expectation({"test_histogram_counts_what_is_in_its_buckets": "histogram-count-differs"}),
    "metrics-labelled-by-id-once-found": Expectation({"test_path_label_is_the_route": "metrics-labelled-by-raw-path"}),
    "metrics-without-infinity": Expectation(
        {"test_histograms_reach_infinity": "histogram-without-infinity"},
        blocked={"test_histogram_counts_what_is_in_its_buckets": "what is slower than the last bucket is in none"},
    ),
}
