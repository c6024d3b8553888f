from proof.expectations import Expectation

BROKEN_TOO = "what fails or waits is a failure or a wait for each criterion that counts it"
FEW = "a few seconds of load prove no share of one in a thousand"
FAULTS = {
    "one-at-a-time": Expectation(
        {
            "test_target_bears_the_load": "load-breaks-target-down",
            "load/test_success_criteria.py::test_mean_response_time": "load-slow",
            "load/test_success_criteria.py::test_slow_tail": "load-slow",
            "load/test_success_criteria.py::test_slowest_hundredth": "load-stalls",
            "load/test_success_criteria.py::test_waiting_does_not_grow": "load-response-time-grows",
        },
        collateral={
            "load/test_success_criteria.py::*": BROKEN_TOO,
            "test_*": "the queue grows until half of the people wait too long",
        },
    ),
    "limits-its-own-load": Expectation(
        {"test_nobody_is_turned_away_below_the_limit": "load-limit-below-agreed"},
        collateral={
            "load/test_success_criteria.py::*": FEW,
            "test_*": "a load that is turned away is stopped, and proves nothing else",
        },
    ),
    "mixes-answers-up": Expectation(
        {
            "test_answers_belong_to_their_requests": "load-mixes-answers-up",
            "load/test_success_criteria.py::test_error_rate": "load-errors",
        },
        collateral={
            "load/test_success_criteria.py::*": BROKEN_TOO,
            "*": "whenever two requests meet, an answer may be that to the other",
        },
    ),
    "closes-connections": Expectation(
        {"test_connections_are_kept": "load-connections-not-kept"}, collateral={"load/test_success_criteria.py::*": FEW}
    ),
    "gives-up-under-load": Expectation(
        {
            "test_target_bears_the_load": "load-breaks-target-down",
            "load/test_success_criteria.py::test_availability": "load-unavailable",
            "load/test_success_criteria.py::test_error_rate": "load-errors",
        },
        collateral={"load/test_success_criteria.py::*": BROKEN_TOO, "test_*": "it is down by then"},
    ),
}
