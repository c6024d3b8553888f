from proof.expectations import Expectation

REDIS_GONE = {
    "smoke/test_caches.py::*": "the caches are in Redis",
    "pre_deploy/test_hardening.py::test_requests_are_counted_against_a_limit": "requests are counted in Redis",
    "pre_deploy/test_limits.py::*": "requests and failed sign-ins are counted in Redis",
}
FAULTS = {
    "redis-down+health-lies": Expectation(
        {"test_health_agrees_with_redis": "/health does not look at Redis"},
        collateral=REDIS_GONE,
    ),
    "redis-down+health-ignores-redis": Expectation(
        {"test_health_agrees_with_redis": "/health does not look at Redis"},
        collateral=REDIS_GONE,
    ),
    "database-down": Expectation(
        {"test_health_is_ok": "mend database first"},
        collateral={"*": "nothing but pages and files is there without the database, and /health says so"},
    ),
    "health-slow": Expectation({"test_health_is_ok": "which of its parts answers slowly?"}),
    "contact-column-not-migrated": Expectation(
        {
            "test_health_agrees_with_the_database": "the database up",
            "smoke/test_lists.py::test_contacts_come_in_pages": "500 Internal Server Error",
        },
        collateral={"*": "whatever lists contacts gets a 500"},
    ),
    "root-of-another-application": Expectation({"test_root_introduces_the_api": "another application"}),
    "version-stale": Expectation({"test_deployed_build_is_the_one_we_meant": "versions ['0.9.4']"}),
    "version-stale-on-one-worker": Expectation(
        {"test_deployed_build_is_the_one_we_meant": "versions ['0.9.4', '1.0.0']"},
        collateral={"test_*_same_version": "two answers that two workers gave"},
    ),
    "health-version-fixed": Expectation(
        {
            "test_root_and_health_name_the_same_version": "as / says",
            "test_deployed_build_is_the_one_we_meant": "/health has this one typed in",
        }
    ),
    "documentation-left-open+openapi-version-as-shipped": Expectation(
        {"test_api_document_names_the_same_version": "typed into the API's document"},
        collateral={"pre_deploy/test_hardening.py::*": "production shows its documents, without which their version is hidden"},
    ),
    "login-page-lang-en": Expectation({"test_frontend_is_served": '<html lang="es">'}),
}
