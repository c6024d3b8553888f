from proof.expectations import Expectation

NOBODY_SIGNS_IN = {"*": "nobody can sign in, or not again"}
FAULTS = {
    "login-refuses-everybody": Expectation(
        {"test_login_agrees_with_the_accounts": "login-refuses-what-supabase-accepts"}, collateral=NOBODY_SIGNS_IN
    ),
    "login-fails-for-everybody": Expectation(
        {"test_login_agrees_with_the_accounts": "login-fails-where-supabase-answers"}, collateral=NOBODY_SIGNS_IN
    ),
    "login-closes-its-client": Expectation(
        {"test_login_agrees_with_the_accounts": "login-fails-where-supabase-answers"}, collateral=NOBODY_SIGNS_IN
    ),
    "login-outage-told-as-refusal+supabase-auth-down": Expectation(
        {"test_login_agrees_with_the_accounts": "outage-told-as-wrong-password"}, collateral=NOBODY_SIGNS_IN
    ),
    "data-as-last-sign-in": Expectation(
        {"test_caller_is_not_the_last_one_to_sign_in": "caller-is-the-last-sign-in"},
        collateral={"*": "everybody has the rights of whoever signed in last"},
    ),
}
