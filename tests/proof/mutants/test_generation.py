"""The same mutants and the same draw at each call, and none of code that is no product."""

from collections import Counter

import pytest

from proof.mutants import equivalent, faults_off, generation, sources
from proof.mutants.generation import Mutant
from proof.mutants.sources import Source

REFERENCE = (200, 1)  # number and seed of a draw
MOST_EQUIVALENT = 0.15
CODE = b"def f(a):\n    if a == 1:\n        g(a)\n    return a\n"
FILE = "sandbox/backend/calls/x.py"


@pytest.fixture(scope="module")
def mutants() -> list[Mutant]:
    return generation.generate()


def of(content: bytes) -> list[Mutant]:
    source = Source(FILE, content)
    return generation.of_source(source, faults_off.learn([source]))


def test_ids_are_stable_and_unique() -> None:
    ids = [mutant.id for mutant in of(CODE)]

    assert ids == [mutant.id for mutant in of(CODE)]
    assert len(set(ids)) == len(ids) > 0


def test_id_outlives_changes_elsewhere_in_the_file() -> None:
    assert {mutant.id for mutant in of(CODE)} <= {mutant.id for mutant in of(b"def before():\n    h(7)\n\n\n" + CODE)}


def test_same_line_twice_makes_two_mutants() -> None:
    ids = [mutant.id for mutant in of(b"def f():\n    g()\n    g()\n") if mutant.operator == "removed call"]

    assert len(set(ids)) == 2


def test_draw_is_decided_by_its_seed(mutants: list[Mutant]) -> None:
    first, again, other = (generation.draw(mutants, 50, seed) for seed in (1, 1, 2))

    assert first == again
    assert {mutant.id for mutant in first} != {mutant.id for mutant in other}


def test_no_area_and_no_operator_dominates_a_draw(mutants: list[Mutant]) -> None:
    drawn = generation.draw(mutants, *REFERENCE)

    for counted in (Counter(mutant.area for mutant in drawn), Counter(mutant.operator for mutant in drawn)):
        assert max(counted.values()) <= len(drawn) / 4
    assert {mutant.area for mutant in drawn} == {mutant.area for mutant in mutants}


def test_draw_of_one_area_holds_that_area(mutants: list[Mutant]) -> None:
    assert {mutant.area for mutant in generation.draw(mutants, 20, 1, "calls")} == {"calls"}


def test_every_language_of_the_product_is_mutated(mutants: list[Mutant]) -> None:
    assert {mutant.file.rpartition(".")[2] for mutant in mutants} == {"py", "sql", "html", "js", "css"}


def test_declarations_of_faults_and_seed_data_are_not_mutated(mutants: list[Mutant]) -> None:
    assert not [mutant.file for mutant in mutants if "fault" in mutant.file or "/seed" in mutant.file or "vendors" in mutant.file]


def test_rights_are_the_gravest() -> None:
    assert Source("sandbox/backend/accounts/authentication.py", b"").severity == 1
    assert Source("sandbox/backend/core/migrations/0004_row_level_security.sql", b"").severity == 1
    assert Source("sandbox/frontend/static/screens.css", b"").severity == 4


def test_product_and_its_areas_are_found() -> None:
    areas = {source.area for source in sources.product()}

    assert areas >= {"accounts", "calls", "campaigns", "contacts", "database", "edge", *sources.FRONTEND}


def test_every_equivalent_mutant_still_exists(mutants: list[Mutant]) -> None:
    """A change of the code makes another mutant of it, to be reviewed anew."""
    assert set(equivalent.table()) <= {mutant.id for mutant in mutants}


def test_few_mutants_are_equivalent(mutants: list[Mutant]) -> None:
    """Where many are, the operators make what is no mistake."""
    drawn = {mutant.id for mutant in generation.draw(mutants, *REFERENCE)}

    assert len(drawn & equivalent.table().keys()) <= MOST_EQUIVALENT * len(drawn)


def test_every_reason_says_something() -> None:
    assert all(len(reason.split()) > 3 for reason in equivalent.table().values())
