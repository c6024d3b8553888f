"""What a dossier costs: making, printing and checking it, beside reading and hashing its files. Printed and not asserted."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports.dossier import signing, verify
from reports.plan import gates
from tests.bench.test_speed import show
from tests.reports import cases, made
from tests.reports.made import Made

CHECKS = 500


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> cases.Case:
    """500 checks in four stages, some of which fail, with evidence as a run leaves it."""
    functions = made.checks_of(cases.STAGES)
    ids = [f"{functions[number % len(functions)]}[{number}]" for number in range(CHECKS)]
    odd = dict.fromkeys(ids[::25], "failed")
    case = cases.make(tmp_path_factory.mktemp("case"))
    case.runs[0] = made.run(case.out, Made(stages=cases.STAGES, only=ids, odd=odd), "big")  # type: ignore[arg-type] # outcomes
    return case


def test_dossier(case: cases.Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The floor of verifying is to read and hash everything once."""
    monkeypatch.setattr(gates, "GATES", case.gates)
    spent: dict[str, float] = {}
    built: Any = None

    def build(*languages: str) -> None:
        nonlocal built
        built = cases.build(case, folders=[case.out / "big"], languages=languages)

    spent["decided and signed"] = seconds(build)
    spent["with pages and PDF in both languages"] = seconds(lambda: build("es", "en"))
    folder: Path = built.folder
    files = [path for path in folder.rglob("*") if path.is_file()]
    floor = seconds(lambda: [hashlib.sha256(path.read_bytes()) for path in files])
    spent["verified"] = seconds(lambda: verify.verify(folder, signing.trusted(case.keys)))

    show(f"{CHECKS} checks, {len(files)} files: read and hashed", f"{floor:.3f} s", "floor")
    for what, took in spent.items():
        target = {"verified": "< 3 s", "with pages and PDF in both languages": "< 20 s"}.get(what, "")
        show(f"{CHECKS} checks: {what}", f"{took:.2f} s, {took / floor:.0f} times", target)
    assert len(built.decision["checks"]) == CHECKS
