"""The course of a proof: which checks run under which fault, in what order, and what is told of it."""

import argparse
import datetime as dt
import difflib
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from proof import expectations, matrix, page, picking
from proof.expectations import Expectation
from proof.lanes import Done, Job, LaneDied, Lanes
from proof.matrix import Row
from proof.warm import Unusable
from record.stages import STAGES, SUITES, declared_checks, function_of

BOOT_S = 3.0  # what starting a sandbox costs, for the order of jobs only
EVERYTHING_S = 20.0  # the same for all checks
LOAD = "load/"
HEALTHY, HEALTHY_LOAD = "healthy", "healthy-load"
# Enough requests to prove the criteria on a healthy target (2,995 clean ones for 99.9 %), and enough to see one violated.
HEALTHY_TRAFFIC = ("--rate=200", "--duration=18")
FAULTY_TRAFFIC = ("--rate=100", "--duration=6")
INTERRUPTED = 130


@dataclass
class Proof:
    """What was asked for and what came of it so far."""

    catalogue: dict[str, dict[str, Any]]
    table: dict[str, Expectation]
    names: list[str]  # of the rows: faults joined with "+"
    only_some: bool
    full: bool
    sample: int
    began: float = field(default_factory=time.monotonic)
    healthy: dict[str, dict[str, Any]] = field(default_factory=dict)
    touched: dict[str, list[str]] = field(default_factory=dict)
    runs: dict[str, list[Done]] = field(default_factory=dict)
    partial: bool = True

    def rows(self) -> list[Row]:
        return [self.row(name) for name in self.names if name in self.runs]

    def row(self, name: str) -> Row:
        done = self.runs[name]
        return Row(
            faults=tuple(self.catalogue[fault] for fault in name.split("+")),
            expected=self.table.get(name),
            checks=tuple(check for each in done for check in each.run.checks),
            exit_code=max((each.run.exit_code for each in done), key=abs),
            took_s=sum(each.took_s for each in done),
            base_urls=tuple(url for each in done if each.run.data for url in each.run.data["target"].get("base_urls", ())),
            broken_off=next((each.run.output[-400:] or "no output" for each in done if not each.run.came_to_its_end), ""),
        )

    def jobs(self, load: bool) -> list[Job]:
        seconds = picking.costs(self.healthy.values())
        return [job for name in self.names for job in self._jobs_of(name, seconds) if job.traffic == load]

    def _jobs_of(self, name: str, seconds: dict[str, float]) -> Iterable[Job]:
        faults = name.split("+")
        started = tuple(fault for fault in faults if self.catalogue[fault]["start_only"])
        switched = tuple(fault for fault in faults if fault not in started)
        kills = self.table[name].kills if name in self.table else {}
        online = {f"suites/{kill}" for kill in kills if not kill.startswith(LOAD)}
        if online or not kills:
            sampled = bool(kills) and not self.full
            picked = picking.pick(name, online, self._touched_by(faults), self.sample) if sampled else frozenset[str]()
            cost_s = sum(seconds.get(check, picking.USUAL_S) for check in picked) or EVERYTHING_S
            yield Job(name, picked, switched, started, cost_s=cost_s + BOOT_S * bool(started), row=name)
        if any(kill.startswith(LOAD) for kill in kills):
            every = frozenset(declared_checks("load"))
            yield Job(f"{name}, load", every, switched, started, FAULTY_TRAFFIC, row=name, traffic=True)

    def _touched_by(self, faults: Collection[str]) -> list[str]:
        everywhere = any(self.catalogue[fault]["everywhere"] for fault in faults)
        return [check for check, touching in self.touched.items() if everywhere or set(faults) & set(touching)]

    def problems(self) -> list[matrix.Problem]:
        rows = self.rows()
        found = matrix.not_healthy(self.healthy.values())
        found += [problem for row in rows for problem in matrix.problems_of(row)]
        if not self.only_some:
            declared = set[str]().union(*(declared_checks(marker) for marker, _ in STAGES.values()))
            found += matrix.never_killed({check.removeprefix("suites/") for check in declared}, rows)
        return found

    def exit_code(self) -> int:
        return INTERRUPTED if self.partial else int(bool(self.problems()))


def catalogue() -> dict[str, dict[str, Any]]:
    """As `python -m sandbox faults` prints it: the sandbox is another program."""
    listed = subprocess.run(
        [sys.executable, "-m", "sandbox", "faults", "--json"], cwd=SUITES.parent, check=True, capture_output=True, text=True
    )
    return {fault["name"]: fault for fault in json.loads(listed.stdout)}


def chosen(asked: list[str], known: dict[str, dict[str, Any]], table: dict[str, Expectation]) -> list[str]:
    """The rows that were asked for; all of them if nothing was. Unusable where a name is unknown or two exclude each other."""
    strangers = sorted({fault for name in table for fault in name.split("+")} - known.keys())
    if strangers:
        raise Unusable(f"proof/expectations names faults that nobody declares: {', '.join(strangers)}")
    if not asked:
        return sorted({*table, *(known.keys() - {fault for name in table for fault in name.split("+")})})
    for name in asked:
        _refuse_unknown(name.split("+"), known)
        _refuse_exclusive(name.split("+"), known)
    return asked


def _refuse_unknown(names: list[str], known: dict[str, dict[str, Any]]) -> None:
    for name in names:
        if name not in known:
            near = ", ".join(difflib.get_close_matches(name, known, n=3)) or "none"
            raise Unusable(f"no fault is called {name!r}. Nearest: {near}. python -m sandbox faults lists them all")


def _refuse_exclusive(names: list[str], known: dict[str, dict[str, Any]]) -> None:
    for name in names:
        for other in known[name]["excludes"]:
            if other in names:
                raise Unusable(f"{name} and {other} exclude each other: prove them one at a time")


