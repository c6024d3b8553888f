"""The control port: switches faults while the sandbox runs. Not part of the product, and not in the profile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox import faults
from sandbox.faults import ExclusiveFaults, Fault, UnknownFault
from sandbox.process.settings import Settings

Switches = Mapping[str, Callable[[bool], None]]  # by name of the fault: the function that applies or undoes its effect; blocking


class StartOnly(Exception):  # noqa: N818 - errors state the fact
    """The fault cannot be switched while the sandbox runs."""


def describe(fault: Fault) -> dict[str, Any]:
    return fault.as_json() | {"on": fault.name in faults.active()}


def _refused(status: int) -> Callable[[Request, Exception], Response]:
    return lambda _request, error: JSONResponse({"detail": str(error)}, status)


@dataclass(frozen=True)
class ControlPort:
    """The endpoints; `switches` are for faults that are more than a flag."""

    switches: Switches

    async def _switch(self, fault: Fault, on: bool) -> None:
        if fault.start_only and (fault.name in faults.active()) != on:
            raise StartOnly(f"{fault.name} works only from the start: python -m sandbox up --fault {fault.name}")
        faults.switch(fault.name, on)
        if fault.name in self.switches:
            await run_in_threadpool(self.switches[fault.name], on)

    async def listing(self, _request: Request) -> Response:
        return JSONResponse(list(map(describe, faults.catalogue())))

    async def set(self, request: Request) -> Response:
        fault = faults.get(request.path_params["name"])
        await self._switch(fault, request.method == "PUT")
        return JSONResponse(describe(fault))

    async def clear(self, _request: Request) -> Response:
        for name in faults.active():
            if not faults.get(name).start_only:
                await self._switch(faults.get(name), False)
        return JSONResponse({"active": faults.active()})

    async def asked_for(self, _request: Request) -> Response:
        return JSONResponse(faults.asked_for())


def create(settings: Settings, switches: Switches | None = None) -> ASGIApp:  # noqa: ARG001 - every part's factory has it
    """GET and DELETE /faults, PUT and DELETE /faults/{name}.

    POST /asked-for gives the faults that the parts have read since the last time.
    """
    port = ControlPort(switches or {})
    return Starlette(
        routes=[
            Route("/faults", port.listing, methods=["GET"]),
            Route("/faults", port.clear, methods=["DELETE"]),
            Route("/faults/{name}", port.set, methods=["PUT", "DELETE"]),
            Route("/asked-for", port.asked_for, methods=["POST"]),
        ],
        exception_handlers={UnknownFault: _refused(404), StartOnly: _refused(409), ExclusiveFaults: _refused(409)},
    )
