"""The services that calls need for as long as the application runs: the vendor's client and the voice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI

from sandbox.backend.calls.circuit_breaker import CircuitBreaker
from sandbox.backend.calls.telephony import Telephony, client
from sandbox.backend.calls.voice import Voice
from sandbox.backend.core.database import connection as pooled
from sandbox.backend.core.metrics import Metrics
from sandbox.backend.core.state import from_state

# For handlers that ask a vendor in between: a slow vendor must not hold the database's connections.
unit_of_work = asynccontextmanager(pooled)


@asynccontextmanager
async def opened(app: FastAPI) -> AsyncIterator[None]:
    """The lifespan of the calls router: it joins the application's own when the router is included."""
    state = app.state
    measures: Metrics = state.metrics
    breaker = CircuitBreaker(report=measures.circuit_breaker_state.set)
    state.voice = Voice(state.audio_cache, breaker, report=measures.looked_for_audio)
    measures.cache_size_bytes.labels("audio").set_function(lambda: state.audio_cache.size_bytes)
    async with client(state.settings) as vendor:
        state.telephony = Telephony(vendor, measures)
        yield


Measures = Annotated[Metrics, from_state("metrics")]
