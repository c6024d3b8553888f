"""Cache statistics are real numbers, not the zeros that stand in when a cache is down."""

import pytest

from fixtures.product.nouns import Product
from fixtures.wire.finding import finding, observed
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
@pytest.mark.claims("route/GET /cache/metrics/status")
def test_cache_statistics_are_alive(viewer: Product) -> None:
    """Redis has been up for some time and uses some memory (contract 2.10)."""
    cache = viewer.caches.metrics()

    assert cache.status_code == 200, finding("request-not-served", cache, status=200)
    alive = cache.body["uptime"] > 0 or cache.body["memory_usage_bytes"] > 0  # one that has just started has an uptime of 0 s
    assert alive, finding("cache-statistics-are-defaults", cache)


@pytest.mark.plan("W2-D1-T5", "W1-D4-T9")
@pytest.mark.claims("route/GET /cache/metrics/body")
def test_cache_statistics_are_complete(viewer: Product) -> None:
    """Dashboards read each of them (contract 2.10)."""
    cache = viewer.caches.metrics()

    assert cache.status_code == 200, finding("request-not-served", cache, status=200)
    lacking = CACHE_FIELDS - cache.body.keys()
    assert not lacking, finding("cache-fields-missing", cache, fields=", ".join(sorted(lacking)))


@pytest.mark.plan("W1-D4-T9")
def test_cache_hits_and_misses_add_up(viewer: Product) -> None:
    """Every request of the cache was one or the other."""
    body = viewer.caches.metrics().body

    seen, expected = body["total_requests"], body["hits"] + body["misses"]
    assert seen == expected, finding("cache-total-disagrees", "/cache/metrics", seen=seen, total=expected)


@pytest.mark.plan("W1-D4-T9")
def test_cache_ratio_follows_from_its_counts(viewer: Product) -> None:
    """A ratio that does not follow from its own counts misleads the people who tune the cache."""
    body = viewer.caches.metrics().body

    requests = body["hits"] + body["misses"]
    ratio = body["hits"] / requests if requests else 0
    assert body["hit_ratio"] == pytest.approx(ratio, abs=0.01), finding(
        "cache-ratio-disagrees", "/cache/metrics", seen=body["hit_ratio"], ratio=f"{ratio:.4f}"
    )


@pytest.mark.plan("W1-D4-T9")
@pytest.mark.claims("route/GET /api/audio-cache/stats/status")
def test_audio_cache_statistics(viewer: Product) -> None:
    """On, within its size (contract 2.11)."""
    audio = viewer.caches.audio()

    assert audio.status_code == 200, finding("request-not-served", audio, status=200)
    assert audio.body.get("enabled") is not False, finding("audio-cache-off", audio)
    used_pct = audio.body["usage_percent"]
    assert 0 <= used_pct <= 100, finding("audio-cache-overfull", audio, seen=used_pct)


@pytest.mark.plan("W1-D4-T9")
def test_audio_cache_statistics_are_complete(viewer: Product) -> None:
    """Of a cache that is on (contract 2.11)."""
    audio = viewer.caches.audio()
    if audio.status_code == 200 and audio.body.get("enabled") is False:
        raise Blocked(observed("audio-cache-off", audio))

    assert audio.status_code == 200, finding("request-not-served", audio, status=200)
    lacking = AUDIO_FIELDS - audio.body.keys()
    assert not lacking, finding("audio-cache-fields-missing", audio, fields=", ".join(sorted(lacking)))


@pytest.mark.plan("W1-D4-T9")
def test_audio_cache_files_add_up(viewer: Product) -> None:
    """Every file has one voice (contract 2.11)."""
    audio = viewer.caches.audio()
    if audio.body.get("enabled") is not True:
        raise Blocked(observed("audio-cache-off", audio))
    body = audio.body

    seen, expected = body["total_files"], sum(body["voice_distribution"].values())
    assert seen == expected, finding("audio-cache-counts-disagree", "/api/audio-cache/stats", seen=seen, files=expected)
