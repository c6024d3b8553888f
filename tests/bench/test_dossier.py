"""What a dossier costs: making, printing and checking it, beside reading and hashing its files."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from reports.dossier import signing, verify
from reports.plan import gates
from tests.bench.rounds import at_most, interleaved, seconds, show
from tests.reports import cases, made
from tests.reports.made import Made

CHECKS, ROUNDS = 500, 3


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
    built: Any = None

    def build(*languages: str) -> None:
        nonlocal built
        built = cases.build(case, folders=[case.out / "big"], languages=languages)

    def hashed() -> None:
        for path in Path(built.folder).rglob("*"):
            if path.is_file():
                hashlib.sha256(path.read_bytes())

    spent = interleaved(
        {
            "decided and signed": lambda: seconds(build),
            "with pages and PDF in both languages": lambda: seconds(lambda: build("es", "en")),
            "read and hashed": lambda: seconds(hashed),
            "verified": lambda: seconds(lambda: verify.verify(built.folder, signing.trusted(case.keys))),
        },
        ROUNDS,
    )
    for what in ("read and hashed", "decided and signed"):
        show(f"{CHECKS} checks: {what}", spent[what].shown(" s"))
    at_most(f"{CHECKS} checks: with pages and PDF in both languages", spent["with pages and PDF in both languages"], 20, " s")
    at_most(f"{CHECKS} checks: verified", spent["verified"], 3, " s")
    assert len(built.decision["checks"]) == CHECKS
