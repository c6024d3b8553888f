"""Whether the generator did what it planned: what makes a run worthless, and what does not."""

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judge import health
from record import samples
from record.sample import RATE_LIMITED, WITHHELD, Sample
from record.samples import Plan, Recording, Samples

ENDPOINTS = ("GET /a", "POST /b")
PLAN = Plan("lv-test", "test", "2030-01-01T00:00:00.000+00:00", 100.0, 10.0, 1000, 10.0, "poisson", 1, ENDPOINTS)
Change = Callable[[int, Sample], Sample]


def sent(count: int = 1000) -> list[Sample]:
    return [Sample(i / 100, i / 100 + 0.001, i / 100 + 0.05, ENDPOINTS[i % 2], 200) for i in range(count)]


def run(change: Change = lambda _, sample: sample, *, count: int = 1000, **fields: Any) -> Recording:
    """One that keeps its plan but for the change, which gets the index of each request."""
    return Recording(PLAN, Samples.of(change(index, sample) for index, sample in enumerate(sent(count))), **fields)


def once(change: Callable[[Sample], Sample]) -> Recording:
    """One request of all."""
    return run(lambda index, sample: change(sample) if index == 7 else sample)


def late(every: int, seconds: float) -> Change:
    return lambda index, sample: (
        sample if index % every else sample._replace(start=sample.start + seconds, end=sample.end + seconds)
    )


def ended_in(error: str, every: int) -> Change:
    return lambda index, sample: sample if index % every else sample._replace(status=None, error=error)


def test_a_run_that_kept_its_plan_is_believed() -> None:
    assert health.reasons_to_void(run()) == []


VOID: dict[str, tuple[Recording, str]] = {
    "no plan": (dataclasses.replace(run(), plan=None), "the generator sent no request"),
    "no request": (run(count=0), "the generator sent no request"),
    "a problem": (run(problems=("the generator ended with -9",)), "the generator ended with -9"),
    "half of the load": (run(count=500), "only 500 of 1,000 planned requests were sent and ended"),
    "a little less than 98 %": (run(count=979), "only 979 of 1,000 planned requests were sent and ended"),
    "one request in fifty late": (run(late(50, 0.2)), "sent one request in a hundred 201 ms late or later (at most 50 ms)"),
    "all a little late": (run(late(1, 0.06)), "sent one request in a hundred 61 ms late or later"),
    "a silent endpoint": (run(lambda _, sample: sample._replace(endpoint="GET /a")), "no request to POST /b came to an end"),
    "one more than planned": (run(count=1001), "1,001 requests ended and 1,000 were planned: some were sent, or counted, twice"),
    "an end before its start": (once(lambda sample: sample._replace(end=sample.start - 0.001)), "end before they begin"),
    "a start before its time": (once(lambda sample: sample._replace(start=sample.start - 3600)), "end before they begin"),
    "an end that is no number": (once(lambda sample: sample._replace(end=math.nan)), "or at no time at all"),
    "an end that never comes": (once(lambda sample: sample._replace(end=math.inf)), "or at no time at all"),
    "one in fifty turned away": (run(ended_in(RATE_LIMITED, 50)), "rate limit turned 2.0 % of the requests away (429)"),
}


@pytest.mark.parametrize(("recording", "why"), VOID.values(), ids=VOID)
def test_what_makes_a_run_worthless_is_the_only_reason_given(recording: Recording, why: str) -> None:
    reasons = health.reasons_to_void(recording)

    assert why in reasons[0]
    assert len(reasons) == 1 + (recording.plan is None and bool(recording.problems))


SOUND = {
    "98 % of the load": run(count=980),
    "one request in two hundred late": run(late(200, 0.2)),
    "all late by as much as may be": run(late(1, 0.048)),
    "a sleep that ended early": run(lambda _, sample: sample._replace(start=sample.start - 0.04)),
    "one in a hundred turned away": run(ended_in(RATE_LIMITED, 100)),
    "steps that could not be sent, late": run(
        lambda index, one: late(1, 1.0)(index, one)._replace(error=WITHHELD) if index % 20 == 0 else one
    ),
    "an answer at once": run(lambda _, sample: sample._replace(end=sample.start)),
    "a first byte that was not measured": run(lambda _, sample: sample._replace(first_byte=None)),
}


@pytest.mark.parametrize("recording", SOUND.values(), ids=SOUND)
def test_what_cannot_turn_a_verdict_does_not(recording: Recording) -> None:
    assert health.reasons_to_void(recording) == []


def test_several_reasons_are_all_given() -> None:
    reasons = health.reasons_to_void(run(late(10, 0.3), count=400, problems=("a worker was lost",)))

    assert [reason.split()[0] for reason in reasons] == ["a", "only", "the"]
    assert reasons[0] == "a worker was lost"


def test_a_settled_run_is_measured_by_what_was_due() -> None:
    """It ended early of its own accord; what was due until then has to be there all the same."""
    assert health.achieved(run(count=300)) == pytest.approx(0.3)
    assert health.achieved(run(count=300, settled="all is met", due=300)) == 1
    assert health.reasons_to_void(run(count=300, settled="all is met", due=300)) == []
    assert "did not reach its load" in health.reasons_to_void(run(count=300, settled="all is met", due=320))[0]


def test_distress_of_the_target_is_no_fault_of_the_generator() -> None:
    """Requests are missing, whole endpoints even, because it was let alone."""
    few = run(lambda _, sample: sample._replace(endpoint="GET /a"), count=200, distress="all failed", due=1000)

    assert health.reasons_to_void(few) == []


def test_distress_excuses_no_late_generator_and_no_wrong_clock() -> None:
    """A generator that stood still looks like a target that does not answer."""
    assert "it was measured, not the product" in health.reasons_to_void(run(late(10, 3.0), distress="all waited"))[0]
    back = run(lambda _, sample: sample._replace(end=sample.start - 1), distress="all waited")
    assert "the clock or the file is wrong" in health.reasons_to_void(back)[0]


def test_a_clock_that_jumped_is_seen_in_the_file_too(tmp_path: Path) -> None:
    """Neither a time that is no number nor one that went back may become a plausible one on its way through the file."""
    jumped = run(
        lambda index, one: one._replace(end=math.nan) if index == 7 else one._replace(end=one.start - 1) if index == 9 else one
    )
    samples.write(tmp_path / "samples.npz", jumped)
    again = samples.read(tmp_path / "samples.npz")

    assert [index for index, fine in enumerate(health.possible(again.samples)) if not fine] == [7, 9]
    assert health.reasons_to_void(again) == health.reasons_to_void(jumped)


def test_lateness_is_that_of_requests_that_were_sent() -> None:
    assert health.lateness_p99_s(Samples.of(())) is None
    assert health.lateness_p99_s(run().samples) == pytest.approx(0.001)
    assert health.lateness_p99_s(run(ended_in(WITHHELD, 1)).samples) is None


def test_nothing_planned_is_nothing_achieved() -> None:
    assert health.achieved(Recording(None, Samples.of(sent()))) == 0
    assert health.turned_away(Samples.of(())) == 0
