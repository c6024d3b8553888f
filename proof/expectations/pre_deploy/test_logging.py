from proof.expectations import Expectation

FAULTS = {
    "log-in-local-time": Expectation({"test_log_tells_the_time_in_utc": "logging-not-in-utc"}),
    "health-logged": Expectation({"test_health_checks_are_not_logged": "logging-health-checks"}),
    "log-keeps-query-strings": Expectation({"test_log_masks_phones": "logging-phone-numbers"}),
}
