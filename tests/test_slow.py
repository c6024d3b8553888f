"""Which of the slow tests are due on a day."""

from tests.slow import PARTS, is_due

NAMES = [f"tests/suites/test_runs.py::test_run[{number}]" for number in range(400)]


def test_each_is_due_once_in_as_many_days_as_there_are_parts() -> None:
    for name in NAMES:
        assert [is_due(name, day) for day in range(20790, 20790 + PARTS)].count(True) == 1


def test_no_day_has_much_more_than_its_share() -> None:
    for day in range(PARTS):
        assert 0.5 < sum(is_due(name, day) for name in NAMES) * PARTS / len(NAMES) < 1.5
