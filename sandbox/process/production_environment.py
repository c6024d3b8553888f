"""The deployment's own `.env.production`: every variable that the MVP reads (contract 1.2 to 1.4)."""

import hashlib
import hmac
import os
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from sandbox.faults import Fault
from sandbox.process import faults, profile
from sandbox.process.settings import Settings

Entries = dict[str, str]


# The contract's defaults, written out: a file that shows every value is one that can be reviewed.
DEFAULTS = {
    "ALGORITHM": "HS256",
    "ACCESS_TOKEN_EXPIRE_MINUTES": "60",
    "AUTH_ENABLED": "true",
    "SCHEDULER_CHECK_INTERVAL": "60",
    "SCHEDULER_MAX_CONCURRENT_CALLS": "10",
    "SCHEDULER_RETRY_DELAY": "15",
    "SCHEDULER_DEFAULT_MAX_RETRIES": "3",
    "CALL_TIMEOUT": "30",
    "ELEVENLABS_DEFAULT_VOICE": "Bella",
    "ELEVENLABS_MAX_RETRIES": "3",
    "ELEVENLABS_BACKOFF_FACTOR": "2",
    "ELEVENLABS_MAX_CONNECTIONS": "10",
    "ELEVENLABS_POOL_TIMEOUT": "30",
    "ELEVENLABS_CONNECTION_TIMEOUT": "30",
    "VAULT_ADDR": "http://vault:8200",
    "VAULT_TOKEN_FILE": "/run/secrets/vault-token",
    "VAULT_MOUNT_POINT": "kv",
    "VAULT_PATH": "elevenlabs",
    "ENABLE_METRICS": "true",
    "METRICS_PORT": "9090",
    "LOG_LEVEL": "info",
    "LOG_FORMAT": "json",
    "LOG_ROTATION": "true",
    "LOG_RETENTION_DAYS": "30",
    "AUDIO_CACHE_ENABLED": "true",
    "AUDIO_CACHE_TTL": "86400",
    "AUDIO_CACHE_MAX_SIZE": "1073741824",
    "LLM_PROVIDER": "google",
    "DEFAULT_MODEL": "gpt-4",
    "GOOGLE_MODEL": "gemini-pro",
    "MAX_TOKENS": "150",
    "TEMPERATURE": "0.7",
    "MAX_HISTORY_TOKENS": "2000",
    "MEMORY_TTL": "86400",
    "CACHE_ENABLED": "true",
    "CACHE_TTL": "3600",
    "NEXT_PUBLIC_ENABLE_ANALYTICS": "false",
    "NEXT_PUBLIC_MAINTENANCE_MODE": "false",
}


# What each fault does to the entries.
CHANGES: dict[Fault, Callable[[Entries], Entries]] = {
    faults.LACKS_SECRET_KEY: lambda entries: {key: value for key, value in entries.items() if key != "SECRET_KEY"},
    faults.DEBUG_ON: lambda entries: entries | {"APP_DEBUG": "true"},
    faults.DOCUMENTATION_ON: lambda entries: entries | {"DEBUG": "true"},
    faults.PLACEHOLDER_KEY: lambda entries: entries | {"OPENAI_API_KEY": "your-openai-key"},
    faults.SERVICE_KEY_EXPOSED: lambda entries: (
        entries | dict.fromkeys(("SUPABASE_KEY", "NEXT_PUBLIC_SUPABASE_ANON_KEY"), entries["SUPABASE_SERVICE_KEY"])
    ),
    faults.WEAK_SECRET_KEY: lambda entries: entries | {"SECRET_KEY": "secreto2024"},
    faults.CORS_ANY_ORIGIN: lambda entries: entries | {"CORS_ORIGINS": "*"},
    faults.PLAIN_API_ADDRESS: lambda entries: (
        entries | {"NEXT_PUBLIC_API_URL": entries["APP_URL"].replace("https://", "http://")}
    ),
    faults.LOCALHOST_LEFT: lambda entries: entries | {"APP_URL": "http://localhost:8000"},
    faults.AUTHENTICATION_OFF: lambda entries: entries | {"AUTH_ENABLED": "false"},
    faults.STAGING_PROFILE: lambda entries: entries | {"APP_ENV": "staging", "ENVIRONMENT": "staging"},
}


def render(settings: Settings) -> str:
    """The file as it stands now, with the faults that are switched on."""
    entries = _entries(settings) | DEFAULTS | _vendor_keys(settings.secret_key)
    for fault, change in CHANGES.items():
        if fault.on:
            entries = change(entries)
    older = "SECRET_KEY=la-clave-de-la-version-anterior-2023\n" if faults.KEY_TWICE.on else ""
    return profile.lines(entries) + older


def write(settings: Settings) -> None:
    """Put the file in its place, in one step."""
    os.close(profile.write(settings.directory / profile.PRODUCTION_FILE, render(settings)))


def switches(settings: Settings) -> Mapping[str, Callable[[bool], None]]:
    """For the control port: the file is written anew whenever one of its faults is switched."""
    return {fault.name: lambda _on: write(settings) for fault in (*CHANGES, faults.KEY_TWICE)}


def _entries(settings: Settings) -> Entries:
    """What differs between deployments. The profile for production, whatever the sandbox itself runs as."""
    own = urlsplit(settings.backend_url)
    return {
        "APP_NAME": settings.app_name,
        "APP_ENV": "production",
        "ENVIRONMENT": "production",
        "APP_DEBUG": "false",
        "DEBUG": "false",
        "APP_URL": settings.app_url,
        "SECRET_KEY": settings.secret_key,
        "HOST": str(own.hostname),
        "PORT": str(own.port),
        "CORS_ORIGINS": ",".join(settings.cors_origins),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "REDIS_PASSWORD": settings.redis_password,
        **profile.vendor_accounts(settings),
        "CALL_DEFAULT_WEBHOOK_BASE_URL": settings.app_url,
        "CALL_DEFAULT_FROM_NUMBER": settings.twilio_phone_number,
        "LOG_FILE": str(settings.log_file),
        "AUDIO_CACHE_DIR": str(settings.directory / "cache" / "audio"),
        "NEXT_PUBLIC_API_URL": settings.app_url,
        "NEXT_PUBLIC_SUPABASE_URL": settings.supabase_url,
        "NEXT_PUBLIC_SUPABASE_ANON_KEY": settings.supabase_key,
    }


def _vendor_keys(seed: str) -> dict[str, str]:
    """In the form of the vendors' keys, and the same each time that the file is written."""

    def digits(vendor: str) -> str:
        return hmac.digest(seed.encode(), vendor.encode(), hashlib.sha512).hex()

    return {
        "ELEVENLABS_API_KEY": f"sk_{digits('elevenlabs')[:48]}",
        "OPENAI_API_KEY": f"sk-proj-{digits('openai')[:64]}",
        "GOOGLE_API_KEY": f"AIza{digits('google')[:35]}",
    }
