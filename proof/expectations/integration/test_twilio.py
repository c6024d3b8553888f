from proof.expectations import Expectation

FAULTS = {
    "twilio-down": Expectation({"test_credentials_are_accepted": "503, code 20503"}),
    "twilio-credentials-revoked": Expectation({"test_credentials_are_accepted": "the token was rotated"}),
    "twilio-account-suspended": Expectation({"test_account_is_active": "suspended"}),
    "twilio-balance-spent": Expectation({"test_balance_lasts": "0.00 USD"}),
    "twilio-credentials-of-another-project": Expectation({"test_number_is_ours": "another project"}),
    "twilio-number-without-voice": Expectation({"test_number_can_speak": "buy a number with voice"}),
    "twilio-number-on-demo-url": Expectation({"test_number_asks_our_webhook": "demo.twilio.com"}),
    "twilio-status-callback-by-get": Expectation({"test_number_reports_to_our_webhook": "GET https://"}),
    "twilio-status-callback-elsewhere": Expectation({"test_number_reports_to_our_webhook": "staging"}),
    "twilio-geographic-permission-missing": Expectation({"test_call_is_taken_on": "Geo permissions"}),
}
