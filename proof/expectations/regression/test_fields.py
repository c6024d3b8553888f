from proof.expectations import Expectation

FAULTS = {
    "contact-without-a-name": Expectation({"test_required_field_is_missed[contact.name]": "field-value-accepted"}),
    "contact-tags-as-null": Expectation({"test_null_is_no_value[contact.tags]": "field-value-accepted"}),
    "contact-null-becomes-empty-text": Expectation({"test_null_is_kept[contact.notes]": "field-not-kept"}),
    "contact-id-taken-from-client": Expectation(
        {"test_servers_field_is_the_servers[contact.id]": "server-field-taken-from-client"}
    ),
    "contact-unknown-field-refused": Expectation({"test_unknown_field_is_ignored[contact]": "unknown-field-refused"}),
    "campaign-retries-of-an-older-release": Expectation(
        {"test_field_has_its_default[campaign.max_retries]": "field-default-differs"}
    ),
    "campaign-empty-change-resets-type": Expectation({"test_empty_change_leaves_all[campaign]": "update-changes-other-fields"}),
}
