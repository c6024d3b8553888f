"""A profile is whole or refused, with everything that is wrong said at once."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures import environment, profile, profile_file
from fixtures.environment import ProfileError
from fixtures.profile import Environment
from fixtures.profile_file import ProfileInvalid
from fixtures.verdicts import Unverified

WHOLE = """\
LV_DEPLOYMENT=external
LV_PROTECTED=false
LV_API_URL=https://127.0.0.1:8443
LV_WEB_URL=https://127.0.0.1:8443
LV_ALLOWED_HOSTS=127.0.0.1:8443
"""
Load = Callable[..., Environment]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a profile of this text, under a process environment that says only what is given."""

    def loaded(text: str, *, secrets: str = "", name: str = "own.env", **process: str) -> Environment:
        (tmp_path / name).write_text(text, encoding="utf-8")
        if secrets:
            (tmp_path / "own.secrets.env").write_text(secrets, encoding="utf-8")
        monkeypatch.setattr(profile_file.merge, "__defaults__", (process,))
        return profile.load(str(tmp_path / name))

    return loaded


@pytest.mark.parametrize("name", ["local", "staging", "prod"])
def test_committed_profile_is_whole(name: str) -> None:
    assert profile.load(name).name == name


def test_production_is_protected() -> None:
    assert profile.load("prod").protected


def test_minimum_is_enough(load: Load) -> None:
    env = load(WHOLE)

    assert (env.name, env.api_url, env.protected) == ("own", "https://127.0.0.1:8443", False)
    assert env.allowed_hosts == {("127.0.0.1", 8443)}


def test_protection_is_the_default(load: Load) -> None:
    assert load(WHOLE.replace("LV_PROTECTED=false\n", "")).protected


def test_environment_file_of_the_product_works(load: Load) -> None:
    """The MVP's own .env.production: addresses come from it, and nothing may be written."""
    env = load(
        "APP_ENV=production\nAPP_URL=https://shop.example/\nSUPABASE_URL=https://base.example\nSUPABASE_KEY=anon-key\n"
        "TWILIO_ACCOUNT_SID=AC1\nSOME_OTHER=thing\nLOG_LEVEL=info # text\n",
        name=".env.production",
    )

    assert (env.name, env.api_url, env.web_url, env.protected) == (
        "production",
        "https://shop.example",
        "https://shop.example",
        True,
    )
    assert env.allowed_hosts == {("shop.example", 443), ("base.example", 443), ("api.twilio.com", 443)}


def test_path_of_the_api_address_is_dropped_in_the_products_own_key(load: Load) -> None:
    """Sources disagree on an /api suffix there (contract 1.3); a check says so, loading goes on."""
    assert (
        load("APP_URL=https://shop.example\nNEXT_PUBLIC_API_URL=https://api.shop.example/api\n").api_url
        == "https://api.shop.example"
    )


WRONG = {
    "LV_API_URL=127.0.0.1:8443": "must be a web address that begins with https://",
    "LV_API_URL=ftp://127.0.0.1": "must be a web address that begins with https://",
    "LV_API_URL=https://ana:clave@127.0.0.1:8443": "must carry no user name or password",
    "LV_API_URL=https://127.0.0.1:8443/api": "must be an origin",
    "LV_API_URL=https://127.0.0.1:99999": "must be a web address",
    "LV_API_URL=https://127.0.0.1:8443\\@evil.example": "without spaces, control characters or backslashes",
    "LV_PROTECTED=maybe": "must be true or false",
    "LV_DEPLOYMENT=cloud": "must be one of external, sandbox",
    "LV_MAX_RPS=0": "must be a number from 0.1 to 100000",
    "LV_MAX_RPS=abc": "must be a number from 0.1 to 100000",
    "LV_MAX_RPS=-5": "must be a number from 0.1 to 100000",
    "LV_MAX_RPS=nan": "must be a number from 0.1 to 100000",
    "LV_TIMEOUT_S=1e9": "must be a number from 0.1 to 300",
    "LV_RATE_LIMIT_PER_MINUTE=1.5": "must be a whole number",
    "LV_BUDGET_USD=-1": "must be a number from 0 to 10000",
    "LV_ADMIN_EMAIL=admin": "must be an e-mail address",
    "LV_TEST_NUMBERS=+15005550006,600000000": "must be a phone number in E.164 form",
    "LV_ALLOWED_HOSTS=https://127.0.0.1": "must be a comma list of host or host:port",
    "LV_ALLOWED_HOSTS=*": "must be a comma list of host or host:port",
    "LV_ALLOWED_HOSTS=127.0.0.1:0": "must be a comma list of host or host:port",
    "LV_CA_FILE=/nowhere/ca.pem": "must be the path of a file that exists",
    f"LV_CA_FILE={__file__}": "must be a PEM file",
    "LV_ENV_PRODUCTION_FILE=/nowhere": "must be the path of a file that exists",
    "LV_HTTP_URL=http://127.0.0.1:8080": "its host is not in LV_ALLOWED_HOSTS",
    "SUPABASE_URL=https://base.example": "its host is not in LV_ALLOWED_HOSTS",
    "LV_MAXRPS=5": "Did you mean LV_MAX_RPS?",
    "LV_VIEWER_PASSWORD=clave-secreta": "LV_VIEWER_EMAIL: is missing",
}


