import fnmatch
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import pytest

from fixtures.product.contract import tables
from record.stages import SUITES
from suites.claiming import by_name

CLAIMING = [path for path in sorted(SUITES.rglob("test_*.py")) if "claiming" in path.read_text(encoding="utf-8")]


def test_cases_claim_their_rows() -> None:
    first, second = by_name(["a", "b"], lambda case: [f"field/{case}/x", f"field/{case}/y"])

    assert (first.id, first.values) == ("a", ("a",))
    assert [mark.args for mark in second.marks] == [("field/b/x", "field/b/y")]


def test_cases_stand_for_their_values() -> None:
    found = by_name({"one": 1, "two": 2}, lambda _: ["x/y/z"], of={"one": "1", "two": ("2", 2)})

    assert [parameter.values for parameter in found] == [("1",), ("2", 2)]


def claims_of_parameters(path: Path) -> Iterator[str]:
    module = importlib.import_module(".".join(path.relative_to(SUITES.parent).with_suffix("").parts))
    checks = [each for each in vars(module).values() if isinstance(each, FunctionType)]
    for mark in (mark for check in checks for mark in getattr(check, "pytestmark", ()) if mark.name == "parametrize"):
        for parameter in mark.args[1]:
            for claim in getattr(parameter, "marks", ()):
                yield from claim.args


@pytest.mark.parametrize("path", CLAIMING, ids=lambda path: str(path.relative_to(SUITES)))
def test_claims_of_parameters_mean_rows(path: Path) -> None:
    """They are put together, so no reader of the text sees a row that was renamed."""
    rows = [row.id for row in tables.rows()]
    claims = [*claims_of_parameters(path)]

    assert claims, "nothing was looked at"
    assert [claim for claim in claims if not any(fnmatch.fnmatchcase(row, claim) for row in rows)] == []
