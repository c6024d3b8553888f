"""The replies of the system in a conversation, as text and audio. A caller gets one even when a vendor is down.

Without a vendor client the texts are the canned ones of contract 6.4 and the audio is silence of the length of the text.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Protocol

from sandbox.backend.caches.audio import AudioCache
from sandbox.backend.calls.circuit_breaker import CircuitBreaker, CircuitOpen
from sandbox.backend.calls.silence import silence_for
from sandbox.backend.core.state import from_state

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
    """The vendor of texts or of audio refused or did not answer."""


class TextSource(Protocol):
    """Finds the text of a reply. Raises VoiceUnavailable."""

    async def answer(self, campaign_type: str, user_text: str) -> str: ...


class Synthesizer(Protocol):
    """Makes MP3 of a text. Raises VoiceUnavailable."""

    async def speak(self, text: str, voice: str) -> bytes: ...


class CannedTexts:
    async def answer(self, campaign_type: str, user_text: str) -> str:  # noqa: ARG002 - the canned text depends on the campaign alone
        return CANNED_TEXTS.get(campaign_type, DEFAULT_TEXT)


class SilentSynthesizer:
    async def speak(self, text: str, voice: str) -> bytes:  # noqa: ARG002 - silence has no timbre
        return silence_for(text)


@dataclass(frozen=True)
class Utterance:
    text: str
    audio: bytes  # MP3; empty as the last resort


class Voice:
    """`report` gets whether the cache held the audio, at each lookup."""

    def __init__(
        self,
        cache: AudioCache,
        breaker: CircuitBreaker,
        texts: TextSource | None = None,
        synthesizer: Synthesizer | None = None,
        *,
        report: Callable[[bool], None] = lambda _hit: None,
    ) -> None:
        self._cache = cache
        self._report = report
        self._breaker = breaker
        self._canned = CannedTexts()
        self._texts = texts or self._canned
        self._synthesizer = synthesizer or SilentSynthesizer()

    async def answer(self, campaign_type: str, user_text: str) -> Utterance:
        """The reply to the caller; never raises because of a vendor."""
        text = await self._text(campaign_type, user_text)
        return Utterance(text, await self.speech(text))

    async def _text(self, campaign_type: str, user_text: str) -> str:
        """The canned text while the breaker is open: its audio is likely to be in the cache."""
        if not self._breaker.resting:
            try:
                return await self._texts.answer(campaign_type, user_text)
            except VoiceUnavailable as error:
                logger.warning("a canned text instead of an answer: %s", error)
        return await self._canned.answer(campaign_type, user_text)

    async def speech(self, text: str, voice: str = DEFAULT_VOICE) -> bytes:
        """The same text in the same voice is synthesized once (contract 6.5)."""
        known = self._cache.get(text, voice, LANGUAGE)
        self._report(known is not None)
        if known is not None:
            return known
        try:
            audio = await self._breaker.call(lambda: self._synthesizer.speak(text, voice))
        except (VoiceUnavailable, CircuitOpen) as error:
            logger.warning("an answer without sound: %r", error)
            return b""
        self._cache.put(text, voice, LANGUAGE, audio)
        return audio


Speech = Annotated[Voice, from_state("voice")]
