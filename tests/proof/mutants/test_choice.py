"""Which checks run against a mutant: all that can touch it, the most specific first, then a few others."""

import pytest

from proof.mutants.choice import Choice, judging_all
from proof.mutants.generation import Mutant
from proof.mutants.sources import Source
from tests.proof.mutants.invented import CODE, FILE, LIST, PAGE, REACH, READ, mutant

SQL = "sandbox/backend/core/migrations/0001_x.sql"
TABLES = b"CREATE TABLE contacts (id uuid);\nCREATE TABLE calls (id uuid);\n"
SCRIPT = "sandbox/frontend/static/api.js"
SOURCES = (Source(FILE, CODE), Source(SQL, TABLES), Source(SCRIPT, b"const limit = 10;\n"))
CHOICE = Choice(REACH, {source.file: source for source in SOURCES})
ONLY_LIST, BOTH, PAGE_CHECK = "smoke/test_list.py::test_list", "smoke/test_both.py::test_both", "smoke/test_pages.py::test_page"
REFUSED = "smoke/test_list.py::test_refused"
EVERYBODY = {ONLY_LIST, REFUSED, BOTH, PAGE_CHECK, "smoke/test_other.py::test_other"}

TOUCHED: dict[str, tuple[Mutant, set[str], set[str]]] = {
    "a line": (mutant(), {ONLY_LIST, BOTH, PAGE_CHECK}, {LIST}),
    "a line of another function": (mutant(line=11), {BOTH}, {READ}),
    "a constant": (mutant(line=1, outside=True), {ONLY_LIST, REFUSED, BOTH, PAGE_CHECK}, {LIST}),
    "a model that a decorator names": (mutant(line=13, outside=True), {BOTH}, {READ}),
    "what is built at the start": (mutant(line=17), EVERYBODY, {LIST, READ, PAGE}),
    "a decorator": (mutant(line=4, outside=True), {ONLY_LIST, REFUSED, BOTH, PAGE_CHECK}, {LIST}),
    "a template": (mutant(file="sandbox/frontend/templates/contacts.html"), {PAGE_CHECK}, {PAGE}),
    "a script that a script loads": (mutant(file=SCRIPT), {PAGE_CHECK}, {PAGE}),
    "a table": (mutant(file=SQL, line=1), {BOTH}, {READ}),
}


@pytest.mark.parametrize(("changed", "checks", "operations"), TOUCHED.values(), ids=TOUCHED)
def test_all_that_can_touch_it_are_chosen(changed: Mutant, checks: set[str], operations: set[str]) -> None:
    touched = CHOICE.touched(changed)

    assert {check.removeprefix("suites/") for check in touched.checks} == checks
    assert touched.operations == operations


def test_most_specific_comes_first_and_pages_last() -> None:
    order = [check.removeprefix("suites/") for check in CHOICE.checks(mutant())]

    assert order[:3] == [ONLY_LIST, BOTH, PAGE_CHECK]


def test_some_others_follow() -> None:
    """The map may have missed something."""
    assert "suites/smoke/test_other.py::test_other" in CHOICE.checks(mutant())


def test_check_that_fails_without_a_mutant_shows_nothing() -> None:
    assert "suites/smoke/test_other.py::test_broken" not in CHOICE.checks(mutant())


def test_checks_that_judge_all_answers_are_known() -> None:
    """They send nothing, so no map shows what they can see."""
    assert "suites/smoke/test_answers.py" in judging_all()
