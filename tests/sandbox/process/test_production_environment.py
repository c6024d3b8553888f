"""The sandbox's `.env.production` is one that a deployment could start with (contract 1.2 to 1.4)."""

from pathlib import Path

import dotenv
import pytest

from tests.conftest import RunningSandbox

SAME_AS_THE_PROFILE = (
    "APP_NAME",
    "APP_URL",
    "CORS_ORIGINS",
    "DATABASE_URL",
    "REDIS_URL",
    "SUPABASE_URL",
    "SUPABASE_KEY",
    "SUPABASE_SERVICE_KEY",
    "SUPABASE_JWT_SECRET",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_PHONE_NUMBER",
)
# Required by the backend, by the verification script, or by the frontend.
REQUIRED = (
    "APP_ENV", "APP_DEBUG", "DEBUG", "ENVIRONMENT", "SECRET_KEY", "ALGORITHM", "ACCESS_TOKEN_EXPIRE_MINUTES", "HOST", "PORT",
    "REDIS_PASSWORD", "ELEVENLABS_API_KEY", "OPENAI_API_KEY", "GOOGLE_API_KEY", "NEXT_PUBLIC_API_URL",
    "NEXT_PUBLIC_SUPABASE_URL", "NEXT_PUBLIC_SUPABASE_ANON_KEY",
)  # fmt: skip


@pytest.fixture
def production(staging: RunningSandbox) -> dict[str, str | None]:
    return dotenv.dotenv_values(staging.profile["LV_ENV_PRODUCTION_FILE"], interpolate=False)


def test_nobody_else_can_read_it(staging: RunningSandbox) -> None:
    assert Path(staging.profile["LV_ENV_PRODUCTION_FILE"]).stat().st_mode & 0o777 == 0o600


def test_every_required_variable_has_a_value(production: dict[str, str | None]) -> None:
    assert [key for key in (*REQUIRED, *SAME_AS_THE_PROFILE) if not production.get(key)] == []


def test_it_is_this_deployment_s(staging: RunningSandbox, production: dict[str, str | None]) -> None:
    assert {key: production[key] for key in SAME_AS_THE_PROFILE} == {key: staging.profile[key] for key in SAME_AS_THE_PROFILE}


def test_it_is_for_production_whatever_runs_now(production: dict[str, str | None]) -> None:
    names = ("APP_ENV", "ENVIRONMENT", "APP_DEBUG", "DEBUG")

    assert [production[name] for name in names] == ["production", "production", "false", "false"]


def test_browsers_get_the_anon_key(production: dict[str, str | None]) -> None:
    assert production["NEXT_PUBLIC_SUPABASE_ANON_KEY"] == production["SUPABASE_KEY"] != production["SUPABASE_SERVICE_KEY"]


def test_production_file_is_written_anew_and_restored(sandbox: RunningSandbox) -> None:
    """To the last byte, invented vendor keys included."""
    file = Path(sandbox.profile["LV_ENV_PRODUCTION_FILE"])
    before = file.read_bytes()

    with sandbox.control("production-file-debug-on", "production-file-lacks-secret-key"):
        broken = dotenv.dotenv_values(file, interpolate=False)
    assert (broken["APP_DEBUG"], "SECRET_KEY" in broken) == ("true", False)
    assert file.read_bytes() == before
    assert file.stat().st_mode & 0o777 == 0o600
