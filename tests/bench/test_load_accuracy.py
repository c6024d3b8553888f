"""What a load run reports, beside the truth: stalls of every kind, on a target whose answers are scripted.

The truth is what people who come on time live through, whoever else waits (open loop). Locust's own users, paced as its
documentation recommends, wait for each answer before they ask again, and so miss just what a stall does.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from judge.criteria import latencies
from load import run
from load.run import RunRequest
from record.samples import Samples
from tests.bench import plain, targets
from tests.bench.rounds import first_that_holds
from tests.bench.scripted import PATTERNS, Pattern

RATE, SECONDS, ROUNDS = 100.0, 8.0, 3
OFF_AT_MOST = 0.05
USERS = 10
PACED = """from locust import FastHttpUser, constant_throughput, task


class SampleLogReader(FastHttpUser):
    wait_time = constant_throughput({pace})

{tasks}
"""
TASK = """    @task({weight})
    def read_{number}(self):
        self.client.get({target!r})
"""


class Seen(NamedTuple):
    mean_ms: float
    p99_ms: float


def truth(pattern: Pattern, samples: Samples) -> Seen:
    """Of requests that arrive exactly when they were meant to."""
    names = [samples.endpoints[code].partition(" ")[2] for code in samples.endpoint]
    known = [
        pattern.latency_s(start, number, name)
        for number, (start, name) in enumerate(zip(samples.intended_start, names, strict=True))
    ]
    return seen(np.array([each for each in known if np.isfinite(each)]))


def seen(seconds: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Seen:
    return Seen(1000 * float(seconds.mean()), 1000 * float(np.quantile(seconds, 0.99, method="inverted_cdf")))


def by_ours(name: str, folder: Path) -> Samples:
    with targets.serving(name, folder) as target:
        request = RunRequest(
            target.profile, RATE, SECONDS, "lv-bench", arrivals="constant", journeys=plain.NAMES, keep_going=True
        )
        outcome = run.run(request, folder=folder)
    assert not outcome.recording.problems, outcome.recording.problems
    return outcome.recording.samples


def by_locust(name: str, folder: Path) -> Seen:
    reads = [(journey.weight, step.target({})) for journey in plain.READING for step in journey.steps]
    tasks = "\n".join(TASK.format(weight=weight, number=number, target=target) for number, (weight, target) in enumerate(reads))
    with targets.serving(name, folder) as target:
        (folder / "locustfile.py").write_text(PACED.format(pace=RATE / USERS, tasks=tasks))
        options = [
            "--headless",
            "-u",
            str(USERS),
            "-r",
            str(USERS),
            "-t",
            f"{SECONDS:g}s",
            "--only-summary",
            "--json-file",
            "seen",
        ]
        subprocess.run(
            [sys.executable, "-m", "locust", "--host", target.url, *options], cwd=folder, check=False, capture_output=True
        )
    rows = json.loads((folder / "seen.json").read_text())
    counts: dict[int, int] = {}
    for row in rows:
        for milliseconds, count in row["response_times"].items():
            counts[int(float(milliseconds))] = counts.get(int(float(milliseconds)), 0) + count
    total, requests = sum(row["total_response_time"] for row in rows), sum(row["num_requests"] for row in rows)
    return Seen(total / requests, float(np.quantile(np.repeat([*counts], [*counts.values()]), 0.99, method="inverted_cdf")))


def off(found: Seen, true: Seen) -> tuple[float, float]:
    return tuple((mine - its) / its for mine, its in zip(found, true, strict=True))  # type: ignore[return-value] # two of two


def within(found: Seen, true: Seen) -> bool:
    return all(abs(mine - its) <= OFF_AT_MOST * its for mine, its in zip(found, true, strict=True))


@pytest.fixture(scope="module", autouse=True)
def heading() -> None:
    print(f"\n  {'stall':<36}{'truth: mean, p99':>20}{'Luz Verde':>22}{'Locust':>22}", end="")  # noqa: T201 - the table is the result


def measured(name: str, folder: Path) -> tuple[Seen, Seen, Seen]:
    """Ours, Locust's, and the truth."""
    found: dict[str, Seen] = {}
    other = threading.Thread(target=lambda: found.update(locust=by_locust(name, folder / "locust")))
    other.start()
    samples = by_ours(name, folder / "ours")
    other.join()
    return seen(latencies(samples)), found["locust"], truth(PATTERNS[name], samples)


@pytest.mark.slow
@pytest.mark.parametrize("name", PATTERNS)
def test_mean_and_p99_are_those_of_the_truth(name: str, tmp_path: Path) -> None:
    """Within five percent in one round of three; both tools measure at the same time, each a target of its own."""
    ours, locust, true = first_that_holds(lambda: measured(name, tmp_path), lambda seen: within(seen[0], seen[2]), ROUNDS)
    told = [f"{mean:+.0%} {p99:+.0%}" for mean, p99 in (off(ours, true), off(locust, true))]
    print(f"\n  {name:<36}{true.mean_ms:>12.0f} {true.p99_ms:>4.0f} ms{told[0]:>22}{told[1]:>22}", end="")  # noqa: T201

    assert within(ours, true), (ours, true)
