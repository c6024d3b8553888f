import ast
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from fixtures.product.contract import tables
from record import contract
from record.outcome import Outcome
from record.stages import SUITES, parsed
from tests.record import invented

ROW, OTHER = "route/GET /api/contacts//viewer", "route/GET /api/contacts//anonymous"


def test_rows_beside_the_runs_are_those_of_the_tables() -> None:
    """`python -m fixtures.product.contract` writes them."""
    assert contract.FILE.read_text(encoding="utf-8") == contract.text(tables.rows())


CLAIMS = {
    "an id": ([ROW], {ROW}),
    "a pattern": (["route/GET /api/contacts//v*r"], {ROW}),
    "both": (
        [ROW, "route/GET /api/contacts//*s"],
        {ROW, "route/GET /api/contacts//anonymous", "route/GET /api/contacts//status"},
    ),
    "neither": (["route/GET /api/contacts//nobody"], set()),
}


@pytest.mark.parametrize(("patterns", "rows"), CLAIMS.values(), ids=CLAIMS)
def test_claim_means_rows(patterns: list[str], rows: set[str]) -> None:
    assert set(contract.claimed(patterns)) == rows


STATES: dict[str, tuple[list[Outcome], str]] = {
    "passed": (["passed"], "held"),
    "failed": (["passed", "failed"], "differs"),
    "waived": (["waived"], "differs"),
    "one could not look": (["passed", "unverified"], "held"),
    "none looked": (["blocked", "unverified"], "not looked at"),
    "nobody claims it": ([], "not looked at"),
}


@pytest.mark.parametrize(("outcomes", "state"), STATES.values(), ids=STATES)
def test_state_of_a_row(outcomes: Collection[Outcome], state: str) -> None:
    """A check that failed says that the row does not hold, whatever others say."""
    checks = [invented.check(outcome, rows=(ROW,)) for outcome in outcomes]
    found = contract.coverage(contract.rows(), checks)

    assert found.states[ROW] == state
    assert found.states[OTHER] == "not looked at"
    assert found.looked_at == (state != "not looked at")
    assert found.total == len(contract.rows())


def test_sections_stand_in_their_order() -> None:
    sections = list(contract.by_section(contract.coverage(contract.rows(), [])))

    assert sections.index("2.6") < sections.index("2.10")


def test_every_claim_of_a_check_means_a_row() -> None:
    """A row that was renamed is claimed by nobody, and no run would say so."""
    unknown = {
        f"{path.name}: {pattern}"
        for path in sorted(SUITES.rglob("test_*.py"))
        for pattern in _claims_in(path)
        if not contract.matching(pattern)
    }

    assert unknown == set()


def _claims_in(path: Path) -> Iterator[str]:
    """As far as they are written out."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "claims":
            yield from (str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))
