"""Several uvicorn servers in one event loop, on sockets that are bound before their addresses are published."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Literal

import uvicorn
from starlette.types import ASGIApp

from sandbox.process import faults
from sandbox.process.certificates import Certificate
from sandbox.process.children import PartFailed

CIPHERS = "HIGH:!aNULL:!MD5"  # contract 8.2
GRACE_S = 1  # for requests that are running when the sandbox ends


class Listener:
    """A bound loopback port."""

    def __init__(self, scheme: Literal["http", "https"]) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", 0))
        self.url = f"{scheme}://127.0.0.1:{self.socket.getsockname()[1]}"


class Server(uvicorn.Server):
    """One of several: signals are handled by the launcher."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server_context(_config: uvicorn.Config, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1 if faults.OLD_TLS.on else ssl.TLSVersion.TLSv1_2
    if faults.OLD_TLS.on:
        context.set_ciphers(f"{CIPHERS}:@SECLEVEL=0")  # OpenSSL speaks the old versions at this level only
    if faults.WEAK_CIPHERS.on:
        context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    if faults.NEW_TLS_MISSING.on:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
    return context


def server(app: ASGIApp, certificate: Certificate | None = None, lifespan: Literal["on", "off", "auto"] = "auto") -> Server:
    config = uvicorn.Config(
        app,
        lifespan=lifespan,
        http="httptools",
        ws="websockets-sansio",  # the implementation that websockets 15 does not call deprecated
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the edge decides what it believes about its client
        timeout_graceful_shutdown=GRACE_S,
        ssl_certfile=certificate.file if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
        ssl_ciphers=CIPHERS,
        ssl_context_factory=_server_context if certificate else None,
    )
    return Server(config)


async def serve(name: str, server: Server, listener: Listener) -> None:
    """Until `server.should_exit`; PartFailed if its app does not start. Uvicorn has logged why."""
    try:
        await server.serve(sockets=[listener.socket])
    except SystemExit as error:
        raise PartFailed(name, "its start-up failed; the reason is above") from error


async def started(servers: dict[str, Server], running: asyncio.Future[None]) -> None:
    """Until all servers accept requests. Raises what ends `running` before that."""
    while not all(server.started for server in servers.values()):
        if running.done():
            running.result()
        await asyncio.sleep(0.005)
