"""What the judge says: met, violated or unverified, and never met without evidence."""

import dataclasses
from pathlib import Path

import pytest

from fixtures.profile import objectives_file
from judge import verdicts
from judge.criteria import Criterion
from judge.verdicts import Judgement, Verdict
from record import samples
from record.sample import TIMEOUT, UNEXPECTED_STATUS, Sample
from record.samples import Plan, Recording, Samples
from tests.judge.recorded import criteria_of, recording

PLAN = Plan(
    "lv-test",
    "test",
    "2030-01-01T00:00:00.000+00:00",
    100.0,
    32.0,
    3200,
    10.0,
    "poisson",
    1,
    objectives=objectives_file.read(),
)
CRITERIA = criteria_of()
AVAILABILITY, MEAN_RESPONSE, ERROR_RATE, SLOW_TAIL, _ = CRITERIA


def answers(count: int, latency_s: float = 0.05, *, endpoint: str = "GET /", status: int | None = 200) -> list[Sample]:
    error = None if status == 200 else UNEXPECTED_STATUS if status else "ConnectionRefusedError"
    return [Sample(i / 100, i / 100, i / 100 + latency_s, endpoint, status, error) for i in range(count)]


def timeouts(count: int) -> list[Sample]:
    return [Sample(i / 100, i / 100, i / 100 + 10, "GET /", None, TIMEOUT) for i in range(count)]


def verdict_on(criterion: Criterion, samples: list[Sample]) -> Verdict:
    return verdicts.judge(criterion, Samples.of(samples))


def judgement_on(criterion: Criterion, samples: list[Sample]) -> Judgement:
    return verdicts.judge_criterion(criterion, Samples.of(samples))


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda criterion: criterion.name)
def test_nothing_seen_is_unverified(criterion: Criterion) -> None:
    verdict = verdict_on(criterion, [])

    assert (verdict.state, verdict.estimate) == ("unverified", None)
    assert verdict.needs


def test_no_request_says_how_many_it_takes() -> None:
    assert verdict_on(AVAILABILITY, []).needs == 2995
    assert verdict_on(ERROR_RATE, []).needs == 299


def test_2995_clean_requests_prove_three_nines() -> None:
    assert verdict_on(AVAILABILITY, answers(2995)).state == "met"
    almost = verdict_on(AVAILABILITY, answers(2994))
    assert (almost.state, almost.needs) == ("unverified", 1)


CASES = {
    "all fine": (answers(3200), ("met", "met", "met", "met", "met")),
    "sixty probes": (answers(60), ("unverified", "unverified", "unverified", "met", "unverified")),
    "one in fifty is 500": (answers(3136) + answers(64, status=500), ("violated", "met", "violated", "met", "met")),
    "one in fifty is 404": (answers(3136) + answers(64, status=404), ("met", "met", "violated", "met", "met")),
    "refused": (answers(300, status=None), ("violated", "unverified", "violated", "unverified", "unverified")),
    "slow": (answers(3200, 0.7), ("met", "violated", "met", "violated", "met")),
    "one in fifty takes two seconds": (answers(3136) + answers(64, 2.0), ("met", "met", "met", "met", "violated")),
    "one in fifty hangs": (answers(3136) + timeouts(64), ("violated", "met", "violated", "met", "violated")),
    "the last tenth hangs": (answers(2880) + timeouts(320), ("violated", "violated", "violated", "violated", "violated")),
}


def test_a_mean_on_its_limit_is_not_decided() -> None:
    around = answers(1600, 0.45) + answers(1600, 0.55)

    assert verdict_on(MEAN_RESPONSE, around).state == "unverified"


@pytest.mark.parametrize(("samples", "expected"), CASES.values(), ids=CASES)
def test_states(samples: list[Sample], expected: tuple[str, ...]) -> None:
    found = tuple(verdict_on(criterion, samples).state for criterion in CRITERIA)

    assert found == expected


def test_quick_refusals_do_not_make_the_product_fast() -> None:
    """A product that answers 503 at once and is slow otherwise is slow."""
    mixed = answers(1000, 0.7) + answers(2000, 0.001, status=503)

    assert verdict_on(MEAN_RESPONSE, mixed).state == "violated"


def test_one_bad_endpoint_is_not_diluted() -> None:
    """Three percent of the traffic, all of it slow, in a mean of 66 ms."""
    samples = answers(3100, 0.045, endpoint="GET /api/contacts/") + answers(100, 0.7, endpoint="GET /api/reports")
    judgement = judgement_on(MEAN_RESPONSE, samples)

    assert judgement.overall.state == "met"
    assert judgement.state == "violated"
    assert "GET /api/reports" in judgement.sentence


