from proof.expectations import Expectation

FAULTS = {
    "webhook-signature-compared-by-prefix": Expectation(
        {"test_every_character_of_a_signature_counts": "compare the whole signature"}
    ),
    "webhook-signature-of-address-alone": Expectation({"test_signature_of_the_address_alone_is_refused": "every form field"}),
    "webhook-signature-without-query": Expectation({"test_signature_covers_the_query": "sign the query"}),
    "webhook-signature-in-order-of-arrival": Expectation({"test_fields_may_come_in_any_order": "sort the fields by name"}),
    "webhook-busy-mapped-to-failed": Expectation(
        {
            "test_word_of_the_vendor_becomes_ours[busy]": "busy, from Twilio's busy",
            "test_word_of_the_vendor_becomes_ours[no-answer]": "no_answer, from Twilio's no-answer",
        }
    ),
    "webhook-canceled-unknown": Expectation(
        {"test_word_of_the_vendor_becomes_ours[canceled]": "cancelled, from Twilio's canceled"}
    ),
    "webhook-unknown-word-ends-call": Expectation({"test_unknown_word_changes_nothing": "a word outside the table"}),
    "terminal-status-overwritten": Expectation({"test_late_report_changes_nothing": "must not bring the call back"}),
    "webhook-duplicate-counted-twice": Expectation({"test_repeated_report_counts_once": "when the status changes"}),
    "webhook-details-lost": Expectation({"test_details_of_a_report_are_kept": "store CallDuration"}),
    "webhook-duration-crashes": Expectation({"test_duration_that_is_no_number_is_ignored": "a duration that is no number"}),
    "twiml-unescaped": Expectation({"test_answered_call_hears_its_script": "escaped for XML?"}),
    "twiml-name-not-filled-in": Expectation({"test_answered_call_hears_its_script": "is the contact's name filled in?"}),
    "twiml-without-language": Expectation({"test_call_is_spoken_in_spanish": 'language="es-ES"'}),
    "twiml-sent-as-html": Expectation({"test_twiml_is_sent_as_xml": "text/html"}),
    "gather-action-inner-address": Expectation({"test_answer_is_sent_to_our_public_address": "the public https address"}),
    "gather-ignores-negation": Expectation(
        {"test_answer_of_a_person_is_noted[dice que no]": "a word before the keyword may negate it"}
    ),
    "gather-prefers-speech": Expectation(
        {"test_answer_of_a_person_is_noted[tecla antes que palabra]": "keys come before speech"}
    ),
}
