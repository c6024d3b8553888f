"""A target in distress is let alone within two seconds, and one that only stumbles is not."""

import random
from collections.abc import Callable

import pytest

from load.breaker import LOOK_EVERY_S, Breaker
from record.sample import RATE_LIMITED, TIMEOUT, UNEXPECTED_STATUS, WITHHELD, Sample

BEGINS_S = 5.0
Ending = Callable[[float], Sample]


def fine(now: float) -> Sample:
    return Sample(now, now, now + 0.05, "GET /", 200)


def unavailable(now: float) -> Sample:
    return Sample(now, now, now + 0.01, "GET /", 503, UNEXPECTED_STATUS)


def refused(now: float) -> Sample:
    return Sample(now, now, now, "GET /", None, "ConnectionRefusedError")


def hangs(now: float) -> Sample:
    return Sample(now, now, now + 10, "GET /", None, TIMEOUT)


def slow(now: float) -> Sample:
    return Sample(now, now, now + 3, "GET /", 200)


def just_too_slow(now: float) -> Sample:
    return Sample(now, now, now + 2.1, "GET /", 200)


def just_in_time(now: float) -> Sample:
    return Sample(now, now, now + 1.9, "GET /", 200)


def missing(now: float) -> Sample:
    return Sample(now, now, now + 0.01, "GET /", 404, UNEXPECTED_STATUS)


def limited(now: float) -> Sample:
    return Sample(now, now, now + 0.01, "GET /", 429, RATE_LIMITED)


def withheld(now: float) -> Sample:
    return Sample(now + 0.5, now + 0.5, now + 0.5, "GET /", None, WITHHELD)


def stopped_at(answer: Ending, *, share: float = 1.0, rate: float = 50.0, until_s: float = 30.0) -> float | None:
    """When a run is stopped whose target answers a share of its requests so from BEGINS_S on, None when never."""
    chance, breaker = random.Random(1), Breaker(rate)  # noqa: S311 - a script
    pending: list[tuple[float, Sample]] = []
    sent, look = 0.0, 0.0
    while look < until_s:
        look += LOOK_EVERY_S
        while sent < look:
            breaker.sent(sent)
            pending.append((sent, (answer if sent >= BEGINS_S and chance.random() < share else fine)(sent)))
            sent += 1 / rate
        for intended, sample in [each for each in pending if each[1].end <= look]:
            breaker.ended(intended, sample)
        pending = [each for each in pending if each[1].end > look]
        if breaker.distress(look):
            return look
    return None


@pytest.mark.parametrize("answer", [unavailable, refused], ids=["503", "refused"])
@pytest.mark.parametrize("share", [0.7, 1.0])
@pytest.mark.parametrize("rate", [10.0, 50.0, 1000.0])
def test_failures_stop_it_within_two_seconds(answer: Ending, share: float, rate: float) -> None:
    stopped = stopped_at(answer, share=share, rate=rate)

    assert stopped is not None
    assert BEGINS_S < stopped <= BEGINS_S + 2


@pytest.mark.parametrize("answer", [hangs, slow, just_too_slow], ids=["hangs", "takes three seconds", "takes 2.1"])
def test_waiting_stops_it_two_seconds_after_it_is_too_long(answer: Ending) -> None:
    """A wait of two seconds cannot be known earlier."""
    stopped = stopped_at(answer)

    assert stopped is not None
    assert BEGINS_S + 2 < stopped <= BEGINS_S + 4


STUMBLES = {
    "nothing": (fine, 1.0),
    "everything takes 1.9 seconds": (just_in_time, 1.0),
    "a fifth is 503": (unavailable, 0.2),
    "a fifth hangs": (hangs, 0.2),
    "everything is 404": (missing, 1.0),
    "everything is turned away": (limited, 1.0),
    "nothing can be sent, as steps before failed": (withheld, 1.0),
}


@pytest.mark.parametrize(("answer", "share"), STUMBLES.values(), ids=STUMBLES)
def test_a_stumble_does_not(answer: Ending, share: float) -> None:
    assert stopped_at(answer, share=share) is None


def test_a_stall_of_two_seconds_is_measured_and_not_fled() -> None:
    """It is what a run is to find: all come on time to the end of the stall, and wait no longer than it lasts."""

    def stalled(now: float) -> Sample:
        return Sample(now, now, max(now, BEGINS_S + 2), "GET /", 200)

    assert stopped_at(stalled) is None


def test_what_the_generator_sent_late_is_not_slow() -> None:
    def late(now: float) -> Sample:
        return Sample(now - 3, now, now + 0.05, "GET /", 200)

    assert stopped_at(late) is None


def test_few_requests_are_no_half() -> None:
    breaker = Breaker(50.0)
    for number in range(9):
        breaker.sent(number / 50)
        breaker.ended(number / 50, refused(number / 50))

    assert breaker.distress(0.5) is None


def test_a_limit_is_told_apart() -> None:
    breaker = Breaker(50.0)
    for number in range(50):
        breaker.sent(number / 50)
        breaker.ended(number / 50, limited(number / 50))

    assert breaker.distress(1.0) is None
    assert breaker.turned_away(1.0) == "its rate limit turned 50 of 50 requests of one second away (429)"


def test_what_is_long_past_is_forgotten() -> None:
    """Memory does not grow with the run."""
    breaker = Breaker(100.0)
    for number in range(20_000):
        now = number / 100
        breaker.sent(now)
        breaker.ended(now, fine(now))
        if number % 25 == 0:
            breaker.distress(now)

    assert breaker.remembered < 40
