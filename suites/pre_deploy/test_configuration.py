"""The `.env.production` that the deployment will start with (contract 1.2, 1.4)."""

import re
from collections.abc import Callable

import pytest

from fixtures.profile.environment import Environment
from fixtures.profile.file import Problem, Setting, parse
from fixtures.wire.finding import Message
from fixtures.wire.finding import stated as finding
from record.outcome import Blocked, Unverified

REQUIRED = (
    "SUPABASE_URL", "SUPABASE_KEY", "SUPABASE_SERVICE_KEY", "SUPABASE_JWT_SECRET", "DATABASE_URL", "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER", "REDIS_PASSWORD", "SECRET_KEY", "ELEVENLABS_API_KEY", "OPENAI_API_KEY",
    "APP_ENV", "APP_DEBUG", "APP_URL", "DEBUG", "CORS_ORIGINS",
)  # fmt: skip
PLACEHOLDERS = re.compile(r"changeme|your[-_]|example\.(com|org)|^<.*>$|^x{3,}$|^todo$|placeholder", re.IGNORECASE)
RULES: dict[str, tuple[str, Callable[[str], bool]]] = {
    "APP_ENV": ("production", lambda value: value == "production"),
    "APP_DEBUG": ("false: true switches webhook signatures off", lambda value: value.lower() == "false"),
    "DEBUG": ("false: true opens /docs", lambda value: value.lower() == "false"),
    "APP_URL": ("an https origin", lambda value: value.startswith("https://")),
    "SUPABASE_URL": ("an https origin", lambda value: value.startswith("https://")),
    "SECRET_KEY": ("at least 32 characters", lambda value: len(value) >= 32),
    "SUPABASE_KEY": ("more than 50 characters", lambda value: len(value) > 50),
    "DATABASE_URL": ("postgresql://…", lambda value: value.startswith("postgresql://")),
    "TWILIO_ACCOUNT_SID": ("AC and 32 hexadecimal digits", lambda value: re.fullmatch(r"AC[0-9a-f]{32}", value) is not None),
    "TWILIO_PHONE_NUMBER": ("an E.164 number", lambda value: re.fullmatch(r"\+[1-9]\d{7,14}", value) is not None),
    "CORS_ORIGINS": ("origins, not *", lambda value: "*" not in value and value.startswith("http")),
    "AUTH_ENABLED": ("true, or left out: false opens the API to everybody", lambda value: value.lower() in ("", "true")),
    "NEXT_PUBLIC_API_URL": (
        "an https origin without a path, or left out",
        lambda value: not value or re.fullmatch("https://[^/]+/?", value) is not None,
    ),
}

pytestmark = [pytest.mark.offline, pytest.mark.plan("W1-D4-T6", "W1-D4-E3")]


Parsed = tuple[list[Setting], list[Problem]]


@pytest.fixture(scope="module")
def parsed(env: Environment) -> Parsed:
    """The settings of the file in their order, and what is wrong with its text."""
    if env.files.env_production is None:
        raise Unverified("no .env.production was given", "set LV_ENV_PRODUCTION_FILE to its path")
    return parse(env.files.env_production)


@pytest.fixture(scope="module")
def production(env: Environment, parsed: Parsed) -> dict[str, str]:
    """The keys and values of the file, if it can be read in one way only."""
    settings, problems = parsed
    if problems:
        raise Blocked(ambiguity(env, problems).finding)
    return {setting.key: setting.value for setting in settings}


def ambiguity(env: Environment, problems: list[Problem]) -> Message:
    first = problems[0]
    return finding(
        f"{env.files.env_production}",
        expected="each key once, as KEY=value",
        seen=f"{first.key} {first.rule}",
        then="mend this line: docker compose, the shell and the backend would read the file differently",
    )


def test_file_can_be_read_in_one_way(env: Environment, parsed: Parsed) -> None:
    """Of two lines with one key some readers take the first and some the last."""
    problems = parsed[1]

    assert not problems, ambiguity(env, problems)


@pytest.mark.parametrize("key", REQUIRED)
def test_key_is_set(production: dict[str, str], env: Environment, key: str) -> None:
    """Without it the backend does not start, or starts without its vendor."""
    assert production.get(key), finding(
        f"{env.files.env_production}",
        expected=f"{key} with a value",
        seen="missing or empty",
        then="set it from the secret manager",
    )


@pytest.mark.parametrize("key", RULES)
def test_value_is_for_production(production: dict[str, str], env: Environment, key: str) -> None:
    """A value that is right on a laptop is wrong here."""
    rule, holds = RULES[key]
    # The value itself may be a secret: only its length is shown.
    assert holds(production.get(key, "")), finding(
        f"{env.files.env_production}",
        expected=f"{key}: {rule}",
        seen=f"another value, of {len(production.get(key, ''))} characters",
        then=f"correct {key}",
    )


@pytest.mark.plan("W1-D3-T3")
def test_no_placeholder_is_left(production: dict[str, str], env: Environment) -> None:
    """A copied example file starts, and fails at the first call."""
    left = sorted(key for key in REQUIRED if PLACEHOLDERS.search(production.get(key, "")))

    assert not left, finding(
        f"{env.files.env_production}",
        expected="real values",
        seen=f"placeholders in {left}",
        then="fill them from the secret manager",
    )


@pytest.mark.plan("W1-D3-T3")
def test_anon_key_is_not_the_service_key(production: dict[str, str], env: Environment) -> None:
    """The anon key goes to every browser; the service key passes by every row-level policy (contract 1.3)."""
    service = production.get("SUPABASE_SERVICE_KEY")
    exposed = [key for key in ("SUPABASE_KEY", "NEXT_PUBLIC_SUPABASE_ANON_KEY") if service and production.get(key) == service]

    assert not exposed, finding(
        f"{env.files.env_production}",
        expected="the anon key",
        seen=f"the service key in {exposed}",
        then="replace it and rotate the service key: stop the release",
    )
