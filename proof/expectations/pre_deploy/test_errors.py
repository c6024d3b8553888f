from proof.expectations import Expectation

# Checks that compare the text of a refusal; of whole files those that only fall over one.
READERS = (
    "pre_deploy/test_permissions.py::test_operator_does_not_administer",
    "pre_deploy/test_permissions.py::test_viewer_changes_nothing",
    "pre_deploy/test_permissions.py::test_viewer_exports_nothing",
    "regression/test_call_rules.py::test_unknown_call_is_not_found",
    "regression/test_campaign_rules.py::test_unknown_campaign_is_not_found",
    "regression/test_contact_rules.py::test_search_text_is_only_text",
    "smoke/test_access.py::*_is_refused",
    "smoke/test_round_trips.py::test_invalid_phone_is_refused",
    "smoke/test_webhooks.py::*_is_refused",
    "pre_deploy/test_permissions.py::*",
    "regression/test_call_rules.py::*",
    "regression/test_campaign_rules.py::*",
    "regression/test_contact_rules.py::*",
    "regression/test_pages_contacts.py::*",
    "smoke/test_access.py::*",
    "smoke/test_round_trips.py::*",
    "smoke/test_webhooks.py::*",
)


def misshapen(collateral: str, *named: str) -> Expectation:
    """Errors of another shape: no check that reads one finds what it looks for."""
    kills = {
        "test_error_has_the_envelope": "error-without-envelope",
        "test_failing_route_keeps_the_envelope": "error-without-envelope",
    }
    named_by = dict.fromkeys(named, "validation-errors-not-named")
    return Expectation(kills | named_by, first=tuple(kills), collateral={"*": collateral} | dict.fromkeys(READERS, collateral))


VALIDATION = "test_validation_error_names_the_field"
FAULTS = {
    "error-shows-database-words": Expectation(
        {
            "test_error_tells_nothing_inside": "error-reveals-internals",
            "regression/test_list_changes.py::test_nobody_joins_a_list_that_is_not_there": "list-refusal-differs",
        },
        collateral={"*": "what is not found is said in other words"}
        | dict.fromkeys(READERS, "what is not found is said in other words"),
    ),
    "error-shows-http-client-words": Expectation({"test_failed_refresh_tells_nothing_inside": "error-reveals-internals"}),
    "error-shows-validation-dump": Expectation(
        {
            "test_error_tells_nothing_inside[fecha que no es]": "error-reveals-internals",
        },
        collateral={"*": "what is not valid is said in other words"}
        | dict.fromkeys(READERS, "what is not valid is said in other words"),
    ),
    "error-shows-stack-trace": Expectation(
        {
            "test_error_tells_nothing_inside[ruta que no existe]": "error-reveals-internals",
            "test_refusal_tells_nothing_inside[ruta que no existe]": "error-reveals-internals",
            "test_failing_route_tells_nothing_inside": "error-reveals-internals",
        }
    ),
    "error-leaks-internals+call-metrics-crash": Expectation(
        {"test_failing_route_tells_nothing_inside": "error-reveals-internals"},
        collateral={"*": "the metrics of calls crash"},
    ),
    "error-bodies-empty": misshapen("no error has a text", VALIDATION),
    "error-bodies-as-html": misshapen("no error has a text", VALIDATION),
    "error-bodies-nested": misshapen("the text of an error stands elsewhere", VALIDATION),
    "error-bodies-in-a-list": misshapen("the text of an error stands elsewhere", VALIDATION),
    "validation-errors-as-the-framework-has-them": Expectation(
        {
            VALIDATION: "validation-errors-not-named",
            "test_error_has_the_envelope[fecha que no es]": "error-without-envelope",
            "test_error_has_the_envelope[búsqueda sin texto]": "error-without-envelope",
        },
        collateral={"*": "the text of a validation error stands elsewhere"}
        | dict.fromkeys(READERS, "the text of a validation error stands elsewhere"),
    ),
    "request-id-lost-on-errors": Expectation(
        {"test_error_carries_its_request_id": "error-without-request-id"},
        collateral={"pre_deploy/test_logging.py::*": "an error's record is looked for by its id"},
    ),
    "connection-lost-after-errors+call-metrics-crash": Expectation(
        {"test_connection_outlives_an_error": "connection-lost-after-error"},
        collateral={"*": "the metrics of calls crash, and the request that follows is lost"},
    ),
    "cors-lost-on-errors": Expectation({"test_error_is_readable_by_our_pages": "error-not-readable-by-pages"}),
    "refusal-tells-exception": Expectation(
        {
            "test_refusal_tells_nothing_inside": "error-reveals-internals",
            "test_malformed_token_tells_nothing_inside": "error-reveals-internals",
        }
    ),
    "allow-header-missing": Expectation({"test_wrong_method_names_the_right_one": "allow-header-missing"}),
    "error-leaks-internals+contact-column-not-migrated": Expectation(
        {"test_error_tells_nothing_inside[lista]": "error-reveals-internals"},
        collateral={"*": "contacts cannot be read: the column that is missing breaks them"},
    ),
    "login-outage-tells-exception+supabase-auth-down": Expectation(
        {"test_failed_sign_in_tells_nothing_inside": "error-reveals-internals"},
        collateral={"*": "nobody can sign in while the auth service is down"},
    ),
}
