"""The target changes under the run's feet: checks that looked at two deployments are evidence of neither."""

import threading
from pathlib import Path

import pytest

from tests.inputs import product_server
from tests.inputs.invocation import Outcome, finish, start
from tests.inputs.product_server import Reply, as_json

CHECK = "suites/smoke/test_liveness.py::test_frontend_is_served"
PAGE = b'<html lang="es"><title>Sistema de Automatizaci\xc3\xb3n de Llamadas</title></html>'


def run_while(changes: Reply | None, tmp_path: Path) -> Outcome:
    """One check passes; while it looks, /health begins to answer with `changes` (None: as before)."""
    held = threading.Event()
    with product_server.serving({"GET /login": Reply(200, PAGE, {"content-type": "text/html"}, wait=held)}) as home:
        process = start(CHECK, f"--env-file={home.write_profile(tmp_path)}")
        home.wait_for("GET /login")
        if changes:
            home.replies["GET /health"] = changes
        held.set()
        return finish(process)


def test_same_target_until_the_end_is_green(tmp_path: Path) -> None:
    """The check itself passes, so what the others see is the change."""
    outcome = run_while(None, tmp_path)

    assert outcome.run is not None
    assert (outcome.code, outcome.run["findings"], outcome.outcomes) == (0, [], {"passed"})
    assert outcome.run["target"]["version_at_end"] == "1.0.0"


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        (as_json({"status": "ok", "version": "1.0.1"}), "version 1.0.1 at the end"),
        (Reply(502, b"bad gateway"), "502 Bad Gateway: 'bad gateway'"),
    ],
    ids=["another build", "gone"],
)
def test_target_swapped_during_the_run_is_red(changes: Reply, seen: str, tmp_path: Path) -> None:
    """Although every check passed."""
    outcome = run_while(changes, tmp_path)

    assert outcome.run is not None
    assert (outcome.code, outcome.outcomes) == (1, {"passed"})
    assert [found["seen"] for found in outcome.run["findings"]] == [seen]
    assert "verify again" in outcome.text
    assert "verdict   GREEN" not in outcome.text
