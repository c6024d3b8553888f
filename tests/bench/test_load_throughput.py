"""What measuring honestly costs: requests a second of a core, memory over time, and the judge's time for a million samples.

Ratios against plain Locust on the same scripted target in the same run; wrk, where it is installed, is the limit of the machine.
"""

import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fixtures.profile import objectives_file
from judge.health import reasons_to_void
from load import run
from load.run import RunRequest
from record import samples
from record.samples import Plan, Recording, Samples
from record.suite import ROOT
from tests.bench import targets
from tests.bench.rounds import Measured, at_least, at_most, interleaved, show
from tests.bench.targets import SENDER_CORE, Target

SHARES = (1.0, 0.96, 0.93, 0.9, 0.8, 0.7, 0.6)  # of what plain Locust sends in the same round, until one is a valid run
SECONDS, ROUNDS = 6.0, 3
SOAK_S = float(os.environ.get("BENCH_SOAK_S", "40"))
PLAIN = """from locust import FastHttpUser, task


class SampleLogReader(FastHttpUser):
    @task
    def health(self):
        self.client.get("/health")
"""
JUDGE = """import resource, sys
from load.__main__ import main
code = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
sys.exit(code)
"""
needs_two_cores = pytest.mark.skipif(len(targets.CORES) < 2, reason="target and generator need a core each")


def on_core(core: set[int]) -> Callable[[], None]:
    return lambda: os.sched_setaffinity(0, core)


def plain_locust(target: Target, folder: Path) -> float:
    """Requests a second of twenty users of Locust who never pause."""
    (folder / "locustfile.py").write_text(PLAIN)
    options = ["--headless", "-u", "20", "-r", "20", "-t", f"{SECONDS:g}s", "--only-summary", "--host", target.url]
    done = subprocess.run(
        [sys.executable, "-m", "locust", *options],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=on_core(SENDER_CORE),
    )
    found = re.findall(r"Aggregated.*?\|\s+([\d.]+)\s+[\d.]+\s*$", done.stdout + done.stderr, re.MULTILINE)
    return float(found[0])


def sent(target: Target, folder: Path, rate: float, seconds: float = SECONDS, **options: Any) -> run.RunResult:
    """By our generator on one core, unless the options say otherwise."""
    asked = RunRequest(target.profile, rate, seconds, "lv-bench", journeys=["vigilar"], keep_going=True, **options)
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, before if options.get("processes") else SENDER_CORE)
    try:
        return run.run(asked, folder=folder)
    finally:
        os.sched_setaffinity(0, before)


def sustained(target: Target, folder: Path, plain: float) -> float:
    """The highest of these rates at which a run is valid, in requests a second that it sent."""
    for share in SHARES:
        recording = sent(target, folder, share * plain).recording
        if not reasons_to_void(recording):
            return len(recording.samples) / float(recording.samples.end.max())
    return 0.0


@needs_two_cores
def test_a_core_sends_as_much_as_plain_locust(tmp_path: Path) -> None:
    """With intended starts, the guard, signed requests and looked-at contents, at least nine tenths of it."""
    with targets.serving("instant", tmp_path) as target:
        plain: list[float] = []
        ours: list[float] = []
        for _ in range(ROUNDS):
            plain.append(plain_locust(target, tmp_path))
            ours.append(sustained(target, tmp_path / "load", plain[-1]))
        if shutil.which("wrk"):
            told = subprocess.run(
                ["wrk", "-t1", "-c20", f"-d{SECONDS:g}s", f"{target.url}/health"],
                check=True,
                capture_output=True,
                text=True,
                preexec_fn=on_core(SENDER_CORE),
            ).stdout
            show("wrk, closed loop, requests a second", re.findall(r"Requests/sec:\s+([\d.]+)", told)[0])
    locust, own = Measured(tuple(plain)), Measured(tuple(ours))
    show("plain Locust FastHttpUser, closed loop, requests a second", locust.shown(digits=0))
    show("Luz Verde, open loop, requests a second of a valid run", own.shown(digits=0))

    at_least("Luz Verde beside plain Locust", own.over(locust), 0.9)


