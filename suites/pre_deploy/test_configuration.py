"""The `.env.production` that the deployment will start with (contract 1.2, 1.4)."""

import re
from collections.abc import Callable

import pytest

from fixtures.profile.environment import Environment
from fixtures.profile.file import Problem, Setting, parse
from fixtures.wire.finding import Message, finding
from record.outcome import Blocked, Unverified

REQUIRED = (
    "SUPABASE_URL", "SUPABASE_KEY", "SUPABASE_SERVICE_KEY", "SUPABASE_JWT_SECRET", "DATABASE_URL", "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER", "REDIS_PASSWORD", "SECRET_KEY", "ELEVENLABS_API_KEY", "OPENAI_API_KEY",
    "APP_ENV", "APP_DEBUG", "APP_URL", "DEBUG", "CORS_ORIGINS",
)  # fmt: skip
PLACEHOLDERS = re.compile(r"changeme|your[-_]|example\.(com|org)|^<.*>$|^x{3,}$|^todo$|placeholder", re.IGNORECASE)
# What a value that breaks the rule of its key is, and the rule.
RULES: dict[str, tuple[str, Callable[[str], bool]]] = {
    "APP_ENV": ("environment-not-production", lambda value: value == "production"),
    "APP_DEBUG": ("debug-mode-on", lambda value: value.lower() == "false"),
    "DEBUG": ("documentation-switched-on", lambda value: value.lower() == "false"),
    "APP_URL": ("configured-address-not-https", lambda value: value.startswith("https://")),
    "SUPABASE_URL": ("configured-address-not-https", lambda value: value.startswith("https://")),
    "SECRET_KEY": ("secret-key-too-short", lambda value: len(value) >= 32),
    "SUPABASE_KEY": ("supabase-key-truncated", lambda value: len(value) > 50),
    "DATABASE_URL": ("database-address-malformed", lambda value: value.startswith("postgresql://")),
    "TWILIO_ACCOUNT_SID": ("twilio-account-sid-malformed", lambda value: re.fullmatch(r"AC[0-9a-f]{32}", value) is not None),
    "TWILIO_PHONE_NUMBER": ("twilio-number-malformed", lambda value: re.fullmatch(r"\+[1-9]\d{7,14}", value) is not None),
    "CORS_ORIGINS": ("configured-origins-open", lambda value: "*" not in value and value.startswith("http")),
    "AUTH_ENABLED": ("authentication-switched-off", lambda value: value.lower() in ("", "true")),
    "NEXT_PUBLIC_API_URL": (
        "public-api-address-malformed",
        lambda value: not value or re.fullmatch("https://[^/]+/?", value) is not None,
    ),
}

pytestmark = [pytest.mark.offline, pytest.mark.plan("W1-D4-T6", "W1-D4-E3")]


Parsed = tuple[list[Setting], list[Problem]]


@pytest.fixture(scope="module")
def parsed(env: Environment) -> Parsed:
    """The settings of the file in their order, and what is wrong with its text."""
    if env.files.env_production is None:
        raise Unverified("no-production-file")
    return parse(env.files.env_production)


@pytest.fixture(scope="module")
def production(env: Environment, parsed: Parsed) -> dict[str, str]:
    """The keys and values of the file, if it can be read in one way only."""
    settings, problems = parsed
    if problems:
        raise Blocked(ambiguity(env, problems).finding)
    return {setting.key: setting.value for setting in settings}


def ambiguity(env: Environment, problems: list[Problem]) -> Message:
    return finding("settings-ambiguous", str(env.files.env_production), count=len(problems), place=problems[0].where)


def test_file_can_be_read_in_one_way(env: Environment, parsed: Parsed) -> None:
    """Of two lines with one key some readers take the first and some the last."""
    problems = parsed[1]

    assert not problems, ambiguity(env, problems)


@pytest.mark.parametrize("key", REQUIRED)
def test_key_is_set(production: dict[str, str], env: Environment, key: str) -> None:
    """Without it the backend does not start, or starts without its vendor."""
    assert production.get(key), finding("required-key-missing", str(env.files.env_production), key=key)


@pytest.mark.parametrize("key", RULES)
def test_value_is_for_production(production: dict[str, str], env: Environment, key: str) -> None:
    """A value that is right on a laptop is wrong here."""
    cause, holds = RULES[key]
    value = production.get(key, "")

    # The value itself may be a secret: only its length is shown.
    assert holds(value), finding(cause, str(env.files.env_production), key=key, length=len(value))


@pytest.mark.plan("W1-D3-T3")
def test_no_placeholder_is_left(production: dict[str, str], env: Environment) -> None:
    """A copied example file starts, and fails at the first call."""
    left = sorted(key for key in REQUIRED if PLACEHOLDERS.search(production.get(key, "")))

    assert not left, finding("placeholder-left", str(env.files.env_production), seen=", ".join(left))


@pytest.mark.plan("W1-D3-T3")
def test_anon_key_is_not_the_service_key(production: dict[str, str], env: Environment) -> None:
    """The anon key goes to every browser; the service key bypasses every row-level policy (contract 1.3)."""
    service = production.get("SUPABASE_SERVICE_KEY")
    exposed = [key for key in ("SUPABASE_KEY", "NEXT_PUBLIC_SUPABASE_ANON_KEY") if service and production.get(key) == service]

    assert not exposed, finding("service-key-as-anonymous-key", str(env.files.env_production), keys=", ".join(exposed))
