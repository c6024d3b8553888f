"""The sandbox's life: it starts whole or says why not, it ends without a trace, and several never disturb each other."""

import signal
import socket
import ssl
import sys
from pathlib import Path

import httpx
import pytest
from dotenv import dotenv_values

from fixtures.plugin import sandbox_process
from tests.sandbox.starting import PATIENCE_S, REAL, Sandbox, launch, up, wait_for

pytestmark = pytest.mark.slow


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


def test_shares_one_at_a_time(standins: list[str], cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed sandbox left behind neither blocks the next one nor looks alive to those that would attach."""
    monkeypatch.setattr(sandbox_process, "ATTACH_FILE", cache / "sandbox.env")
    (cache / "sandbox.env").write_text("LV_NAME=stale\n")
    (cache / "sandbox.lock").touch()
    assert sandbox_process.attachable() is None

    with up(standins, "up", "--json", "--share", temporary=tmp_path / "t"):
        assert sandbox_process.attachable() == cache / "sandbox.env"
        assert dotenv_values(cache / "sandbox.env")["LV_NAME"] == "sandbox"
        second = launch(standins, "up", "--json", "--share", temporary=tmp_path / "t2")
        _, message = second.communicate(timeout=PATIENCE_S)
        assert (second.returncode, "one is running already" in message) == (1, True), message

    assert sandbox_process.attachable() is None
    assert not (cache / "sandbox.env").exists()


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
