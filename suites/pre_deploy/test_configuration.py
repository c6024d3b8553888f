"""The `.env.production` that the deployment will start with (contract 1.2, 1.4)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pytest

from fixtures.profile.environment import Environment
from fixtures.profile.file import Problem, Setting, parse
from fixtures.wire.finding import Message, finding
from record.finding import Finding
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


@dataclass(frozen=True)
class Production:
    """The values of each key: several where it stands there several times, because some readers take the first and some the last.

    `unreadable`: the finding about lines that are no KEY=value, any of which may be the one that is missed.
    """

    readings: Mapping[str, Sequence[str]]
    unreadable: Finding | None

    def values(self, key: str) -> Sequence[str]:
        """An empty text for a key that is not there; Blocked where it may stand in a line that cannot be read."""
        if key not in self.readings and self.unreadable:
            raise Blocked(self.unreadable)
        return self.readings.get(key, [""])


@pytest.fixture(scope="module")
def parsed(env: Environment) -> Parsed:
    """The settings of the file in their order, and what is wrong with its text."""
    if env.files.env_production is None:
        raise Unverified("no-production-file")
    return parse(env.files.env_production)


@pytest.fixture(scope="module")
def production(env: Environment, parsed: Parsed) -> Production:
    """What the file says of each key."""
    settings, problems = parsed
    if not settings:
        raise Blocked(ambiguity(env, problems).finding)
    readings = {setting.key: [setting.value] for setting in settings}
    for problem in problems:
        if problem.value is not None:  # the key stands there before
            readings[problem.key].append(problem.value)
    unreadable = [problem for problem in problems if problem.value is None]
    return Production(readings, ambiguity(env, unreadable).finding if unreadable else None)


def ambiguity(env: Environment, problems: list[Problem]) -> Message:
    return finding("settings-ambiguous", str(env.files.env_production), count=len(problems), place=problems[0].where)


def test_file_can_be_read_in_one_way(env: Environment, parsed: Parsed) -> None:
    """Of two lines with one key some readers take the first and some the last."""
    problems = parsed[1]

    assert not problems, ambiguity(env, problems)


@pytest.mark.parametrize("key", REQUIRED)
def test_key_is_set(production: Production, env: Environment, key: str) -> None:
    """Without it the backend does not start, or starts without its vendor."""
    assert all(production.values(key)), finding("required-key-missing", str(env.files.env_production), key=key)


@pytest.mark.parametrize("key", RULES)
def test_value_is_for_production(production: Production, env: Environment, key: str) -> None:
    """A value that is right on a laptop is wrong here."""
    cause, holds = RULES[key]
    wrong = [value for value in production.values(key) if not holds(value)]

    # The value itself may be a secret: only its length is shown.
    assert not wrong, finding(cause, str(env.files.env_production), key=key, length=len("".join(wrong[:1])))


@pytest.mark.plan("W1-D3-T3")
def test_no_placeholder_is_left(production: Production, env: Environment) -> None:
    """A copied example file starts, and fails at the first call."""
    left = sorted(key for key in REQUIRED if any(map(PLACEHOLDERS.search, production.readings.get(key, ()))))

    assert not left, finding("placeholder-left", str(env.files.env_production), seen=", ".join(left))


@pytest.mark.plan("W1-D3-T3")
def test_anon_key_is_not_the_service_key(production: Production, env: Environment) -> None:
    """The anon key goes to every browser; the service key bypasses every row-level policy (contract 1.3)."""
    service = set(filter(None, production.values("SUPABASE_SERVICE_KEY")))
    exposed = [key for key in ("SUPABASE_KEY", "NEXT_PUBLIC_SUPABASE_ANON_KEY") if service & {*production.readings.get(key, ())}]

    assert not exposed, finding("service-key-as-anonymous-key", str(env.files.env_production), keys=", ".join(exposed))
