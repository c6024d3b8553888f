"""The HTTP server of these tests: on loopback, plain or TLS, and what it replies is the value of a function of the request."""

import contextlib
import functools
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PIECE = 1_000_000  # bytes that are written at once


@dataclass(frozen=True)
class Request:
    """`target` is the path with its query; header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True)
class Reply:
    """A body that is sent `times` times, once `wait` is set.

    `length` is announced instead of the body's own, and then the connection ends. `raw` are pieces that are sent as they are in
    place of everything else, before the connection ends; without a piece it ends without a word.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    wait: threading.Event | None = None
    length: int | None = None
    raw: Iterable[bytes] | None = None

    def head(self) -> bytes:
        length = len(self.body) * self.times if self.length is None else self.length
        fields = {"date": formatdate(usegmt=True), "content-length": str(length)} | dict(self.headers)
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}", *(f"{name}: {fields[name]}" for name in fields)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


Respond = Callable[[Request], Reply]
HANG_UP = Reply(raw=())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, respond: Respond, connected: Callable[[], None], *args: Any) -> None:
        self._respond, self._connected = respond, connected
        super().__init__(*args)

    def setup(self) -> None:
        self._connected()
        super().setup()

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self._respond(Request(self.command, self.path, headers, body))
        if reply.wait:
            reply.wait.wait(30)
        self.close_connection |= reply.length is not None or reply.raw is not None
        try:
            self._send(reply)
        except ConnectionError:
            self.close_connection = True  # the client hung up, which some tests are about

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_TRACE = answer  # noqa: N815 - http.server's names

    def _send(self, reply: Reply) -> None:
        if reply.raw is not None:
            for piece in reply.raw:
                self.wfile.write(piece)
            return
        body = reply.body if self.command != "HEAD" else b""
        at_once = max(1, PIECE // max(1, len(body)))
        self.wfile.write(reply.head() + body * min(reply.times, at_once))
        for sent in range(at_once, reply.times, at_once):
            self.wfile.write(body * min(reply.times - sent, at_once))

    def log_message(self, *_: object) -> None:
        """Quiet: a test notes what it wants to know."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up or refuses the certificate is no error of the server."""


@contextlib.contextmanager
def serving(
    respond: Respond, *, tls: ssl.SSLContext | None = None, connected: Callable[[], None] = lambda: None
) -> Iterator[int]:
    """The port. `connected` is called for each connection."""
    with _Server(("127.0.0.1", 0), functools.partial(_Handler, respond, connected)) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