@pytest.mark.parametrize(("line", "rule"), WRONG.items(), ids=WRONG)
def test_wrong_value_is_named_with_its_place_and_rule(line: str, rule: str, load: Load) -> None:
    key = line.partition("=")[0]
    others = "".join(each for each in WHOLE.splitlines(keepends=True) if not each.startswith(f"{key}="))

    with pytest.raises(ProfileInvalid) as caught:
        load(f"{others}\n# a comment\n{line}\n")

    message = str(caught.value)
    assert rule in message
    assert key in message
    assert "own.env" in message


def test_place_is_the_line(load: Load) -> None:
    with pytest.raises(ProfileInvalid, match=r"own\.env:8: LV_MAX_RPS='x'"):
        load(f"{WHOLE}\n# a comment\nLV_MAX_RPS=x\n")


def test_everything_wrong_is_said_at_once(load: Load) -> None:
    with pytest.raises(ProfileInvalid) as caught:
        load("LV_API_URL=nowhere\nLV_MAX_RPS=x\nLV_TYPO=1\nLV_TIMEOUT_S=0\n")

    assert {problem.key for problem in caught.value.problems} == {
        "LV_API_URL",
        "LV_WEB_URL",
        "LV_MAX_RPS",
        "LV_TYPO",
        "LV_TIMEOUT_S",
    }


TEXTS = {
    "empty": (b"", "has no settings"),
    "comments only": (b"# nothing\n\n", "has no settings"),
    "not UTF-8": ("LV_NAME=España\n".encode("latin-1"), "is not UTF-8"),
    "doubled key": (WHOLE.encode() + b"LV_PROTECTED=true\n", "stands here and at"),
    "no assignment": (WHOLE.encode() + b"LV_NAME='open\n", "is not KEY=value"),
}


@pytest.mark.parametrize(("content", "rule"), TEXTS.values(), ids=TEXTS)
def test_unusable_file_is_refused(content: bytes, rule: str, tmp_path: Path) -> None:
    (tmp_path / "own.env").write_bytes(content)

    with pytest.raises(ProfileInvalid, match=rule):
        profile.load(str(tmp_path / "own.env"))


@pytest.mark.parametrize("path", ["/nowhere/own.env", "/tmp/"])  # noqa: S108 - any folder
def test_unreadable_file_is_refused(path: str) -> None:
    with pytest.raises(ProfileInvalid, match="cannot be read"):
        profile.load(path)


def test_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ProfileInvalid, match=r"Did you mean --env=staging\? Known: local, prod, staging"):
        profile.load("stagging")


def test_secret_is_never_shown(load: Load) -> None:
    with pytest.raises(ProfileInvalid) as caught:
        load(WHOLE + "LV_TIMEOUT_S=x\nSUPABASE_KEY=very-secret-key\nLV_VIEWER_PASSWORD=clave-secreta\n")

    assert "clave-secreta" not in str(caught.value)
    assert "very-secret-key" not in str(caught.value)


EXPOSED = [
    "LV_ADMIN_PASSWORD=clave",
    "SUPABASE_KEY=anon",
    "SUPABASE_JWT_SECRET=s",
    "TWILIO_AUTH_TOKEN=t",
    "SECRET_KEY=s",
    "REDIS_PASSWORD=p",
    "DATABASE_URL=postgresql://mvp:clave@base.example/mvp",
    "REDIS_URL=redis://:clave@cache.example:6379/0",
    "UNKNOWN_API_KEY=k",
]


