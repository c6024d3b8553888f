"""PostgreSQL and Redis start or say why not; they stop and come back with their data."""

import json
from pathlib import Path

import httpx
import psycopg
import pytest
from dotenv import dotenv_values

from sandbox.process import children
from tests.sandbox.starting import PATIENCE_S, STANDINS, Sandbox, launch, up


def test_two_start_at_once_on_an_empty_cache(tmp_path: Path) -> None:
    """They make PostgreSQL's template side by side and end up with one, whole."""
    program = [*STANDINS, str(tmp_path / "cache")]
    first, second = (launch(program, "up", "--json", temporary=tmp_path / name) for name in ("1", "2"))
    with first, second:
        try:
            lines = [process.stdout.readline() if process.stdout else "" for process in (first, second)]
            profiles = [dotenv_values(json.loads(line)["env_file"]) for line in lines]
            for profile in profiles:
                with psycopg.connect(profile["DATABASE_URL"] or "") as connection:
                    assert connection.execute("SELECT current_user, current_database()").fetchone() == ("app_backend", "mvp")
        finally:
            first.terminate()
            second.terminate()

    assert profiles[0]["DATABASE_URL"] != profiles[1]["DATABASE_URL"]
    templates = list((tmp_path / "cache").iterdir())
    assert [sorted(path.name for path in template.iterdir()) for template in templates] == [["data", "password"]]


def test_names_a_missing_program(standins: list[str], tmp_path: Path) -> None:
    process = launch(standins, "up", temporary=tmp_path / "t", SANDBOX_PG_BIN="/nonexistent")
    _, message = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 1
    assert "PostgreSQL did not start: SANDBOX_PG_BIN=/nonexistent has no initdb and postgres" in message
    assert "remedy: " in message
    Sandbox(process, tmp_path / "t").wait_without_traces()


def test_shows_the_log_of_a_program_that_fails(standins: list[str], tmp_path: Path) -> None:
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\necho 'Fatal error, cannot open the configuration'\nexit 3\n")
    broken.chmod(0o755)
    process = launch(standins, "up", temporary=tmp_path / "t", SANDBOX_REDIS_BIN=str(broken))
    _, message = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 1
    assert "Redis did not start: it exited with code 3" in message
    assert "  | Fatal error, cannot open the configuration" in message
    Sandbox(process, tmp_path / "t").wait_without_traces()


def test_a_taken_port_is_not_the_end() -> None:
    """Between choosing a port and listening on it, another program may be quicker."""
    tried: list[int] = []

    def start(port: int) -> None:
        tried.append(port)
        if len(tried) < 3:
            raise children.PortTaken

    assert children.on_a_free_port("Redis", start) == tried[-1]
    assert len(tried) == 3


def test_a_service_goes_and_comes_back_with_its_data(standins: list[str], tmp_path: Path) -> None:
    """`database-down` is a real stop of a real server, and so is its end."""
    with (
        up(standins, "up", "--json", temporary=tmp_path / "t") as sandbox,
        httpx.Client(base_url=sandbox.facts["control_url"], timeout=PATIENCE_S) as control,
    ):
        url = dotenv_values(sandbox.facts["env_file"])["DATABASE_URL"] or ""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")

        assert control.put("/faults/database-down").json()["on"] is True
        with pytest.raises(psycopg.OperationalError, match="refused"):
            psycopg.connect(url)
        assert control.delete("/faults").json() == {"active": []}
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
