"""The course of a measurement: what the checks reach, the mutants side by side, and what is said of them."""

import argparse
import multiprocessing
import os
import shutil
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from proof.execution import say
from proof.mutants import choice, equivalent, probes, reach, report, rounds, tree
from proof.mutants.choice import Choice
from proof.mutants.generation import Mutant
from proof.mutants.reach import Reach
from proof.mutants.rounds import Course, Place
from proof.mutants.sources import Source
from proof.mutants.trial import Trial, Verdict
from proof.results import INTERRUPTED
from proof.workers import WorkerFailed

RUNS = "mutant-runs"
Given = TypeVar("Given")
Result = TypeVar("Result")


@dataclass
class Measurement:
    """`drawn` of `generated` mutants, and the verdicts until now."""

    drawn: list[Mutant]
    generated: int
    sources: Mapping[str, Source]
    seed: int
    equivalents: dict[str, str] = field(default_factory=equivalent.table)
    verdicts: list[Verdict] = field(default_factory=list)
    began: float = 0.0
    partial: bool = True

    def to_run(self) -> list[Mutant]:
        """All but the equivalent ones, which are listed at once."""
        self.verdicts += [Verdict(mutant, "equivalent") for mutant in self.drawn if mutant.id in self.equivalents]
        return [mutant for mutant in self.drawn if mutant.id not in self.equivalents]

    def keep(self, verdict: Verdict) -> None:
        self.verdicts.append(verdict)
        say(report.line(verdict))


def run(drawn: list[Mutant], generated: int, sources: Mapping[str, Source], options: argparse.Namespace) -> int:
    """What the command line asked for, to its exit code."""
    measurement = Measurement(drawn, generated, sources, options.seed)
    runs = options.out / RUNS
    shutil.rmtree(runs, ignore_errors=True)  # here and below, of an earlier measurement
    report.remove(options.out)
    crew = Crew(max(1, min(options.workers, len(drawn))), Place(runs, copies()))
    try:
        _measure(measurement, crew, options.out)
    except KeyboardInterrupt:
        say("interrupted: what follows is partial")
    except WorkerFailed as error:
        say(f"broken off: {error}")
    finally:
        crew.close()
        shutil.rmtree(copies(), ignore_errors=True)
    return _end(measurement, options.out)


def _measure(measurement: Measurement, crew: "Crew", out: Path) -> None:
    tree.compile_once()
    chosen = Choice(_reach(measurement.sources.values(), out), dict(measurement.sources))
    measurement.began = time.monotonic()
    say(report.HEAD)
    alive: list[Course] = []

    def after_first(ended: Course | Verdict) -> None:
        if isinstance(ended, Course):
            alive.append(ended)
        else:
            measurement.keep(ended)

    def settled(verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            measurement.keep(verdict)

    crew.run(rounds.first, [Course.of(_trial(mutant, chosen)) for mutant in measurement.to_run()], after_first)
    say(f"{len(alive)} were seen by none of the checks that are nearest to them; the others follow, for several at a time")
    crew.run(rounds.settle, rounds.companies(alive), settled)
    measurement.partial = False


def _reach(sources: Iterable[Source], out: Path) -> Reach:
    """As it was learned before, if nothing changed since."""
    kept = reach.file_of()
    if not kept.exists():
        say("learning what each check reaches; kept until a check or the sandbox changes")
        began = time.monotonic()
        several = list(sources)
        names, scripts = choice.names_in_the_database(several), probes.scripts(several)
        reach.write(reach.traced(out / RUNS / "traced", copies() / "traced", names, scripts), kept)
        say(f"learned in {time.monotonic() - began:.0f} s")
    return reach.read(kept)


def copies() -> Path:
    """Where the copies of the code stand: on the same disk, as they are links, and where no linter looks."""
    return reach.CACHE / f"mutants-{os.getpid()}"


def _trial(mutant: Mutant, chosen: Choice) -> Trial:
    touched = chosen.touched(mutant)
    return Trial(mutant, tuple(chosen.checks(mutant)), len(touched.checks), touched.operations, chosen.last)


def _end(measurement: Measurement, out: Path) -> int:
    """Writes what was measured, says it, and gives the exit code."""
    data = report.as_json(
        measurement.verdicts,
        measurement.sources,
        measurement.equivalents,
        generated=measurement.generated,
        duration_s=time.monotonic() - measurement.began if measurement.began else 0.0,
        seed=measurement.seed,
        partial=measurement.partial,
    )
    report.write(data, out)
    say(report.as_text(data))
    say(f"report    {out / report.PAGE}")
    return INTERRUPTED if measurement.partial else int(not report.met(data))


class Crew:
    """`size` processes that try mutants side by side, forked from this one, so import first what they need (`preload.up`)."""

    def __init__(self, size: int, place: Place) -> None:
        self._size, self._place = size, place
        self._pool = ProcessPoolExecutor(size, multiprocessing.get_context("fork"), _begin)
        self._under_way: set[Future[Any]] = set()

    def run(self, work: Callable[[Given, Place], Result], several: Iterable[Given], report: Callable[[Result], None]) -> None:
        """`work` on each of them; `report` gets each result as it is there. Raises WorkerFailed."""
        waiting = deque(several)
        while waiting or self._under_way:
            while waiting and len(self._under_way) < self._size:
                self._under_way.add(self._pool.submit(_work, work, waiting.popleft(), self._place))
            for future in wait(self._under_way, return_when=FIRST_COMPLETED).done:
                self._under_way.remove(future)
                report(_result(future))

    def close(self) -> None:
        """Ends the workers and what they have under way."""
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        if self._under_way:
            for process in multiprocessing.active_children():
                process.terminate()
        self._pool.shutdown(cancel_futures=True)
        signal.signal(signal.SIGINT, before)


def _result(future: "Future[Result]") -> Result:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise WorkerFailed("a worker died") from error
    except Exception as error:
        raise WorkerFailed(f"a mutant could not be tried: {type(error).__name__}: {error}") from error


def _begin() -> None:
    """In a new worker: the process that hands out the mutants decides when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    os.setpgid(0, 0)


def _leave(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # what follows ends what the trial started, and is not to be stopped itself
    raise SystemExit(128 + signal.SIGTERM)


def _work(work: Callable[[Given, Place], Result], given: Given, place: Place) -> Result:
    try:
        return work(given, place)
    except SystemExit as left:  # the pool would take it for a result, and wait for a worker that is to end
        os._exit(int(str(left.code)))
