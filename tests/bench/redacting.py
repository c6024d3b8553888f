"""A plugin that measures what redaction takes of a run: the time inside of its functions, written to BENCH_REDACTION."""

import functools
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SPENT = {"inside_s": 0.0, "calls": 0.0}
_depth = 0
BEGAN = time.perf_counter()


def _measured(work: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(work)
    def measured(*arguments: Any, **named: Any) -> Any:
        global _depth  # noqa: PLW0603 - one process, one thread that counts
        _depth += 1
        began = time.perf_counter()
        try:
            return work(*arguments, **named)
        finally:
            _depth -= 1
            if not _depth:
                SPENT["inside_s"] += time.perf_counter() - began
                SPENT["calls"] += 1

    return measured


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Before any redactor is made."""
    from record.redaction import Redactor  # noqa: PLC0415 - see above

    for name in ("text", "json", "content", "headers", "body"):
        setattr(Redactor, name, _measured(getattr(Redactor, name)))


def pytest_unconfigure() -> None:
    told = SPENT | {"run_s": time.perf_counter() - BEGAN}
    Path(os.environ["BENCH_REDACTION"]).write_text(json.dumps(told), encoding="utf-8")
