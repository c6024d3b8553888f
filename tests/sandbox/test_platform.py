"""The sandbox's life: it starts whole or says why not, it ends without a trace, and several never disturb each other."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from dotenv import dotenv_values

from fixtures.plugin import deployment
from sandbox import faults
from sandbox.process import children

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120.0  # far above what is ever needed, below a hanging run
REAL = ["-m", "sandbox"]
# The platform below parts that only say ok, with caches of its own; arguments as for `python -m sandbox`, after the cache.
STANDINS = [
    "-c",
    """
import sys
from pathlib import Path
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from sandbox import __main__, parts, postgres, profile

def answering(_settings, *_parts):
    return Starlette(routes=[Route("/{path:path}", lambda request: PlainTextResponse("ok"))])

postgres.CACHE = Path(sys.argv.pop(1))
profile.SHARED = postgres.CACHE / "sandbox.env"
parts.load = lambda: parts.Parts(answering, answering, answering, answering, answering, answering, preparations=())
sys.exit(__main__.main())
""",
]


@dataclass
class Sandbox:
    """A started sandbox: its JSON line, and where all its temporary files are."""

    process: subprocess.Popen[str]
    temporary: Path
    facts: dict[str, Any] = field(default_factory=dict)

    def traces(self) -> list[str]:
        """Files that it left, and processes that work in its directory or were told of it."""
        left = [str(path) for path in self.temporary.iterdir()]
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and str(self.temporary) in _about(entry):
                left.append(f"process {entry.name}: {_about(entry)}")
        return left

    def wait_without_traces(self) -> None:
        wait_for(lambda: not self.traces(), lambda: f"left behind: {self.traces()}")


def _about(process: Path) -> str:
    try:
        return f"{process.joinpath('cmdline').read_text()} {process.joinpath('cwd').readlink()}".replace("\0", " ")
    except OSError:
        return ""  # it ended meanwhile


def wait_for(true: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.02)


def launch(program: list[str], *arguments: str, temporary: Path, **environment: str) -> subprocess.Popen[str]:
    temporary.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, *program, *arguments],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": ""} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def up(program: list[str], *arguments: str, temporary: Path) -> Iterator[Sandbox]:
    process = launch(program, *arguments, temporary=temporary)
    assert process.stdout
    assert process.stderr
    with process:
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield Sandbox(process, temporary, json.loads(line))
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For PostgreSQL's template, shared by the tests of this module."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def standins(cache: Path) -> list[str]:
    return [*STANDINS, str(cache)]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_leaves_no_trace(standins: list[str], tmp_path: Path, ending: signal.Signals) -> None:
    """Neither process nor file, whichever way it ends."""
    profile = tmp_path / "asked-for.env"
    with up(standins, "up", "--json", "--write-env", str(profile), temporary=tmp_path / "t") as sandbox:
        assert len(sandbox.traces()) >= 3  # the look-out works: the directory, a database, a reaper
        sandbox.process.send_signal(ending)
        code = sandbox.process.wait(PATIENCE_S)

    assert code == (-ending if ending == signal.SIGKILL else 0)
    sandbox.wait_without_traces()
    assert not profile.exists()


def test_ends_with_its_parent(standins: list[str], tmp_path: Path) -> None:
    """A test run that is killed takes its sandbox along."""
    temporary = tmp_path / "t"
    profile = tmp_path / "sandbox.env"
    parent_program = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    command = [sys.executable, *standins, "up", "--json", "--write-env", str(profile)]
    parent = launch(["-c", parent_program, *command], temporary=temporary)
    with parent:
        wait_for(profile.exists, lambda: "the sandbox did not start")
        parent.kill()

    Sandbox(parent, temporary).wait_without_traces()
    assert not profile.exists()


def test_ends_while_it_starts(standins: list[str], tmp_path: Path) -> None:
    """Ctrl-C does not have to wait for the end of the start."""
    process = launch(standins, "up", temporary=tmp_path / "t")
    sandbox = Sandbox(process, tmp_path / "t")
    with process:
        wait_for(lambda: any("postgres" in trace for trace in sandbox.traces()), lambda: "no PostgreSQL yet")
        process.send_signal(signal.SIGINT)

        assert process.wait(PATIENCE_S) == 128 + signal.SIGINT
    sandbox.wait_without_traces()


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


def test_shares_one_at_a_time(standins: list[str], cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed sandbox left behind neither blocks the next one nor looks alive to those that would attach."""
    monkeypatch.setattr(deployment, "ATTACH_FILE", cache / "sandbox.env")
    (cache / "sandbox.env").write_text("LV_NAME=stale\n")
    (cache / "sandbox.lock").touch()
    assert deployment.attachable() is None

    with up(standins, "up", "--json", "--share", temporary=tmp_path / "t"):
        assert deployment.attachable() == cache / "sandbox.env"
        assert dotenv_values(cache / "sandbox.env")["LV_NAME"] == "sandbox"
        second = launch(standins, "up", "--json", "--share", temporary=tmp_path / "t2")
        _, complaint = second.communicate(timeout=PATIENCE_S)
        assert (second.returncode, "one is running already" in complaint) == (1, True), complaint

    assert deployment.attachable() is None
    assert not (cache / "sandbox.env").exists()


