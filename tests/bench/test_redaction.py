"""What redaction costs: its share of a smoke run, and megabytes a second."""

import json
import time
from pathlib import Path

from record.redaction import Redactor
from tests.bench.rounds import Measured, at_most, interleaved, show
from tests.bench.test_speed import smoke
from tests.conftest import RunningSandbox
from tests.record.redaction.canaries import CANARIES, KNOWN

SIZE, ROUNDS = 1_000_000, 3


def test_share_of_a_run(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """Of one process, from its start to its end."""
    written = tmp_path / "redaction.json"
    measuring = ("-p", "tests.bench.redacting", "-W", "ignore::pytest.PytestAssertRewriteWarning")
    shares = []
    for _ in range(ROUNDS):
        smoke(sandbox, *measuring, environment={"BENCH_REDACTION": str(written)})
        spent = json.loads(written.read_text(encoding="utf-8"))
        assert spent["calls"] > 100
        shares.append(100 * spent["inside_s"] / spent["run_s"])

    at_most("redaction in a smoke run", Measured(tuple(shares)), 5, " %")


def test_speed_of_redacting() -> None:
    """On text without secrets, and on text that is full of them."""
    redactor = Redactor(KNOWN.values())
    quiet = "a line of a log that says what a request was answered with, in 12 ms\n" * (SIZE // 70)
    loud = "\n".join(canary.text for canary in CANARIES) * (SIZE // 4_000)
    speeds = interleaved(
        {"ordinary text": lambda: speed(redactor, quiet), "text full of secrets": lambda: speed(redactor, loud)}, ROUNDS
    )
    for what, measured in speeds.items():
        show(f"redacting {what}", measured.shown(" MB/s", 1))

    assert "[redacted]" in redactor.text(loud)
    assert redactor.text(quiet) == quiet


def speed(redactor: Redactor, text: str) -> float:
    began = time.perf_counter()
    redactor.text(text)
    return len(text) / (time.perf_counter() - began) / SIZE
