"""Who the checks are, when signing in or staying signed in goes wrong."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from fixtures import identities
from fixtures.identities import Bearer
from fixtures.ledger import Ledger
from fixtures.product import Accounts, Tokens
from fixtures.verdicts import Blocked
from tests.conftest import RunningSandbox
from tests.inputs.invocation import verify


def test_wrong_password_blocks_once_and_locks_nobody(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """By the contract five refusals lock the account (R-10): everything that needs the viewer costs fewer."""
    profile = tmp_path / "wrong.env"
    text = sandbox.profile_path.read_text(encoding="utf-8")
    profile.write_text(re.sub(r"(?m)^LV_VIEWER_PASSWORD=.*$", "LV_VIEWER_PASSWORD=not-the-password", text), encoding="utf-8")
    files = [f"suites/smoke/test_{name}.py" for name in ("access", "lists", "caches", "liveness", "reports")]
    outcome = verify(*files, "-n", "2", "--env-file", str(profile))

    assert outcome.code == 7, outcome.text
    assert outcome.outcomes == {"passed", "blocked"}
    [finding] = outcome.findings
    assert "does the viewer of the profile exist there with this password?" in finding
    with sandbox.anonymous() as client:
        person = {"email": sandbox.profile["LV_VIEWER_EMAIL"], "password": sandbox.profile["LV_VIEWER_PASSWORD"]}
        assert client.post("/api/auth/login", json=person).status_code == 200, "the run locked the account"


def tokens(number: int, expires_in: int) -> Tokens:
    return {
        "access_token": f"access-{number}",
        "token_type": "bearer",
        "expires_in": expires_in,
        "refresh_token": f"refresh-{number}",
        "user": {"id": "u", "email": "qa@example.com", "name": None, "roles": ["viewer"]},
    }


class Target:
    """It renews each refresh token once, or refuses; `seen` are the tokens that requests came with. `now` is the clock, in s."""

    def __init__(self) -> None:
        self.now = 0.0
        self.renewals: list[str] = []
        self.seen: list[str] = []
        self.refuses = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/api/auth/refresh":
            self.seen.append(request.headers["authorization"])
            return httpx.Response(200)
        self.renewals.append(json.loads(request.content)["refresh_token"])
        return httpx.Response(401) if self.refuses else httpx.Response(200, json=tokens(len(self.renewals) + 1, 100))

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Target:
    target = Target()
    monkeypatch.setattr(identities, "time", target)
    return target


@pytest.fixture
def client(target: Target) -> Iterator[httpx.Client]:
    """Signed in with a token that lives for 100 s."""
    transport = httpx.MockTransport(target.answer)
    with httpx.Client(transport=transport, base_url="https://target.example") as anonymous:
        bearer = Bearer(Accounts(anonymous, Ledger("lv-test", None)), tokens(1, 100))
        with httpx.Client(transport=transport, base_url="https://target.example", auth=bearer) as client:
            yield client


def test_token_is_renewed_before_it_expires(client: httpx.Client, target: Target) -> None:
    for now in (0, 49, 51, 52, 102):
        target.now = now
        client.get("/api/contacts/")

    assert target.seen == [f"Bearer access-{number}" for number in (1, 1, 2, 2, 3)]
    assert target.renewals == ["refresh-1", "refresh-2"]


def test_refused_renewal_blocks_only_when_the_token_is_over(client: httpx.Client, target: Target) -> None:
    target.refuses = True
    target.now = 60
    client.get("/api/contacts/")
    target.now = 100
    with pytest.raises(Blocked, match="401 Unauthorized"):
        client.get("/api/contacts/")

    assert target.seen == ["Bearer access-1"]
