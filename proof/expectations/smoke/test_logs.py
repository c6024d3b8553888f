from proof.expectations import Expectation

FAULTS = {
    "log-shows-tokens": Expectation({"test_log_keeps_no_credentials": "an access token"}),
    "login-logs-password": Expectation({"test_log_keeps_no_credentials": "the password"}),
    "log-fields-renamed": Expectation({"test_request_leaves_its_line": "without ['status_code']"}),
    "log-pretty-printed": Expectation(
        {
            "test_request_leaves_its_line": "without indentation",
            "pre_deploy/test_logging.py::test_log_is_one_json_object_a_line": "without indentation",
        }
    ),
    "log-as-text": Expectation(
        {
            "test_request_leaves_its_line": "is LOG_FORMAT json",
            "pre_deploy/test_logging.py::test_log_is_one_json_object_a_line": "LOG_FORMAT=json",
        }
    ),
}
