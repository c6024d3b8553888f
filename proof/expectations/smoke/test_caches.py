from proof.expectations import Expectation

FAULTS = {
    "audio-cache-counts-its-index": Expectation({"test_audio_cache_files_add_up": "is something counted that is no audio?"}),
    "audio-cache-off": Expectation({"test_audio_cache_statistics": "is AUDIO_CACHE_ENABLED true?"}),
    "cache-hit-ratio-of-misses": Expectation({"test_cache_hits_and_misses_add_up": "or that of the misses?"}),
    "cache-reads-another-redis": Expectation(
        {
            "test_cache_statistics_are_alive": "unreachable Redis",
            "smoke/test_liveness.py::test_health_agrees_with_redis": "/health does not look at Redis",
        }
    ),
    "cache-total-counts-hits": Expectation({"test_cache_hits_and_misses_add_up": "total_requests = hits + misses"}),
    "redis-down": Expectation(
        {
            "test_cache_statistics_are_alive": "unreachable Redis",
            "smoke/test_liveness.py::test_health_is_ok": "503",
            "pre_deploy/test_hardening.py::test_requests_are_counted_against_a_limit": "is rate limiting on?",
        },
        collateral={
            "pre_deploy/test_limits.py::*": "requests and failed sign-ins are counted in Redis",
            "smoke/test_liveness.py::test_health_agrees_with_the_database": "health is degraded for the sake of Redis",
        },
    ),
}
