from proof.expectations import Expectation

FAULTS = {
    "login-outage-told-as-refusal+supabase-auth-down": Expectation(
        {"test_outage_is_not_told_as_a_wrong_password": "outage-told-as-wrong-password"},
        collateral={"*": "nobody can sign in while the auth service is down"},
    ),
    "data-as-last-sign-in": Expectation(
        {"test_caller_is_not_the_last_one_to_sign_in": "caller-is-the-last-sign-in"},
        collateral={"*": "everybody has the rights of whoever signed in last"},
    ),
}
