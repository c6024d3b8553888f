"""Small sites on loopback that note what arrives, and a policy to go with them."""

import contextlib
import functools
import http.server
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import trustme

from fixtures.browser_target import Request
from fixtures.evidence import Exchange

Answer = tuple[int, Mapping[str, str], str]  # status, headers, body


@dataclass
class Site:
    """A server on loopback. `arrived` holds "a connection" for each that was opened, and "METHOD /path" of each request."""

    scheme: str
    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    arrived: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)  # of the newest request, names in lower case

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def requests(self) -> list[str]:
        return [line for line in self.arrived if line != "a connection"]

    def page(self, path: str, body: str, *, status: int = 200, **headers: str) -> str:
        """Serve `body` at `path`; its address. A header is named in Python's way: content_type."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"content-type": "text/html; charset=utf-8"} | named, body)
        return self.url + path


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, site: Site, *args: Any) -> None:
        self.site = site
        super().__init__(*args)

    def setup(self) -> None:
        self.site.arrived.append("a connection")
        super().setup()

    def answer(self) -> None:
        self.site.arrived.append(f"{self.command} {self.path}")
        self.site.headers = {name.lower(): value for name, value in self.headers.items()}
        self.rfile.read(int(self.headers.get("content-length", "0")))
        status, headers, body = self.site.answers.get(urlsplit(self.path).path, (404, {}, ""))
        self.send_response(status)
        for name, value in {"access-control-allow-origin": "*", **headers, "content-length": str(len(body.encode()))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode() if self.command != "HEAD" else b"")

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer  # noqa: N815 - http.server's names

    def do_OPTIONS(self) -> None:
        """A preflight that allows anything."""
        self.site.arrived.append(f"OPTIONS {self.path}")
        self.send_response(204)
        for name in ("origin", "methods", "headers"):
            self.send_header(f"access-control-allow-{name}", "*")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's signature
        """Quiet."""


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no news."""


@contextlib.contextmanager
def serving(authority: trustme.CA | None, certified_as: str = "127.0.0.1") -> Iterator[Site]:
    """An https site certified by the authority; a plain one without."""
    site = Site("https" if authority else "http")
    server = _Server(("127.0.0.1", 0), functools.partial(_Handler, site))
    site.port = server.server_port
    if authority:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(certified_as).configure_cert(tls)
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


class NotAllowed(Exception):  # noqa: N818 - stands for what the policy raises
    refused_by_suite = True
    remedy = "allow it"


@dataclass
class Permits:
    """A policy: these origins, and unsafe methods or not. `exchanges` is what the guard has seen."""

    origins: set[str]
    unsafe: bool = False
    exchanges: list[Exchange] = field(default_factory=list)

    def check(self, request: Request) -> None:
        parts = urlsplit(request.url)
        origin = f"{parts.scheme.replace('ws', 'http')}://{parts.netloc}"
        if origin not in self.origins:
            raise NotAllowed(f"{origin} is not an allowed host")
        if request.method not in ("GET", "HEAD", "OPTIONS") and not self.unsafe:
            raise NotAllowed(f"{request.method} changes things")
