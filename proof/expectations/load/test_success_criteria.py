from proof.expectations import Expectation

BROKEN_TOO = "what fails or waits is a failure or a wait for each criterion that counts it"
FEW = "a few seconds of load prove no share of one in a thousand"
FAULTS = {
    "sheds-load": Expectation(
        {"test_availability": "503", "test_error_rate": "503"},
        collateral={
            "test_*": BROKEN_TOO,
            "load/test_behaviour.py::test_target_bears_the_load": "half of the requests may fail at once",
        },
    ),
    "one-in-twelve-waits": Expectation({"test_slow_tail": "95"}, collateral={"test_*": FEW}),
    "reports-break-when-busy": Expectation(
        {"test_availability": "GET /api/reports/performance_metrics", "test_error_rate": "GET /api/reports/performance_metrics"},
        collateral={"test_*": FEW},
    ),
    "gets-slower": Expectation({"test_waiting_does_not_grow": "first third"}, collateral={"test_*": BROKEN_TOO}),
    "stalls-once-a-minute": Expectation(
        # In so short a run the standstill is a third of the time.
        {"test_slow_tail": "nobody was answered for 2", "test_slowest_hundredth": "nobody was answered for 2"},
        collateral={"test_*": BROKEN_TOO, "load/test_behaviour.py::*": "in so short a run the standstill is a third of it"},
    ),
    "sheds-with-retry-after": Expectation(
        {"test_availability": "Retry-After", "test_error_rate": "Retry-After"}, collateral={"test_*": BROKEN_TOO}
    ),
    "slow-first-byte": Expectation(
        {"test_mean_response_time": "before the first byte", "test_slow_tail": "before the first byte"},
        collateral={"test_*": BROKEN_TOO},
    ),
}
