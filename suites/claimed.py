"""The cases of a check, each of which looks at rows of the contract of its own."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

Rows = Callable[[str], Iterable[str]]  # the rows that a case looks at


def claiming(cases: Iterable[str], rows: Rows, *, of: Mapping[str, object] | None = None) -> list[Any]:
    """The cases as parameters, or under their names what `of` has for them. A tuple is several arguments."""
    values = {case: of[case] if of else case for case in cases}
    return [
        pytest.param(*(value if isinstance(value, tuple) else (value,)), id=case, marks=pytest.mark.claims(*rows(case)))
        for case, value in values.items()
    ]
