"""What the judge says: met, violated or unverified, and never met without evidence."""

import dataclasses

import pytest

from load import judge
from load.criteria import AVAILABILITY, CRITERIA, ERROR_RATE, MEAN_RESPONSE, SLOW_TAIL, Criterion
from load.samples import TIMEOUT, UNEXPECTED_STATUS, Journal, Plan, Recording, Sample, read

PLAN = Plan("lv-test", "test", "2030-01-01T00:00:00.000+00:00", 100.0, 32.0, 3200, 10.0, "poisson", 1)


def answers(count: int, latency_s: float = 0.05, *, endpoint: str = "GET /", status: int | None = 200) -> list[Sample]:
    error = None if status == 200 else UNEXPECTED_STATUS if status else "ConnectionRefusedError"
    return [Sample(i / 100, i / 100, i / 100 + latency_s, endpoint, status, error) for i in range(count)]


def timeouts(count: int) -> list[Sample]:
    return [Sample(i / 100, i / 100, i / 100 + 10, "GET /", None, TIMEOUT) for i in range(count)]


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda criterion: criterion.name)
def test_nothing_seen_is_unverified(criterion: Criterion) -> None:
    verdict = judge.judge(criterion, [])

    assert (verdict.state, verdict.estimate) == ("unverified", None)
    assert verdict.needs


def test_no_request_says_how_many_it_takes() -> None:
    assert judge.judge(AVAILABILITY, []).needs == 2995
    assert judge.judge(ERROR_RATE, []).needs == 299


def test_2995_clean_requests_prove_three_nines() -> None:
    assert judge.judge(AVAILABILITY, answers(2995)).state == "met"
    almost = judge.judge(AVAILABILITY, answers(2994))
    assert (almost.state, almost.needs) == ("unverified", 1)


CASES = {
    "all fine": (answers(3200), ("met", "met", "met", "met")),
    "sixty probes": (answers(60), ("unverified", "unverified", "unverified", "met")),
    "one in fifty is 500": (answers(3136) + answers(64, status=500), ("violated", "met", "violated", "met")),
    "one in fifty is 404": (answers(3136) + answers(64, status=404), ("met", "met", "violated", "met")),
    "refused": (answers(300, status=None), ("violated", "unverified", "violated", "unverified")),
    "slow": (answers(3200, 0.7), ("met", "violated", "met", "violated")),
    "one in fifty hangs": (answers(3136) + timeouts(64), ("violated", "met", "violated", "met")),
    "the last tenth hangs": (answers(2880) + timeouts(320), ("violated", "violated", "violated", "violated")),
}


def test_a_mean_on_its_limit_is_not_decided() -> None:
    around = answers(1600, 0.45) + answers(1600, 0.55)

    assert judge.judge(MEAN_RESPONSE, around).state == "unverified"


@pytest.mark.parametrize(("samples", "expected"), CASES.values(), ids=CASES)
def test_states(samples: list[Sample], expected: tuple[str, ...]) -> None:
    found = tuple(judge.judge(criterion, samples).state for criterion in CRITERIA)

    assert found == expected


def test_quick_refusals_do_not_make_the_product_fast() -> None:
    """A product that answers 503 at once and is slow otherwise is slow."""
    mixed = answers(1000, 0.7) + answers(2000, 0.001, status=503)

    assert judge.judge(MEAN_RESPONSE, mixed).state == "violated"


def test_one_bad_endpoint_is_not_diluted() -> None:
    """Three percent of the traffic, all of it slow, in a mean of 66 ms."""
    samples = answers(3100, 0.045, endpoint="GET /api/contacts/") + answers(100, 0.7, endpoint="GET /api/reports")
    judgement = judge.judge_criterion(MEAN_RESPONSE, samples)

    assert judgement.overall.state == "met"
    assert judgement.state == "violated"
    assert "GET /api/reports" in judgement.sentence


def test_an_endpoint_seen_little_does_not_keep_the_whole_from_its_verdict() -> None:
    samples = answers(3100) + answers(5, endpoint="GET /api/reports")

    assert judge.judge_criterion(AVAILABILITY, samples).state == "met"


@pytest.mark.parametrize("latency_s", [0.1, 0.3, 0.45])
def test_as_many_requests_as_it_asks_for_settle_it(latency_s: float) -> None:
    few = judge.judge(MEAN_RESPONSE, answers(40, latency_s))
    assert few.state == "unverified"
    assert few.needs

    assert judge.judge(MEAN_RESPONSE, answers(40 + few.needs, latency_s)).state == "met"


def test_needs_of_a_share_settle_it() -> None:
    few = judge.judge(AVAILABILITY, answers(3999) + answers(1, status=500))
    assert few.needs
    many = (4000 + few.needs) // 4000 + 1

    assert judge.judge(AVAILABILITY, answers(3999 * many) + answers(many, status=500)).state == "met"


def test_latency_counts_from_the_intended_start() -> None:
    sample = Sample(1.0, 3.0, 3.1, "GET /", 200)

    assert sample.latency_s == pytest.approx(2.1)
    assert sample.lateness_s == pytest.approx(2.0)


VOID = {
    "no plan": Recording(None, ()),
    "nothing sent": Recording(PLAN, ()),
    "half of the load": Recording(PLAN, tuple(answers(1600))),
    "generator late": Recording(PLAN, tuple(s._replace(start=s.start + 0.2, end=s.end + 0.2) for s in answers(3200))),
    "stopped by the guard": Recording(PLAN, tuple(answers(3200)), ("the target is protected",)),
}


@pytest.mark.parametrize("recording", VOID.values(), ids=VOID)
def test_a_run_that_did_not_work_proves_nothing(recording: Recording) -> None:
    judgements = judge.judge_run(recording)

    assert [judgement.state for judgement in judgements] == ["unverified"] * len(CRITERIA)
    assert judge.EXIT_CODES[judge.worst(judgements)] == 6


def test_a_generator_that_was_late_is_not_judged_as_the_product() -> None:
    late = tuple(sample._replace(start=sample.start + 0.9, end=sample.end + 0.9) for sample in answers(3200))

    judgement = judge.judge_run(Recording(PLAN, late), [MEAN_RESPONSE])[0]

    assert judgement.overall.state == "violated"
    assert judgement.state == "unverified"
    assert "generator" in judgement.sentence


def test_worst_of_nothing_is_unverified() -> None:
    assert judge.worst([]) == "unverified"


def test_percentile_is_not_rounded() -> None:
    """504 ms is above 500 ms, also where a tool would show two digits."""
    assert judge.judge(SLOW_TAIL, answers(3200, 0.504)).state == "violated"


def test_what_was_written_is_judged_alike(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The verdict of a run can be computed again from its file, a line cut off at the end left out."""
    path = tmp_path_factory.mktemp("journal") / "samples.jsonl"
    samples = answers(3136) + answers(64, status=500)
    journal = Journal(path)
    journal.plan(PLAN)
    for sample in reversed(samples):
        journal.sample(sample)
    journal.close()
    with path.open("a") as file:
        file.write("[31.5, 31.5, 31.")

    again = judge.judge_run(read(path))

    assert len(read(path).samples) == 3200
    assert [judgement.state for judgement in again] == ["violated", "met", "violated", "met"]
    assert dataclasses.asdict(PLAN) == dataclasses.asdict(read(path).plan or PLAN)
