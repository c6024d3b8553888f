"""The log has what happened, in a form that can be searched, and no secrets."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from fixtures.environment import Environment
from fixtures.finding import finding
from fixtures.product import Product

FIELDS = {"timestamp", "level", "message", "request_id", "method", "path", "status_code", "process_time_ms"}  # contract 7.9
TAIL_BYTES = 262_144
WAIT_S = 3.0  # log writers may buffer


def _record(log: Path, request_id: str) -> dict[str, Any] | None:
    """The line of one request, waited for a little."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
        for line in reversed(lines):
            if request_id in line and line.startswith("{"):
                return dict(json.loads(line))
    return None


@pytest.mark.plan("W2-D1-T12")
def test_request_leaves_its_line(env: Environment, viewer: Product) -> None:
    """One JSON object with the id that the answer carried (contract 7.9)."""
    env.require("log_file")
    answer = viewer.contacts.list(limit=1)
    request_id = answer.headers.get("x-request-id")

    assert request_id, finding(
        answer, expected="an X-Request-ID header", seen="none", then="support cannot find a user's request without it"
    )
    record = _record(Path(env.log_file or ""), request_id)
    assert record, finding(
        answer,
        expected=f"a line with request_id {request_id} in {env.log_file}",
        seen="none",
        then="is the log written where LV_LOG_FILE says?",
    )
    lacking = FIELDS - record.keys()
    assert not lacking, finding(
        answer, expected=sorted(FIELDS), seen=f"without {sorted(lacking)}", then="log searches rely on these fields"
    )


@pytest.mark.privacy
@pytest.mark.plan("W2-D1-T12", "W1-D3-T3")
@pytest.mark.usefixtures("admin")
def test_log_keeps_no_credentials(env: Environment, product: Product) -> None:
    """Whoever reads logs must not be able to sign in with what they read."""
    env.require("log_file")
    identity = env.identities["admin"]
    login = product.accounts.login(identity.email, identity.password)
    used = product.get("/api/contacts/", token=login.body["access_token"])
    _record(Path(env.log_file or ""), used.headers.get("x-request-id", "none"))
    with Path(env.log_file or "").open("rb") as file:
        file.seek(max(0, Path(env.log_file or "").stat().st_size - TAIL_BYTES))
        text = file.read().decode("utf-8", "replace")

    secrets = {
        "the password": identity.password,
        "an access token": login.body["access_token"],
        "a refresh token": login.body["refresh_token"],
    }
    leaked = [name for name, value in secrets.items() if value in text]
    assert text, finding(
        str(env.log_file), expected="log lines", seen="an empty log", then="is LV_LOG_FILE the log of this deployment?"
    )
    assert not leaked, finding(
        str(env.log_file),
        expected="no credentials",
        seen=f"{' and '.join(leaked)} in the last lines",
        then="rotate them, then redact before writing",
    )
