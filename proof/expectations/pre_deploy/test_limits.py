from proof.expectations import Expectation
from proof.expectations.smoke.test_access import NEEDING_A_LOGIN

LOCKED_OUT = "nobody signs in any more: that is what the fault does"
FAULTS = {
    "rate-limit-of-the-example": Expectation({"test_limit_is_that_of_the_environment": "rate-limit-differs"}),
    "no-limits-at-all": Expectation(
        {
            "test_limit_is_that_of_the_environment": "rate-limit-header-missing",
            "test_each_request_uses_some_of_the_limit": "rate-limit-header-missing",
            "test_refused_requests_use_some_of_the_limit": "rate-limit-header-missing",
            "test_client_cannot_choose_its_address": "rate-limit-header-missing",
            "test_login_locks_after_repeated_failures": "login-never-locks",
            "pre_deploy/test_hardening.py::test_requests_are_counted_against_a_limit": "rate-limit-header-missing",
        },
    ),
    "rate-limit-counts-per-process": Expectation(
        {
            "test_each_request_uses_some_of_the_limit": "requests-not-counted",
            "test_refused_requests_use_some_of_the_limit": ("requests-not-counted", "refused-requests-not-counted"),
            "test_client_cannot_choose_its_address": ("requests-not-counted", "client-address-believed"),
        },
        first=("test_each_request_uses_some_of_the_limit",),
    ),
    "rate-limit-behind-authentication": Expectation(
        {"test_refused_requests_use_some_of_the_limit": "refused-requests-not-counted"}
    ),
    "client-address-believed": Expectation({"test_client_cannot_choose_its_address": "client-address-believed"}),
    "health-rate-limited": Expectation({"test_probes_use_nothing_of_the_limit": "probes-counted-against-limit"}),
    "login-never-locks": Expectation({"test_login_locks_after_repeated_failures": "login-never-locks"}),
    "login-locks-after-two": Expectation({"test_few_mistakes_lock_nobody_out": "login-locks-too-early"}),
    "login-locks-for-a-day": Expectation({"test_locked_login_says_when_to_come_back": "login-lock-retry-after-wrong"}),
    "login-lock-without-retry-after": Expectation({"test_locked_login_says_when_to_come_back": "login-lock-retry-after-wrong"}),
    "login-lock-counts-successes": Expectation(
        {"test_signing_in_often_locks_nobody": "successful-sign-ins-counted"}, collateral={"*": LOCKED_OUT}
    ),
    "login-locks-the-address": Expectation(
        {"test_lock_of_one_account_leaves_the_others": "login-lock-of-whole-address"},
        collateral={"*": LOCKED_OUT, "smoke/test_access.py::test_right_password_signs_in": LOCKED_OUT},
        blocked=dict.fromkeys(NEEDING_A_LOGIN, LOCKED_OUT),
    ),
}
