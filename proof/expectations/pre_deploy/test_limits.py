from proof.expectations import Expectation

LOCKED_OUT = "nobody signs in any more: that is what the fault does"
FAULTS = {
    "rate-limit-of-the-example": Expectation({"test_limit_is_that_of_the_environment": "X-RateLimit-Limit: 60"}),
    "rate-limit-counts-per-process": Expectation(
        {
            "test_each_request_uses_some_of_the_limit": "by each worker for itself",
            "test_refused_requests_use_some_of_the_limit": "less left after each request",
            "test_client_cannot_choose_its_address": "less left after each request",
        },
        first=("test_each_request_uses_some_of_the_limit",),
    ),
    "rate-limit-behind-authentication": Expectation(
        {"test_refused_requests_use_some_of_the_limit": "count before authentication"}
    ),
    "client-address-believed": Expectation({"test_client_cannot_choose_its_address": "must be replaced at the proxy"}),
    "health-rate-limited": Expectation({"test_probes_use_nothing_of_the_limit": "exempt /health"}),
    "login-never-locks": Expectation({"test_login_locks_after_repeated_failures": "nothing stops a guesser"}),
    "login-locks-after-two": Expectation({"test_login_locks_after_repeated_failures": "the lock comes too early"}),
    "login-locks-for-a-day": Expectation({"test_locked_login_says_when_to_come_back": "Retry-After: 86400"}),
    "login-lock-without-retry-after": Expectation({"test_locked_login_says_when_to_come_back": "Retry-After: none"}),
    "login-lock-counts-successes": Expectation(
        {"test_signing_in_often_locks_nobody": "does the lock count sign-ins that succeed?"}, collateral={"*": LOCKED_OUT}
    ),
    "login-locks-the-address": Expectation(
        {"test_lock_of_one_account_leaves_the_others": "not for an address"}, collateral={"*": LOCKED_OUT}
    ),
}
