from proof.expectations import Expectation

FAULTS = {
    "log-shows-tokens": Expectation({"test_log_keeps_no_credentials": "log-keeps-credentials"}),
    "login-logs-password": Expectation({"test_log_keeps_no_credentials": "log-keeps-credentials"}),
    "log-fields-renamed": Expectation({"test_request_leaves_its_line": "log-fields-missing"}),
    "log-pretty-printed": Expectation(
        {
            "test_request_leaves_its_line": "logging-lines-not-json",
            "pre_deploy/test_logging.py::test_log_is_one_json_object_a_line": "logging-lines-not-json",
        },
        blocked={
            "pre_deploy/test_logging.py::test_health_checks_are_not_logged": "no record can be read",
            "pre_deploy/test_logging.py::test_log_tells_the_time_in_utc": "no record can be read",
        },
    ),
    "log-as-text": Expectation(
        {
            "test_request_leaves_its_line": "logging-lines-not-json",
            "pre_deploy/test_logging.py::test_log_is_one_json_object_a_line": "logging-lines-not-json",
        },
        blocked={
            "pre_deploy/test_logging.py::test_health_checks_are_not_logged": "no record can be read",
            "pre_deploy/test_logging.py::test_log_tells_the_time_in_utc": "no record can be read",
        },
    ),
}
