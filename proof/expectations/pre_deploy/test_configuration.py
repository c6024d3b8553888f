from proof.expectations import Expectation

FAULTS = {
    "production-file-lacks-secret-key": Expectation(
        {
            "test_key_is_set[SECRET_KEY]": "SECRET_KEY with a value",
            "test_value_is_for_production[SECRET_KEY]": "at least 32 characters",
        },
        first=("test_key_is_set[SECRET_KEY]",),
    ),
    "production-file-weak-secret-key": Expectation({"test_value_is_for_production[SECRET_KEY]": "at least 32 characters"}),
    "production-file-debug-on": Expectation({"test_value_is_for_production[APP_DEBUG]": "true switches webhook signatures off"}),
    "production-file-documentation-on": Expectation({"test_value_is_for_production[DEBUG]": "true opens /docs"}),
    "production-file-placeholder-key": Expectation({"test_no_placeholder_is_left": "OPENAI_API_KEY"}),
    "production-file-service-key-exposed": Expectation({"test_anon_key_is_not_the_service_key": "SUPABASE_KEY"}),
    "production-file-cors-any-origin": Expectation({"test_value_is_for_production[CORS_ORIGINS]": "origins, not *"}),
    "production-file-plain-api-address": Expectation(
        {"test_value_is_for_production[NEXT_PUBLIC_API_URL]": "an https origin without a path"}
    ),
    "production-file-localhost-left": Expectation({"test_value_is_for_production[APP_URL]": "APP_URL: an https origin"}),
    "production-file-key-twice": Expectation({"test_file_can_be_read_in_one_way": "each key once"}),
    "production-file-authentication-off": Expectation(
        {"test_value_is_for_production[AUTH_ENABLED]": "false opens the API to everybody"}
    ),
    "production-file-staging-profile": Expectation({"test_value_is_for_production[APP_ENV]": "APP_ENV: production"}),
}
