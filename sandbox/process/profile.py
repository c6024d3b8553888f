"""The profile of a running sandbox: the dotenv file that `pytest --env-file` takes, like any other environment's."""

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.process import faults
from sandbox.process.children import PartFailed
from sandbox.process.settings import VERSION, Settings

SHARED = Path(__file__).resolve().parents[2] / ".cache" / "sandbox.env"
PRODUCTION_FILE = ".env.production"  # in the sandbox's directory
# Numbers that a check may dial: Twilio's magic one and some of those that are reserved for fiction.
TEST_NUMBERS = ("+15005550006", "+12025550143", "+12025550175", "+12025550199")


def render(settings: Settings) -> str:
    """Every key with its value, a line each."""
    return lines(_entries(settings))


def lines(entries: Mapping[str, str]) -> str:
    """As a dotenv file."""
    return "".join(f"{key}={_quoted(value)}\n" for key, value in entries.items())


def _quoted(value: str) -> str:
    """Plain where that is unambiguous, else in single quotes with dotenv's two escapes."""
    if re.fullmatch(r"[\w@%+=:,./-]*", value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _entries(settings: Settings) -> dict[str, str]:
    origins = (
        settings.app_url,
        settings.http_url,
        settings.backend_url,
        settings.supabase_url,
        settings.twilio_api_base_url,
    )
    return {
        "LV_NAME": "sandbox",
        "LV_DEPLOYMENT": "external",
        "LV_PROTECTED": "false",
        "LV_API_URL": settings.app_url,
        "LV_WEB_URL": settings.app_url,
        "LV_HTTP_URL": settings.http_url,
        "LV_BACKEND_URL": settings.backend_url,
        "LV_ALLOWED_HOSTS": ",".join(urlsplit(origin).netloc for origin in origins),
        "LV_CA_FILE": str(settings.ca_file),
        "LV_MAX_RPS": "2000",
        "LV_TIMEOUT_S": "10",
        "LV_EXPECTED_VERSION": VERSION,
        **_sign_ins(settings),
        "LV_METRICS_USER": settings.metrics_user,
        "LV_METRICS_PASSWORD": settings.metrics_password,
        "LV_TEST_NUMBERS": ",".join(TEST_NUMBERS),
        "LV_RATE_LIMIT_PER_MINUTE": str(settings.rate_limit_per_minute),
        "LV_LOGIN_LOCK_ATTEMPTS": "5",  # contract R-10
        "LV_BUDGET_USD": "1",  # of invented money: the vendors are stand-ins
        "LV_LOG_FILE": str(settings.log_file),
        "LV_ENV_PRODUCTION_FILE": str(settings.directory / PRODUCTION_FILE),
        "APP_ENV": settings.app_env,
        "APP_NAME": settings.app_name,
        "APP_URL": settings.http_url if faults.PUBLIC_ADDRESS_PLAIN.on else settings.app_url,
        **vendor_accounts(settings),
        "TWILIO_API_BASE_URL": settings.twilio_api_base_url,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "CORS_ORIGINS": ",".join(settings.cors_origins),
    }


def vendor_accounts(settings: Settings) -> dict[str, str]:
    """The addresses and credentials of this deployment at Supabase and Twilio."""
    return {
        "SUPABASE_URL": settings.supabase_url,
        "SUPABASE_KEY": settings.supabase_key,
        "SUPABASE_SERVICE_KEY": settings.supabase_service_key,
        "SUPABASE_JWT_SECRET": settings.supabase_jwt_secret,
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token,
        "TWILIO_PHONE_NUMBER": settings.twilio_phone_number,
    }


def _sign_ins(settings: Settings) -> dict[str, str]:
    """The first seeded person of each role."""
    entries: dict[str, str] = {}
    for identity in settings.identities:
        prefix = f"LV_{identity.role.upper()}"
        entries.setdefault(f"{prefix}_EMAIL", identity.email)
        entries.setdefault(f"{prefix}_PASSWORD", identity.password)
    return entries


def write(path: Path, text: str, *, locked: bool = False) -> int:
    """Put the text at `path` in one step, readable by its owner alone; the open file's number.

    `locked`: readers see it only with an exclusive lock, which lasts as long as this process keeps the file open.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    number = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if locked:
        fcntl.flock(number, fcntl.LOCK_EX)
    os.write(number, text.encode())
    aside.rename(path)
    return number


@contextlib.contextmanager
def reserve_shared() -> Iterator[None]:
    """Only one sandbox at a time is the one that local runs attach to; PartFailed if there is one already."""
    SHARED.parent.mkdir(exist_ok=True)
    with SHARED.with_suffix(".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PartFailed(
                "a second shared sandbox",
                f"one is running already; its profile is {SHARED}",
                remedy="use that one, end it, or leave out --share",
            ) from error
        yield
