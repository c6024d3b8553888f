from proof.expectations import Expectation

FAULTS = {
    "supabase-auth-slow": Expectation(
        {"test_signing_in_is_quick": "the time is spent at Supabase"},
        collateral={"smoke/*": "/me and the pages wait for the same service"},
    ),
    "recovery-reveals-accounts": Expectation({"test_recovery_does_not_tell_who_has_an_account": "User not found"}),
    "supabase-accounts-listed": Expectation({"test_anonymous_key_lists_no_accounts": "accounts"}),
    "supabase-rls-bypassed": Expectation(
        {
            "test_anonymous_key_reads_nothing": "row-level security",
            "test_anonymous_key_writes_nothing": "anybody on the internet can add rows",
            "test_viewer_gives_no_roles": "let through to the table",
            "test_contacts_are_for_those_who_call": "policies on contacts",
            "test_profile_of_others_is_hidden": "policies on profiles",
        }
    ),
    "supabase-rls-off-on-call-history": Expectation({"test_anonymous_key_reads_nothing[call_history]": "on call_history"}),
    "supabase-contacts-open-to-viewers": Expectation({"test_contacts_are_for_those_who_call": "policies on contacts"}),
    "supabase-anonymous-may-insert": Expectation({"test_anonymous_key_writes_nothing[contacts]": "can add rows"}),
    "supabase-roles-writable": Expectation({"test_viewer_gives_no_roles": "let through to the table"}),
}
