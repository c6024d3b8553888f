"""The log has what happened, in a form that can be searched, and no secrets."""

import pytest

from fixtures.monitoring.logs import ApplicationLog, as_object
from fixtures.product.identities import People
from fixtures.product.nouns import Product
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding

FIELDS = {"timestamp", "level", "message", "request_id", "method", "path", "status_code", "process_time_ms"}  # contract 7.9


@pytest.mark.plan("W2-D1-T12", "W2-D2-T5")
@pytest.mark.claims("header/api/request-id", "log/found-by-request-id", *(f"log/field/{name}" for name in FIELDS))
def test_request_leaves_its_line(application_log: ApplicationLog, viewer: Product) -> None:
    """One JSON object with the id that the answer carried (contract 7.9)."""
    answer = viewer.contacts.list(limit=1)
    request_id = answer.headers.get("x-request-id")

    assert request_id, finding("request-id-missing", answer)
    line = application_log.line_with(request_id)
    assert line, finding(
        "request-not-logged", answer, request_id=request_id, log=application_log, lines=len(application_log.lines())
    )
    record = as_object(line)
    assert record, finding("logging-lines-not-json", str(application_log), count=1, total=1, line=repr(line[:100]))
    lacking = FIELDS - record.keys()
    assert not lacking, finding(
        "log-fields-missing", answer, fields=", ".join(sorted(FIELDS)), missing=", ".join(sorted(lacking))
    )


@pytest.mark.privacy
@pytest.mark.plan("W2-D1-T12", "W1-D3-T3")
@pytest.mark.claims("log/never/password", "log/never/access_token", "log/never/refresh_token")
def test_log_keeps_no_credentials(application_log: ApplicationLog, env: Environment, product: Product, sign_in: People) -> None:
    """People who read logs must not be able to sign in with what they read."""
    sign_in.require_login("admin")
    identity = env.identities["admin"]
    login = product.accounts.login(identity.email, identity.password)
    used = product.get("/api/contacts/", token=login.body["access_token"])
    application_log.line_with(used.headers.get("x-request-id", "none"))
    text = application_log.text()

    secrets = {
        "password": identity.password,
        "access_token": login.body["access_token"],
        "refresh_token": login.body["refresh_token"],
    }
    leaked = [name for name, value in secrets.items() if value in text]
    assert text, finding("log-empty", str(application_log))
    assert not leaked, finding("log-keeps-credentials", str(application_log), fields=", ".join(leaked))
