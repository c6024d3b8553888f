"""Cache statistics are real numbers, not the zeros that stand in when a cache is down."""

import pytest

from fixtures.product.nouns import Product
from fixtures.wire.finding import stated as finding
from record.outcome import Blocked

CACHE_FIELDS = {
    "total_keys", "memory_used", "hit_rate", "uptime", "total_requests", "hits", "misses", "hit_ratio", "avg_latency_ms",
    "memory_usage_bytes", "compression_ratio", "sync_count", "last_sync",
}  # fmt: skip
AUDIO_FIELDS = {
    "enabled",
    "total_files",
    "total_size_bytes",
    "max_size_mb",
    "usage_percent",
    "ttl_seconds",
    "voice_distribution",
    "top_accessed",
}


@pytest.mark.plan("W2-D1-T5", "W1-D4-T9")
def test_cache_statistics_are_alive(viewer: Product) -> None:
    """Redis has been up for some time and uses some memory (contract 2.10)."""
    cache = viewer.caches.metrics()

    assert cache.status_code == 200, finding(cache, expected="200", then="the request id leads to the backend's log")
    lacking = CACHE_FIELDS - cache.body.keys()
    assert not lacking, finding(
        cache, expected="the fields of contract 2.10", seen=f"without {sorted(lacking)}", then="compare with contract 2.10"
    )
    alive = cache.body["uptime"] > 0 and cache.body["memory_usage_bytes"] > 0
    assert alive, finding(
        cache, expected="uptime and memory above 0", then="these are the defaults of an unreachable Redis: is REDIS_URL right?"
    )


@pytest.mark.plan("W1-D4-T9")
def test_cache_hits_and_misses_add_up(viewer: Product) -> None:
    """A ratio that does not follow from its own counts misleads whoever tunes the cache."""
    body = viewer.caches.metrics().body

    expected = body["hits"] + body["misses"]
    assert body["total_requests"] == expected, finding(
        "/cache/metrics",
        expected=f"total_requests = hits + misses = {expected}",
        seen=body["total_requests"],
        then="which of the three is stale?",
    )
    ratio = body["hits"] / expected if expected else 0
    assert body["hit_ratio"] == pytest.approx(ratio, abs=0.01), finding(
        "/cache/metrics",
        expected=f"hit_ratio = hits / total_requests = {ratio:.4f}",
        seen=body["hit_ratio"],
        then="is it a percentage, or that of the misses?",
    )


@pytest.mark.plan("W1-D4-T9")
def test_audio_cache_statistics(viewer: Product) -> None:
    """On, within its size (contract 2.11)."""
    audio = viewer.caches.audio()

    assert audio.status_code == 200, finding(audio, expected="200", then="the request id leads to the backend's log")
    lacking = AUDIO_FIELDS - audio.body.keys()
    assert not lacking, finding(
        audio, expected="the fields of contract 2.11", seen=f"without {sorted(lacking)}", then="is AUDIO_CACHE_ENABLED true?"
    )
    assert 0 <= audio.body["usage_percent"] <= 100, finding(
        audio, expected="at most 100 % used", seen=audio.body["usage_percent"], then="does eviction work?"
    )


@pytest.mark.plan("W1-D4-T9")
def test_audio_cache_files_add_up(viewer: Product) -> None:
    """Every file has one voice (contract 2.11)."""
    audio = viewer.caches.audio()
    if audio.body.get("enabled") is not True:
        raise Blocked(finding(audio, expected="enabled: true", then="see the check of its statistics").finding)
    body = audio.body

    expected = sum(body["voice_distribution"].values())
    assert body["total_files"] == expected, finding(
        "/api/audio-cache/stats",
        expected=f"total_files = {expected}, the sum over the voices",
        seen=body["total_files"],
        then="is something counted that is no audio?",
    )
