from proof.expectations import Expectation

FAULTS = {
    "log-in-local-time": Expectation({"test_log_tells_the_time_in_utc": "+2.0 hours off"}),
    "health-logged": Expectation({"test_health_checks_are_not_logged": "exclude /health"}),
    "log-keeps-query-strings": Expectation({"test_log_masks_phones": "without its query"}),
}
