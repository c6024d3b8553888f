from proof.expectations import Expectation

FAULTS = {
    "twilio-down": Expectation({"test_credentials_are_accepted": "twilio-unavailable"}),
    "twilio-credentials-revoked": Expectation({"test_credentials_are_accepted": "twilio-credentials-refused"}),
    "twilio-account-suspended": Expectation({"test_account_is_active": "twilio-account-not-active"}),
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
    "twilio-geographic-permission-missing": Expectation({"test_call_is_taken_on": "twilio-country-not-enabled"}),
}
