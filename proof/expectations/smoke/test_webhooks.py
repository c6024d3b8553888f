from proof.expectations import Expectation

FAULTS = {
    "webhook-signature-not-checked": Expectation(
        {
            "test_unsigned_callback_is_refused": "unsigned-callback-admitted",
            "test_forged_signature_is_refused": "forged-callback-admitted",
            "test_changed_callback_is_refused": "changed-callback-admitted",
        },
        blocked={
            "regression/test_webhook_rules.py::test_every_character_of_a_signature_counts": "any signature is accepted",
            "regression/test_webhook_rules.py::test_signature_of_the_address_alone_is_refused": "any signature is accepted",
        },
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
