"""What the Python parts need: PostgreSQL, Redis, certificates, bound ports, and the settings that name them all."""

import contextlib
import secrets
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sandbox.process import certificates, credentials, parts
from sandbox.process.certificates import Certificates
from sandbox.process.children import Children, PartFailed
from sandbox.process.parts import Parts
from sandbox.process.serving import Listener
from sandbox.process.settings import Data, Settings
from sandbox.services import postgres, redis
from sandbox.services.postgres import PostgresServer
from sandbox.services.redis import RedisServer


@dataclass(frozen=True)
class Choices:
    """How the product is configured, as far as `up` lets one choose."""

    app_env: str = "production"
    rate_limit_per_minute: int = 100_000
    rate_limit_per_hour: int = 1_000_000
    data: Data = "seeded"
    public_url: str | None = None  # of a proxy of one's own before the edge


@dataclass(frozen=True)
class Foundation:
    """Running services; `listeners` are by part, bound and not yet served."""

    database: PostgresServer
    cache: RedisServer
    issued: Certificates
    listeners: dict[str, Listener]
    settings: Settings


@contextlib.contextmanager
def starting(part: str) -> Iterator[None]:
    """Any error inside is this part's failure to start."""
    try:
        yield
    except PartFailed:
        raise
    except Exception as error:
        reason = "".join(traceback.format_exception_only(error)).strip()
        print(traceback.format_exc(), file=sys.stderr, flush=True)  # noqa: T201 - for the person who repairs the part
        raise PartFailed(part, reason, remedy="the traceback is above") from error


def prepare(children: Children, choices: Choices) -> tuple[Foundation, Parts]:
    """PostgreSQL and Redis start while the Python parts are imported: their time is mostly waiting."""
    import psycopg  # noqa: F401, PLC0415 - both threads need it, and two that import it at once can see half of it

    pool = ThreadPoolExecutor(2)
    try:
        starting_database = pool.submit(postgres.launch, children)
        starting_cache = pool.submit(redis.launch, children, secrets.token_urlsafe(24))
        with starting("the sandbox"):
            issued = certificates.issue(children.directory)
            loaded = parts.load()
        with starting(redis.NAME):
            cache = starting_cache.result()
        with starting(postgres.NAME):
            database = starting_database.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    listeners = {
        "backend": Listener("http"),
        "edge": Listener("https"),
        "redirector": Listener("http"),
        "supabase": Listener("https"),
        "twilio": Listener("https"),
        "control": Listener("http"),
    }
    urls = {name: listener.url for name, listener in listeners.items()}
    settings = _settings(children, choices, urls, (database, cache, issued))
    return Foundation(database, cache, issued, listeners, settings), loaded


def _settings(
    children: Children,
    choices: Choices,
    urls: dict[str, str],
    services: tuple[PostgresServer, RedisServer, Certificates],
) -> Settings:
    database, cache, issued = services
    jwt_secret = secrets.token_urlsafe(48)
    development = choices.app_env == "development"  # contract 1.4: only there are DEBUG and APP_DEBUG true
    return Settings(
        directory=children.directory,
        app_env=choices.app_env,
        debug=development,
        app_debug=development,
        app_name="Call Automation System",
        app_url=choices.public_url or urls["edge"],
        edge_url=urls["edge"],
        http_url=urls["redirector"],
        backend_url=urls["backend"],
        control_url=urls["control"],
        secret_key=secrets.token_urlsafe(48),
        database_url=database.url("app_backend"),
        authenticator_url=database.url("authenticator"),
        redis_url=cache.url,
        redis_password=cache.password,
        cors_origins=(choices.public_url or urls["edge"],),
        rate_limit_per_minute=choices.rate_limit_per_minute,
        rate_limit_per_hour=choices.rate_limit_per_hour,
        metrics_user="prometheus",
        metrics_password=secrets.token_urlsafe(18),
        supabase_url=urls["supabase"],
        supabase_key=credentials.api_key("anon", jwt_secret),
        supabase_service_key=credentials.api_key("service_role", jwt_secret),
        supabase_jwt_secret=jwt_secret,
        twilio_account_sid="AC" + secrets.token_hex(16),
        twilio_auth_token=secrets.token_hex(16),
        twilio_phone_number="+15005550006",  # Twilio's own test number
        twilio_api_base_url=urls["twilio"],
        ca_file=issued.authority,
        certificate_file=issued.edge.file,
        key_file=issued.edge.key,
        log_file=children.directory / "backend.log",
        identities=credentials.identities(),
        data=choices.data,
    )
