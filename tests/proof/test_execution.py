"""What a machine that others use too may have disturbed under load is run again, and said; nothing else is."""

from collections.abc import Callable, Iterable

import pytest

from proof import execution
from proof.catalogue import Fault
from proof.expectations import Expectation
from proof.forked_run import ForkedRun
from proof.results import Proof
from proof.selection import Selection
from proof.workers import Job, Result, Workers
from record.finding import Finding
from record.outcome import Outcome
from record.run import Check
from tests.record import invented

CHECK, CAUSE = "load/test_behaviour.py::test_target_bears_the_load", "load-breaks-target-down"


class Scripted(Workers):
    """In place of the processes: `outcomes` are what the check comes to under the fault, run after run."""

    def __init__(self, *outcomes: Outcome) -> None:
        self._outcomes = list(outcomes)  # and no process is started
        self.done: list[str] = []

    def run(self, jobs: Iterable[Job], *, report: Callable[[Result], None], alone: bool = False) -> None:
        for job in jobs:
            assert alone
            self.done.append(job.name)
            report(Result(job, ForkedRun(1, "", invented.run(self._check(job)), 1.0), 1.0))

    def _check(self, job: Job) -> Check:
        outcome = self._outcomes.pop(0) if job.row else "passed"
        finding = None if outcome == "passed" else Finding("x", "y", "z", "n", CAUSE)
        return Check(f"suites/{CHECK}", "load", outcome, 0.1, finding=finding)


@pytest.mark.parametrize(
    ("outcomes", "runs", "gaps"),
    [
        (["failed"], 1, 0),
        (["unverified", "failed"], 2, 0),
        (["unverified", "unverified", "failed"], 3, 0),
        (["unverified", "passed", "unverified"], 3, 2),
    ],
)
def test_row_under_load_has_three_attempts(outcomes: list[Outcome], runs: int, gaps: int) -> None:
    table = {"slow": Expectation({CHECK: CAUSE})}
    proof = Proof({"slow": Fault("slow")}, table, Selection("named", ("slow",), 1, {}), full=False, sample=0)
    workers, said = Scripted(*outcomes), list[str]()

    execution.prove(proof, workers, said.append)

    assert workers.done == ["healthy-load", *["slow, load"] * runs]
    assert len(proof.gaps()) == gaps
    assert proof.repeated == ["slow, load"] * (runs - 1)
    assert sum(line.startswith("again, ") for line in said) == runs - 1