def cpu_s(run_it: Callable[[], object]) -> float:
    """Processor seconds of the children that the call waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run_it()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_cost_grows_with_the_requests(tmp_path: Path) -> None:
    """Four times the requests cost four times the processor, start and end of the program aside."""
    with targets.serving("instant", tmp_path) as target:
        spent = interleaved(
            {
                "empty": lambda: cpu_s(lambda: sent(target, tmp_path / "load", 10.0, 1.0)),
                "few": lambda: cpu_s(lambda: sent(target, tmp_path / "load", 1000.0, 4.0)),
                "many": lambda: cpu_s(lambda: sent(target, tmp_path / "load", 1000.0, 16.0)),
            },
            ROUNDS,
        )
    times = spent["many"].minus(spent["empty"]).over(spent["few"].minus(spent["empty"]))

    at_least("processor time of four times the requests", times, 3, " times")
    at_most("processor time of four times the requests", times, 5, " times")


@needs_two_cores
def test_two_workers_send_more_than_one(tmp_path: Path) -> None:
    """Where the target has cores of its own; here it shares the two, so what is compared is the work that a worker gets done."""
    rate = 2000.0
    with targets.serving("instant", tmp_path) as target:
        rates = interleaved(
            {
                "one": lambda: rate_of(sent(target, tmp_path / "one", rate, 6.0)),
                "two": lambda: rate_of(sent(target, tmp_path / "two", 1.9 * rate, 6.0, processes=2)),
            },
            ROUNDS,
        )

    assert max(rates["one"].values) > 0, "no run of one worker was valid"
    at_least("two workers beside one, each at its share of the rate", valid_rounds(rates["two"], rates["one"]), 1.7, " times")


def rate_of(outcome: run.RunResult) -> float:
    """Requests a second; 0 of a run that is not valid."""
    seen = outcome.recording.samples
    return 0.0 if reasons_to_void(outcome.recording) else len(seen) / float(seen.end.max())


def valid_rounds(ours: Measured, theirs: Measured) -> Measured:
    """The ratio of each round in which both were measured."""
    return Measured(tuple(mine / its for mine, its in zip(ours.values, theirs.values, strict=True) if its) or (0.0,))


def test_memory_is_flat(tmp_path: Path) -> None:
    """A run that lasts holds no more than one that does not: samples leave the process as they come."""
    sizes: list[tuple[float, int]] = []
    began = time.monotonic()

    def look(_: str) -> None:
        own = os.getpid()
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
            except OSError:
                continue  # it ended meanwhile
            of_locust = re.search(rf"^PPid:\s+{own}$", text, re.MULTILINE) and "locust" in (status.parent / "cmdline").read_text()
            size = re.search(r"^VmRSS:\s+(\d+)", text, re.MULTILINE)
            if of_locust and size:
                sizes.append((time.monotonic() - began, int(size[1])))

    with targets.serving("instant", tmp_path) as target:
        request = RunRequest(target.profile, 200.0, SOAK_S, "lv-bench", journeys=["vigilar"], shape="soak", keep_going=True)
        outcome = run.run(request, folder=tmp_path / "load", show=look)
    settled = [size for second, size in sizes if second > 0.3 * SOAK_S]
    early, late = np.median(settled[: len(settled) // 4]), np.median(settled[-len(settled) // 4 :])
    show(f"memory over {SOAK_S:.0f} s at 200 a second", f"{early / 1024:.0f} to {late / 1024:.0f} MB")

    assert not reasons_to_void(outcome.recording)
    assert late <= 1.05 * early


def test_a_million_samples_are_judged(tmp_path: Path) -> None:
    """From the file alone, every criterion for all of them and for each of twenty endpoints."""
    count, endpoints = 1_000_000, tuple(f"GET /api/{number}" for number in range(20))
    chance = np.random.default_rng(1)
    intended = np.arange(count) / 1000
    latency = chance.lognormal(-3, 0.6, count)
    seen = Samples(
        intended,
        intended + 0.001 * chance.random(count),
        intended + 0.9 * latency,
        intended + latency,
        chance.integers(0, len(endpoints), count).astype(np.uint16),
        np.full(count, 200, np.uint16),
        np.zeros(count, np.uint8),
        endpoints,
        ("",),
    )
    plan = Plan("lv-bench", "bench", "2030-01-01", 1000.0, 1000.0, count, 10.0, "constant", 1, objectives=objectives_file.read())
    path = tmp_path / "samples.npz"
    samples.write(path, Recording(plan, seen))
    began = time.monotonic()
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            JUDGE,
            "judge",
            str(path),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    took_s = time.monotonic() - began
    show(
        "a million samples: file, judged (seconds, memory)", f"{path.stat().st_size / 1e6:.0f} MB, {took_s:.1f} s, {told[-1]} MB"
    )

    assert told[-2] == "verdict: met"
    assert int(told[-1]) < 500
