"""A product in miniature that signs in, serves each journey, and misbehaves on a path as a test wants it."""

import contextlib
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fixtures.product.journeys import TITLE
from tests.servers import loopback
from tests.servers.loopback import HANG_UP, Reply, Request

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
NOT_FOUND = Reply(404, b'{"message": "no"}')
Misbehave = Mapping[str, Callable[[Request], Reply]]


@dataclass
class Small:
    """`misbehave` says what happens to a path instead; `arrivals` counts requests, `headers` are those of the last read.

    `rows` are what was created and not removed, by address.
    """

    port: int = 0
    password: str = "right-password-1"
    misbehave: Misbehave = field(default_factory=dict)
    arrivals: Counter[str] = field(default_factory=Counter)
    headers: Mapping[str, str] = field(default_factory=dict)
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
        values = people | {
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
        path.write_text("".join(f"{key}={value}\n" for key, value in (values | more).items() if value))
        return path

    def respond(self, request: Request) -> Reply:
        if request.path == "/api/auth/login":
            return self._login(request)
        path = request.path.rpartition("/")[0] + "/" if request.method == "DELETE" else request.path
        self.arrivals[path] += 1
        if path in self.misbehave:
            return self.misbehave[path](request)
        return {"GET": self._read, "POST": self._create, "DELETE": self._remove}.get(request.method, self._change)(request)

    def _login(self, request: Request) -> Reply:
        if json.loads(request.body)["password"] != self.password:
            return Reply(401, b'{"detail": "no"}')
        return Reply(body=b'{"access_token": "a.b.c", "expires_in": 600}')

    def _read(self, request: Request) -> Reply:
        self.headers = request.headers
        if request.path == "/login":
            return Reply(body=f"<title>{TITLE}</title>".encode())
        return _json(self._listed(request.path)) if request.path in READS else self._row(request.path)

    def _create(self, request: Request) -> Reply:
        if request.path not in COLLECTIONS:
            self.signatures.append(request.headers.get("x-twilio-signature", ""))
            return Reply(404, b'{"message": "Llamada no encontrada"}')
        row = json.loads(request.body) | {"id": f"id-{next(self.numbers)}"}
        self.rows[request.path + row["id"]] = row
        return _json(row, 201)

    def _change(self, request: Request) -> Reply:
        if request.path in self.rows:
            self.rows[request.path] |= json.loads(request.body)
        return self._row(request.path)

    def _remove(self, request: Request) -> Reply:
        if self.rows.pop(request.path, None) is None:
            return NOT_FOUND
        return Reply(204) if request.path.startswith("/api/campaigns/") else _json({"success": True})

    def _listed(self, path: str) -> Any:
        """With the rows that were created, newest first."""
        rows = [row for address, row in reversed(self.rows.copy().items()) if address.startswith(path)]
        if path == "/api/campaigns/":
            return rows
        return READS[path] | {"data": rows} if path == "/api/contacts/" else READS[path]

    def _row(self, path: str) -> Reply:
        row = self.rows.get(path)
        return _json(row) if row else NOT_FOUND


def _json(content: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(content).encode())


def right(request: Request) -> Reply:
    """What it would have replied anyway."""
    return _json(READS[request.path])


def unavailable(_: Request) -> Reply:
    return Reply(503, b"{}")


def slow(request: Request) -> Reply:
    time.sleep(1.2)
    return right(request)


def hang(_: Request) -> Reply:
    time.sleep(4)
    return HANG_UP


def drop(_: Request) -> Reply:
    """The connection ends without a word."""
    return HANG_UP


def truncate(_: Request) -> Reply:
    """Less than was announced."""
    return Reply(body=b'{"data": [', length=500)


def redirect(_: Request) -> Reply:
    return Reply(302, headers={"location": "/api/elsewhere"})


def wrong_content(_: Request) -> Reply:
    return Reply(body=b'{"status": "healthy"}')


def turn_away(_: Request) -> Reply:
    return Reply(429, b"{}", {"retry-after": "60"})


def shed(_: Request) -> Reply:
    return Reply(503, b"{}", {"retry-after": "5"})


@contextlib.contextmanager
def serving(misbehave: Misbehave | None = None) -> Iterator[Small]:
    product = Small(misbehave=misbehave or {})
    with loopback.serving(product.respond) as product.port:
        yield product
