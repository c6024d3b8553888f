from proof.expectations import Expectation

FAULTS = {
    "metrics-sent-as-json": Expectation({"test_metrics_come_as_a_text_exposition": "application/json"}),
    "metrics-unreadable": Expectation({"test_metrics_can_be_read": "escape quotes"}),
    "metrics-count-no-errors": Expectation({"test_refused_requests_are_counted": "0 more"}),
    "metrics-labelled-by-raw-path": Expectation({"test_path_label_is_the_route": "label by the route"}),
    "metrics-buckets-not-cumulative": Expectation({"test_histograms_add_up": "buckets are cumulative"}),
    "metrics-without-infinity": Expectation({"test_histograms_add_up": "le=+Inf"}),
}