@pytest.mark.parametrize("line", EXPOSED)
def test_secret_in_a_file_that_git_would_commit_is_refused(
    line: str, load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.setattr(profile_file, "ROOT", tmp_path)

    with pytest.raises(ProfileInvalid) as caught:
        load(f"{WHOLE}{line}\n")

    assert "a secret in a file that git does not ignore" in str(caught.value)
    assert "clave" not in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "NEXT_PUBLIC_SUPABASE_ANON_KEY=k",
        "DATABASE_URL=postgresql://base.example/mvp",
        "SUPABASE_KEY=",
        "ACCESS_TOKEN_EXPIRE_MINUTES=30",
    ],
)
def test_what_is_no_secret_may_be_committed(line: str, load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.setattr(profile_file, "ROOT", tmp_path)

    assert load(f"{WHOLE}{line}\n")


def test_secret_in_an_ignored_file_is_taken(load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("*.secrets.env\n")
    monkeypatch.setattr(profile_file, "ROOT", tmp_path)

    assert load(WHOLE, secrets="TWILIO_AUTH_TOKEN=t\n").twilio_auth_token == "t"


def test_process_wins_over_secrets_over_profile(load: Load) -> None:
    told = {"APP_NAME": "process"}
    env = load(
        WHOLE + "APP_NAME=profile\nAPP_ENV=profile\nLV_NAME=profile\n", secrets="APP_NAME=secrets\nAPP_ENV=secrets\n", **told
    )

    assert (env.app_name, env.app_env, env.name) == ("process", "secrets", "profile")


def test_blank_variable_does_not_hide_the_profile(load: Load) -> None:
    """CI passes a secret that is not set as an empty text."""
    assert load(WHOLE + "APP_NAME=profile\n", APP_NAME="").app_name == "profile"


def test_sandbox_is_taken_alone(load: Load) -> None:
    """Its addresses and credentials were made when it booted; what a developer's shell exports is not about it."""
    env = load(WHOLE + "LV_NAME=sandbox\n", APP_URL="https://elsewhere.example", LV_API_URL="https://elsewhere.example")

    assert env.api_url == "https://127.0.0.1:8443"


def test_production_host_needs_a_protected_profile(load: Load) -> None:
    text = WHOLE.replace("127.0.0.1:8443", "llamadas.example")

    with pytest.raises(ProfileInvalid, match=r"llamadas\.example belongs to the protected profile prod"):
        load(text)
    assert load(text.replace("LV_PROTECTED=false", "LV_PROTECTED=true")).protected


def test_protection_cannot_be_taken_off_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile_file.merge, "__defaults__", ({"LV_PROTECTED": "false"},))

    with pytest.raises(ProfileInvalid, match="Leave LV_PROTECTED as the profile says"):
        profile.load("prod")


def test_environments_do_not_share_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile_file.merge, "__defaults__", ({"APP_URL": "https://llamadas.example"},))

    with pytest.raises(ProfileInvalid):
        profile.load("staging")


HTTP = "LV_API_URL=http://shop.example\nLV_WEB_URL=http://shop.example\nLV_HTTP_URL=http://shop.example\n"


@pytest.mark.parametrize("changes", ["LV_PROTECTED=true", "LV_PROTECTED=false\nAPP_ENV=staging"])
def test_plain_http_to_another_machine_is_refused(changes: str, load: Load) -> None:
    """Except to the address that is there to be seen redirecting."""
    with pytest.raises(ProfileInvalid, match="plain http to another machine") as caught:
        load(f"{HTTP}{changes}\n")

    assert [problem.key for problem in caught.value.problems] == ["LV_API_URL", "LV_WEB_URL"]


def test_plain_http_of_a_development_machine_is_fine(load: Load) -> None:
    assert load(f"{HTTP}LV_PROTECTED=false\n")


def test_plain_http_to_this_machine_is_fine(load: Load) -> None:
    assert load("LV_API_URL=http://127.0.0.1:8000\nLV_WEB_URL=http://localhost:3000\nLV_PROTECTED=true\n")


def test_missing_secret_makes_checks_unverified_by_key(load: Load) -> None:
    env = load(WHOLE + "LV_ADMIN_EMAIL=qa@example.com\n", LV_ADMIN_PASSWORD="clave")

    env.require("admin", "api_url")
    with pytest.raises(Unverified, match="set TWILIO_AUTH_TOKEN, LV_VIEWER_EMAIL, LV_VIEWER_PASSWORD in"):
        env.require("twilio_auth_token", "viewer")


def test_shown_profile_holds_no_secret(load: Load) -> None:
    env = load(
        WHOLE + "LV_ADMIN_EMAIL=qa@example.com\n",
        LV_ADMIN_PASSWORD="clave-1",
        DATABASE_URL="postgresql://mvp:clave-2@base.example/mvp",
        SUPABASE_KEY="clave-3",
    )

    assert set(profile.secrets_of(env)) == {"clave-1", "clave-2", "clave-3"}
    assert "clave" not in str(profile.without_secrets(env)) + repr(env)
    assert profile.without_secrets(env)["supabase_key"] is True


def test_unresolvable_host_is_said_before_any_request(load: Load) -> None:
    env = load(WHOLE.replace("127.0.0.1:8443", "no-such-host.invalid"))

    with pytest.raises(ProfileError, match=r"no-such-host\.invalid'?: does not resolve"):
        environment.resolve(env)
    environment.resolve(load(WHOLE))


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--env=porduction"], "Known: local, prod, staging"),
        (["--env-file", "/nowhere/own.env"], "cannot be read"),
        (["--env=prod"], "does not resolve"),
    ],
)
def test_run_ends_with_4_and_without_a_traceback(arguments: list[str], text: str) -> None:
    command = [sys.executable, "-m", "pytest", "suites", *arguments, "-p", "no:cacheprovider", "-q"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=profile_file.ROOT)

    assert run.returncode == 4, run.stdout + run.stderr
    assert text in run.stderr
    assert "Traceback" not in run.stdout + run.stderr
