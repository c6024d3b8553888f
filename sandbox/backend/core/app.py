"""The backend as one ASGI application: its layers, its routes, and what is open while it runs."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from sandbox.backend.accounts import routes as accounts
from sandbox.backend.accounts.authentication import AuthenticationLayer
from sandbox.backend.accounts.identity_provider import IdentityProvider
from sandbox.backend.accounts.limits import RateLimit
from sandbox.backend.caches import audio as audio_cache
from sandbox.backend.caches import routes as cache
from sandbox.backend.caches.store import create_client
from sandbox.backend.calls import routes as calls
from sandbox.backend.calls import sockets as call_sockets
from sandbox.backend.campaigns import routes as campaigns
from sandbox.backend.contacts import routes as contacts
from sandbox.backend.core import errors, faults, logs, system
from sandbox.backend.core.database import create_pool
from sandbox.backend.core.ids import OtherIds
from sandbox.backend.core.metrics import HttpMetrics, Metrics
from sandbox.backend.core.system import DatabaseProbe
from sandbox.backend.core.trusted_proxy import TrustedProxy
from sandbox.backend.failures.connections import LostConnections
from sandbox.backend.failures.routes import FailingRoutes
from sandbox.backend.reports import routes as reports
from sandbox.backend.webhooks import conversation as conversation_webhook
from sandbox.backend.webhooks import twilio as twilio_webhooks
from sandbox.process.settings import VERSION, Settings

ROUTERS: tuple[APIRouter, ...] = (
    system.router,
    accounts.router,
    campaigns.router,
    calls.router,
    conversation_webhook.router,
    contacts.router,
    reports.router,
    cache.router,
    audio_cache.router,
    twilio_webhooks.router,
    call_sockets.router,
)


def create(settings: Settings) -> FastAPI:
    """Raise ValueError for settings with which nothing may be served."""
    if not settings.supabase_jwt_secret:
        raise ValueError("SUPABASE_JWT_SECRET is empty: tokens could be signed without a secret (R-05)")
    app = FastAPI(
        title="Call Automation API",
        version="0.1.0" if faults.OPENAPI_VERSION_OLD.on else VERSION,
        openapi_url=_schema_path(settings),
        docs_url="/docs" if settings.debug or faults.DOCUMENTATION_OPEN.on else None,
        redoc_url="/redoc" if settings.debug or faults.DOCUMENTATION_OPEN.on or faults.REDOC_OPEN.on else None,
        lifespan=_lifespan,
    )
    _set_state(app, settings)
    for router in ROUTERS:
        app.include_router(router, responses={} if router is system.router else errors.DOCUMENTED)
    app.state.api_routes = [
        (compile_path(route.path)[0], route.methods) for route in iter_route_contexts(app.routes) if route.path is not None
    ]
    errors.install(app)
    _add_layers(app, settings)
    return app


def _schema_path(settings: Settings) -> str | None:
    """R-19. The pages of the documentation need a document, wherever it is."""
    if settings.app_env != "production" or faults.DOCUMENTATION_OPEN.on or faults.SCHEMA_OPEN.on:
        return "/openapi.json"
    return "/internal/openapi.json" if faults.REDOC_OPEN.on else None


def _set_state(app: FastAPI, settings: Settings) -> None:
    """The services that handlers use from `app.state`. Nothing connects before the lifespan begins."""
    state = app.state
    state.settings = settings
    state.metrics = Metrics()
    state.pool = create_pool(settings)
    state.database_probe = DatabaseProbe(settings.database_url)
    state.redis = create_client(settings)
    state.audio_cache = audio_cache.AudioCache(settings.directory / "cache" / "audio")
    state.identity_provider = IdentityProvider(settings)


def _add_layers(app: FastAPI, settings: Settings) -> None:
    """From the inside out: each layer wraps the ones above it in this list."""
    app.add_middleware(FailingRoutes)
    app.add_middleware(errors.Unhandled)
    app.add_middleware(OtherIds)
    app.add_middleware(AuthenticationLayer, settings=settings)
    app.add_middleware(RateLimit, settings=settings, store=app.state.redis)
    app.add_middleware(logs.RequestLog)
    app.add_middleware(HttpMetrics, metrics=app.state.metrics)
    app.add_middleware(TrustedProxy, settings=settings)
    app.add_middleware(LostConnections)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state = app.state
    async with AsyncExitStack() as stack:
        stack.enter_context(logs.written_to(state.settings.log_file))
        await stack.enter_async_context(state.pool)
        stack.push_async_callback(state.database_probe.close)
        stack.push_async_callback(state.redis.aclose)
        stack.push_async_callback(state.identity_provider.close)
        yield
