"""The caches of conversations and of audio."""

import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sandbox.backend.caches.audio import AudioCache


def test_only_conversations_are_synchronised(admin: httpx.Client, viewer: httpx.Client) -> None:
    assert admin.post("/cache/sync", params={"table_name": "users"}).status_code == 400
    before = viewer.get("/cache/metrics").json()["sync_count"]
    done = admin.post("/cache/sync", params={"table_name": "conversation_memories"}).json()
    assert done == {"status": "success", "message": "Sincronización completada"}
    assert viewer.get("/cache/metrics").json()["sync_count"] == before + 1
    missing = admin.post(f"/cache/preload/{uuid.uuid4()}")
    assert (missing.status_code, missing.json()["message"]) == (404, "Conversación no encontrada o error al precargar")


@pytest.fixture
def clock() -> list[float]:
    """The moment in seconds; a test moves it."""
    return [1_000_000.0]


@pytest.fixture
def audio(tmp_path: Path, clock: list[float]) -> Callable[[], AudioCache]:
    """Opens the cache in a folder that outlives it, with room for 25 bytes."""
    return lambda: AudioCache(tmp_path, max_size_bytes=25, ttl_s=60, now=lambda: clock[0])


def test_audio_is_found_by_its_text(audio: Callable[[], AudioCache]) -> None:
    audio().put("Hola  Mundo", "Bella", "es", b"audio")
    assert audio().get(" hola\nmundo ", "Bella", "es") == b"audio"
    assert audio().get("hola mundo", "Adam", "es") is None
    assert audio().stats()["top_accessed"] == [{"text": "Hola  Mundo", "voice_id": "Bella", "access_count": 1, "size": 5}]


def test_each_voice_has_its_own_audio(audio: Callable[[], AudioCache], monkeypatch: pytest.MonkeyPatch) -> None:
    cache = audio()
    cache.put("hola", "Bella", "es", b"Bella")
    assert cache.get("hola", "Adam", "es") is None
    assert cache.get("adiós", "Bella", "es") is None
    monkeypatch.setattr("sandbox.faults._active", {"audio-cache-forgets-text"})
    cache.put("hola", "Bella", "es", b"hola")
    assert cache.get("adiós", "Bella", "es") == b"hola"


def test_least_recently_used_audio_goes_first(audio: Callable[[], AudioCache], clock: list[float]) -> None:
    cache = audio()
    for text in ("uno", "dos"):
        cache.put(text, "Bella", "es", b"0123456789")
        clock[0] += 1
    assert cache.get("uno", "Bella", "es")
    clock[0] += 1
    cache.put("tres", "Bella", "es", b"0123456789")
    assert [bool(cache.get(text, "Bella", "es")) for text in ("uno", "dos", "tres")] == [True, False, True]
    clock[0] += 61
    assert cache.get("uno", "Bella", "es") is None
    assert cache.clear()
    assert cache.stats()["total_files"] == 0
