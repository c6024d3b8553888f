"""What may answer in place of the MVP: servers on loopback that say one thing to everybody, or nothing at all."""

import contextlib
import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import trustme

HTML = b"<!doctype html><html><title>Welcome to nginx!</title><h1>It works</h1></html>"


@dataclass
class Target:
    """A port; `asked` counts connections."""

    port: int
    asked: int = 0


def page(status: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """A whole answer; `length` announces more than is sent."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextlib.contextmanager
def answering(reply: bytes | None, tls: ssl.SSLContext | None = None) -> Iterator[Target]:
    """Gives `reply` to every connection; None is silence for as long as the test lasts. `{port}` in it is the own port."""
    with socket.create_server(("127.0.0.1", 0)) as listener, contextlib.ExitStack() as held:
        target = Target(listener.getsockname()[1])
        told = reply and reply.replace(b"{port}", str(target.port).encode())

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return  # the listener was closed: the test is over
                target.asked += 1
                held.callback(connection.close)
                with contextlib.suppress(OSError):  # the client hung up, which is its right
                    _answer(connection, told, tls)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield target
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=10)


def _answer(connection: socket.socket, told: bytes | None, tls: ssl.SSLContext | None) -> None:
    connection.settimeout(10)
    if tls:
        connection = tls.wrap_socket(connection, server_side=True)
    if told is not None:
        connection.recv(65_536)
        connection.sendall(told)
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()


@contextlib.contextmanager
def closed() -> Iterator[Target]:
    """A port that was free a moment ago: nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    yield Target(port)


def certificate(authority: trustme.CA, *names: str, expired: bool = False) -> ssl.SSLContext:
    """A server's side of TLS with a certificate for `names`."""
    now = dt.datetime.now(dt.UTC)
    ends = now - dt.timedelta(days=1) if expired else now + dt.timedelta(days=30)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, not_before=ends - dt.timedelta(days=60), not_after=ends).configure_cert(context)
    return context


def written_profile(folder: Path, authority: trustme.CA, url: str, *also_allowed: str) -> Path:
    """A profile whose API and pages are at `url`."""
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    hosts = ",".join([url.partition("://")[2], *also_allowed])
    keys = {
        "LV_NAME": "strange",
        "LV_DEPLOYMENT": "external",
        "LV_PROTECTED": "false",
        "LV_API_URL": url,
        "LV_WEB_URL": url,
        "LV_ALLOWED_HOSTS": hosts,
        "LV_CA_FILE": str(ca_file),
    }
    profile = folder / "strange.env"
    profile.write_text("".join(f"{key}={value}\n" for key, value in keys.items()), encoding="utf-8")
    return profile
