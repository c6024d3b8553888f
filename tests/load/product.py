"""A product in miniature on loopback that signs in and answers each path of the journey as a test wants it."""

import contextlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


@dataclass
class Small:
    """`misbehave` says what happens to a path instead of 200; `arrivals` counts requests, `headers` are those of the last one."""

    port: int = 0
    password: str = "right-password-1"
    misbehave: Mapping[str, Callable[["Handler"], None]] = field(default_factory=dict)
    arrivals: Counter[str] = field(default_factory=Counter)
    headers: dict[str, str] = field(default_factory=dict)

    def profile(self, folder: Path, **more: str) -> Path:
        """A profile file that names this product."""
        told = {
            "LV_NAME": "small",
            "LV_DEPLOYMENT": "external",
            "LV_PROTECTED": "false",
            "LV_API_URL": f"http://127.0.0.1:{self.port}",
            "LV_WEB_URL": f"http://127.0.0.1:{self.port}",
            "LV_ALLOWED_HOSTS": f"127.0.0.1:{self.port}",
            "LV_MAX_RPS": "500",
            "LV_TIMEOUT_S": "2",
            "LV_RATE_LIMIT_PER_MINUTE": "100000",
            "LV_VIEWER_EMAIL": "viewer@example.com",
            "LV_VIEWER_PASSWORD": "right-password-1",
        } | more
        path = folder / "small.env"
        path.write_text("".join(f"{key}={value}\n" for key, value in told.items()))
        return path


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    product: Small

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.product.arrivals[path] += 1
        self.product.headers = {name.lower(): value for name, value in self.headers.items()}
        self.product.misbehave.get(path, ok)(self)

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        right = sent["password"] == self.product.password
        self.answer(200 if right else 401, b'{"access_token": "a.b.c", "expires_in": 600}' if right else b'{"detail": "no"}')

    def answer(self, status: int, body: bytes = b"{}", *, claimed: int | None = None, location: str | None = None) -> None:
        """`claimed` is a length that the answer says instead of its own."""
        self.send_response(status)
        self.send_header("content-length", str(len(body) if claimed is None else claimed))
        if location:
            self.send_header("location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


def ok(handler: Handler) -> None:
    handler.answer(200)


def unavailable(handler: Handler) -> None:
    handler.answer(503)


def slow(handler: Handler) -> None:
    time.sleep(1.2)
    handler.answer(200)


def hang(handler: Handler) -> None:
    time.sleep(4)
    handler.close_connection = True


def drop(handler: Handler) -> None:
    """The connection ends without a word."""
    handler.close_connection = True


def truncate(handler: Handler) -> None:
    """Less than was announced."""
    handler.answer(200, b'{"data": [', claimed=500)
    handler.close_connection = True


def redirect(handler: Handler) -> None:
    handler.answer(302, location="/api/elsewhere")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


@contextlib.contextmanager
def serving(misbehave: Mapping[str, Callable[[Handler], None]] | None = None) -> Iterator[Small]:
    product = Small(misbehave=misbehave or {})
    server = _Server(("127.0.0.1", 0), type("Bound", (Handler,), {"product": product}))
    product.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield product
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
