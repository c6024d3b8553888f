"""What has to see a fault always runs; the rest has its turn, within the time that it may cost."""

from fixtures.stages import function_of
from tests.proof import picking

TOUCHED = [f"suites/smoke/test_{file}.py::test_{number}" for file in "abcde" for number in range(30)]
SECONDS = dict.fromkeys(TOUCHED, 0.125)
KILL = "suites/smoke/test_z.py::test_kill"


def test_kills_always_run() -> None:
    assert KILL in picking.pick("fault", [KILL], TOUCHED, SECONDS | {KILL: 60.0})


def test_sample_keeps_to_its_time_and_sees_every_file() -> None:
    picked = picking.pick("fault", [KILL], TOUCHED, SECONDS) - {KILL}

    assert len(picked) == picking.SAMPLE_S / 0.125
    assert {check.split("::")[0] for check in picked} == {check.split("::")[0] for check in TOUCHED}


def test_every_check_has_its_turn() -> None:
    """Some fault of the catalogue meets it."""
    met = set[str]().union(*(picking.pick(f"fault-{number}", [], TOUCHED, SECONDS) for number in range(150)))

    assert met == set(TOUCHED)


def test_pages_have_their_turn_less_often() -> None:
    """Where a page has to see the fault, always."""
    page, other = "suites/smoke/test_pages.py::test_p", "suites/smoke/test_pages_more.py::test_q"
    met = [page in picking.pick(f"fault-{number}", [], [page], {page: 0.5}) for number in range(200)]

    assert 0 < sum(met) < 100
    assert all(page in picking.pick(f"fault-{number}", [other], [page], {page: 0.5}) for number in range(20))


def test_pick_is_the_same_each_time() -> None:
    assert picking.pick("fault", [], TOUCHED, SECONDS) == picking.pick("fault", [], list(reversed(TOUCHED)), SECONDS)


def test_little_that_is_touched_runs_whole() -> None:
    assert picking.pick("fault", [KILL], TOUCHED[:5], SECONDS) == {KILL, *TOUCHED[:5]}


def test_function_costs_what_its_parameters_cost() -> None:
    seconds = picking.costs(
        [{"id": "a::b[1]", "duration_s": 1.0}, {"id": "a::b[2]", "duration_s": 2.0}, {"id": "c", "duration_s": 4.0}]
    )

    assert seconds == {"a::b[1]": 1.0, "a::b[2]": 2.0, "a::b": 3.0, "c": 4.0}
    assert function_of("a::b[1]") == "a::b"
