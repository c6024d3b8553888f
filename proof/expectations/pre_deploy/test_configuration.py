from proof.expectations import Expectation

FAULTS = {
    "production-file-lacks-secret-key": Expectation(
        {
            "test_key_is_set[SECRET_KEY]": "required-key-missing",
            "test_value_is_for_production[SECRET_KEY]": "secret-key-too-short",
        },
        first=("test_key_is_set[SECRET_KEY]",),
    ),
    "production-file-weak-secret-key": Expectation({"test_value_is_for_production[SECRET_KEY]": "secret-key-too-short"}),
    "production-file-debug-on": Expectation({"test_value_is_for_production[APP_DEBUG]": "debug-mode-on"}),
    "production-file-documentation-on": Expectation({"test_value_is_for_production[DEBUG]": "documentation-switched-on"}),
    "production-file-placeholder-key": Expectation({"test_no_placeholder_is_left": "placeholder-left"}),
    "production-file-service-key-exposed": Expectation({"test_anon_key_is_not_the_service_key": "service-key-as-anonymous-key"}),
    "production-file-cors-any-origin": Expectation({"test_value_is_for_production[CORS_ORIGINS]": "configured-origins-open"}),
    "production-file-plain-api-address": Expectation(
        {"test_value_is_for_production[NEXT_PUBLIC_API_URL]": "public-api-address-malformed"}
    ),
    "production-file-localhost-left": Expectation({"test_value_is_for_production[APP_URL]": "configured-address-not-https"}),
    "production-file-key-twice": Expectation({"test_file_can_be_read_in_one_way": "settings-ambiguous"}),
    "production-file-authentication-off": Expectation(
        {"test_value_is_for_production[AUTH_ENABLED]": "authentication-switched-off"}
    ),
    "production-file-staging-profile": Expectation({"test_value_is_for_production[APP_ENV]": "environment-not-production"}),
}
