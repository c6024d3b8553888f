from proof.expectations import Expectation

FAULTS = {
    "refusal-tells-exception": Expectation(
        {
            "test_refusal_tells_nothing_inside": "a message for people",
            "test_malformed_token_tells_nothing_inside": "a message for people",
        }
    ),
    "allow-header-missing": Expectation({"test_wrong_method_names_the_right_one": "Allow: none"}),
    "error-leaks-internals+contact-column-not-migrated": Expectation(
        {"test_error_tells_nothing_inside[lista]": "log the exception with the request's id"},
        collateral={"*": "contacts cannot be read: the column that is missing breaks them"},
    ),
    "login-outage-tells-exception+supabase-auth-down": Expectation(
        {"test_failed_sign_in_tells_nothing_inside": "log the exception with the request's id"},
        collateral={"*": "nobody can sign in while the auth service is down"},
    ),
}
