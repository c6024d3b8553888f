"""What a verdict costs, as ratios against a bare-bones floor, in rounds that take turns."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from fixtures.browser import chromium
from fixtures.profile import environment
from fixtures.profile.environment import Environment
from fixtures.wire.client import open_wire
from fixtures.wire.policy import Policy
from tests.bench.rounds import Measured, at_most, interleaved, seconds, show
from tests.conftest import RunningSandbox

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 3
REQUESTS = 400


def run(*command: str, cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> float:
    """Seconds until it ended; it has to succeed."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, *command], cwd=cwd, env=os.environ | (environment or {}), check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - began


def smoke(sandbox: RunningSandbox, *more: str, environment: Mapping[str, str] | None = None) -> float:
    return run("-m", "pytest", "-m", "smoke", "-q", f"--env-file={sandbox.profile_path}", *more, environment=environment)


@pytest.fixture(scope="module")
def trace(sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a smoke run sends and opens, as `floor.py` plays it. It holds live tokens, so it goes with the benches."""
    path = tmp_path_factory.mktemp("trace") / "trace.json"
    smoke(sandbox, "-p", "tests.bench.recording", environment={"BENCH_TRACE": str(path)})
    told = sandbox.profile
    people = {
        role: (told[f"LV_{role.upper()}_EMAIL"], told[f"LV_{role.upper()}_PASSWORD"]) for role in ("admin", "operator", "viewer")
    }
    target = {
        "ca_file": told["LV_CA_FILE"],
        "web_url": told["LV_WEB_URL"],
        "chromium": str(chromium.executable(os.environ, Path("/nowhere"))),
    }
    path.write_text(json.dumps({"profile": target, "identities": people, "steps": json.loads(path.read_text())}))
    yield path
    path.unlink()


def test_smoke_beside_a_bare_script(sandbox: RunningSandbox, trace: Path) -> None:
    """The same requests and pages, one after the other, with neither guard nor evidence nor verdict."""
    times = interleaved(
        {
            "floor": lambda: run("-m", "tests.bench.floor", str(trace)),
            "alone": lambda: smoke(sandbox),
            "two workers": lambda: smoke(sandbox, "-n", "2"),
        },
        ROUNDS,
    )
    show("the bare script", times["floor"].shown(" s"))
    show("smoke", times["alone"].shown(" s"))

    at_most("smoke beside a bare script", times["alone"].over(times["floor"]), 1.5)
    at_most("smoke -n 2 beside a bare script", times["two workers"].over(times["floor"]), 1.25)


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # one packet an answer: two would wait for each other (Nagle)

    def do_GET(self) -> None:
        body = b'{"data": []}'
        self.send_response_only(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Environment]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    file = tmp_path / "bench.env"
    file.write_text(
        f"LV_API_URL={url}\nLV_WEB_URL={url}\nLV_PROTECTED=false\nLV_MAX_RPS=100000\nLV_RATE_LIMIT_PER_MINUTE=1000000\n"
    )
    yield environment.load(str(file))
    server.shutdown()
    server.server_close()


def test_guard_and_recorder_beside_plain_httpx(target: Environment) -> None:
    """Per request on one kept connection, measured in turn."""
    guarded = open_wire(Policy(target, run_id="lv-bench"), target.api_url)
    plain = httpx.Client(base_url=target.api_url, trust_env=False)
    with guarded, plain:
        took = interleaved(
            {
                "plain": lambda: 1000 * seconds(lambda: plain.get("/api/contacts/")),
                "guarded": lambda: 1000 * seconds(lambda: guarded.get("/api/contacts/")),
            },
            REQUESTS,
        )
    show("a request of plain httpx", took["plain"].shown(" ms", 3))

    at_most("guard and recorder, more a request", took["guarded"].minus(took["plain"]), 0.5, " ms")


def test_collection_beside_an_empty_project(tmp_path: Path) -> None:
    """Listing every check against listing one that does nothing."""
    (tmp_path / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
    listing = ("-m", "pytest", "--collect-only", "-q")
    took = interleaved(
        {
            "ours": lambda: run(*listing),
            "empty": lambda: run(*listing, "-p", "no:locust", "-p", "no:valkey", cwd=tmp_path),
        },
        ROUNDS,
    )
    show("listing a project of one check", took["empty"].shown(" s"))

    at_most("listing every check", took["ours"], round(1.5 * took["empty"].median + 0.5, 2), " s")


def processes_below(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(found for child in map(int, children) for found in processes_below(child))]


def resident_mb(pid: int) -> float:
    """Of one process, shared pages counted by their share (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024


def started(*options: str) -> tuple[float, dict[str, Any], "subprocess.Popen[bytes]"]:
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "sandbox", "up", "--json", *options], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout
    announced: dict[str, Any] = json.loads(process.stdout.readline())
    return time.perf_counter() - began, announced, process


def test_sandbox_start_and_memory() -> None:
    """From the command to the last part answering; then what its processes hold."""
    took_s, memory = [], []
    for _ in range(ROUNDS):
        took, announced, process = started()
        took_s.append(took)
        memory.append(sum(resident_mb(pid) for pid in processes_below(announced["pid"])))
        process.terminate()
        process.communicate()

    at_most("sandbox ready, warm", Measured(tuple(took_s)), 6, " s")
    at_most("sandbox resident, without a browser", Measured(tuple(memory)), 700, " MB")
