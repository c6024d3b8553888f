from proof.expectations import Expectation

ENVELOPE = "pre_deploy/test_errors.py::test_error_has_the_envelope"
NAMED = "pre_deploy/test_errors.py::test_validation_error_names_the_field"
FAULTS = {
    "page-word-taken-for-first": Expectation(
        {"test_page_is_a_number": "parameter-not-checked", ENVELOPE: "request-not-refused", NAMED: "request-not-refused"}
    ),
    "campaign-list-ignores-unknown-status": Expectation(
        {
            "test_filter_refuses_other_values[/api/campaigns/?status]": "parameter-not-checked",
            ENVELOPE: "request-not-refused",
            NAMED: "request-not-refused",
        }
    ),
    "campaign-list-knows-utc-only": Expectation(
        {"test_filter_takes_its_values[/api/campaigns/?start_date]": "parameter-refused"}
    ),
    "contact-pages-of-twenty": Expectation({"test_page_has_its_default_size[GET /api/contacts/]": "page-default-differs"}),
}
