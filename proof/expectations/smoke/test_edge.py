from proof.expectations import Expectation

FAULTS = {
    "header-missing-everywhere": Expectation(
        {
            "test_security_headers_are_on": "security-headers-missing",
            "test_static_files_carry_the_security_headers": "security-headers-missing",
            "test_content_security_policy_is_on": "csp-missing",
        }
    ),
    "basic-auth-on-everything": Expectation(blocks="target-behind-basic-auth"),
    "cdn-challenges-clients": Expectation(blocks="target-behind-challenge"),
    "cdn-caches-the-api": Expectation(
        {
            "test_second_reader_gets_an_answer_of_their_own": "answer-of-another-caller",
            "test_second_role_gets_an_answer_of_its_own": "answer-of-another-caller",
        },
        collateral={
            "*": "whatever is read a second time is as old as the first answer, or another caller's",
            "regression/test_privacy.py::test_viewer_is_not_served_what_an_operator_saw": "numbers too",
            "regression/test_privacy.py::test_who_calls_sees_numbers": "or the masks of whom it was first",
            "pre_deploy/test_hardening.py::test_requests_are_counted_against_a_limit": "what is kept counts nothing",
            "pre_deploy/test_limits.py::test_*": "as above",
        },
        blocked={"smoke/test_access.py::test_account_has_its_role": "it is told of another account"},
    ),
    "hsts-missing": Expectation(
        {
            "test_security_headers_are_on": "security-headers-missing",
            "test_static_files_carry_the_security_headers": "security-headers-missing",
        }
    ),
    "hsts-for-five-minutes": Expectation(
        {
            "test_security_headers_are_on": "security-headers-missing",
            "test_static_files_carry_the_security_headers": "security-headers-missing",
        }
    ),
    "header-sent-twice": Expectation(
        {
            "test_security_headers_are_on": "security-headers-missing",
            "test_static_files_carry_the_security_headers": "security-headers-missing",
        }
    ),
    "header-missing-on-errors": Expectation(
        {"test_security_headers_are_on": "security-headers-missing", "test_content_security_policy_is_on[api]": "csp-missing"}
    ),
    "header-missing-on-redirects": Expectation({"test_security_headers_are_on[redirecci*": "security-headers-missing"}),
    "header-missing-on-pages": Expectation(
        {"test_security_headers_are_on": "security-headers-missing", "test_content_security_policy_is_on[p*": "csp-missing"}
    ),
    "header-missing-on-static-files": Expectation({"test_static_files_carry_the_security_headers": "security-headers-missing"}),
    "csp-report-only": Expectation({"test_content_security_policy_is_on": "csp-report-only"}),
    "csp-without-connect-src": Expectation(
        {
            "test_content_security_policy_is_on": "csp-incomplete",
            "smoke/test_pages_sign_in.py::test_sign_in_leads_where_one_was_going": "page-blocked-by-policy",
            "smoke/test_pages_sign_in.py::test_wrong_password_is_told": "page-blocked-by-policy",
        },
        collateral={
            "regression/test_pages_sign_in.py::test_six_characters_are_enough": "the browser lets no sign-in out",
        },
        blocked={
            "smoke/test_pages.py::*": "the browser lets no sign-in out",
            "smoke/test_pages_sign_in.py::test_first_press_is_enough": "the browser lets no sign-in out",
            "smoke/test_pages_sign_in.py::test_sign_in_never_leads_elsewhere": "the browser lets no sign-in out",
            "smoke/test_pages_sign_in.py::test_wrong_password_is_announced": "the browser lets no sign-in out",
            "smoke/test_pages_sign_in.py::test_sign_out_ends_the_session": "the browser lets no sign-in out",
            "regression/test_pages_contacts.py::*": "the browser lets no sign-in out",
            "regression/test_pages_dashboard.py::*": "the browser lets no sign-in out",
            "regression/test_pages_sessions.py::*": "the browser lets no sign-in out",
        },
    ),
    "server-version-shown": Expectation({"test_server_does_not_tell_its_version": "server-version-shown"}),
    "framework-version-shown": Expectation({"test_server_does_not_tell_its_version": "server-version-shown"}),
    "redirect-forgets-path": Expectation({"test_http_is_sent_to_https": "http-redirected-elsewhere"}),
    "redirect-temporary": Expectation({"test_http_is_redirected_for_good": "http-not-redirected"}),
    "http-shows-welcome-page": Expectation(
        {"test_http_is_redirected_for_good": "http-not-redirected"},
        blocked={"test_http_is_sent_to_https": "there is no redirect"},
    ),
    "metrics-unprotected": Expectation({"test_metrics_ask_for_a_password": "metrics-open"}),
    "metrics-any-password": Expectation({"test_metrics_ask_for_a_password": "metrics-password-not-compared"}),
    "metrics-of-vendors-missing": Expectation({"test_metrics_are_complete": "metrics-missing"}),
    "metrics-frozen": Expectation(
        {"test_metrics_count_what_happens": "metrics-stand-still"},
        blocked={
            "regression/test_metrics_rules.py::test_refused_requests_are_counted": "the counter stands still for all of them",
        },
    ),
    "metrics-password-old": Expectation(
        {
            "test_metrics_are_complete": "metrics-password-not-accepted",
            "regression/test_metrics_rules.py::test_metrics_come_as_a_text_exposition": "metrics-refused",
        },
        collateral={"test_metrics_count_what_happens": "nothing can be counted on a page that is refused"},
        blocked={
            "regression/test_metrics_rules.py::*": "the page is refused",
            "test_metrics_count_what_happens": "the page is refused",
        },
    ),
}
