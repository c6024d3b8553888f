from proof.expectations import Expectation

FAULTS = {
    "webhook-signature-compared-by-prefix": Expectation(
        {"test_every_character_of_a_signature_counts": "signature-compared-in-part"}
    ),
    "webhook-signature-of-address-alone": Expectation(
        {"test_signature_of_the_address_alone_is_refused": "signature-of-address-only"}
    ),
    "webhook-signature-without-query": Expectation({"test_signature_covers_the_query": "signature-leaves-out-query"}),
    "webhook-signature-in-order-of-arrival": Expectation({"test_fields_may_come_in_any_order": "signature-fields-unsorted"}),
    "webhook-busy-mapped-to-failed": Expectation(
        {
            "test_word_of_the_vendor_becomes_ours[busy]": "twilio-status-mapped-wrongly",
            "test_word_of_the_vendor_becomes_ours[no-answer]": "twilio-status-mapped-wrongly",
        }
    ),
    "webhook-canceled-unknown": Expectation({"test_word_of_the_vendor_becomes_ours[canceled]": "twilio-status-mapped-wrongly"}),
    "webhook-unknown-word-ends-call": Expectation({"test_unknown_word_changes_nothing": "unknown-twilio-status-applied"}),
    "terminal-status-overwritten": Expectation({"test_late_report_changes_nothing": "late-callback-reopens-call"}),
    "webhook-duplicate-counted-twice": Expectation({"test_repeated_report_counts_once": "campaign-counters-wrong"}),
    "webhook-details-lost": Expectation({"test_details_of_a_report_are_kept": "callback-details-not-stored"}),
    "webhook-duration-crashes": Expectation({"test_duration_that_is_no_number_is_ignored": "bad-duration-loses-callback"}),
    "twiml-unescaped": Expectation(
        {
            "test_answered_call_hears_its_script": "twiml-not-well-formed",
            "test_answered_call_is_greeted_by_name": "twiml-not-well-formed",
        }
    ),
    "twiml-name-not-filled-in": Expectation({"test_answered_call_is_greeted_by_name": "greeting-without-name"}),
    "twiml-script-cut": Expectation({"test_answered_call_hears_its_script": "script-spoken-differently"}),
    "twiml-without-language": Expectation({"test_call_is_spoken_in_spanish": "twiml-not-in-spanish"}),
    "twiml-sent-as-html": Expectation({"test_twiml_is_sent_as_xml": "twiml-content-type-wrong"}),
    "gather-action-inner-address": Expectation({"test_answer_is_sent_to_our_public_address": "gather-address-not-public"}),
    "gather-ignores-negation": Expectation({"test_answer_of_a_person_is_noted[dice que no]": "answer-noted-wrongly"}),
    "gather-prefers-speech": Expectation({"test_answer_of_a_person_is_noted[tecla antes que palabra]": "answer-noted-wrongly"}),
}
