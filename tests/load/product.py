"""A product in miniature on loopback that signs in, serves each journey, and misbehaves on a path as a test wants it."""

import contextlib
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fixtures.product.journeys import TITLE

READS: dict[str, Any] = {
    "/health": {"status": "healthy"},
    "/api/auth/me": {"email": "viewer@example.com", "roles": ["viewer"]},
    "/api/contacts/": {"data": [], "total": 0, "page": 1, "limit": 10, "totalPages": 0},
    "/api/contacts/search": [],
    "/api/campaigns/": [],
    "/api/calls/": {"data": [], "total": 0, "page": 1, "page_size": 10, "total_pages": 0},
    "/api/calls/metrics": {"by_status": {}, "avg_duration": 0, "timeline": []},
    "/api/reports/performance_metrics": {"period": {}, "summary": {}, "by_status": {}, "timeline": []},
    "/api/reports/call_history": {"data": [], "total": 0, "page": 1, "page_size": 10, "total_pages": 0},
}
COLLECTIONS = ("/api/contacts/", "/api/campaigns/")


@dataclass
class Small:
    """`misbehave` says what happens to a path instead; `arrivals` counts requests, `headers` are those of the last read.

    `rows` are what was created and not removed, by address.
    """

    port: int = 0
    password: str = "right-password-1"
    misbehave: Mapping[str, Callable[["Handler"], None]] = field(default_factory=dict)
    arrivals: Counter[str] = field(default_factory=Counter)
    headers: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    signatures: list[str] = field(default_factory=list)

    def profile(self, folder: Path, **more: str) -> Path:
        """A profile file that names this product. An empty value leaves the key out."""
        people = {
            f"LV_{role}_{key}": value
            for role in ("VIEWER", "OPERATOR", "ADMIN")
            for key, value in (("EMAIL", f"{role.lower()}@example.com"), ("PASSWORD", "right-password-1"))
        }
        address = f"http://127.0.0.1:{self.port}"
        told = people | {
            "LV_NAME": "small",
            "LV_DEPLOYMENT": "external",
            "LV_PROTECTED": "false",
            "LV_API_URL": address,
            "LV_WEB_URL": address,
            "LV_ALLOWED_HOSTS": f"127.0.0.1:{self.port}",
            "LV_MAX_RPS": "500",
            "LV_TIMEOUT_S": "2",
            "LV_RATE_LIMIT_PER_MINUTE": "100000",
            "APP_URL": address,
            "TWILIO_AUTH_TOKEN": "a" * 32,
        }
        path = folder / "small.env"
        path.write_text("".join(f"{key}={value}\n" for key, value in (told | more).items() if value))
        return path


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    product: Small

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.product.headers = {name.lower(): value for name, value in self.headers.items()}
        if self._misbehaves(path):
            return
        if path == "/login":
            self.answer(200, f"<title>{TITLE}</title>".encode())
        elif path in READS:
            self.answer(200, json.dumps(self._listed(path)).encode())
        else:
            self._row(path)

    def do_POST(self) -> None:
        path, sent = urlsplit(self.path).path, self.rfile.read(int(self.headers["content-length"]))
        if path == "/api/auth/login":
            right = json.loads(sent)["password"] == self.product.password
            self.answer(200 if right else 401, b'{"access_token": "a.b.c", "expires_in": 600}' if right else b'{"detail": "no"}')
        elif self._misbehaves(path):
            return
        elif path in COLLECTIONS:
            row = json.loads(sent) | {"id": f"id-{next(self.product.numbers)}"}
            self.product.rows[path + row["id"]] = row
            self.answer(201, json.dumps(row).encode())
        else:
            self.product.signatures.append(self.headers.get("x-twilio-signature", ""))
            self.answer(404, b'{"message": "Llamada no encontrada"}')

    def do_PUT(self) -> None:
        changes = json.loads(self.rfile.read(int(self.headers["content-length"])))
        path = urlsplit(self.path).path
        if path in self.product.rows:
            self.product.rows[path] |= changes
        self._row(path)

    do_PATCH = do_PUT  # noqa: N815 - the name that http.server looks for

    def do_DELETE(self) -> None:
        path = urlsplit(self.path).path
        if self._misbehaves(path.rpartition("/")[0] + "/"):
            return
        known = self.product.rows.pop(path, None)
        if known is None:
            self.answer(404)
        elif path.startswith("/api/campaigns/"):
            self.answer(204)
        else:
            self.answer(200, b'{"success": true}')

    def _misbehaves(self, path: str) -> bool:
        self.product.arrivals[path] += 1
        misbehaviour = self.product.misbehave.get(path)
        if misbehaviour:
            with contextlib.suppress(ConnectionError):  # whoever asked may have gone
                misbehaviour(self)
        return misbehaviour is not None

    def _listed(self, path: str) -> Any:
        """With the rows that were created, newest first."""
        rows = [row for address, row in reversed(self.product.rows.copy().items()) if address.startswith(path)]
        if path == "/api/campaigns/":
            return rows
        return READS[path] | {"data": rows} if path == "/api/contacts/" else READS[path]

    def _row(self, path: str) -> None:
        row = self.product.rows.get(path)
        self.answer(200 if row else 404, json.dumps(row or {"message": "no"}).encode())

    def answer(self, status: int, body: bytes = b"{}", *, claimed: int | None = None, **headers: str) -> None:
        """`claimed` is a length that the answer says instead of its own; headers with _ for -."""
        body = b"" if status == 204 else body
        self.send_response(status)
        self.send_header("content-length", str(len(body) if claimed is None else claimed))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


def right(handler: Handler) -> None:
    """What it would have answered anyway."""
    handler.answer(200, json.dumps(READS[urlsplit(handler.path).path]).encode())


def unavailable(handler: Handler) -> None:
    handler.answer(503)


def slow(handler: Handler) -> None:
    time.sleep(1.2)
    right(handler)


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


def somebody_elses(handler: Handler) -> None:
    handler.answer(200, b'{"status": "healthy"}')


def turn_away(handler: Handler) -> None:
    handler.answer(429, retry_after="60")


def shed(handler: Handler) -> None:
    handler.answer(503, retry_after="5")


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
