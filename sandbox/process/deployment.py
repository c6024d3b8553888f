"""The Python parts on their ports, all in one event loop, from an empty database to the last response."""

import asyncio
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox import faults
from sandbox.process import production_environment, serving
from sandbox.process.children import Children, PartFailed
from sandbox.process.foundation import Foundation, starting
from sandbox.process.parts import Parts
from sandbox.process.serving import Server
from sandbox.services import faults as service_faults

START_LIMIT_S = 30.0
CHILD_POLL_S = 0.5
# A path of each part that answers without credentials; any status below 500 means that it is up.
PROBES = {
    "backend": "/health",
    "edge": "/health",
    "redirector": "/",
    "supabase": "/auth/v1/health",
    "twilio": "/",
    "control": "/faults",
}


@dataclass
class Deployment:
    """`start` once, then `serve_until`."""

    children: Children
    foundation: Foundation
    parts: Parts
    servers: dict[str, Server] = field(default_factory=dict)
    running: "asyncio.Future[None] | None" = None

    async def start(self) -> None:
        """Until everything answers; PartFailed names what does not."""
        try:
            async with asyncio.timeout(START_LIMIT_S):
                await self._fill_the_database()
                self.servers = self._servers()
                self.running = asyncio.ensure_future(self._serve())
                await serving.started(self.servers, self.running)
                await self._probe()
                for name, switch in self._switches().items():
                    if faults.get(name).on:
                        await asyncio.to_thread(switch, True)
        except TimeoutError as error:
            waiting = [name for name, server in self.servers.items() if not server.started]
            raise PartFailed(", ".join(waiting) or "the database's content", f"not ready in {START_LIMIT_S:.0f} s") from error

    async def _fill_the_database(self) -> None:
        for prepare in self.parts.preparations:
            with starting(f"the database's content ({prepare.__module__})"):
                await prepare(self.foundation.settings)

    def _switches(self) -> dict[str, Callable[[bool], None]]:
        return {
            service_faults.DATABASE_DOWN.name: self.foundation.database.switch,
            service_faults.REDIS_DOWN.name: self.foundation.cache.switch,
            **production_environment.switches(self.foundation.settings),
        }

    def _servers(self) -> dict[str, Server]:
        from sandbox.process import control  # noqa: PLC0415 - Starlette is imported while PostgreSQL starts, not before

        parts, settings, issued = self.parts, self.foundation.settings, self.foundation.issued
        with starting("the backend"):
            backend = parts.backend(settings)
        with starting("the frontend and its edge"):
            edge = parts.edge(settings, backend, parts.frontend(settings))
        with starting("the vendors' stand-ins"):
            supabase, twilio = parts.supabase(settings), parts.twilio(settings)
        return {
            "backend": serving.server(backend, lifespan="on"),
            # Off: the backend's own server runs its lifespan already.
            "edge": serving.server(edge, issued.edge, lifespan="off"),
            "redirector": serving.server(parts.redirector(settings), lifespan="off"),
            "supabase": serving.server(supabase, issued.vendors),
            "twilio": serving.server(twilio, issued.vendors),
            "control": serving.server(control.create(settings, self._switches()), lifespan="off"),
        }

    async def _serve(self) -> None:
        """A server that fails takes the others with it."""
        serves = (serving.serve(name, server, self.foundation.listeners[name]) for name, server in self.servers.items())
        await asyncio.gather(*serves)

    async def _probe(self) -> None:
        """Ask each part once, as a client that verifies certificates. With a fault on, not answering may be the point."""
        import httpx  # noqa: PLC0415 - imported by the parts, while PostgreSQL starts

        if faults.active():
            return
        context = ssl.create_default_context(cafile=self.foundation.settings.ca_file)
        async with httpx.AsyncClient(verify=context, trust_env=False, timeout=START_LIMIT_S) as client:
            for name, path in PROBES.items():
                try:
                    response = await client.get(self.foundation.listeners[name].url + path)
                except httpx.HTTPError as error:
                    raise PartFailed(name, f"GET {path}: {error!r}") from error
                if response.status_code >= 500:
                    reason = f"GET {path} answered {response.status_code}: {response.text[:300]}"
                    raise PartFailed(name, reason, log=self.foundation.settings.log_file)

    async def serve_until(self, end: asyncio.Event) -> None:
        """Serve until the event, then let running requests finish."""
        assert self.running is not None
        watch = asyncio.ensure_future(self._watch_children())
        ending = asyncio.ensure_future(end.wait())
        either: list[asyncio.Future[Any]] = [ending, self.running]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        watch.cancel()
        ending.cancel()
        for server in self.servers.values():
            server.should_exit = True
        await self.running

    async def _watch_children(self) -> None:
        """A stopped database is a valid state of a deployment: it is reported and the rest goes on."""
        while True:
            for child in self.children.died():
                note = f"sandbox: {child.name} ended by itself with code {child.process.returncode}; the rest goes on"
                print(note, file=sys.stderr, flush=True)  # noqa: T201 - to the person who started the sandbox
            await asyncio.sleep(CHILD_POLL_S)
