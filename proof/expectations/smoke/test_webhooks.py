from proof.expectations import Expectation

FAULTS = {
    "webhook-signature-not-checked": Expectation(
        {
            "test_unsigned_callback_is_refused": "is APP_DEBUG true?",
            "test_forged_signature_is_refused": "is the signature compared at all?",
            "test_changed_callback_is_refused": "every form field",
        }
    ),
    "webhook-empty-signature-accepted": Expectation({"test_unsigned_callback_is_refused": "404"}),
    "webhook-gather-not-signed": Expectation(
        {
            "test_unsigned_callback_is_refused[gather]": "404",
            "test_forged_signature_is_refused[gather]": "is the signature compared at all?",
        }
    ),
    "webhook-signature-over-inner-address": Expectation({"test_genuine_signature_is_accepted": "it signs another address"}),
    "webhook-signature-over-http": Expectation({"test_genuine_signature_is_accepted": "it signs another address"}),
    "json-callbacks-without-token": Expectation(
        {"test_json_callback_without_a_token_is_refused": "neither signed nor carries a token"}
    ),
    "webhook-unknown-call-crashes": Expectation(
        {
            "test_genuine_signature_is_accepted": "500",
            "smoke/test_whole_journeys.py::test_journey_leads_to_its_end[avisos de Twilio]": "500",
        }
    ),
}
