"""What a run can prove, said before it is sent."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from fixtures.product.journeys import JOURNEYS, endpoints
from fixtures.profile import objectives_file
from fixtures.profile.environment import Environment, load
from judge import verdicts
from judge.criteria import Criterion, PercentileLatency
from load import forecast, plans
from load.forecast import Forecast
from record.sample import Sample
from record.samples import Plan, Samples
from tests.judge.recorded import criteria_of
from tests.load.product import Small

CRITERIA = criteria_of()


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return load(str(Small(port=1).profile(tmp_path_factory.mktemp("profile"))))


def plan_of(env: Environment, rate: float, seconds: float, **more: Any) -> Plan:
    return plans.make(env, "lv-plan", rate, seconds, journeys=JOURNEYS, objectives=objectives_file.read(), **more)


def by_name(plan: Plan) -> dict[str, Forecast]:
    return {each.criterion.name: each for each in forecast.forecast(plan, CRITERIA)}


def test_needs_are_those_of_the_textbook(env: Environment) -> None:
    """2,995 clean requests for 99.9 %, 299 for 1 %, 59 for a 95th percentile, 299 for a 99th."""
    found = by_name(plan_of(env, 100.0, 33.0))

    assert {name: each.needs for name, each in found.items()} == {
        "availability": 2995,
        "mean response time": 14,  # of at most 2 s each, which the profile allows
        "error rate": 299,
        "95th percentile of response time": 59,
        "99th percentile of response time": 299,
    }
    assert all(each.can for each in found.values())
    assert found["availability"].takes_s == pytest.approx(2995 / 100, rel=0.03)


@pytest.mark.parametrize("early_stop", [False, True], ids=["one look", "any time"])
def test_so_many_clean_requests_do_prove_it_and_one_less_does_not(env: Environment, early_stop: bool) -> None:
    """The forecast promises what the judge then keeps."""
    plan = plan_of(env, 100.0, 33.0, early_stop=early_stop)
    for each in forecast.forecast(plan, CRITERIA):
        assert each.needs
        fewer = each.needs // 2 if each.criterion.name == "mean response time" else each.needs - 1  # of a mean it is an estimate
        for count, expected in ((each.needs, "met"), (fewer, "unverified")):
            samples = Samples.of(Sample(i, i, i, "GET /", 200) for i in range(count))
            assert verdicts.judge(each.criterion, samples, limit_s=plan.limit_s, anytime=early_stop).state == expected, (
                each,
                count,
            )


def test_a_short_run_says_what_it_can_claim_instead(env: Environment) -> None:
    found = by_name(plan_of(env, 5.0, 60.0, process="constant"))

    assert not found["availability"].can
    assert found["availability"].at_best == "the 300 of this run prove at least 99.00 % at best"
    assert found["error rate"].can


CLAIMS = [
    ("availability", 300, False, "at least 99.00 %"),
    ("availability", 2900, False, "at least 99.89 %"),
    ("availability", 580, True, "at least 99.38 %"),
    ("error rate", 200, False, "below 1.49 %"),
    ("error rate", 300, True, "below 1.20 %"),
    ("99th percentile of response time", 290, False, "percentile 98.9"),
    ("99th percentile of response time", 590, True, "percentile 98.7"),
]


@pytest.mark.parametrize(("name", "requests", "early_stop", "claim"), CLAIMS)
def test_what_less_can_claim_is_what_the_judge_grants(
    env: Environment, name: str, requests: int, early_stop: bool, claim: str
) -> None:
    """To the last digit: a promise rounded up could not be kept."""
    plan = plan_of(env, 10.0, requests / 10, process="constant", early_stop=early_stop)
    clean = Samples.of(Sample(i, i, i, "GET /", 200) for i in range(requests))
    found = by_name(plan)[name]
    number = float(claim.strip(" %").rpartition(" ")[2])

    assert found.at_best == f"the {requests:,} of this run prove {claim} at best"
    for limit, expected in ((number, "met"), (_stricter(found.criterion, number), "unverified")):
        assert verdicts.judge(_with(found.criterion, limit), clean, limit_s=2.0, anytime=early_stop).state == expected, limit


def _stricter(criterion: Criterion, number: float) -> float:
    """The next claim that could have been made instead."""
    return number + (0.1 if isinstance(criterion, PercentileLatency) else 0.01 if criterion.at_least else -0.01)


def _with(criterion: Criterion, number: float) -> Criterion:
    if isinstance(criterion, PercentileLatency):
        return dataclasses.replace(criterion, q=round(number / 100, 6))
    return dataclasses.replace(criterion, limit=round(number, 6))


def test_ten_requests_prove_nothing_and_say_so(env: Environment) -> None:
    plan = plan_of(env, 10.0, 1.0, process="constant")
    found = by_name(plan)

    assert not any(each.can for each in found.values())
    assert found["95th percentile of response time"].at_best == "the 10 of this run prove percentile 74.1 at best"
    assert found["mean response time"].at_best == "the 10 of this run prove nothing of it"
    assert "availability: 2,995 requests" in forecast.too_short(forecast.forecast(plan, CRITERIA))


def test_an_endpoint_needs_its_own_share(env: Environment) -> None:
    plan = plan_of(env, 100.0, 33.0)
    shares = forecast.shares_of(plan)
    found = by_name(plan)["error rate"]

    assert set(shares) == set(endpoints())
    assert sum(shares.values()) == pytest.approx(1)
    assert found.rarest == min(shares, key=shares.__getitem__)
    assert (found.alone or 0) > 299 / shares[found.rarest]
    assert found.alone_s == pytest.approx((found.alone or 0) / 100)


def test_a_short_run_is_not_promised_more_of_each_endpoint(env: Environment) -> None:
    """Eleven requests meet seven endpoints; the rarest of all is none of them."""
    short, long = (by_name(plan_of(env, 10.0, seconds))["error rate"] for seconds in (1.0, 600.0))

    assert short.rarest == long.rarest
    assert short.alone == pytest.approx(long.alone, rel=0.2)


def test_time_follows_the_shape(env: Environment) -> None:
    """A ramp sends 77.5 % of what the full rate would."""
    found = by_name(plan_of(env, 100.0, 60.0, shape="ramp"))["availability"]

    assert found.takes_s == pytest.approx(2995 / 77.5)


def test_a_criterion_of_one_endpoint_needs_more_of_the_run(env: Environment) -> None:
    plan = plan_of(env, 100.0, 33.0)
    share = forecast.shares_of(plan)["GET /health"]
    only = dataclasses.replace(CRITERIA[2], endpoints=("GET /health",))

    assert forecast.forecast(plan, [only])[0].needs == pytest.approx(299 / share, abs=1)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (119, "119 s"), (600, "10.0 min"), (36_000, "10.0 h"), (float("inf"), "for ever")]
)
def test_durations_have_the_unit_that_reads_best(seconds: float, text: str) -> None:
    assert forecast.duration(seconds) == text


def test_table_names_what_is_left_out(env: Environment) -> None:
    plan = plan_of(env, 100.0, 8.0, shape="rollout", left_out=("preparar una campaña (not allowed)",))
    text = forecast.table(plan, forecast.forecast(plan, CRITERIA))

    assert "left out  preparar una campaña (not allowed)" in text
    assert "rollout (the gradual rollout of the plan" in text
    assert "a mean of 0 ms, when none may take more than 2 s" in text
    assert re.search(r"rarest    DELETE /api/campaigns/\{campaign\}, 1\.\d % of the requests", text)


def test_folder_of_a_profile_is_not_needed(tmp_path: Path) -> None:
    """A plan is made of what its file says, wherever that is."""
    assert plan_of(load(str(Small(port=1).profile(tmp_path))), 10.0, 1.0).planned > 0


def test_an_endpoint_that_nobody_asks_cannot_be_promised(env: Environment) -> None:
    """A misspelt name, or a journey that is not sent."""
    missing = dataclasses.replace(CRITERIA[2], endpoints=("GET /health", "GET /helth"))

    assert not forecast.forecast(plan_of(env, 100.0, 300.0), [missing])[0].can
