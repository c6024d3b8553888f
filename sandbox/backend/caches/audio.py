"""Spoken texts kept as files, so that the same text in the same voice is synthesized once (contract 6.5)."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from sandbox.backend.accounts.authentication import Admin, Reader
from sandbox.backend.caches import faults
from sandbox.backend.contacts.models import Success
from sandbox.backend.core.errors import ApiError
from sandbox.backend.core.state import from_state

TTL_S = 86_400
MAX_SIZE_BYTES = 1 << 30
MEBIBYTE = 1 << 20
TEXT_LENGTH = 100  # characters of the text that the index keeps
TOP = 5


@dataclass
class Entry:
    """The index entry of one file. Moments are seconds since 1970, the size is in bytes."""

    text: str
    voice_id: str
    language: str
    size: int
    created_at: float
    last_accessed: float
    access_count: int


def key_of(text: str, voice: str, language: str) -> str:
    normalized = " ".join(text.lower().split())
    parts = [*([] if faults.TEXT_NOT_IN_KEY.on else [normalized]), voice, language]
    return hashlib.md5("\0".join(parts).encode(), usedforsecurity=False).hexdigest()


class AudioCache:
    """A folder of `<key>.mp3` and its index `metadata.json`. Expired files go first, then the least recently used."""

    def __init__(
        self,
        folder: Path,
        *,
        max_size_bytes: int = MAX_SIZE_BYTES,
        ttl_s: float = TTL_S,
        now: Callable[[], float] = lambda: datetime.now(UTC).timestamp(),
    ) -> None:
        self.folder = folder
        self.max_size_bytes = max_size_bytes
        self.ttl_s = ttl_s
        self.now = now
        self.last_cleanup: float | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._entries = self._read_index()

    def get(self, text: str, voice: str, language: str) -> bytes | None:
        """The audio, or None when it was never made, has expired or was evicted."""
        key = key_of(text, voice, language)
        entry = self._entries.get(key)
        if entry is None or self._expired(entry) or not self._file(key).exists():
            return None
        entry.last_accessed = self.now()
        entry.access_count += 1
        self._write_index()
        return self._file(key).read_bytes()

    def put(self, text: str, voice: str, language: str, audio: bytes) -> None:
        key, now = key_of(text, voice, language), self.now()
        self._file(key).write_bytes(audio)
        self._entries[key] = Entry(text[:TEXT_LENGTH], voice, language, len(audio), now, now, 0)
        self._make_room()
        self._write_index()

    @property
    def size_bytes(self) -> int:
        return sum(entry.size for entry in self._entries.values())

    def stats(self) -> dict[str, Any]:
        entries = list(self._entries.values())
        most_used = sorted(entries, key=lambda entry: entry.access_count, reverse=True)[:TOP]
        return {
            "enabled": True,
            "total_files": len(entries) + faults.INDEX_COUNTED.on,
            "total_size_bytes": self.size_bytes,
            "total_size_mb": round(self.size_bytes / MEBIBYTE, 2),
            "max_size_mb": round(self.max_size_bytes / MEBIBYTE, 2),
            "usage_percent": round(100 * self.size_bytes / self.max_size_bytes, 2),
            "ttl_seconds": int(self.ttl_s),
            "last_cleanup": self.last_cleanup and datetime.fromtimestamp(self.last_cleanup, UTC),
            "voice_distribution": Counter(entry.voice_id for entry in entries),
            "language_distribution": Counter(entry.language for entry in entries),
            "top_accessed": [
                {name: value for name, value in asdict(entry).items() if name in TopEntry.model_fields} for entry in most_used
            ],
        }

    def clear(self) -> bool:
        """Whether everything is gone."""
        for key in list(self._entries):
            self._remove(key)
        self._write_index()
        return not any(self.folder.glob("*.mp3"))

    def _make_room(self) -> None:
        for key in [key for key, entry in self._entries.items() if self._expired(entry)]:
            self._remove(key)
        while self.size_bytes > self.max_size_bytes:
            self._remove(min(self._entries, key=lambda key: self._entries[key].last_accessed))
        self.last_cleanup = self.now()

    def _expired(self, entry: Entry) -> bool:
        return self.now() - entry.created_at > self.ttl_s

    def _remove(self, key: str) -> None:
        self._file(key).unlink(missing_ok=True)
        del self._entries[key]

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.mp3"

    def _read_index(self) -> dict[str, Entry]:
        index = self.folder / "metadata.json"
        if not index.exists():
            return {}
        return {key: Entry(**entry) for key, entry in json.loads(index.read_text()).items()}

    def _write_index(self) -> None:
        """In one step: a reader never sees half an index."""
        partial = self.folder / "metadata.json.new"
        partial.write_text(json.dumps({key: asdict(entry) for key, entry in self._entries.items()}, ensure_ascii=False))
        partial.replace(self.folder / "metadata.json")


class TopEntry(BaseModel):
    text: str
    voice_id: str
    access_count: int
    size: int


class AudioCacheStats(BaseModel):
    enabled: bool
    total_files: int
    total_size_bytes: int
    total_size_mb: float
    max_size_mb: float
    usage_percent: float
    ttl_seconds: int
    last_cleanup: datetime | None
    voice_distribution: dict[str, int]
    language_distribution: dict[str, int]
    top_accessed: list[TopEntry]


Cache = Annotated[AudioCache, from_state("audio_cache")]
router = APIRouter(prefix="/api/audio-cache", tags=["audio cache"])


@router.get("/stats", response_model=AudioCacheStats)
async def stats(_: Reader, cache: Cache) -> Any:
    if faults.OFF.on:
        return JSONResponse({"enabled": False})
    if faults.RENAMED.on:
        statistics = AudioCacheStats(**cache.stats()).model_dump(mode="json")
        return JSONResponse(statistics | {"most_used": statistics.pop("top_accessed")})
    return cache.stats()


@router.post("/clear")
async def clear(_: Admin, cache: Cache) -> Success:
    try:
        return Success(success=cache.clear())
    except OSError as error:
        raise ApiError(500, "Error al limpiar la caché de audio") from error
