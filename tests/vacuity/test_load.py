"""Load runs that prove nothing, judged: never met, and the sentence says why."""

import dataclasses
import math
from collections.abc import Callable

import pytest

from fixtures.product.journeys import endpoints
from fixtures.profile import objectives_file
from judge import verdicts
from record.sample import TIMEOUT, UNEXPECTED_STATUS, Sample
from record.samples import Plan, Recording
from tests.judge.recorded import criteria_of, recording

ENDPOINTS = tuple(endpoints())
DOCUMENTS = objectives_file.read()
CRITERIA = criteria_of()
PLAN = Plan(
    "lv-test", "test", "2030-01-01T00:00:00.000+00:00", 100.0, 42.0, 4200, 10.0, "poisson", 1, ENDPOINTS, objectives=DOCUMENTS
)


def answers(count: int = 4200, latency_s: float = 0.05) -> list[Sample]:
    return [Sample(i / 100, i / 100, i / 100 + latency_s, ENDPOINTS[i % len(ENDPOINTS)], 200) for i in range(count)]


def changed(change: Callable[[Sample], Sample | None]) -> Recording:
    return recording(PLAN, [new for sample in answers() if (new := change(sample))])


LAST = ENDPOINTS[-1]
EMPTY: dict[str, tuple[Recording, str]] = {
    "it never began": (recording(None, ()), "sent no request"),
    "no request": (recording(PLAN, ()), "sent no request"),
    "no request to one endpoint of many": (
        changed(lambda sample: sample if sample.endpoint != LAST else sample._replace(endpoint=ENDPOINTS[0])),
        f"no request to {LAST} came to an end",
    ),
    "half of the load": (recording(PLAN, answers(2100)), "did not reach its load"),
    "a generator that is late": (
        changed(lambda sample: sample._replace(start=sample.start + 0.2, end=sample.end + 0.2)),
        "it was measured, not the product",
    ),
    "each request counted twice": (recording(PLAN, (*answers(), *answers())), "were planned: some were sent, or counted, twice"),
    "times that are no numbers": (changed(lambda sample: sample._replace(end=math.nan)), "the clock or the file is wrong"),
    "a clock that went back": (changed(lambda sample: sample._replace(end=sample.start - 1)), "the clock or the file is wrong"),
    "a generator that broke": (recording(PLAN, answers(), ["the generator ended with -9"]), "ended with -9"),
}


@pytest.mark.parametrize(("run", "why"), EMPTY.values(), ids=EMPTY)
def test_empty_load_run_meets_nothing(run: Recording, why: str) -> None:
    judgements = verdicts.judge_run(run, CRITERIA)

    assert {judgement.state for judgement in judgements} == {"unverified"}
    assert all(why in judgement.sentence for judgement in judgements)


def test_whole_load_run_meets_everything() -> None:
    """The same run without what is wrong with it: otherwise nothing was shown above."""
    assert {judgement.state for judgement in verdicts.judge_run(recording(PLAN, answers()))} == {"met"}


REFUSED = changed(lambda sample: sample._replace(status=503, end=sample.start + 0.001, error=UNEXPECTED_STATUS))
HANGING = changed(lambda sample: sample._replace(status=None, end=sample.start + 10, error=TIMEOUT))


@pytest.mark.parametrize("run", [REFUSED, HANGING], ids=["quick refusals", "no answers"])
def test_no_answer_is_no_fast_answer(run: Recording) -> None:
    """Where nothing was answered, nothing was answered quickly."""
    states = {judgement.criterion.name: judgement.state for judgement in verdicts.judge_run(run, CRITERIA)}

    assert "met" not in states.values(), states


@pytest.mark.parametrize("planned", [1, 60])
def test_few_requests_do_not_prove_three_nines(planned: int) -> None:
    plan = dataclasses.replace(PLAN, planned=planned, endpoints=())
    availability = verdicts.judge_run(recording(plan, answers(planned)), CRITERIA[:1])[0]

    assert availability.state == "unverified"
    assert "more requests would settle it" in availability.sentence


def test_no_criterion_is_no_verdict() -> None:
    assert verdicts.worst([]) == "unverified"
