"""A target that may be reached, a sink that may not, and a policy that knows the difference."""

import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from fixtures.policy import Policy
from fixtures.profile import Environment
from fixtures.wire import open_wire
from tests.reach import home as home_server
from tests.reach.home import Home


class Sink:
    """What must stay empty."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.port, self.datagram_port = map(int, self._line().split())

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()

    @property
    def arrivals(self) -> int:
        """Connections and datagrams since it started."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._line())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def sink() -> Generator[Sink]:
    """In a process of its own: the socket guard lets a process talk to itself."""
    command = [sys.executable, "-S", "-E", str(Path(__file__).parent / "sink.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Sink(process)
        assert process.stdin
        process.stdin.close()


@pytest.fixture
def home() -> Generator[Home]:
    with home_server.serving() as home:
        yield home


MakeEnvironment = Callable[..., Environment]


@pytest.fixture
def environment_of(home: Home) -> MakeEnvironment:
    """An environment whose only host is `home`; anything else as given."""

    def made(**changes: Any) -> Environment:
        told: dict[str, Any] = {
            "name": "reach",
            "file": Path("reach.env"),
            "protected": False,
            "api_url": home.url,
            "web_url": home.url,
            "allowed_hosts": frozenset({("127.0.0.1", home.port)}),
            "max_rps": 10_000.0,
            "timeout_s": 5.0,
        }
        return Environment(**(told | changes))

    return made


@pytest.fixture
def policy(environment_of: MakeEnvironment) -> Policy:
    return Policy(environment_of(), run_id="lv-test")


@pytest.fixture
def client(policy: Policy) -> Generator[httpx.Client]:
    """The guarded client of an unprotected environment."""
    with open_wire(policy.env, policy, policy.env.api_url) as opened:
        yield opened
