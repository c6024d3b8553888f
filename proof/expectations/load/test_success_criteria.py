from proof.expectations import Expectation
from proof.expectations.smoke.test_pages import PAGES
from proof.expectations.smoke.test_routes import OF_REPORTS

BROKEN_TOO = "what fails or waits is a failure or a wait for each criterion that counts it"
FEW = "a few seconds of load prove no share of one in a thousand"
FAULTS = {
    "sheds-load": Expectation(
        {
            "test_availability": "load-unavailable",
            "test_error_rate": "load-errors",
            "smoke/test_pages.py::test_page_is_quiet": "page-file-answers-5xx",
        },
        collateral={
            **dict.fromkeys(PAGES, "a browser asks for several files at once"),
            "test_*": BROKEN_TOO,
            "load/test_behaviour.py::test_target_bears_the_load": "half of the requests may fail at once",
        },
        blocked={
            **dict.fromkeys(PAGES, "files of the page are missing"),
            "load/test_behaviour.py::test_connections_are_kept": "the load may be stopped before there are enough requests",
        },
    ),
    "one-in-twelve-waits": Expectation({"test_slow_tail": "load-slow"}, collateral={"test_*": FEW}),
    "reports-break-when-busy": Expectation(
        {"test_availability": "load-unavailable", "test_error_rate": "load-errors"},
        collateral={"test_*": FEW, "*": "a report that is asked for while others work is broken off"},
        blocked=dict.fromkeys(OF_REPORTS, "as above"),
    ),
    "gets-slower": Expectation({"test_waiting_does_not_grow": "load-response-time-grows"}, collateral={"test_*": BROKEN_TOO}),
    "stalls-once-a-minute": Expectation(
        # In so short a run the standstill is a third of the time.
        {"test_slow_tail": "load-slow", "test_slowest_hundredth": "load-stalls"},
        collateral={"test_*": BROKEN_TOO, "load/test_behaviour.py::*": "in so short a run the standstill is a third of it"},
    ),
    "sheds-with-retry-after": Expectation(
        {"test_availability": "load-unavailable", "test_error_rate": "load-errors"}, collateral={"test_*": BROKEN_TOO}
    ),
    "slow-first-byte": Expectation(
        {"test_mean_response_time": "load-slow", "test_slow_tail": "load-slow"},
        collateral={"test_*": BROKEN_TOO},
    ),
}