def prove(proof: Proof, lanes: Lanes, say: Callable[[str], None]) -> None:
    """Healthy first, then every fault, then what needs the machine for itself."""

    def healthy(done: Done) -> None:
        proof.healthy |= {check["id"]: check for check in done.run.checks}
        proof.touched |= done.touched
        say(f"{done.job.name:<44}{len(done.run.checks):>4} checks {done.run.took_s:>6.1f} s")
        if not done.run.checks:
            raise Unusable(f"no check ran on the healthy sandbox:\n{done.run.output[-2000:]}")

    def broken(done: Done) -> None:
        proof.runs.setdefault(done.job.row, []).append(done)
        row = proof.row(done.job.row)
        wrong = matrix.problems_of(row)
        failed = len(row.ended("failed"))
        say(f"{done.job.name:<44}{len(row.checks):>4} checks {done.took_s:>6.1f} s, {failed:>3} failed{_short(wrong)}")

    lanes.run(_healthy_jobs(proof), tell=healthy)
    lanes.run(proof.jobs(load=False), tell=broken)
    if proof.jobs(load=True):
        lanes.run([Job(HEALTHY_LOAD, frozenset(declared_checks("load")), options=HEALTHY_TRAFFIC)], tell=healthy, alone=True)
        lanes.run(proof.jobs(load=True), tell=broken, alone=True)
    proof.partial = False


def _healthy_jobs(proof: Proof) -> list[Job]:
    """All that is online, in two halves of about the same length; of some faults only the files that have to see them."""
    everything = [check for marker, _ in STAGES.values() if marker != "load" for check in declared_checks(marker)]
    if proof.only_some:
        kills = {kill for name in proof.names for kill in proof.table.get(name, Expectation()).kills}
        files = {kill.split("::")[0] for kill in kills}
        near = [check for check in everything if check.removeprefix("suites/").split("::")[0] in files]
        return [Job(HEALTHY, frozenset(near), watch=True)] if near else []
    pages = frozenset(check for check in everything if "/test_pages" in check)
    return [Job(f"{HEALTHY}-pages", pages, watch=True), Job(f"{HEALTHY}-others", frozenset(everything) - pages, watch=True)]


def _short(wrong: list[matrix.Problem]) -> str:
    if not wrong:
        return ""
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    return f"\n    PROBLEM  {': '.join(filter(None, (wrong[0].check, wrong[0].text)))}{more}"


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command's output


def run(options: argparse.Namespace) -> int:
    """What the command line asked for, to its exit code."""
    known, table = catalogue(), expectations.table()
    proof = Proof(known, table, chosen(options.faults, known, table), bool(options.faults), options.full, options.sample)
    runs = options.out / "runs"
    shutil.rmtree(runs, ignore_errors=True)  # here and below, of an earlier proof
    page.remove(options.out)
    lanes = Lanes(min(options.lanes, len(proof.names)), runs)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever stops it gets what was done, as with Ctrl-C
    try:
        prove(proof, lanes, say)
    except KeyboardInterrupt:
        say("interrupted: what follows is partial")
    except LaneDied as error:
        say(f"broken off: {error}")
    finally:
        lanes.close()
    data = proof_data(proof, options.lanes)
    page.write(data, options.out)
    say(page.as_text(data))
    say(f"report    {options.out / page.REPORT}")
    return proof.exit_code()


def proof_data(proof: Proof, lanes: int) -> dict[str, Any]:
    """proof.json: see `page.py`, which turns it into the report."""
    rows = proof.rows()
    diagnoses = {row.name: matrix.diagnosis(row) for row in rows}
    killed_by: dict[str, list[str]] = {}
    for row in rows:
        for check in matrix.killed(row):
            killed_by.setdefault(check, []).append(row.name)
    functions = sorted({function_of(check).removeprefix("suites/") for check in proof.healthy} | killed_by.keys())
    done = [each for jobs in proof.runs.values() for each in jobs]
    return {
        "schema": 1,
        "partial": proof.partial,
        "selection": "some" if proof.only_some else "all",
        "full": proof.full,
        "sample": proof.sample,
        "exit_code": proof.exit_code(),
        "finished_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "duration_s": round(time.monotonic() - proof.began, 1),
        "lanes": lanes,
        "lanes_busy_s": round(sum(each.took_s for each in done), 1),
        "sum_of_stage_times_s": round(sum(each.run.took_s for each in done), 1),
        "problems": [{"fault": problem.fault, "check": problem.check, "text": problem.text} for problem in proof.problems()],
        "faults": [_fault(row, diagnoses[row.name]) for row in rows],
        "checks": [{"check": name, "killed_by": sorted(killed_by.get(name, []))} for name in functions],
        "healthy": {"checks": len(proof.healthy), "not_passed": [p.check for p in matrix.not_healthy(proof.healthy.values())]},
    }


def _fault(row: Row, diagnosis: str) -> dict[str, Any]:
    groups = row.groups()
    return {
        "name": row.name,
        "parts": [
            {key: fault[key] for key in ("name", "sentence", "part", "class", "severity", "finding", "rulings")}
            for fault in row.faults
        ],
        "severity": row.severity,
        "took_s": round(row.took_s, 2),
        "exit_code": row.exit_code,
        "ran": len(row.checks),
        "diagnosed": not diagnosis,
        "why_not_diagnosed": diagnosis,
        "first": {"check": groups[0].members[0]["id"], **groups[0].finding} if groups else None,
        "seen_by": [
            {
                "check": check["id"].removeprefix("suites/"),
                "outcome": check["outcome"],
                "part": row.part_of(check["id"]),
                "finding": check["finding"],
            }
            for check in row.checks
            if check["outcome"] != "passed"
        ],
    }
