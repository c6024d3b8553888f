from proof.expectations import Expectation

FILLED = ("ca*", "contact*", "user_roles]", "role_permissions]", "profiles]", "conversation_memories]")  # tables with rows
FAULTS = {
    "supabase-auth-slow": Expectation(
        {"test_signing_in_is_quick": "supabase-sign-in-slow"},
        collateral={
            "smoke/*": "/me and the pages wait for the same service",
            "smoke/test_response_times.py::test_mean_response_time_is_kept": "as above",
        },
    ),
    "recovery-reveals-accounts": Expectation(
        {"test_recovery_does_not_tell_who_has_an_account": "supabase-recovery-reveals-accounts"}
    ),
    "supabase-accounts-listed": Expectation({"test_anonymous_key_lists_no_accounts": "supabase-accounts-listed"}),
    "supabase-rls-bypassed": Expectation(
        {
            **{f"test_anonymous_key_reads_nothing[{table}": "supabase-rows-open-to-anonymous" for table in FILLED},
            "test_anonymous_key_writes_nothing": "supabase-inserts-open-to-anonymous",
            "test_viewer_gives_no_roles": "supabase-roles-writable",
            "test_contacts_are_for_those_who_call": "supabase-rows-open-to-anonymous",
            "test_profile_of_others_is_hidden": "supabase-rows-open-to-anonymous",
        },
        collateral=dict.fromkeys(
            ("test_anonymous_key_reads_nothing[conversation_metrics]", "test_anonymous_key_reads_nothing[auth_audit_log]"),
            "nobody sees a row where there is none",
        ),
    ),
    "supabase-rls-off-on-call-history": Expectation(
        {"test_anonymous_key_reads_nothing[call_history]": "supabase-rows-open-to-anonymous"}
    ),
    "supabase-contacts-open-to-viewers": Expectation(
        {"test_contacts_are_for_those_who_call": "supabase-contacts-open-to-viewers"}
    ),
    "supabase-profiles-open-to-viewers": Expectation({"test_profile_of_others_is_hidden": "supabase-profiles-readable"}),
    "supabase-anonymous-may-insert": Expectation(
        {"test_anonymous_key_writes_nothing[contacts]": "supabase-inserts-open-to-anonymous"}
    ),
    "supabase-roles-writable": Expectation({"test_viewer_gives_no_roles": "supabase-roles-writable"}),
}
