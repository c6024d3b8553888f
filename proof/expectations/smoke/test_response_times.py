from proof.expectations import Expectation

FAULTS = {
    "everything-waits-two-seconds": Expectation(
        {
            "test_mean_response_time_is_kept": "mean-response-time-exceeded",
            "smoke/test_liveness.py::test_health_answers_within_a_second": "health-slow",
        },
        first=("test_mean_response_time_is_kept", "smoke/test_liveness.py::test_health_answers_within_a_second"),
        collateral={"*": "whatever has to come in time is late, too"},
        blocked={"*": "a target that is late with everything is not asked for more"},
    ),
    "call-metrics-row-by-row": Expectation({"test_mean_response_time_is_kept": "mean-response-time-exceeded"}),
}
