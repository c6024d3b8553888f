"""The course of a proof: the healthy runs, then each fault, then what needs the machine for itself; and what is said of it."""

import argparse
import datetime as dt
import shutil
import signal
from collections.abc import Callable

from proof import catalogue, changes, expectations, jobs, matrix, report, selection
from proof.catalogue import Unusable
from proof.matrix import Gap
from proof.results import Proof
from proof.selection import Proven, Selection
from proof.workers import Job, Result, WorkerFailed, Workers
from record.suite import ROOT

ATTEMPTS = 3  # of a job under load


def run(options: argparse.Namespace) -> int:
    """What the command line asked for, to its exit code."""
    proof = _asked_for(options)
    say(report.of_selection(proof.selection))
    runs = options.out / "runs"
    shutil.rmtree(runs, ignore_errors=True)  # here and below, of an earlier proof
    report.remove(options.out)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever stops it gets what was done, as with Ctrl-C
    workers = Workers(max(1, min(options.workers, len(proof.selection.rows))), runs)
    try:
        prove(proof, workers, say)
    except KeyboardInterrupt:
        say("interrupted: what follows is partial")
    except WorkerFailed as error:
        say(f"broken off: {error}")
    finally:
        workers.close()
    data = proof.as_json(options.workers)
    report.write(data, options.out)
    say(report.as_text(data))
    say(f"report    {options.out / report.PAGE}")
    return proof.exit_code()


def _asked_for(options: argparse.Namespace) -> Proof:
    known, table = catalogue.catalogue(), expectations.table()
    rows = catalogue.rows(known, table)
    return Proof(
        known,
        table,
        _selected(options, Proven(rows, table, selection.places(known, ROOT / "sandbox"))),
        options.full,
        options.sample,
    )


def _selected(options: argparse.Namespace, proven: Proven) -> Selection:
    if options.faults:
        return selection.named(options.faults, len(proven.rows))
    if options.all:
        return selection.everything(proven.rows)
    return selection.changed(proven, changes.since(options.base), dt.datetime.now(dt.UTC).date())


def prove(proof: Proof, workers: Workers, say: Callable[[str], None]) -> None:
    """Fills the proof as results come in, and says each of them."""

    def healthy(result: Result) -> None:
        proof.healthy |= {check.id: check for check in result.run.checks}
        proof.touched |= result.touched
        say(f"{result.job.name:<44}{len(result.run.checks):>4} checks {result.run.took_s:>6.1f} s")
        if not result.run.checks:
            raise Unusable(f"no check ran on the healthy sandbox:\n{result.run.output[-2000:]}")

    def faulty(result: Result) -> None:
        proof.keep(result)
        row = proof.row(result.job.row)
        failed = len(row.ended("failed"))
        counts = f"{len(row.checks):>4} checks {result.took_s:>6.1f} s, {failed:>3} failed"
        say(f"{result.job.name:<44}{counts}{_short(matrix.gaps_of(row))}")

    workers.run(jobs.healthy(proof), report=healthy)
    workers.run(jobs.faulty(proof, load=False), report=faulty)
    if with_load := jobs.faulty(proof, load=True):
        _alone(proof, workers, [jobs.healthy_load()], healthy, say)
        _alone(proof, workers, with_load, faulty, say)
    proof.partial = False


def _alone(
    proof: Proof, workers: Workers, waiting: list[Job], report: Callable[[Result], None], say: Callable[[str], None]
) -> None:
    """One after the other, and again what a machine that others use too may have disturbed: load is judged by the clock."""
    for left in reversed(range(ATTEMPTS)):
        workers.run(waiting, report=report, alone=True)
        waiting = [job for job in waiting if not proof.as_expected(job)]
        if not waiting or not left:
            return
        say(f"again, as another load of this machine can be the reason: {', '.join(job.name for job in waiting)}")
        proof.repeated += [job.name for job in waiting]


def _short(gaps: list[Gap]) -> str:
    if not gaps:
        return ""
    more = f" (and {len(gaps) - 1} more)" if len(gaps) > 1 else ""
    return f"\n    GAP      {': '.join(filter(None, (gaps[0].check, gaps[0].text)))}{more}"


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command's output
