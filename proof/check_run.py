"""What became of some checks, healthy and under each fault that has to make them fail: a line for each."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from proof import catalogue, expectations, jobs, matrix
from proof.catalogue import Fault
from proof.check_table import Line
from proof.expectations import Expectation
from proof.matrix import SUITES, Row
from proof.workers import Job, Result, WorkerFailed, Workers
from record.stages import function_of
from record.suite import ROOT

OUT = ROOT / "reports" / "out" / "check"
JOBS_OF_A_WORKER = 6  # a second sandbox costs as much as so many runs of one check


def faults_of(checks: Collection[str], table: Mapping[str, Expectation]) -> dict[str, Expectation]:
    """The rows whose expectations name one of the checks, reduced to what is expected of these checks."""
    reduced = {
        name: replace(each, kills={kill: cause for kill, cause in each.kills.items() if _function(kill) in checks}, first=())
        for name, each in table.items()
    }
    return {name: each for name, each in reduced.items() if each.kills}


def _function(kill: str) -> str:
    return SUITES + function_of(kill)


def jobs_of(checks: frozenset[str], rows: Mapping[str, Expectation], known: Mapping[str, Fault]) -> list[Job]:
    """The healthy runs, and one for each row. Checks under load run apart from the others, and with traffic."""
    load = frozenset(check for check in checks if check.startswith(SUITES + jobs.LOAD))
    found = [Job(jobs.HEALTHY, checks - load, cost_s=1.0)] if checks - load else []
    found += [replace(jobs.healthy_load(), checks=load)] if load else []
    for name, expectation in rows.items():
        killing = frozenset(map(_function, expectation.kills))
        parts = ((killing - load, ()), (killing & load, jobs.FAULTY_TRAFFIC))
        found += [jobs.under(name, part, known, options) for part, options in parts if part]
    return found


def line_of(result: Result, rows: Mapping[str, Expectation], known: Mapping[str, Fault]) -> Line:
    name, checks = result.job.row, result.run.checks
    if not checks:
        return Line("fault" if name else "healthy", False, f"{result.job.name}: no check ran\n{result.run.output[-2000:]}")
    if not name:
        gaps = matrix.not_healthy(checks)
        return Line("healthy", not gaps, "; ".join(map(str, gaps)) or f"{len(checks)} checks, {result.run.took_s:.1f} s")
    faults = tuple(known[fault] for fault in name.split("+"))
    gaps = matrix.gaps_of(Row(faults, rows[name], checks, result.run.exit_code, result.took_s))
    causes = ", ".join(dict.fromkeys(cause for each in rows[name].kills.values() for cause in expectations.causes_of(each)))
    return Line("fault", not gaps, "; ".join(map(str, gaps)) or f"{name} -> failed: {causes}")


def run(checks: frozenset[str]) -> list[Line]:
    """Raises Unusable where the expectations name a fault that is not declared."""
    known, table = catalogue.catalogue(), expectations.table()
    catalogue.rows(known, table)
    rows = faults_of(checks, table)
    todo = jobs_of(checks, rows, known)
    workers = Workers(1 if len(todo) <= JOBS_OF_A_WORKER else 2, OUT)
    lines: list[Line] = []
    try:
        for traffic in (False, True):
            part = [job for job in todo if job.traffic == traffic]
            workers.run(part, report=lambda result: lines.append(line_of(result, rows, known)), alone=traffic)
    except WorkerFailed as error:
        lines.append(Line("fault", ok=False, text=str(error)))
    finally:
        workers.close()
    unnamed = checks - {_function(kill) for expectation in rows.values() for kill in expectation.kills}
    lines += [Line("fault", False, f"no fault kills {check}: expect it in proof/expectations") for check in sorted(unnamed)]
    return sorted(lines, key=lambda line: line.subject != "healthy")
