"""A target that answers as a test says: healthy where nothing else is said, broken where it is."""

import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Reply:
    """`wait` is set when the answer may leave; None does not wait. A 50 MB body is `b"x"` fifty million times."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    wait: threading.Event | None = None


def as_json(content: object, status: int = 200, **headers: str) -> Reply:
    return Reply(status, json.dumps(content).encode(), JSON | {name.replace("_", "-"): value for name, value in headers.items()})


USER = {"id": "u-1", "email": "qa@example.com", "name": "QA", "roles": ["admin", "operator", "viewer"]}
TOKENS = {"access_token": "token-of-qa", "token_type": "bearer", "expires_in": 3600, "refresh_token": "renewal", "user": USER}
HEALTHY = {
    "GET /health": as_json({"status": "ok", "version": "1.0.0"}),
    "POST /api/auth/login": as_json(TOKENS),
}


@dataclass
class ProductServer:
    """`replies` are by "METHOD /path"; what stands nowhere is 404. `arrivals` counts the same way."""

    url: str
    replies: dict[str, Reply]
    clock_offset_s: float = 0.0
    arrivals: Counter[str] = field(default_factory=Counter)

    def write_profile(self, folder: Path, *more: str) -> Path:
        people = [
            f"LV_{role}_{key}={value}"
            for role in ("ADMIN", "OPERATOR", "VIEWER")
            for key, value in (("EMAIL", f"qa-{role.lower()}@example.com"), ("PASSWORD", "the-password"))
        ]
        lines = [f"LV_API_URL={self.url}", f"LV_WEB_URL={self.url}", "LV_PROTECTED=false", "LV_MAX_RPS=1000", *people, *more]
        path = folder / "invented.env"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def wait_for(self, request: str, *, times: int = 1, patience_s: float = 20.0) -> None:
        deadline = time.monotonic() + patience_s
        while self.arrivals[request] < times:
            assert time.monotonic() < deadline, f"{request} came {self.arrivals[request]} of {times} times"
            time.sleep(0.01)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    home: ProductServer

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        request = f"{self.command} {self.path.partition('?')[0]}"
        self.home.arrivals[request] += 1
        reply = self.home.replies.get(request, as_json({"detail": "Not Found"}, 404))
        if reply.wait:
            reply.wait.wait(30)
        try:
            self._send(reply)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has had enough

    do_GET = do_POST = do_DELETE = do_PATCH = do_PUT = answer  # noqa: N815 - the server's names

    def _send(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        self.send_header("date", formatdate(time.time() + self.home.clock_offset_s, usegmt=True))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(reply.body) * reply.times))
        self.end_headers()
        for _ in range(0, reply.times, 1_000_000):
            self.wfile.write(reply.body * min(reply.times, 1_000_000))

    def log_message(self, *_: object) -> None:
        """Quiet: what arrives is counted."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that refuses the certificate or hangs up is what the tests are about."""


@contextmanager
def serving(replies: Mapping[str, Reply] | None = None, tls: ssl.SSLContext | None = None) -> Iterator[ProductServer]:
    home = ProductServer("", {**HEALTHY, **(replies or {})})
    handler = type("Handler", (_Handler,), {"home": home})
    with _Server(("127.0.0.1", 0), handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        home.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield home
        server.shutdown()
