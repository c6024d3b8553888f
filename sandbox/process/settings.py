"""The settings that all parts of one running sandbox share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

VERSION = "1.0.0"  # contract R-18

Role = Literal["admin", "operator", "viewer"]
Data = Literal["seeded", "empty", "other", "one", "many"]  # what a deployment holds: sandbox/backend/core/seed_data.py


@dataclass(frozen=True)
class Identity:
    """A seeded person who can sign in. `role` is the row in user_roles (contract 1.5)."""

    id: str
    email: str
    password: str
    name: str
    role: Role


@dataclass(frozen=True)
class Settings:
    """Names follow the MVP's own environment variables (contract 1.2), in lower case."""

    directory: Path
    app_env: str
    debug: bool
    app_debug: bool
    app_name: str
    app_url: str  # public origin, https; also the web base
    edge_url: str  # where the edge listens: the public origin, unless a proxy of one's own stands before it
    http_url: str  # the edge's plain port, which only redirects
    backend_url: str  # the backend's own origin, http, not through the edge
    control_url: str
    secret_key: str
    database_url: str  # login of the backend: service_role rights
    authenticator_url: str  # login of the Supabase stand-in: may only SET ROLE anon, authenticated, service_role
    redis_url: str
    redis_password: str
    cors_origins: tuple[str, ...]
    rate_limit_per_minute: int  # per client IP
    rate_limit_per_hour: int  # per user
    metrics_user: str
    metrics_password: str
    supabase_url: str  # https, same local CA
    supabase_key: str
    supabase_service_key: str
    supabase_jwt_secret: str
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_phone_number: str
    twilio_api_base_url: str  # https, same local CA; recordings are served there too
    ca_file: Path
    certificate_file: Path
    key_file: Path
    log_file: Path
    identities: tuple[Identity, ...]
    data: Data
