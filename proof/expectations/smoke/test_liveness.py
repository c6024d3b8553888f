from proof.expectations import Expectation
from proof.expectations.smoke.test_access import NEEDING_SUPABASE
from proof.expectations.smoke.test_routes import LISTED, OF_CALLS, OF_CAMPAIGNS, OF_CONTACTS, OF_REPORTS

REDIS_GONE = {
    "smoke/test_caches.py::*": "the caches are in Redis",
    "pre_deploy/test_hardening.py::test_requests_are_counted_against_a_limit": "requests are counted in Redis",
    "pre_deploy/test_limits.py::*": "requests and failed sign-ins are counted in Redis",
}


def in_place_of_health(cause: str) -> Expectation:
    kills = dict.fromkeys(("test_health_is_ok", "test_health_agrees_with_the_database", "test_health_agrees_with_redis"), cause)
    return Expectation(
        kills,
        collateral={"pre_deploy/test_hardening.py::test_proxy_hands_paths_on_unchanged*": "it asks /health"},
        blocked={"test_health_answers_within_a_second": "there is no health page"},
    )


# What is about what is stored. What strangers get, and all headers, can be looked at.
NEEDING_DATABASE = (
    *NEEDING_SUPABASE,
    *OF_CONTACTS,
    *OF_CAMPAIGNS,
    *OF_CALLS,
    *OF_REPORTS,
    *LISTED,
    "integration/test_registration.py::*",
    "integration/test_supabase.py::*",
    "pre_deploy/test_authentication.py::test_role_of_another_type_is_no_server_error",
    "pre_deploy/test_errors.py::*",
    "pre_deploy/test_hardening.py::test_proxy_hands_paths_on_unchanged",
    "pre_deploy/test_hardening.py::test_requests_are_counted_against_a_limit",
    "pre_deploy/test_hardening.py::test_role_is_not_read_from_elsewhere",
    "pre_deploy/test_limits.py::test_locked_login_says_when_to_come_back",
    "pre_deploy/test_permissions.py::*",
    "pre_deploy/test_sockets.py::test_socket_is_closed_to_strangers",
    "regression/test_metrics_rules.py::test_path_label_is_the_route",
    "smoke/test_lists.py::*",
    "smoke/test_logs.py::test_request_leaves_its_line",
    "smoke/test_response_times.py::*",
    "smoke/test_routes.py::test_token_opens_every_route",
    "smoke/test_whole_journeys.py::*",
)
FAULTS = {
    "health-missing": in_place_of_health("health-missing"),
    "health-behind-sign-in": in_place_of_health("health-behind-sign-in"),
    "health-of-another-shape": in_place_of_health("health-of-another-shape"),
    "health-is-a-page": in_place_of_health("health-is-a-page"),
    "redis-down+health-lies": Expectation(
        {"test_health_agrees_with_redis": "health-disagrees-with-redis"},
        collateral=REDIS_GONE,
    ),
    "redis-down+health-ignores-redis": Expectation(
        {"test_health_agrees_with_redis": "health-disagrees-with-redis"},
        collateral=REDIS_GONE,
    ),
    "database-down": Expectation(
        {
            "test_health_is_ok": "health-names-broken-parts",
            "smoke/test_access.py::test_right_password_signs_in": "auth-service-down",  # it keeps its accounts there
            "smoke/test_routes.py::test_route_is_served": "route-answers-5xx",
        },
        first=("test_health_is_ok",),
        collateral={
            "*": "nothing but pages and files is there without the database, and /health says so",
            "pre_deploy/test_sockets.py::test_socket_of_an_unknown_call_is_closed": "it looks the call up",
        },
        blocked=dict.fromkeys(NEEDING_DATABASE, "nothing is stored, and areas that fail slowly are not asked again"),
    ),
    "health-slow": Expectation({"test_health_answers_within_a_second": "health-slow"}),
    "database-down+health-lies": Expectation(
        {
            "test_health_agrees_with_the_database": "health-disagrees-with-database",
            "smoke/test_access.py::test_right_password_signs_in": "auth-service-down",
            "smoke/test_routes.py::test_route_is_served": "route-answers-5xx",
            "pre_deploy/test_sockets.py::test_socket_of_an_unknown_call_is_closed": "socket-of-unknown-call-fails",
        },
        collateral={
            "*": "nothing but pages and files is there without the database",
        },
        blocked=dict.fromkeys(NEEDING_DATABASE, "nothing is stored, and areas that fail slowly are not asked again"),
    ),
    "root-of-another-application": Expectation({"test_root_introduces_the_api": "root-of-another-application"}),
    "version-stale": Expectation({"test_deployed_build_is_the_one_we_meant": "build-not-the-expected-one"}),
    "version-stale-on-one-worker": Expectation(
        {"test_deployed_build_is_the_one_we_meant": "build-not-the-expected-one"},
        collateral={"test_*_same_version": "two answers that two workers gave"},
    ),
    "health-version-fixed": Expectation(
        {
            "test_root_and_health_name_the_same_version": "versions-disagree",
            "test_deployed_build_is_the_one_we_meant": "versions-disagree",
        }
    ),
    "documentation-left-open+openapi-version-as-shipped": Expectation(
        {"test_api_document_names_the_same_version": "api-document-version-differs"},
        collateral={"pre_deploy/test_hardening.py::*": "production shows its documents, without which their version is hidden"},
    ),
    "login-page-lang-en": Expectation(
        {
            "test_frontend_is_served": "frontend-not-in-spanish",
            "smoke/test_pages.py::test_page_names_its_language[login]": "frontend-not-in-spanish",
        }
    ),
}
