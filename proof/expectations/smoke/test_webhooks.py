from proof.expectations import Expectation

# What a callback has to reach the product for.
NOT_ADMITTED = {
    f"regression/test_webhook_rules.py::{check}": "no callback of the vendor is admitted"
    for check in (
        "test_answer_is_sent_to_our_public_address",
        "test_answer_of_a_person_is_noted",
        "test_answered_call_hears_its_script",
        "test_answered_call_is_greeted_by_name",
        "test_call_is_spoken_in_spanish",
        "test_details_of_a_report_are_kept",
        "test_duration_that_is_no_number_is_ignored",
        "test_fields_may_come_in_any_order",
        "test_late_report_changes_nothing",
        "test_repeated_report_counts_once",
        "test_signature_covers_the_query",
        "test_twiml_is_sent_as_xml",
        "test_unknown_word_changes_nothing",
        "test_word_of_the_vendor_becomes_ours",
    )
}

FAULTS = {
    "webhook-signature-not-checked": Expectation(
        {
            "test_unsigned_callback_is_refused": "unsigned-callback-admitted",
            "test_forged_signature_is_refused": "unsigned-callback-admitted",
            "test_changed_callback_is_refused": "unsigned-callback-admitted",
            "regression/test_webhook_rules.py::test_unsigned_report_of_a_call_is_refused": "unsigned-callback-admitted",
            "regression/test_webhook_rules.py::test_forged_report_of_a_call_is_refused": "unsigned-callback-admitted",
        },
        blocked={
            "regression/test_webhook_rules.py::test_every_character_of_a_signature_counts": "any signature is accepted",
            "regression/test_webhook_rules.py::test_signature_of_the_address_alone_is_refused": "any signature is accepted",
        },
    ),
    "webhook-empty-signature-accepted": Expectation(
        {
            "test_unsigned_callback_is_refused": "unsigned-callback-admitted",
            "regression/test_webhook_rules.py::test_unsigned_report_of_a_call_is_refused": "unsigned-callback-admitted",
        }
    ),
    "webhook-gather-not-signed": Expectation(
        {
            "test_unsigned_callback_is_refused[gather]": "unsigned-callback-admitted",
            "test_forged_signature_is_refused[gather]": "unsigned-callback-admitted",
            "regression/test_webhook_rules.py::test_unsigned_report_of_a_call_is_refused[gather]": "unsigned-callback-admitted",
            "regression/test_webhook_rules.py::test_forged_report_of_a_call_is_refused[gather]": "unsigned-callback-admitted",
        }
    ),
    "webhook-signature-over-inner-address": Expectation(
        {"test_genuine_signature_is_accepted": "genuine-callback-not-admitted"}, blocked=NOT_ADMITTED
    ),
    "webhook-signature-over-http": Expectation(
        {"test_genuine_signature_is_accepted": "genuine-callback-not-admitted"}, blocked=NOT_ADMITTED
    ),
    "json-callbacks-without-token": Expectation(
        {"test_json_callback_without_a_token_is_refused": "accepted-callback-without-token"}
    ),
    "webhook-unknown-call-crashes": Expectation(
        {
            "test_genuine_signature_is_accepted": "genuine-callback-not-admitted",
            "smoke/test_whole_journeys.py::test_journey_leads_to_its_end[avisos de Twilio]": "journey-step-not-served",
        },
        blocked={
            f"regression/test_webhook_rules.py::{check}": "a callback about an unknown call crashes, signed as it is"
            for check in ("test_fields_may_come_in_any_order", "test_signature_covers_the_query")
        },
    ),
}
