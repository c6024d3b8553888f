from proof.expectations import Expectation

FAULTS = {
    "audio-cache-counts-its-index": Expectation({"test_audio_cache_files_add_up": "audio-cache-counts-disagree"}),
    "audio-cache-off": Expectation(
        {"test_audio_cache_statistics": "audio-cache-off"},
        blocked={
            "test_audio_cache_files_add_up": "a cache that is off holds no files",
            "test_audio_cache_statistics_are_complete": "a cache that is off has no statistics",
        },
    ),
    "cache-hit-ratio-of-misses": Expectation({"test_cache_ratio_follows_from_its_counts": "cache-ratio-disagrees"}),
    "cache-statistics-renamed": Expectation(
        {
            "test_cache_statistics_are_complete": "cache-fields-missing",
            "test_audio_cache_statistics_are_complete": "audio-cache-fields-missing",
            "smoke/test_answers.py::test_answers_are_as_agreed[caché]": "body-not-as-agreed",
        }
    ),
    "cache-reads-another-redis": Expectation(
        {
            "test_cache_statistics_are_alive": "cache-statistics-are-defaults",
            "smoke/test_liveness.py::test_health_agrees_with_redis": "health-disagrees-with-redis",
        }
    ),
    "cache-total-counts-hits": Expectation({"test_cache_hits_and_misses_add_up": "cache-total-disagrees"}),
    "redis-down": Expectation(
        {
            "test_cache_statistics_are_alive": "cache-statistics-are-defaults",
            "smoke/test_liveness.py::test_health_is_ok": "health-names-broken-parts",
            "pre_deploy/test_hardening.py::test_requests_are_counted_against_a_limit": "rate-limit-header-missing",
        },
        collateral={
            "pre_deploy/test_limits.py::*": "requests and failed sign-ins are counted in Redis",
            "pre_deploy/test_limits.py::test_login_locks_after_repeated_failures": "as above",
            "smoke/test_liveness.py::test_health_agrees_with_the_database": "health is degraded for the sake of Redis",
        },
    ),
}
