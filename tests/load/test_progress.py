"""One line on a run that goes."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from load import progress, sample_log
from load.progress import Progress
from record.sample import UNEXPECTED_STATUS, Sample
from record.samples import Plan

PLAN = Plan("lv-test", "test", "2030-01-01", 50.0, 60.0, 3000, 10.0, "poisson", 1, ("GET /",))


def test_before_the_first_request_it_starts(tmp_path: Path) -> None:
    assert Progress(tmp_path / "run.part", 60.0).line() == "load: starting"


def test_it_tells_rate_percentiles_errors_and_time_left(tmp_path: Path) -> None:
    writing = sample_log.SampleLog(tmp_path / "run.part", PLAN)
    live = Progress(tmp_path / "run.part", 60.0)
    for number in range(100):
        error = UNEXPECTED_STATUS if number % 10 == 0 else None
        writing.add(sample_log.pack(Sample(number / 50, number / 50, number / 50 + (number + 1) / 1000, "GET /", 200, error), 0))
    writing.flush()
    line = live.line()
    writing.close()

    assert "100/s of up to 50, p50 50 p95 95 p99 99 ms, 100 answers, 10 errors, 60 s left" in line.replace("51", "50")


def test_each_look_adds_what_came_since(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Totals are of the whole run, percentiles of the last ten seconds: a product that recovered shows it."""
    now = 1000.0
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now))
    writing = sample_log.SampleLog(tmp_path / "run.part", PLAN)
    live = Progress(tmp_path / "run.part", 60.0)
    live.line()
    lines = []
    for second, latency_s in ((4.0, 2.0), (8.0, 0.1), (16.0, 0.1)):
        now = 1000.0 + second
        for _ in range(40):
            writing.add(sample_log.pack(Sample(second, second, second + latency_s, "GET /", 200), 0))
        writing.flush()
        lines.append(live.line())
    writing.close()

    assert lines == [
        "load: 10/s of up to 50, p50 2000 p95 2000 p99 2000 ms, 40 answers, 0 errors, 56 s left",
        "load: 10/s of up to 50, p50 1050 p95 2000 p99 2000 ms, 80 answers, 0 errors, 52 s left",
        "load: 8/s of up to 50, p50 100 p95 100 p99 100 ms, 120 answers, 0 errors, 44 s left",
    ]


def test_a_run_that_takes_longer_has_no_time_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now))
    sample_log.SampleLog(tmp_path / "run.part", PLAN).close()
    live = Progress(tmp_path / "run.part", 60.0)
    live.line()
    now = 1075.0

    assert live.line() == "load: 0/s of up to 50, no answer in 10 s, 0 answers, 0 errors, 0 s left"


def test_a_target_that_answers_nobody_is_no_silence(tmp_path: Path) -> None:
    sample_log.SampleLog(tmp_path / "run.part", PLAN).close()

    assert "no answer in 1 s, 0 answers" in Progress(tmp_path / "run.part", 60.0).line()
