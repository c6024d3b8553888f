"""The services that calls need for as long as the application runs: the vendor's line and the voice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from starlette.requests import HTTPConnection

from sandbox.backend.circuit_breaker import CircuitBreaker
from sandbox.backend.database import connection as pooled
from sandbox.backend.metrics import Metrics
from sandbox.backend.telephony import Telephony, client
from sandbox.backend.voice import Voice

# For handlers that ask a vendor in between: a slow vendor must not hold the database's connections.
unit_of_work = asynccontextmanager(pooled)


@asynccontextmanager
async def opened(app: FastAPI) -> AsyncIterator[None]:
    """The lifespan of the calls router: it joins the application's own when the router is included."""
    state = app.state
    state.voice = Voice(state.audio_cache, CircuitBreaker(tell=state.metrics.circuit_breaker_state.set))
    async with client(state.settings) as line:
        state.telephony = Telephony(line, state.metrics)
        yield


def metrics(connection: HTTPConnection) -> Metrics:
    measures: Metrics = connection.app.state.metrics
    return measures


Measures = Annotated[Metrics, Depends(metrics)]
