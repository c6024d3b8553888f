from proof.expectations import Expectation

REDIS_GONE = {
    "smoke/test_caches.py::*": "the caches are in Redis",
    "pre_deploy/test_hardening.py::test_requests_are_counted_against_a_limit": "requests are counted in Redis",
    "pre_deploy/test_limits.py::*": "requests and failed sign-ins are counted in Redis",
}
FAULTS = {
    "redis-down+health-lies": Expectation(
        {"test_health_agrees_with_redis": "health-disagrees-with-redis"},
        collateral=REDIS_GONE,
    ),
    "redis-down+health-ignores-redis": Expectation(
        {"test_health_agrees_with_redis": "health-disagrees-with-redis"},
        collateral=REDIS_GONE,
    ),
    "database-down": Expectation(
        {"test_health_is_ok": "health-names-broken-parts"},
        collateral={"*": "nothing but pages and files is there without the database, and /health says so"},
    ),
    "health-slow": Expectation({"test_health_is_ok": "health-slow"}),
    "contact-column-not-migrated": Expectation(
        {
            "test_health_agrees_with_the_database": "health-disagrees-with-database",
            "smoke/test_lists.py::test_contacts_come_in_pages": "request-not-served",
            "smoke/test_routes.py::test_route_is_served[contactos]": "route-answers-5xx",
        },
        collateral={
            "*": "whatever lists contacts gets a 500",
            "smoke/test_response_times.py::test_mean_response_time_is_kept": "the list of contacts answers 500",
            "smoke/test_pages.py::test_page_fits_and_is_quiet[contactos-*]": "the list of contacts answers 500",
        },
        blocked={
            "regression/test_privacy.py::test_viewer_sees_masks_only[lista de contactos]": "the list of contacts answers 500",
        },
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
            "test_deployed_build_is_the_one_we_meant": "build-not-the-expected-one",
        }
    ),
    "documentation-left-open+openapi-version-as-shipped": Expectation(
        {"test_api_document_names_the_same_version": "api-document-version-differs"},
        collateral={"pre_deploy/test_hardening.py::*": "production shows its documents, without which their version is hidden"},
    ),
    "login-page-lang-en": Expectation(
        {"test_frontend_is_served": "frontend-not-in-spanish"},
        collateral={
            "smoke/test_pages.py::test_page_has_title_and_language[/login*": "it reads the language of the same page",
        },
    ),
}
