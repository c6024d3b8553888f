"""What else samples say about the cause."""

import pytest

from load import diagnosis
from record.sample import SHED, TIMEOUT, UNEXPECTED_STATUS, WITHHELD, Sample
from record.samples import Samples


def answers(count: int, latency_s: float = 0.05, *, begin: float = 0.0, every: float = 0.1, **other: object) -> list[Sample]:
    rows = [Sample(begin + i * every, begin + i * every, begin + i * every + latency_s, "GET /a", 200) for i in range(count)]
    return [row._replace(**other) for row in rows]  # type: ignore[arg-type] # fields of a sample


def test_errors_are_counted_with_their_endpoint() -> None:
    broken = answers(7, status=500, error=UNEXPECTED_STATUS, endpoint="GET /b")
    sentence = diagnosis.errors(Samples.of([*answers(100), *broken, *answers(2, status=None, error=TIMEOUT)]))

    assert sentence == "7 times 500 (7 of them GET /b); 2 times no whole response in time (2 of them GET /a)"


def test_deliberate_shedding_is_distinguished() -> None:
    assert "503 with Retry-After" in diagnosis.errors(Samples.of(answers(3, status=503, error=SHED)))


def test_what_was_never_sent_is_no_error() -> None:
    assert diagnosis.errors(Samples.of(answers(5) + answers(3, status=None, error=WITHHELD))) == ""


def test_errors_under_concurrency_are_named() -> None:
    """One request alone is served, the second of two at once is not."""
    rows = answers(50) + answers(50, begin=0.01, status=503, error=UNEXPECTED_STATUS)

    assert diagnosis.concurrency(Samples.of(rows)) == (
        "of requests that were under way alone 0.0 % failed, of the others 100.0 %"
    )


def test_errors_that_come_anyway_are_not() -> None:
    rows = answers(50, status=500, error=UNEXPECTED_STATUS) + answers(50, begin=0.01, status=500, error=UNEXPECTED_STATUS)

    assert diagnosis.concurrency(Samples.of(rows)) == ""


@pytest.mark.parametrize(("share", "phase"), [(0.9, "before the first byte"), (0.1, "between the first byte and the last")])
def test_slowness_has_a_phase(share: float, phase: str) -> None:
    rows = [row._replace(first_byte=row.start + share * row.latency_s) for row in answers(40, 0.5)]

    assert diagnosis.slowness(Samples.of(rows)) == f"the slowest twentieth spent 90 % of its time {phase}"


def test_a_stall_is_found_with_its_moment() -> None:
    """Every request from second 3 on was answered at second 5."""
    rows = [row._replace(end=max(row.end, 5.0)) if 3 <= row.start < 5 else row for row in answers(100)]
    stall = diagnosis.longest_stall(Samples.of(rows))

    assert stall is not None
    assert (stall.begin, stall.length_s) == pytest.approx((3.0, 2.0), abs=0.1)
    assert "no response arrived for 2.0 s, from second 3.0" in diagnosis.slowness(Samples.of(rows))


def test_silence_without_a_waiting_request_is_no_stall() -> None:
    rows = answers(10) + answers(10, begin=30.0)
    stall = diagnosis.longest_stall(Samples.of(rows))

    assert stall is not None
    assert stall.length_s == pytest.approx(0.05)


def test_no_samples_say_nothing() -> None:
    nothing = Samples.of(())

    assert (diagnosis.errors(nothing), diagnosis.concurrency(nothing), diagnosis.slowness(nothing)) == ("", "", "")
    assert diagnosis.longest_stall(nothing) is None


def test_under_way_counts_itself_and_those_before() -> None:
    rows = [Sample(0, 0, 1.0, "GET /", 200), Sample(0.5, 0.5, 0.6, "GET /", 200), Sample(2, 2, 2.1, "GET /", 200)]

    assert diagnosis.under_way(Samples.of(rows)).tolist() == [1, 2, 1]
