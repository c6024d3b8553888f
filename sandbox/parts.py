"""The parts of the deployment, imported on demand: the launcher starts PostgreSQL and Redis meanwhile."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.types import ASGIApp

from sandbox.settings import Settings

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
    """Import everything; afterwards the catalogue of faults is complete."""
    from sandbox import (  # noqa: PLC0415 - on demand is this module's subject
        certificates,  # noqa: F401 - here and below: declares faults
        crowding,
        edge,
        postgres,  # noqa: F401
        production_environment,  # noqa: F401
        profile,  # noqa: F401
        redis_server,  # noqa: F401
        serving,  # noqa: F401
    )
    from sandbox.backend import app as backend  # noqa: PLC0415 - as above
    from sandbox.backend import database, seed  # noqa: PLC0415 - as above
    from sandbox.frontend import app as frontend  # noqa: PLC0415 - as above
    from sandbox.vendors import supabase, twilio  # noqa: PLC0415 - as above

    return Parts(
        backend=backend.create,
        frontend=frontend.create,
        edge=lambda settings, backend, frontend: crowding.Crowding(edge.create(settings, backend, frontend)),
        redirector=edge.redirector,
        supabase=supabase.create,
        twilio=twilio.create,
        preparations=(supabase.install, database.migrate, seed.seed),
    )