def test_names_a_missing_program(standins: list[str], tmp_path: Path) -> None:
    process = launch(standins, "up", temporary=tmp_path / "t", SANDBOX_PG_BIN="/nonexistent")
    _, complaint = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 1
    assert "PostgreSQL did not start: SANDBOX_PG_BIN=/nonexistent has no initdb and postgres" in complaint
    assert "remedy: " in complaint
    Sandbox(process, tmp_path / "t").wait_without_traces()


def test_shows_the_log_of_a_program_that_fails(standins: list[str], tmp_path: Path) -> None:
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\necho 'Fatal error, cannot open the configuration'\nexit 3\n")
    broken.chmod(0o755)
    process = launch(standins, "up", temporary=tmp_path / "t", SANDBOX_REDIS_BIN=str(broken))
    _, complaint = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 1
    assert "Redis did not start: it exited with code 3" in complaint
    assert "  | Fatal error, cannot open the configuration" in complaint
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


def test_control_refuses_what_it_cannot_do(standins: list[str], tmp_path: Path) -> None:
    """A name outside the catalogue gets the nearest ones; a fault of the start says how to have it."""
    with (
        up(standins, "up", "--json", temporary=tmp_path / "t") as sandbox,
        httpx.Client(base_url=sandbox.facts["control_url"], timeout=PATIENCE_S) as control,
    ):
        unknown = control.put("/faults/databse-down")
        late = control.put("/faults/certificate-expired")

        assert (unknown.status_code, "database-down" in unknown.json()["detail"]) == (404, True)
        assert (late.status_code, "--fault certificate-expired" in late.json()["detail"]) == (409, True)
        assert [fault["on"] for fault in control.get("/faults").json() if fault["on"]] == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("certificate-expired", "certificate has expired"), ("certificate-wrong-host", "not valid for '127.0.0.1'")],
)
def test_certificate_faults_break_the_handshake(standins: list[str], tmp_path: Path, fault: str, reason: str) -> None:
    """Of the public address only: the vendors' certificates stay good."""
    with up(standins, "up", "--json", "--fault", fault, temporary=tmp_path / "t") as sandbox:
        with pytest.raises(ssl.SSLCertVerificationError, match=reason):
            handshake(sandbox.facts["app_url"], sandbox.facts["ca_file"])
        assert handshake(sandbox.facts["supabase_url"], sandbox.facts["ca_file"]) in {"TLSv1.2", "TLSv1.3"}


def handshake(url: str, authority: str) -> str | None:
    address = httpx.URL(url)
    context = ssl.create_default_context(cafile=authority)
    with (
        socket.create_connection((address.host, address.port or 443), timeout=PATIENCE_S) as plain,
        context.wrap_socket(plain, server_hostname=address.host) as secured,
    ):
        return secured.version()


def test_an_unknown_fault_is_answered_with_the_nearest(standins: list[str], tmp_path: Path) -> None:
    process = launch(standins, "up", "--fault", "certificate-expried", temporary=tmp_path / "t")
    _, complaint = process.communicate(timeout=PATIENCE_S)

    assert (process.returncode, "certificate-expired" in complaint) == (2, True), complaint


def test_catalogue_is_listed() -> None:
    """With the faults of all parts, each named once and told in a sentence."""
    done = subprocess.run(
        [sys.executable, *REAL, "faults", "--json"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    listed = json.loads(done.stdout)

    assert {"certificate-expired", "database-down", "redis-down"} <= {fault["name"] for fault in listed}
    assert {"platform", "edge"} <= {fault["part"] for fault in listed}
    assert [fault["name"] for fault in listed if not fault["sentence"] or not fault["finding"]] == []
    assert listed == sorted(listed, key=lambda fault: (fault["part"], fault["name"]))


def test_a_fault_is_declared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "_catalogue", {})
    faults.declare("seen", "It is seen", part="platform", kind="data", severity=3, finding="it")

    with pytest.raises(ValueError, match="declared twice"):
        faults.declare("seen", "It is seen", part="platform", kind="data", severity=3, finding="it")


def test_the_whole_answers_as_its_profile_says(tmp_path: Path) -> None:
    """The real parts: healthy through the edge, over TLS that is verified, with a profile that only its owner can read."""
    with up(REAL, "up", "--json", "--app-env", "staging", temporary=tmp_path / "t") as sandbox:
        file = Path(sandbox.facts["env_file"])
        profile = dotenv_values(file, interpolate=False)
        context = ssl.create_default_context(cafile=profile["LV_CA_FILE"])
        with httpx.Client(base_url=profile["LV_API_URL"] or "", verify=context, timeout=PATIENCE_S) as client:
            health = client.get("/health").json()

        assert file.stat().st_mode & 0o777 == 0o600
        assert (health["status"], health["environment"]) == ("ok", "staging")
        assert sandbox.facts["control_url"] not in file.read_text()

    sandbox.wait_without_traces()
