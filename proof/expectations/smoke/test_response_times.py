from proof.expectations import Expectation

FAULTS = {
    "call-metrics-row-by-row": Expectation({"test_mean_response_time_is_kept": "mean-response-time-exceeded"}),
}
