from proof.expectations import Expectation

# The product asks the vendor before it stores a call, so there is none to look at.
OF_CALLS = dict.fromkeys(
    (
        "integration/test_call_lines.py::test_cancelled_call_ends_at_the_vendor",
        "regression/test_call_rules.py::test_call_is_not_rescheduled_into_the_past",
        "regression/test_call_rules.py::test_cancelled_call_says_why",
        "regression/test_call_rules.py::test_end_of_a_call_comes_with_its_duration",
        "regression/test_call_rules.py::test_end_of_a_call_is_counted_once",
        "regression/test_call_rules.py::test_other_words_sound_otherwise",
        "regression/test_call_rules.py::test_rescheduled_call_waits_for_its_time",
        "regression/test_webhook_rules.py::test_answer_is_sent_to_our_public_address",
        "regression/test_webhook_rules.py::test_answer_of_a_person_is_noted",
        "regression/test_webhook_rules.py::test_answered_call_hears_its_script",
        "regression/test_webhook_rules.py::test_answered_call_is_greeted_by_name",
        "regression/test_webhook_rules.py::test_forged_report_of_a_call_is_refused",
        "regression/test_webhook_rules.py::test_call_is_spoken_in_spanish",
        "regression/test_webhook_rules.py::test_details_of_a_report_are_kept",
        "regression/test_webhook_rules.py::test_duration_that_is_no_number_is_ignored",
        "regression/test_webhook_rules.py::test_late_report_changes_nothing",
        "regression/test_webhook_rules.py::test_repeated_report_counts_once",
        "regression/test_webhook_rules.py::test_twiml_is_sent_as_xml",
        "regression/test_webhook_rules.py::test_unknown_word_changes_nothing",
        "regression/test_webhook_rules.py::test_unsigned_report_of_a_call_is_refused",
        "regression/test_webhook_rules.py::test_word_of_the_vendor_becomes_ours",
    ),
    "the vendor takes on no call",
)
OF_THE_ACCOUNT = {
    **dict.fromkeys(("test_account_is_active", "test_balance_lasts", "test_call_is_taken_on"), "the account cannot be read"),
    "test_number_*": "nor can its numbers",
    **OF_CALLS,
}
FAULTS = {
    "twilio-down": Expectation({"test_credentials_are_accepted": "twilio-unavailable"}, blocked=OF_THE_ACCOUNT),
    "twilio-credentials-revoked": Expectation(
        {"test_credentials_are_accepted": "twilio-credentials-refused"}, blocked=OF_THE_ACCOUNT
    ),
    "twilio-account-suspended": Expectation({"test_account_is_active": "twilio-account-not-active"}, blocked=OF_THE_ACCOUNT),
    "twilio-balance-spent": Expectation({"test_balance_lasts": "twilio-balance-low"}),
    "twilio-credentials-of-another-project": Expectation(
        {"test_number_is_ours": "twilio-number-not-owned"},
        blocked={
            "test_number_asks_our_webhook": "the account has no such number",
            "test_number_can_speak": "the account has no such number",
            "test_number_reports_to_our_webhook": "the account has no such number",
        },
    ),
    "twilio-number-without-voice": Expectation({"test_number_can_speak": "twilio-number-without-voice"}),
    "twilio-number-on-demo-url": Expectation({"test_number_asks_our_webhook": "twilio-voice-webhook-differs"}),
    "twilio-status-callback-by-get": Expectation({"test_number_reports_to_our_webhook": "twilio-status-callback-differs"}),
    "twilio-status-callback-elsewhere": Expectation({"test_number_reports_to_our_webhook": "twilio-status-callback-differs"}),
    "twilio-geographic-permission-missing": Expectation(
        {"test_call_is_taken_on": "twilio-country-not-enabled"}, blocked=OF_CALLS
    ),
}
