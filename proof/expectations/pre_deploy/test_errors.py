from proof.expectations import Expectation

FAULTS = {
    "refusal-tells-exception": Expectation(
        {
            "test_refusal_tells_nothing_inside": "error-reveals-internals",
            "test_malformed_token_tells_nothing_inside": "error-reveals-internals",
        }
    ),
    "allow-header-missing": Expectation({"test_wrong_method_names_the_right_one": "allow-header-missing"}),
    "error-leaks-internals+contact-column-not-migrated": Expectation(
        {"test_error_tells_nothing_inside[lista]": "error-reveals-internals"},
        collateral={"*": "contacts cannot be read: the column that is missing breaks them"},
    ),
    "login-outage-tells-exception+supabase-auth-down": Expectation(
        {"test_failed_sign_in_tells_nothing_inside": "error-reveals-internals"},
        collateral={"*": "nobody can sign in while the auth service is down"},
    ),
}