def test_more_endpoints_are_no_more_chances_of_a_false_alarm() -> None:
    """Nine failures of 400 violate 1 % where one endpoint is looked at; among twenty, one of them does so by chance."""
    bad = answers(391, endpoint="GET /bad") + answers(9, endpoint="GET /bad", status=500)
    others = [row for number in range(19) for row in answers(400, endpoint=f"GET /{number}")]

    assert judgement_on(ERROR_RATE, bad).state == "violated"
    assert judgement_on(ERROR_RATE, bad + others).state == "met"


def test_alone_an_endpoint_needs_more_than_all_together() -> None:
    samples = answers(300) + answers(300, endpoint="GET /api/reports")

    assert judgement_on(ERROR_RATE, answers(300)).proven == 1
    assert judgement_on(ERROR_RATE, samples).sentence.endswith("; 0 of 2 endpoints prove it on their own")


def test_an_endpoint_seen_little_does_not_keep_the_whole_from_its_verdict() -> None:
    samples = answers(3100) + answers(5, endpoint="GET /api/reports")

    assert judgement_on(AVAILABILITY, samples).state == "met"


@pytest.mark.parametrize("latency_s", [0.1, 0.3, 0.45])
def test_as_many_requests_as_it_asks_for_settle_it(latency_s: float) -> None:
    few = verdict_on(MEAN_RESPONSE, answers(40, latency_s))
    assert few.state == "unverified"
    assert few.needs

    assert verdict_on(MEAN_RESPONSE, answers(40 + few.needs, latency_s)).state == "met"


def test_needs_of_a_share_settle_it() -> None:
    few = verdict_on(AVAILABILITY, answers(3999) + answers(1, status=500))
    assert few.needs
    many = (4000 + few.needs) // 4000 + 1

    assert verdict_on(AVAILABILITY, answers(3999 * many) + answers(many, status=500)).state == "met"


def test_latency_counts_from_the_intended_start() -> None:
    sample = Sample(1.0, 3.0, 3.1, "GET /", 200)

    assert sample.latency_s == pytest.approx(2.1)
    assert sample.lateness_s == pytest.approx(2.0)


VOID = {
    "no plan": recording(None, ()),
    "nothing sent": recording(PLAN, ()),
    "half of the load": recording(PLAN, answers(1600)),
    "generator late": recording(PLAN, [s._replace(start=s.start + 0.2, end=s.end + 0.2) for s in answers(3200)]),
    "stopped by the guard": recording(PLAN, answers(3200), ("the target is protected",)),
}


@pytest.mark.parametrize("run", VOID.values(), ids=VOID)
def test_a_run_that_did_not_work_proves_nothing(run: Recording) -> None:
    judgements = verdicts.judge_run(run, CRITERIA)

    assert [judgement.state for judgement in judgements] == ["unverified"] * len(CRITERIA)
    assert verdicts.EXIT_CODES[verdicts.worst(judgements)] == 6


def test_a_generator_that_was_late_is_not_judged_as_the_product() -> None:
    late = tuple(sample._replace(start=sample.start + 0.9, end=sample.end + 0.9) for sample in answers(3200))

    judgement = verdicts.judge_run(recording(PLAN, late), [MEAN_RESPONSE])[0]

    assert judgement.overall.state == "violated"
    assert judgement.state == "unverified"
    assert "generator" in judgement.sentence


def test_worst_of_nothing_is_unverified() -> None:
    assert verdicts.worst([]) == "unverified"


def test_percentile_is_not_rounded() -> None:
    """504 ms is above 500 ms, also where a tool would show two digits."""
    assert verdict_on(SLOW_TAIL, answers(3200, 0.504)).state == "violated"


def test_what_was_written_is_judged_alike(tmp_path: Path) -> None:
    """The verdict of a run can be computed again from its file alone, objectives included."""
    path = tmp_path / "samples.npz"
    run = recording(PLAN, answers(3136) + answers(64, status=500))
    samples.write(path, run)

    again = samples.read(path)

    judgements = verdicts.judge_run(again)
    assert [found.sentence for found in judgements] == [found.sentence for found in verdicts.judge_run(run)]
    assert [found.state for found in judgements] == ["violated", "met", "violated", "met", "met"]
    assert dataclasses.asdict(PLAN) == dataclasses.asdict(again.plan or PLAN)
