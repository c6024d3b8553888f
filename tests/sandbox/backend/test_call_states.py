"""The pure rules of calls: statuses, counters, replies understood, retries, and the breaker in front of the voice."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox import faults
from sandbox.backend.caches.audio import AudioCache
from sandbox.backend.calls import silence
from sandbox.backend.calls.circuit_breaker import BreakerState, CircuitBreaker, CircuitOpen
from sandbox.backend.calls.metrics import first_day
from sandbox.backend.calls.script import farewell
from sandbox.backend.calls.states import TERMINAL, CallStatus, Counters, accepts, from_vendor, moved, retry_allowed, weight
from sandbox.backend.calls.voice import CANNED_TEXTS, Voice, VoiceUnavailable
from sandbox.backend.campaigns.scheduler import due, window_contains
from sandbox.backend.webhooks.twilio import INTERESTED, LATER, understood
from sandbox.backend.webhooks.vendor_callbacks import sent_fields

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("vendor_status", "status"),
    [
        ("queued", "pending"),
        ("ringing", "in_progress"),
        ("in-progress", "in_progress"),
        ("completed", "completed"),
        ("busy", "busy"),
        ("failed", "failed"),
        ("no-answer", "no_answer"),
        ("canceled", "cancelled"),
        ("initiated", None),
        ("Completed", None),
    ],
)
def test_vendor_statuses_follow_the_table(vendor_status: str, status: str | None) -> None:
    """Contract 5.4; a status outside it changes nothing."""
    assert from_vendor(vendor_status) == status


def test_a_finished_call_hears_only_its_own_end_again() -> None:
    """Late and repeated callbacks are normal at a vendor."""
    assert not accepts(CallStatus.COMPLETED, CallStatus.IN_PROGRESS)
    assert not accepts(CallStatus.CANCELLED, CallStatus.COMPLETED)
    assert accepts(CallStatus.BUSY, CallStatus.BUSY)
    assert accepts(CallStatus.SCHEDULED, CallStatus.COMPLETED)


def test_counters_stay_the_sum_of_the_calls() -> None:
    """However a call wanders, its campaign counts it once."""
    for old in CallStatus:
        for new in CallStatus:
            assert weight(old).total == weight(new).total == 1
            assert moved(old, new) == weight(new) - weight(old)
        assert moved(old, old) == Counters()
    assert moved(CallStatus.PENDING, CallStatus.COMPLETED) == Counters(successful=1, pending=-1)
    assert moved(CallStatus.IN_PROGRESS, CallStatus.NO_ANSWER) == Counters(failed=1, pending=-1)


def test_faults_break_exactly_their_rule() -> None:
    """Each fault changes one rule."""
    faults.switch("webhook-busy-mapped-to-failed", on=True)
    faults.switch("terminal-status-overwritten", on=True)
    try:
        assert from_vendor("busy") == from_vendor("no-answer") == CallStatus.FAILED
        assert from_vendor("canceled") is CallStatus.CANCELLED
        assert all(accepts(status, CallStatus.IN_PROGRESS) for status in TERMINAL)
    finally:
        faults.switch("webhook-busy-mapped-to-failed", on=False)
        faults.switch("terminal-status-overwritten", on=False)


@pytest.mark.parametrize(
    ("digits", "speech", "note"),
    [
        ("1", "", INTERESTED),
        ("2", "estoy interesado", LATER),
        ("", "Sí, estoy INTERESADO", INTERESTED),
        ("", "No tardo nada. Estoy interesado", INTERESTED),
        ("", "no estoy interesado", "Respuesta no reconocida: no estoy interesado"),
        ("", "No, no estoy nada interesado", "Respuesta no reconocida: No, no estoy nada interesado"),
        ("", "estoy desinteresado", "Respuesta no reconocida: estoy desinteresado"),
        ("", "no me interesa", "Respuesta no reconocida: no me interesa"),
        ("7", "interesado", "Respuesta no reconocida: 7"),
    ],
)
def test_answers_are_understood(digits: str, speech: str, note: str) -> None:
    """Digits before speech, and a negated keyword is no interest (contract 5.3)."""
    assert understood(digits, speech) == note


def test_twiml_is_escaped_unless_broken() -> None:
    """A name with an ampersand must not end the call."""
    assert "<Say" in farewell("A & <b>") and "A &amp; &lt;b&gt;" in farewell("A & <b>")  # noqa: PT018 - one document
    faults.switch("twiml-unescaped", on=True)
    try:
        assert "A & <b>" in farewell("A & <b>")
    finally:
        faults.switch("twiml-unescaped", on=False)


def test_duration_that_is_no_number_is_ignored() -> None:
    """Contract 5.4; a number that PostgreSQL cannot hold is none either."""
    for text in ("", "abc", "-3", "1.5", "9" * 5000, "3000000000"):
        assert sent_fields({"CallDuration": text}) == {}
    assert sent_fields({"CallDuration": "042", "RecordingUrl": "https://x"}) == {"duration": 42, "recording_url": "https://x"}


def test_periods_are_dated_by_their_first_day() -> None:
    """Monday of the week, first of the month."""
    assert first_day(date(2026, 3, 1), "week") == date(2026, 2, 23)
    assert first_day(date(2026, 3, 31), "month") == date(2026, 3, 1)
    assert first_day(date(2026, 3, 31), "day") == date(2026, 3, 31)


def test_who_is_due() -> None:
    """Contract 3.6: window, hours, retries left, wait over."""
    campaign = {
        "schedule_start": NOW - timedelta(days=1),
        "schedule_end": NOW + timedelta(days=1),
        "calling_hours_start": time(9),
        "calling_hours_end": time(18),
        "max_retries": 2,
        "retry_delay_minutes": 60,
    }
    failed = {"called_at": NOW, "call_status": "failed", "retry_count": 1, "updated_at": NOW - timedelta(minutes=60)}

    assert window_contains(campaign, NOW)
    assert not window_contains(campaign, NOW.replace(hour=20))
    assert not window_contains(campaign, NOW + timedelta(days=2))
    assert due({"called_at": None}, campaign, NOW)
    assert due(failed, campaign, NOW)
    assert not due(failed | {"updated_at": NOW - timedelta(minutes=59)}, campaign, NOW)
    assert not due(failed | {"retry_count": 2}, campaign, NOW)
    assert not due(failed | {"call_status": "completed"}, campaign, NOW)
    assert retry_allowed(CallStatus.ERROR, 2, 3)
    assert not retry_allowed(CallStatus.BUSY, 0, 3)
    assert not retry_allowed(CallStatus.FAILED, 3, 3)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def fine() -> str:
    return "fine"


async def broken() -> str:
    raise VoiceUnavailable("out")


async def outcome(breaker: CircuitBreaker, function: Callable[[], Awaitable[str]]) -> str:
    try:
        return await breaker.call(function)
    except (VoiceUnavailable, CircuitOpen) as error:
        return type(error).__name__


def test_breaker_opens_rests_and_tries_once() -> None:
    """Contract 6.4: five failures in a row, thirty seconds, one trial that decides."""
    clock, gauge = Clock(), list[float]()
    breaker = CircuitBreaker(clock=clock, report=gauge.append)

    async def scenario() -> None:
        for function in (broken,) * 4 + (fine,) + (broken,) * 5:
            await outcome(breaker, function)
        assert (breaker.state, breaker.resting) == (BreakerState.OPEN, True)
        clock.now = 29.9
        assert await outcome(breaker, fine) == "CircuitOpen"
        clock.now = 30
        assert await outcome(breaker, broken) == "VoiceUnavailable"
        assert breaker.state is BreakerState.OPEN
        clock.now = 60
        both = await asyncio.gather(outcome(breaker, fine), outcome(breaker, fine))
        assert set(both) == {"fine"}

    asyncio.run(scenario())
    assert gauge.count(1.0) == 2


def test_only_one_trial_at_a_time() -> None:
    """A vendor that comes back is not greeted by everybody at once."""
    clock, gate = Clock(), asyncio.Event()
    breaker = CircuitBreaker(limit=1, clock=clock)

    async def slow() -> str:
        await gate.wait()
        return "fine"

    async def scenario() -> list[str]:
        await outcome(breaker, broken)
        clock.now = 30
        trial = asyncio.create_task(outcome(breaker, slow))
        await asyncio.sleep(0)
        refused = await outcome(breaker, fine)
        gate.set()
        return [refused, await trial, await outcome(breaker, fine)]

    assert asyncio.run(scenario()) == ["CircuitOpen", "fine", "fine"]


class Synthesizer:
    """A vendor that fails while `out`."""

    def __init__(self) -> None:
        self.out = False
        self.asked = 0

    async def speak(self, text: str, voice: str) -> bytes:  # noqa: ARG002 - what is said does not matter
        self.asked += 1
        if self.out:
            raise VoiceUnavailable("out")
        return b"sound"


def test_voice_never_fails_the_caller(tmp_path: Path) -> None:
    """The vendor gets a text once; during an outage the canned text is used, with its audio from the cache or none."""
    synthesizer, clock = Synthesizer(), Clock()
    voice = Voice(AudioCache(tmp_path), CircuitBreaker(limit=1, clock=clock), synthesizer=synthesizer)

    async def scenario() -> list[Any]:
        first, again = await voice.answer("sales", "hola"), await voice.answer("sales", "adiós")
        synthesizer.out = True
        silent, cached = await voice.answer("survey", "hola"), await voice.answer("sales", "hola")
        return [first.audio, again.audio, silent.audio, cached.audio, silent.text]

    assert asyncio.run(scenario()) == [b"sound", b"sound", b"", b"sound", CANNED_TEXTS["survey"]]
    assert synthesizer.asked == 2


def test_silence_is_whole_mpeg_frames() -> None:
    """Each frame starts with the sync word; a decoder steps 36 bytes at a time."""
    audio = silence.silence_for("Gracias por su llamada.")

    assert len(audio) % 36 == 0
    assert all(audio[at : at + 4] == b"\xff\xf3\x18\xc4" for at in range(0, len(audio), 36))
