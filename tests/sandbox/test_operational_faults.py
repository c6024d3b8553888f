"""Faults of files and counters come at once and leave nothing behind."""

from pathlib import Path

import dotenv

from tests.conftest import RunningSandbox

ABSENT = "0badc0de-0000-4000-8000-0000000000fa"


def test_production_file_is_written_anew_and_restored(sandbox: RunningSandbox) -> None:
    """To the last byte, invented vendor keys included."""
    file = Path(sandbox.profile["LV_ENV_PRODUCTION_FILE"])
    before = file.read_bytes()

    with sandbox.control("production-file-debug-on", "production-file-lacks-secret-key"):
        broken = dotenv.dotenv_values(file, interpolate=False)
    assert (broken["APP_DEBUG"], "SECRET_KEY" in broken) == ("true", False)
    assert file.read_bytes() == before
    assert file.stat().st_mode & 0o777 == 0o600


def test_raw_paths_leave_the_metrics_with_their_fault(sandbox: RunningSandbox) -> None:
    with sandbox.client("viewer") as client:
        with sandbox.control("metrics-labelled-by-raw-path"):
            client.get(f"/api/contacts/{ABSENT}")
            broken = metrics(sandbox)
        healed = metrics(sandbox)

    assert ABSENT in broken
    assert ABSENT not in healed


def metrics(sandbox: RunningSandbox) -> str:
    with sandbox.anonymous() as client:
        auth = (sandbox.profile["LV_METRICS_USER"], sandbox.profile["LV_METRICS_PASSWORD"])
        return client.get("/metrics", auth=auth).raise_for_status().text
