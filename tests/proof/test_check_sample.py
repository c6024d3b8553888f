"""What has to see a fault always runs; the rest has its turn."""

from proof import check_sample
from proof.__main__ import SAMPLE
from record.run import Check

TOUCHED = [f"suites/smoke/test_{file}.py::test_{number}" for file in "abcde" for number in range(30)]
KILL = "suites/smoke/test_z.py::test_kill"
PAGE = "suites/smoke/test_pages.py::test_p"


def test_kills_always_run() -> None:
    assert KILL in check_sample.pick("fault", [KILL], TOUCHED, sample=0)


def test_sample_keeps_to_its_size_and_sees_every_file() -> None:
    picked = check_sample.pick("fault", [KILL], TOUCHED, SAMPLE) - {KILL}

    assert len(picked) == SAMPLE
    assert {check.split("::")[0] for check in picked} == {check.split("::")[0] for check in TOUCHED}


def test_every_check_has_its_turn() -> None:
    """Some fault of the catalogue meets it."""
    met = set[str]().union(*(check_sample.pick(f"fault-{number}", [], TOUCHED, SAMPLE) for number in range(150)))

    assert met == set(TOUCHED)


def test_pages_have_their_turn_less_often() -> None:
    """Where a page has to see the fault, always."""
    other = "suites/smoke/test_pages_more.py::test_q"
    met = [PAGE in check_sample.pick(f"fault-{number}", [], [PAGE], SAMPLE) for number in range(200)]

    assert 0 < sum(met) < 100
    assert all(PAGE in check_sample.pick(f"fault-{number}", [other], [PAGE], SAMPLE) for number in range(20))


def test_pick_is_the_same_each_time() -> None:
    assert check_sample.pick("fault", [], TOUCHED, SAMPLE) == check_sample.pick("fault", [], list(reversed(TOUCHED)), SAMPLE)


def test_little_that_is_touched_runs_whole() -> None:
    assert check_sample.pick("fault", [KILL], TOUCHED[:5], SAMPLE) == {KILL, *TOUCHED[:5]}


def test_function_costs_what_its_parameters_cost() -> None:
    healthy = [("a::b[1]", 1.0), ("a::b[2]", 2.0), ("c", 4.0)]
    seconds = check_sample.costs(Check(name, "smoke", "passed", cost_s) for name, cost_s in healthy)

    assert seconds == {"a::b[1]": 1.0, "a::b[2]": 2.0, "a::b": 3.0, "c": 4.0}
