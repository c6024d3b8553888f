"""The target that a run may reach: a small web server on loopback that notes what arrives and answers as its path says."""

import gzip
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Arrival:
    """One request as the target got it. Header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Home:
    port: int
    arrivals: list[Arrival] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    home: Home

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.home.arrivals.append(Arrival(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        path = urlsplit(self.path).path
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if path == "/to":
            self._send(int(query["status"]), b"", {"location": query["where"]})
        elif path == "/large":
            self._send(200, b"x" * 12_000_000)
        elif path == "/bomb":
            self._send(200, gzip.compress(bytes(12_000_000)), {"content-encoding": "gzip"})
        elif path == "/packed":
            self._send(200, gzip.compress(b"unpacked"), {"content-encoding": "gzip"})
        elif path in ("/drip/headers", "/drip/body"):
            self._drip(headers=path.endswith("headers"))
        elif path == "/hang":
            time.sleep(1)
            self.close_connection = True
        elif path in ("/api/auth/login", "/auth/v1/token"):
            self._json(200, {"access_token": "token-of-an-operator", "user": {"roles": ["operator"]}})
        elif self.command == "POST" and path == "/api/contacts/":
            self._json(201, {"id": "c-1"})
        else:
            self._json(200, {"path": self.path})

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_TRACE = answer  # noqa: N815 - the server's names

    def _json(self, status: int, content: Any) -> None:
        self._send(status, json.dumps(content).encode(), {"content-type": "application/json", "set-cookie": "session=1"})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has had enough, which is what some tests are about

    def _drip(self, *, headers: bool) -> None:
        """A little every tenth of a second for ten seconds, so that no pause is long."""
        self.send_response(200)
        self.send_header("content-length", "100")
        self.flush_headers()
        try:
            if not headers:
                self.end_headers()
            for number in range(100):
                self.wfile.write(f"x-{number}: y\r\n".encode() if headers else b".")
                time.sleep(0.1)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Quiet: what arrives is in `arrivals`."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests are about."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving() -> Iterator[Home]:
    home = Home(0)
    handler = type("Handler", (_Handler,), {"home": home})
    with _Server(("127.0.0.1", 0), handler) as server:
        home.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield home
        server.shutdown()
