"""The deployment's own `.env.production`: every variable that the MVP may be given (contract 1.2 to 1.4)."""

import secrets
from urllib.parse import urlsplit

from sandbox import profile
from sandbox.settings import Settings

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


def render(settings: Settings) -> str:
    return profile.lines(_entries(settings) | DEFAULTS | _vendor_keys())


def _entries(settings: Settings) -> dict[str, str]:
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
        "SUPABASE_URL": settings.supabase_url,
        "SUPABASE_KEY": settings.supabase_key,
        "SUPABASE_SERVICE_KEY": settings.supabase_service_key,
        "SUPABASE_JWT_SECRET": settings.supabase_jwt_secret,
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token,
        "TWILIO_PHONE_NUMBER": settings.twilio_phone_number,
        "CALL_DEFAULT_WEBHOOK_BASE_URL": settings.app_url,
        "CALL_DEFAULT_FROM_NUMBER": settings.twilio_phone_number,
        "LOG_FILE": str(settings.log_file),
        "AUDIO_CACHE_DIR": str(settings.directory / "cache" / "audio"),
        "NEXT_PUBLIC_API_URL": settings.app_url,
        "NEXT_PUBLIC_SUPABASE_URL": settings.supabase_url,
        "NEXT_PUBLIC_SUPABASE_ANON_KEY": settings.supabase_key,
    }


def _vendor_keys() -> dict[str, str]:
    """Shaped like the vendors' own and known to nobody."""
    return {
        "ELEVENLABS_API_KEY": f"sk_{secrets.token_hex(24)}",
        "OPENAI_API_KEY": f"sk-proj-{secrets.token_hex(32)}",
        "GOOGLE_API_KEY": f"AIza{secrets.token_hex(18)[:35]}",
    }
