"""Voice conversations over WebSockets: text or audio in, audio out; the call ends with the connection (contract 2.12, R-25)."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect, status
from starlette.datastructures import State

from sandbox.backend.accounts.authentication import TokenError, decode
from sandbox.backend.calls import faults
from sandbox.backend.calls import store as call_store
from sandbox.backend.calls.states import TERMINAL, CallStatus
from sandbox.backend.calls.store import Row
from sandbox.backend.calls.telephony import TelephonyError
from sandbox.backend.core.field_types import tidied

CHUNK_BYTES = 1024
UNTRANSCRIBED = "[audio]"  # there is no transcription here

logger = logging.getLogger(__name__)

router = APIRouter()


@dataclass
class Conversation:
    """One call while its socket is open; `state` is the application's."""

    state: State
    call: Row

    async def begin(self) -> None:
        await self._become(CallStatus.IN_PROGRESS)

    async def answer(self, text: str) -> bytes:
        utterance = await self.state.voice.answer(self.call["campaign_type"], text)
        async with self.state.pool.connection() as connection:
            await call_store.remember(connection, self.call, text, utterance.text)
        self.state.metrics.call_responses_total.inc()
        audio: bytes = utterance.audio
        return audio

    async def end(self) -> None:
        """At the vendor too, unless the call had ended before."""
        started = self.call["start_time"] or datetime.now(UTC)
        ended = await self._become(CallStatus.COMPLETED, duration=int((datetime.now(UTC) - started).total_seconds()))
        if ended and self.call["twilio_sid"]:
            try:
                await self.state.telephony.end(self.call["twilio_sid"], answered=True)
            except TelephonyError:
                logger.exception("call %s may still be open at the vendor", self.call["id"])

    async def _become(self, new: CallStatus, **changes: Any) -> bool:
        """False when the call has ended elsewhere in the meantime: then it stays as it is."""
        async with self.state.pool.connection() as connection:
            call = await call_store.by_id(connection, str(self.call["id"]), lock=True)
            if call is None or call["status"] in TERMINAL:
                return False
            self.call = await call_store.update(connection, call, self.state.metrics, status=new, **changes)
            return True


async def admitted(socket: WebSocket, call_id: str, token: str) -> Conversation | None:
    """None for a bad token, for a person who may only look, and for a call that does not exist."""
    state = socket.app.state
    try:
        if decode(token, state.settings).role == "viewer":
            return None
    except TokenError as error:
        if not _admitted_under_fault(token, error):
            return None
    async with state.pool.connection() as connection:
        call = await call_store.by_id(connection, call_id)
    return Conversation(state, call) if call else None


def _admitted_under_fault(token: str, error: TokenError) -> bool:
    if error.detail == "Token expirado" and faults.EXPIRED_TOKEN_TAKEN.on:
        return True
    return bool(token and faults.TOKEN_ONLY_PRESENT.on) or faults.WITHOUT_TOKEN.on


@asynccontextmanager
async def conversation(socket: WebSocket, call_id: str, token: str) -> AsyncIterator[Conversation | None]:
    """Accept, then refuse: only an accepted socket can carry close code 1008."""
    await socket.accept()
    talk = await admitted(socket, call_id, token)
    if talk is None:
        await socket.close(status.WS_1008_POLICY_VIOLATION)
        yield None
        return
    await talk.begin()
    try:
        yield talk
    except WebSocketDisconnect:
        logger.info("the client left before the audio was complete")
    finally:
        await talk.end()


async def frames(socket: WebSocket, kind: str) -> AsyncIterator[Any]:
    """The contents of each frame of one kind (`text` or `bytes`) until the client leaves; another kind ends it with 1003."""
    while (message := await socket.receive())["type"] == "websocket.receive":
        if message.get(kind) is None:
            await socket.close(status.WS_1003_UNSUPPORTED_DATA)
            return
        yield message[kind]


@router.websocket("/ws/call/{call_id}")
async def converse_in_text(socket: WebSocket, call_id: str, token: str = "") -> None:
    async with conversation(socket, call_id, token) as talk:
        if talk:
            async for text in frames(socket, "text"):
                await socket.send_bytes(await talk.answer(tidied(text)))


@router.websocket("/ws/call/{call_id}/audio")
async def converse_in_audio(socket: WebSocket, call_id: str, token: str = "") -> None:
    async with conversation(socket, call_id, token) as talk:
        if talk:
            async for _ in frames(socket, "bytes"):
                audio = await talk.answer(UNTRANSCRIBED)
                for start in range(0, len(audio), CHUNK_BYTES):
                    await socket.send_bytes(audio[start : start + CHUNK_BYTES])
