from proof.expectations import Expectation

FAULTS = {
    "token-no-exp-accepted": Expectation(
        {"test_signed_token_is_read_before_it_is_trusted[no-exp]": "token-without-expiry-accepted"}
    ),
    "token-good-a-day-longer": Expectation(
        {
            "test_signed_token_is_read_before_it_is_trusted[expired]": "expired-token-accepted",
            "pre_deploy/test_sockets.py::test_socket_is_closed_to_strangers[expired]": "socket-expired-token-accepted",
        }
    ),
    "token-audience-not-checked": Expectation(
        {"test_signed_token_is_read_before_it_is_trusted[other-audience]": "token-of-another-service-accepted"}
    ),
    "token-algorithm-not-pinned": Expectation(
        {"test_signed_token_is_read_before_it_is_trusted[hs512]": "token-algorithm-not-pinned"}
    ),
    "role-from-user-metadata": Expectation({"test_role_is_not_read_from_elsewhere": "role-read-from-metadata"}),
    "rate-limit-not-announced": Expectation(
        {
            "test_requests_are_counted_against_a_limit": "rate-limit-header-missing",
            "pre_deploy/test_limits.py::test_limit_is_that_of_the_environment": "rate-limit-header-missing",
            "pre_deploy/test_limits.py::test_each_request_uses_some_of_the_limit": "rate-limit-header-missing",
            "pre_deploy/test_limits.py::test_refused_requests_use_some_of_the_limit": "rate-limit-header-missing",
            "pre_deploy/test_limits.py::test_client_cannot_choose_its_address": "rate-limit-header-missing",
        }
    ),
    "redirect-reflects-host": Expectation({"test_redirect_never_leads_to_a_stranger": "redirect-to-foreign-host"}),
    "proxy-strips-cache-prefix": Expectation(
        {
            "test_proxy_hands_paths_on_unchanged": "proxy-changes-paths",
            "smoke/test_routes.py::test_token_opens_every_route[caché]": "route-behind-basic-auth",
        },
        collateral={
            "smoke/test_caches.py::*": "the statistics of the cache are behind that prefix",
            "smoke/test_liveness.py::test_health_agrees_with_redis": "it asks for them, too",
            "pre_deploy/test_errors.py::test_error_is_readable_by_our_pages": "reads the errors of that prefix, too",
            "pre_deploy/test_permissions.py::test_viewer_changes_nothing[precargar*": ("filling the cache is behind that prefix"),
            "pre_deploy/test_permissions.py::test_operator_does_not_administer[precargar*": "as above",
            "pre_deploy/test_permissions.py::test_nobody_changes_anything_without_a_token[precargar*": "as above",
        },
        blocked={"smoke/test_edge.py::test_second_reader_gets_an_answer_of_their_own[caché]": "nobody reads anything there"},
    ),
    "proxy-replaces-error-bodies": Expectation(
        {
            "test_proxy_hands_paths_on_unchanged": "proxy-changes-paths",
            "pre_deploy/test_errors.py::test_error_has_the_envelope": "error-without-envelope",
        },
        first=("test_proxy_hands_paths_on_unchanged",),
        collateral={
            "regression/test_list_changes.py::test_*": "the words of a refusal are lost",
            "*_is_not_found": "reads the message of a 404",
            "smoke/test_round_trips.py::*": "as above",
            "pre_deploy/test_errors.py::test_*_the_envelope*": "the envelope is what the proxy replaces",
        },
    ),
    "cors-reflects-any-origin": Expectation(
        {
            "test_foreign_origin_is_not_let_in": "foreign-origin-allowed",
            "test_foreign_preflight_is_not_let_in": "foreign-origin-allowed",
        }
    ),
    "cors-star-with-credentials": Expectation(
        {
            "test_foreign_origin_is_not_let_in": "foreign-origin-allowed",
            "test_foreign_preflight_is_not_let_in": "foreign-origin-allowed",
            "test_own_origin_is_let_in": "own-origin-not-allowed",
        }
    ),
    "cors-lists-null": Expectation(
        {
            "test_foreign_origin_is_not_let_in": "foreign-origin-allowed",
            "test_foreign_preflight_is_not_let_in": "foreign-origin-allowed",
        }
    ),
    "cors-compares-the-beginning": Expectation(
        {
            "test_foreign_origin_is_not_let_in": "foreign-origin-allowed",
            "test_foreign_preflight_is_not_let_in": "foreign-origin-allowed",
        }
    ),
    "cors-open-on-preflight": Expectation({"test_foreign_preflight_is_not_let_in": "foreign-origin-allowed"}),
    "cors-star-on-refusals": Expectation({"test_foreign_origin_is_not_let_in": "foreign-origin-allowed"}),
    "cors-lists-nobody": Expectation({"test_own_origin_is_let_in": "preflight-refused"}),
    "cors-preflight-wants-a-token": Expectation({"test_own_origin_is_let_in": "preflight-refused"}),
    "root-points-to-documentation": Expectation({"test_root_does_not_point_to_documentation": "docs-url-of-another-environment"}),
    "documentation-left-open": Expectation(
        {"test_documentation_is_hidden_in_production": ("documentation-served", "schema-served")}
    ),
    "redoc-left-open": Expectation({"test_documentation_is_hidden_in_production[/redoc]": "documentation-served"}),
    "schema-left-open": Expectation({"test_documentation_is_hidden_in_production[/openapi.json]": "schema-served"}),
}
