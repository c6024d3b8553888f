"""What the system says in a conversation, and how it sounds. A vendor that is out never leaves the caller without an answer.

Without a vendor client the words are the canned ones of contract 6.4 and the sound is silence as long as the words.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends
from starlette.requests import HTTPConnection

from sandbox.backend.caches.audio import AudioCache
from sandbox.backend.calls.circuit_breaker import CircuitBreaker, CircuitOpen
from sandbox.backend.calls.silence import silence_for

logger = logging.getLogger(__name__)

DEFAULT_VOICE = "Bella"
LANGUAGE = "es"
DEFAULT_TEXT = "Gracias por su llamada. En breve un representante se pondrá en contacto con usted."
CANNED_TEXTS = {
    "sales": "Gracias por su interés. Un asesor comercial le llamará para ampliarle la información.",
    "support": "Lamentamos las molestias. Hemos registrado su incidencia y un técnico le llamará en breve.",
    "survey": "Gracias por su tiempo. Hemos tomado nota de su respuesta.",
}


class VoiceUnavailable(Exception):  # noqa: N818 - it states the fact, as every error here does
    """The vendor of words or of sound refused or did not answer."""


class Mind(Protocol):
    """Finds the words. Raises VoiceUnavailable."""

    async def answer(self, campaign_type: str, user_text: str) -> str: ...


class Speaker(Protocol):
    """Makes MP3 of words. Raises VoiceUnavailable."""

    async def speak(self, text: str, voice: str) -> bytes: ...


class CannedMind:
    async def answer(self, campaign_type: str, user_text: str) -> str:  # noqa: ARG002 - the canned words are the same for all
        return CANNED_TEXTS.get(campaign_type, DEFAULT_TEXT)


class SilentSpeaker:
    async def speak(self, text: str, voice: str) -> bytes:  # noqa: ARG002 - silence has no timbre
        return silence_for(text)


@dataclass(frozen=True)
class Utterance:
    text: str
    audio: bytes  # MP3; empty as the last resort


class Voice:
    """`tell` hears of each look into the cache whether it found something."""

    def __init__(
        self,
        cache: AudioCache,
        breaker: CircuitBreaker,
        mind: Mind | None = None,
        speaker: Speaker | None = None,
        *,
        tell: Callable[[bool], None] = lambda _hit: None,
    ) -> None:
        self._cache = cache
        self._tell = tell
        self._breaker = breaker
        self._canned = CannedMind()
        self._mind = mind or self._canned
        self._speaker = speaker or SilentSpeaker()

    async def answer(self, campaign_type: str, user_text: str) -> Utterance:
        """What to reply to the caller; never raises for a vendor's sake."""
        text = await self._words(campaign_type, user_text)
        return Utterance(text, await self.speech(text))

    async def _words(self, campaign_type: str, user_text: str) -> str:
        """Canned words while the speaker rests: they are likely to be in the cache."""
        if not self._breaker.resting:
            try:
                return await self._mind.answer(campaign_type, user_text)
            except VoiceUnavailable as error:
                logger.warning("canned words instead of an answer: %s", error)
        return await self._canned.answer(campaign_type, user_text)

    async def speech(self, text: str, voice: str = DEFAULT_VOICE) -> bytes:
        """The same words in the same voice are asked for once (contract 6.5)."""
        known = self._cache.get(text, voice, LANGUAGE)
        self._tell(known is not None)
        if known is not None:
            return known
        try:
            audio = await self._breaker.call(lambda: self._speaker.speak(text, voice))
        except (VoiceUnavailable, CircuitOpen) as error:
            logger.warning("an answer without sound: %r", error)
            return b""
        self._cache.put(text, voice, LANGUAGE, audio)
        return audio


def voice(connection: HTTPConnection) -> Voice:
    service: Voice = connection.app.state.voice
    return service


Speech = Annotated[Voice, Depends(voice)]
