from proof.expectations import Expectation

FAULTS = {
    "hsts-missing": Expectation(
        {
            "test_security_headers_are_on": "strict-transport-security",
            "test_static_files_carry_the_security_headers": "strict-transport-security",
        }
    ),
    "hsts-for-five-minutes": Expectation(
        {"test_security_headers_are_on": "max-age=300", "test_static_files_carry_the_security_headers": "max-age=300"}
    ),
    "header-sent-twice": Expectation(
        {"test_security_headers_are_on": "nosniff, nosniff", "test_static_files_carry_the_security_headers": "nosniff, nosniff"}
    ),
    "header-missing-on-errors": Expectation(
        {"test_security_headers_are_on": "not only for 200", "test_content_security_policy_is_on[api]": "for every answer"}
    ),
    "header-missing-on-redirects": Expectation({"test_security_headers_are_on[redirecci*": "strict-transport-security"}),
    "header-missing-on-pages": Expectation(
        {"test_security_headers_are_on": "once, at the proxy", "test_content_security_policy_is_on[p*": "for every answer"}
    ),
    "header-missing-on-static-files": Expectation({"test_static_files_carry_the_security_headers": "for every answer"}),
    "csp-report-only": Expectation({"test_content_security_policy_is_on": "report-only watches and stops nothing"}),
    "csp-without-connect-src": Expectation({"test_content_security_policy_is_on": "connect-src as in contract 8.1"}),
    "server-version-shown": Expectation({"test_server_does_not_tell_its_version": "nginx/1.25.3"}),
    "framework-version-shown": Expectation({"test_server_does_not_tell_its_version": "Next.js 14.2.3"}),
    "redirect-forgets-path": Expectation({"test_http_is_sent_to_https": "keep host, path and query"}),
    "redirect-temporary": Expectation({"test_http_is_sent_to_https": "302 Found"}),
    "http-shows-welcome-page": Expectation({"test_http_is_sent_to_https": "Welcome to nginx!"}),
    "metrics-unprotected": Expectation({"test_metrics_ask_for_a_password": "basic auth"}),
    "metrics-any-password": Expectation({"test_metrics_ask_for_a_password": "asked for and not compared"}),
    "metrics-of-vendors-missing": Expectation({"test_metrics_are_complete": "twilio_errors_total"}),
    "metrics-frozen": Expectation({"test_metrics_count_what_happens": "0 more"}),
    "metrics-password-old": Expectation(
        {
            "test_metrics_are_complete": "LV_METRICS_PASSWORD",
            "regression/test_metrics_rules.py::test_metrics_come_as_a_text_exposition": "LV_METRICS_PASSWORD",
        },
        collateral={"test_metrics_count_what_happens": "nothing can be counted on a page that is refused"},
    ),
}
