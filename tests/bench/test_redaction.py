"""What redaction costs: its share of a smoke run, and megabytes a second. Printed and not asserted."""

import json
import time
from pathlib import Path

from record.redaction import Redactor
from tests.bench.test_speed import show, smoke
from tests.conftest import RunningSandbox
from tests.record.redaction.canaries import CANARIES, KNOWN

SIZE = 1_000_000


def test_share_of_a_run(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """Of one process, from its start to its end."""
    told = tmp_path / "redaction.json"
    smoke(
        sandbox,
        "-p",
        "tests.bench.redacting",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
        environment={"BENCH_REDACTION": str(told)},
    )
    spent = json.loads(told.read_text(encoding="utf-8"))

    assert spent["calls"] > 100
    show("redaction in a smoke run", f"{100 * spent['inside_s'] / spent['run_s']:.1f} %, {spent['calls']:.0f} calls", "<= 5 %")


def test_speed_of_redacting() -> None:
    """On text without secrets, and on text that is full of them."""
    redactor = Redactor(KNOWN.values())
    quiet = "a line of a log that says what a request was answered with, in 12 ms\n" * (SIZE // 70)
    loud = "\n".join(canary.text for canary in CANARIES) * (SIZE // 4_000)
    for what, text in (("ordinary text", quiet), ("text full of secrets", loud)):
        began = time.perf_counter()
        clean = redactor.text(text)
        took = time.perf_counter() - began
        show(f"redacting {what}", f"{len(text) / took / SIZE:.1f} MB/s", "")
        assert ("[redacted]" in clean) is (text is loud)
