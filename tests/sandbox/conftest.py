"""Sandboxes configured otherwise than the shared one, started when the first test asks; and rows of a test's own in that one."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import dotenv
import httpx
import pytest

from tests.conftest import RunningSandbox
from tests.sandbox.starting import STANDINS

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60
CAMPAIGN = {
    "name": "Norma",
    "schedule_start": "2031-01-01T09:00:00Z",
    "schedule_end": "2031-02-01T09:00:00Z",
    "script_template": "Hola {name}, le llamamos",
    "calling_hours_start": "09:00",
    "calling_hours_end": "18:00",
}
CONTACT = {"name": "Norma", "phone_number": "+12025550175", "tags": ["uno"], "notes": "nota"}
PER_MINUTE, PER_HOUR = 6, 9  # what `limited` allows; different, so that a refusal shows which of them it is

Row = dict[str, Any]


@contextlib.contextmanager
def started(*options: str) -> Iterator[RunningSandbox]:
    """`python -m sandbox up` with these options, for the body."""
    command = [sys.executable, "-m", "sandbox", "up", "--json", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            assert process.stdout is not None
            announced = process.stdout.readline()
            assert announced, "the sandbox did not start; its reason is in the captured stderr"
            facts = json.loads(announced)
            file = Path(facts["env_file"])
            profile = {key: value or "" for key, value in dotenv.dotenv_values(file, interpolate=False).items()}
            yield RunningSandbox(file, profile, facts["control_url"], {})
        finally:
            process.terminate()


def records(sandbox: RunningSandbox) -> list[Row]:
    """The backend's log so far, as the objects of its lines."""
    lines = Path(sandbox.profile["LV_LOG_FILE"]).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def record_of(sandbox: RunningSandbox, response: httpx.Response) -> Row:
    """The record of one request. It is written a moment after its answer has been sent."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = [each for each in records(sandbox) if each.get("request_id") == response.headers["x-request-id"]]
        if found:
            return found[0]
        time.sleep(0.01)
    raise AssertionError(f"no record of {response.request.method} {response.request.url}")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of PostgreSQL's template, shared by the tests of a module."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def standins(cache: Path) -> list[str]:
    return [*STANDINS, str(cache)]


@pytest.fixture(scope="session")
def staging() -> Generator[RunningSandbox]:
    """Freshly seeded, its API document public. Tests only read here."""
    with started("--app-env", "staging") as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def limited() -> Generator[RunningSandbox]:
    """A developer's: documentation open, and few requests allowed, so each test comes from an address of its own."""
    limits = ("--rate-limit-per-minute", str(PER_MINUTE), "--rate-limit-per-hour", str(PER_HOUR))
    with started("--app-env", "development", *limits) as sandbox:
        yield sandbox


@pytest.fixture
def admin(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    with sandbox.client("admin") as client:
        yield client


@pytest.fixture
def viewer(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    with sandbox.client("viewer") as client:
        yield client


@pytest.fixture
def anonymous(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    with sandbox.anonymous() as client:
        yield client


@pytest.fixture
def campaign(admin: httpx.Client) -> Iterator[Row]:
    created = admin.post("/api/campaigns/", json=CAMPAIGN).json()
    yield created
    admin.delete(f"/api/campaigns/{created['id']}")


@pytest.fixture
def contact(admin: httpx.Client) -> Iterator[Row]:
    created = admin.post("/api/contacts/", json=CONTACT).json()
    yield created
    admin.delete(f"/api/contacts/{created['id']}")


@pytest.fixture
def call(sandbox: RunningSandbox, admin: httpx.Client, campaign: Row, contact: Row) -> Row:
    order = {
        "campaign_id": campaign["id"],
        "contact_id": contact["id"],
        "status": "scheduled",
        "script_template": "Hola",
        "webhook_url": "https://example.com/voz",
        "status_callback_url": "https://example.com/estado",
        "phone_number": contact["phone_number"],
        "from_number": sandbox.profile["TWILIO_PHONE_NUMBER"],
    }
    response = admin.post("/api/calls/", json=order)
    assert response.status_code == 201, response.text
    return dict(response.json())
