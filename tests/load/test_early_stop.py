"""A run that may end whenever it looks good is not wrong more often than one that is looked at once."""

import dataclasses

import numpy as np
import pytest

from fixtures.profile import objectives_file
from judge import verdicts
from judge.criteria import FIRST_LOOK, at_last_look
from record.sample import UNEXPECTED_STATUS, Sample
from record.samples import Plan, Recording, Samples
from tests.judge.recorded import criteria_of

AVAILABILITY, MEAN, ERRORS, P95, P99 = criteria_of()
PLAN = Plan(
    "lv-test", "test", "2030-01-01", 100.0, 100.0, 10_000, 10.0, "poisson", 1, early_stop=True, objectives=objectives_file.read()
)
RUNS, LOOKS = 400, (300, 600, 1200, 2400)


def answers(latencies: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Samples:
    starts = np.arange(len(latencies)) / 100
    ends, zeros = starts + latencies, np.zeros(len(latencies), np.uint16)
    return Samples(starts, starts, ends, ends, zeros, zeros + 200, zeros.astype(np.uint8), ("GET /",), ("",))


def ever(state: str, criterion: object, latencies: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> bool:
    """Whether one of the looks would end the run with this state."""
    samples = answers(latencies)
    return any(verdicts.judge(criterion, samples.where(slice(look)), anytime=True).state == state for look in LOOKS)  # type: ignore[arg-type]


def test_wrong_claims_of_the_mean_stay_below_five_percent() -> None:
    """A product exactly on the limit, looked at four times, with one answer in ten slow."""
    chance = np.random.default_rng(5)
    slow = (chance.random((RUNS, LOOKS[-1])) < 0.1) * 4.5 + 0.05  # mean 500 ms
    wrong = [ever("met", MEAN, row) for row in slow]

    assert np.mean(wrong) <= 0.05


def test_wrong_claims_of_a_percentile_stay_below_five_percent() -> None:
    chance = np.random.default_rng(5)
    wrong = [ever("met", P95, np.where(chance.random(LOOKS[-1]) < 0.05, 0.6, 0.1)) for _ in range(RUNS)]

    assert np.mean(wrong) <= 0.05


def test_one_look_with_all_of_alpha_would_not_hold() -> None:
    """What the shares of alpha are for: looked at again and again with all of it, a run on the limit is met too often."""
    chance = np.random.default_rng(5)
    runs = (answers(np.where(chance.random(LOOKS[-1]) < 0.05, 0.6, 0.1)) for _ in range(RUNS // 4))
    wrong = [any(verdicts.judge(P95, run.where(slice(look))).state == "met" for look in range(60, 2400, 120)) for run in runs]

    assert np.mean(wrong) > 0.1


TAKEN = [(299, 0, 2), (300, 300, 2), (599, 300, 2), (600, 600, 4), (5000, 4800, 32)]


@pytest.mark.parametrize(("count", "looked_at", "share"), TAKEN)
def test_a_look_takes_its_share(count: int, looked_at: int, share: int) -> None:
    samples, alpha = at_last_look(answers(np.full(count, 0.1)), 0.05)

    assert len(samples) == looked_at
    assert alpha == pytest.approx(0.05 / share)
    assert FIRST_LOOK == 300


def test_shares_are_judged_by_the_sequence() -> None:
    """359 clean requests prove one percent at any time, where a single look needs 299."""
    clean = answers(np.full(358, 0.1))
    assert verdicts.judge(ERRORS, clean, anytime=True).state == "unverified"
    assert verdicts.judge(ERRORS, answers(np.full(359, 0.1)), anytime=True).state == "met"
    assert verdicts.judge(ERRORS, answers(np.full(299, 0.1))).state == "met"


def test_the_plan_says_how_a_run_is_judged() -> None:
    """A run that may stop early is judged so, also when it did not."""
    plan = dataclasses.replace(PLAN, planned=320)
    recorded = Recording(plan, answers(np.full(320, 0.1)))
    planned = Recording(dataclasses.replace(plan, early_stop=False), recorded.samples)

    assert verdicts.judge_run(recorded, [ERRORS])[0].state == "unverified"
    assert verdicts.judge_run(planned, [ERRORS])[0].state == "met"


def test_an_end_before_the_plan_is_no_missing_load() -> None:
    """Of a run that was settled only what was due until then counts."""
    recorded = Recording(PLAN, answers(np.full(400, 0.1)), settled="all is met", due=400)

    assert verdicts.judge_run(recorded, [ERRORS])[0].state == "met"
    assert verdicts.judge_run(dataclasses.replace(recorded, due=500), [ERRORS])[0].state == "unverified"


def test_a_target_in_distress_meets_nothing() -> None:
    rows = [Sample(i / 100, i / 100, i / 100 + 0.1, "GET /", 200) for i in range(900)]
    broken = [Sample(9 + i / 100, 9 + i / 100, 9 + i / 100, "GET /", 503, UNEXPECTED_STATUS) for i in range(100)]
    recorded = Recording(PLAN, Samples.of(rows + broken), distress="50 of 100 requests of one second failed", due=1000)
    states = {judgement.criterion.name: judgement.state for judgement in verdicts.judge_run(recorded)}

    assert states["availability"] == states["error rate"] == "violated"
    assert "met" not in states.values()
    assert verdicts.state_of(recorded, verdicts.judge_run(recorded)) == "violated"
    calm = dataclasses.replace(recorded, samples=Samples.of(rows), due=900)
    assert verdicts.state_of(calm, verdicts.judge_run(calm)) == "violated", "a target that broke down did not pass"
