"""The table of journeys is whole: each can be walked from its first step to its last, and the guard lets it."""

import dataclasses
import itertools
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from fixtures.product.journeys import JOURNEYS, REMEMBERED, Journey, Step, Visit, endpoints, fields, page_of, rows, tells
from fixtures.product.payloads import unassigned_phone
from fixtures.profile.environment import load
from fixtures.wire.policy import Policy, outgoing
from load import arrivals, plans, shapes
from tests.load.product import Small

each_journey = pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)


@each_journey
def test_what_a_step_needs_an_earlier_one_remembers(journey: Journey) -> None:
    known = {"name"}
    for step in journey.steps:
        assert set(step.needs) <= known
        known |= set(step.remembers)


def test_journeys_have_names_of_their_own() -> None:
    """By which they are chosen and left out."""
    assert len({journey.name for journey in JOURNEYS}) == len(JOURNEYS)


@each_journey
@pytest.mark.parametrize("body", [b"", b"null", b"{}", b'"id name status message"', b"[[]]", b"<html></html>"])
def test_no_step_takes_anything_for_its_answer(journey: Journey, body: bytes) -> None:
    known = dict.fromkeys(("name", *REMEMBERED), "c-1")

    assert [step.endpoint for step in journey.steps if step.proof and step.wrong(body, known) is None] == []


@each_journey
def test_what_is_made_is_removed(journey: Journey) -> None:
    made, removed = ([getattr(step, what) for step in journey.steps if getattr(step, what)] for what in ("creates", "removes"))

    assert made == removed
    assert bool(made) == bool(journey.writes)


@each_journey
def test_every_step_has_something_to_prove(journey: Journey) -> None:
    """But for an answer without content."""
    assert all(step.proof or step.expects == 204 for step in journey.steps)


def test_weights_are_shares_of_a_hundred() -> None:
    assert sum(journey.weight for journey in JOURNEYS) == 100
    assert min(journey.weight for journey in JOURNEYS) > 0


@each_journey
def test_the_guard_admits_it(journey: Journey, tmp_path: Path) -> None:
    env = load(str(Small(port=1).profile(tmp_path)))
    policy = Policy(env, run_id="lv-test")
    known = Visit(journey, 1, "lv-test").known | {"contact": "c-1", "campaign": "k-1"}
    with policy.writing(journey.writes or "nothing"):
        for step in journey.steps:
            body, kind = step.content(known)
            url = f"{env.api_url}{step.target(known)}"
            policy.admit(outgoing(step.method, url, kind, body, must_be_refused=step.must_be_refused))


def test_visits_have_names_of_their_own() -> None:
    """By which what they leave behind is found, with letters that get damaged."""
    writing_journey = next(journey for journey in JOURNEYS if journey.writes)
    names = [Visit(writing_journey, number, "lv-run").known["name"] for number in range(200)]

    assert len(set(names)) == 200
    assert all(name.startswith("lv-run ") for name in names)
    assert set("áéíóúñÍÁÓü") & set("".join(names))
    assert unassigned_phone().startswith("+1555")


WRONG: dict[str, tuple[Step, Any, str]] = {
    "a field is missing": (Step("GET", "/", proof=fields("total", "data")), {"data": []}, "without total"),
    "a row of another kind": (Step("GET", "/", proof=rows("id", "phone_number")), [{"id": 1}], "a row without phone_number"),
    "no array": (Step("GET", "/", proof=rows("id")), {"id": 1}, "object where an array belongs"),
    "an array elsewhere": (Step("GET", "/", proof=rows("id", at="data")), {"rows": []}, "another shape: b'{"),
    "a number": (Step("GET", "/", proof=fields("id")), 7, "number where an object belongs"),
    "a text that mentions it": (Step("GET", "/", proof=fields("id")), "the id", "string where an object belongs"),
    "rows that mention it": (Step("GET", "/", proof=rows("id")), ["the id"], "a row string where an object belongs"),
    "nobody's": (Step("GET", "/", proof=tells(id="{contact}")), [], "another shape: b'[]"),
    "somebody else's": (Step("GET", "/", proof=tells(id="{contact}")), {"id": "c-2"}, "of another visit: {'id': 'c-2'}"),
}


@pytest.mark.parametrize(("step", "body", "message"), WRONG.values(), ids=WRONG)
def test_wrong_content_is_described(step: Step, body: Any, message: str) -> None:
    assert message in str(step.wrong(json.dumps(body).encode(), {"contact": "c-1"}))


def test_right_content_is_not() -> None:
    assert Step("GET", "/", proof=rows("id", at="data")).wrong(b'{"data": [{"id": 1}]}', {}) is None
    assert Step("GET", "/", proof=tells(id="{contact}")).wrong(b'{"id": "c-1"}', {"contact": "c-1"}) is None
    assert Step("GET", "/", proof=rows("id")).wrong(b"[]", {}) is None
    assert Step("GET", "/login", web=True, proof=page_of("Llamadas")).wrong(b"<title>Llamadas", {}) is None


def test_what_is_no_json_or_another_page_is_told() -> None:
    assert "no JSON" in str(Step("GET", "/", proof=fields("id")).wrong(b"<html>", {}))
    assert "a page without" in str(Step("GET", "/login", web=True, proof=page_of("Llamadas")).wrong(b"<html>", {}))


def planned(rate: float, seconds: float, seed: int = 1) -> list[arrivals.Due]:
    starts = arrivals.times("poisson", shapes.SHAPES["constant"], rate, seconds, most_rps=1e6, seed=seed)
    return list(arrivals.requests(starts, JOURNEYS, seconds, seed, "lv-test"))


@pytest.mark.parametrize(("rate", "seconds"), [(100.0, 6.0), (5.0, 60.0), (100.0, 300.0)])
def test_even_a_short_run_visits_every_endpoint(rate: float, seconds: float) -> None:
    """In a hurry, but to the end."""
    assert {due.step.endpoint for due in planned(rate, seconds)} == set(endpoints())


def test_visits_come_in_their_proportions_and_keep_their_order() -> None:
    plan = planned(100.0, 120.0)
    begun = Counter(due.visit.journey.name for due in plan if due.step is due.visit.journey.steps[0])
    total = sum(begun.values())
    for journey in JOURNEYS:
        assert 100 * begun[journey.name] / total == pytest.approx(journey.weight, abs=0.5)
    walked: dict[int, list[Step]] = {}
    for due in plan:
        walked.setdefault(due.visit.number, []).append(due.step)
        steps = walked[due.visit.number]
        assert tuple(steps) == due.visit.journey.steps[: len(steps)]


def test_workers_share_the_plan_without_overlap(tmp_path: Path) -> None:
    env = load(str(Small(port=1).profile(tmp_path)))
    plan = plans.make(env, "lv-test", 50.0, 10.0, journeys=JOURNEYS, objectives=(), workers=3)
    parts = [as_rows(plans.requests(plan, part)) for part in range(3)]

    assert sorted(itertools.chain(*parts)) == as_rows(plans.requests(dataclasses.replace(plan, workers=1)))
    assert sum(map(len, parts)) == plan.planned


def as_rows(requests: Iterable[arrivals.Due]) -> list[tuple[float, int, str]]:
    return [(due.start, due.visit.number, due.step.endpoint) for due in requests]
