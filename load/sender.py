"""One request at a time through the guard to one origin, over kept connections, each sent exactly once.

Of geventhttpclient only the parser and the interface of its pool are used: its client sends a GET again when the target drops it,
which would hide the drop.
"""

import contextlib
import itertools
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import gevent  # type: ignore[import-untyped] # gevent has no types
import gevent.monkey  # type: ignore[import-untyped] # gevent has no types
import gevent.socket  # type: ignore[import-untyped] # gevent has no types
from geventhttpclient.connectionpool import ConnectionPool
from geventhttpclient.response import HTTPSocketPoolResponse

from fixtures.profile.environment import Environment
from fixtures.wire.policy import Outgoing, Policy, outgoing
from fixtures.wire.transport import REQUEST_HEADER, RUN_HEADER, tls, user_agent
from record.sample import TIMEOUT

ON_THE_WIRE = (OSError, HTTPException)  # what a connection can raise; anything else is a mistake of ours and voids the run

# The operating system's own: gevent's would switch to other greenlets, and this only looks at a socket without waiting.
_poll, _POLLIN = gevent.monkey.get_original("select", ("poll", "POLLIN"))
_numbers = itertools.count(1)
_process = secrets.token_hex(3)


class CannotSend(Exception):  # noqa: N818 - states the fact
    """The run could not begin; the message says what would help."""


@dataclass(frozen=True)
class Response:
    """`status` is None and `error` says why, without one. `first_byte` is of the clock `time.perf_counter`."""

    status: int | None
    error: str | None
    body: bytes = b""
    first_byte: float | None = None
    retry_after: bool = False


class Connections(ConnectionPool):
    """Those to one origin: opened when none is idle, however many are in use, because a wait here would look like a slow product.

    They have no time limit of their own: the sender's covers the whole exchange. `opened` counts them.
    """

    def __init__(self, address: str, env: Environment) -> None:
        parts = urlsplit(address)
        secure = parts.scheme == "https"
        self.host, self.authority = parts.hostname or "", parts.netloc
        self.port = parts.port or (443 if secure else 80)
        super().__init__(self.host, self.port, self.host, self.port)
        self.tls = tls(env.files.ca) if secure else None
        self.idle: list[Any] = []
        self.opened = 0

    def get_socket(self) -> Any:
        while self.idle:
            kept = self.idle.pop()
            if _is_open(kept):
                return kept
            kept.close()
        self.opened += 1
        connection = gevent.socket.create_connection((self.host, self.port))
        try:
            return self.tls.wrap_socket(connection, server_hostname=self.host) if self.tls else connection
        except BaseException:  # a timeout of gevent is no Exception
            connection.close()
            raise

    def return_socket(self, sock: Any) -> None:
        self.idle.append(sock)

    def release_socket(self, sock: Any) -> None:
        sock.close()


class Sender:
    """`connections` are those to `address`, the origin."""

    def __init__(self, connections: Connections, policy: Policy, address: str) -> None:
        self._connections, self._policy, self._address = connections, policy, address
        self._headers = {
            "host": connections.authority,
            RUN_HEADER: policy.run_id,
            "user-agent": user_agent(),
            "accept": "application/json, text/html",
        }

    @property
    def connections(self) -> int:
        """How many were opened."""
        return self._connections.opened

    def describe(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"", must_be_refused: str | None = None
    ) -> Outgoing:
        return outgoing(method, self._address + target, headers, body, must_be_refused=must_be_refused)

    def admit(self, request: Outgoing) -> None:
        """GuardError when it may not leave; else waits for its turn."""
        self._policy.admit(request)

    def wait_turn(self, request: Outgoing) -> None:
        """Of a read that was admitted before."""
        self._policy.wait_turn(request)

    def send(self, method: str, target: str, headers: Mapping[str, str], limit_s: float, body: bytes = b"") -> Response:
        """After `admit`. The whole response has to be there within `limit_s`."""
        status: int | None = None
        first_byte: float | None = None
        try:
            with gevent.Timeout(limit_s):
                response = self._exchange(method, _head(method, target, {**self._headers, **headers}, body) + body)
                first_byte = time.perf_counter()
                status = response.status_code
                retry_after = status == 503 and response.get("retry-after") is not None
                return Response(status, None, bytes(response.read()), first_byte, retry_after)
        except (gevent.Timeout, TimeoutError):
            return Response(status, TIMEOUT, first_byte=first_byte)
        except ON_THE_WIRE as error:
            return Response(status, type(error).__name__, first_byte=first_byte)

    def _exchange(self, method: str, request: bytes) -> HTTPSocketPoolResponse:
        """The head of the response; its body is read from it, and its connection goes back to the pool then."""
        connection = self._connections.get_socket()
        try:
            with contextlib.suppress(ConnectionResetError, BrokenPipeError):  # the target may have answered before it hung up
                connection.sendall(request)
        except BaseException:  # a timeout of gevent is no Exception
            connection.close()
            raise
        return HTTPSocketPoolResponse(connection, self._connections, method=method)


def _head(method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """ValueError for a line break where none belongs: part of it comes from the target."""
    fields = {REQUEST_HEADER: f"lv-{_process}{next(_numbers):05x}", **headers}
    if body or method not in ("GET", "HEAD", "DELETE"):
        fields["content-length"] = str(len(body))
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    text = "\r\n".join(lines)
    if " " in target or not text.count("\r") == text.count("\n") == len(lines) - 1:
        raise ValueError(f"{method} {target!r} has a blank or a line break in its target or headers")
    return f"{text}\r\n\r\n".encode("latin-1")


def _is_open(sock: Any) -> bool:
    """An idle connection that can be read was closed by the target. By poll: select ends at file number 1,023."""
    try:
        poll = _poll()
        poll.register(sock.fileno(), _POLLIN)
        return not poll.poll(0)
    except (OSError, ValueError):
        return False
