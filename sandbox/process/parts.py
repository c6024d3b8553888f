"""The parts of the deployment, imported on demand: the launcher starts PostgreSQL and Redis meanwhile."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.types import ASGIApp

from sandbox.process.settings import Settings

Factory = Callable[[Settings], ASGIApp]
Preparation = Callable[[Settings], Awaitable[None]]


@dataclass(frozen=True)
class Parts:
    """`preparations` fill the empty database, in this order, before anything is served."""

    backend: Factory
    frontend: Factory
    edge: Callable[[Settings, ASGIApp, ASGIApp], ASGIApp]
    redirector: Factory
    supabase: Factory
    twilio: Factory
    preparations: tuple[Preparation, ...]


def load() -> Parts:
    from sandbox.backend.core import app as backend  # noqa: PLC0415 - on demand is this module's subject
    from sandbox.backend.core import database, seed  # noqa: PLC0415 - as above
    from sandbox.crowding import layer  # noqa: PLC0415 - as above
    from sandbox.edge import proxy  # noqa: PLC0415 - as above
    from sandbox.frontend import app as frontend  # noqa: PLC0415 - as above
    from sandbox.vendors import supabase, twilio  # noqa: PLC0415 - as above

    return Parts(
        backend=backend.create,
        frontend=frontend.create,
        edge=lambda settings, backend, frontend: layer.Crowding(proxy.create(settings, backend, frontend)),
        redirector=proxy.redirector,
        supabase=supabase.create,
        twilio=twilio.create,
        preparations=(supabase.install, database.migrate, seed.seed),
    )
