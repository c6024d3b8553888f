"""A real deployment in which something is missing that nobody may notice: keys, rights, devices, pictures."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import jwt
import psycopg
import pytest

from tests.conftest import RunningSandbox
from tests.suites import runs
from tests.suites.runs import Ended

SUPABASE, TWILIO = "suites/integration/test_supabase.py", "suites/integration/test_twilio.py"


def profile(sandbox: RunningSandbox, folder: Path, **changed: str | None) -> Path:
    """The sandbox's own, changed; None takes a key away."""
    keys = {key: value for key, value in {**sandbox.profile, **changed}.items() if value is not None}
    path = folder / "changed.env"
    path.write_text("".join(f"{key}={json.dumps(value)}\n" for key, value in keys.items()), encoding="utf-8")
    path.chmod(0o600)
    return path


def assert_not_green(run: Ended, words: str) -> None:
    assert run.exit_code in (1, 6, 7), run.output
    assert run.data["no_evidence"], run.output
    assert words in run.output.rpartition("verdict   ")[2] or words in json.dumps(run.data["checks"]), run.output
    assert "PASSED" not in run.output.rpartition("verdict   ")[2]


OTHER_PROJECT = jwt.encode(
    {"role": "anon", "iss": "supabase", "exp": 4_000_000_000}, "the secret of another project, 32+", "HS256"
)
KEYS: dict[str, tuple[str, dict[str, str | None], str]] = {
    "no key of Supabase": (SUPABASE, {"SUPABASE_KEY": None}, "SUPABASE_KEY"),
    "a key of another project": (SUPABASE, {"SUPABASE_KEY": OTHER_PROJECT}, "401"),
    "no account at Twilio": (TWILIO, {"TWILIO_ACCOUNT_SID": None, "TWILIO_AUTH_TOKEN": None}, "TWILIO_"),
}


@pytest.mark.parametrize(("file", "changed", "words"), KEYS.values(), ids=KEYS)
def test_vendor_without_a_key_that_works(
    sandbox: RunningSandbox, tmp_path: Path, file: str, changed: dict[str, str | None], words: str
) -> None:
    assert_not_green(runs.verify(profile(sandbox, tmp_path, **changed), file), words)


@pytest.mark.parametrize(
    ("fault", "words"), [("twilio-balance-spent", "balance"), ("twilio-credentials-revoked", "401")], ids=["spent", "revoked"]
)
def test_vendor_account_that_does_nothing(sandbox: RunningSandbox, fault: str, words: str) -> None:
    with sandbox.control(fault):
        run = runs.verify(sandbox.profile_path, TWILIO)

    assert_not_green(run, words)


@contextlib.contextmanager
def read_only(database_url: str) -> Iterator[None]:
    """The backend's own role may only read, in the connections that it opens from now on; those it has are closed."""
    close = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute("ALTER ROLE CURRENT_USER SET default_transaction_read_only = on")
        connection.execute(close)
        try:
            yield
        finally:
            connection.execute("ALTER ROLE CURRENT_USER RESET default_transaction_read_only")
            connection.execute(close)


def test_database_that_can_only_be_read(sandbox: RunningSandbox) -> None:
    """The deployment is up and reads; nobody can even sign in, because that writes, too."""
    with read_only(sandbox.profile["DATABASE_URL"]):
        run = runs.verify(sandbox.profile_path, "suites/smoke/test_round_trips.py")

    assert_not_green(run, "500 Internal Server Error")
