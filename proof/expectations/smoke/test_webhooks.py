from proof.expectations import Expectation

FAULTS = {
    "webhook-signature-not-checked": Expectation(
        {
            "test_unsigned_callback_is_refused": "unsigned-callback-admitted",
            "test_forged_signature_is_refused": "forged-callback-admitted",
            "test_changed_callback_is_refused": "changed-callback-admitted",
        }
    ),
    "webhook-empty-signature-accepted": Expectation({"test_unsigned_callback_is_refused": "unsigned-callback-admitted"}),
    "webhook-gather-not-signed": Expectation(
        {
            "test_unsigned_callback_is_refused[gather]": "unsigned-callback-admitted",
            "test_forged_signature_is_refused[gather]": "forged-callback-admitted",
        }
    ),
    "webhook-signature-over-inner-address": Expectation({"test_genuine_signature_is_accepted": "genuine-callback-not-admitted"}),
    "webhook-signature-over-http": Expectation({"test_genuine_signature_is_accepted": "genuine-callback-not-admitted"}),
    "json-callbacks-without-token": Expectation(
        {"test_json_callback_without_a_token_is_refused": "accepted-callback-without-token"}
    ),
    "webhook-unknown-call-crashes": Expectation(
        {
            "test_genuine_signature_is_accepted": "genuine-callback-not-admitted",
            "smoke/test_whole_journeys.py::test_journey_leads_to_its_end[avisos de Twilio]": "journey-step-not-served",
        }
    ),
}
