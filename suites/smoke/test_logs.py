"""The log has what happened, in a form that can be searched, and no secrets."""

import pytest

from fixtures.monitoring.logs import ApplicationLog, as_object
from fixtures.product.nouns import Product
from fixtures.profile.environment import Environment
from fixtures.wire.finding import stated as finding

FIELDS = {"timestamp", "level", "message", "request_id", "method", "path", "status_code", "process_time_ms"}  # contract 7.9


@pytest.mark.plan("W2-D1-T12", "W2-D2-T5")
def test_request_leaves_its_line(application_log: ApplicationLog, viewer: Product) -> None:
    """One JSON object with the id that the answer carried (contract 7.9)."""
    answer = viewer.contacts.list(limit=1)
    request_id = answer.headers.get("x-request-id")

    assert request_id, finding(
        answer, expected="an X-Request-ID header", seen="none", then="support cannot find a user's request without it"
    )
    line = application_log.line_with(request_id)
    assert line, finding(
        answer,
        expected=f"a line with {request_id} in {application_log}",
        seen=f"{len(application_log.lines())} other lines",
        then="is the log written where LV_LOG_FILE says?",
    )
    record = as_object(line)
    assert record, finding(
        answer, expected="one JSON object in one line", seen=line[:120], then="is LOG_FORMAT json, without indentation?"
    )
    lacking = FIELDS - record.keys()
    assert not lacking, finding(
        answer, expected=sorted(FIELDS), seen=f"without {sorted(lacking)}", then="log searches rely on these fields"
    )


@pytest.mark.privacy
@pytest.mark.plan("W2-D1-T12", "W1-D3-T3")
@pytest.mark.usefixtures("admin")
def test_log_keeps_no_credentials(application_log: ApplicationLog, env: Environment, product: Product) -> None:
    """Whoever reads logs must not be able to sign in with what they read."""
    identity = env.identities["admin"]
    login = product.accounts.login(identity.email, identity.password)
    used = product.get("/api/contacts/", token=login.body["access_token"])
    application_log.line_with(used.headers.get("x-request-id", "none"))
    text = application_log.text()

    secrets = {
        "the password": identity.password,
        "an access token": login.body["access_token"],
        "a refresh token": login.body["refresh_token"],
    }
    leaked = [name for name, value in secrets.items() if value in text]
    assert text, finding(
        f"{application_log}",
        expected="log lines",
        seen="nothing new after two requests",
        then="is LV_LOG_FILE the log of this deployment?",
    )
    assert not leaked, finding(
        f"{application_log}",
        expected="no credentials",
        seen=f"{' and '.join(leaked)} in the last lines",
        then="rotate them, then redact before writing",
    )
