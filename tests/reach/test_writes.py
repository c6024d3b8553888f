"""What may change something, and who has to say so."""

import contextlib
import time
from typing import Any

import httpx
import pytest

from fixtures import guard
from fixtures.policy import Policy, outgoing
from fixtures.refusals import AcceptedForbidden, BudgetSpent, DialRefused, GuardError, LoadRefused, WriteRefused
from fixtures.wire import open_wire
from tests.reach.conftest import MakeEnvironment
from tests.reach.home import Home

NOBODY = "00000000-0000-0000-0000-000000000000"
SOMEBODY = "6f1c8e9a-2f0b-4b2e-9c55-3a1d0e7b9f10"
CALLS = "/2010-04-01/Accounts/AC" + "0" * 32 + "/Calls.json"

UNDECLARED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "POST": ("POST", "/api/contacts/", {}),
    "lower case": ("post", "/api/contacts/", {}),
    "line break after the method": ("POST\n", "/api/contacts/", {}),
    "unknown method": ("FROBNICATE", "/", {}),
    "TRACE": ("TRACE", "/", {}),
    "CONNECT": ("CONNECT", "/", {}),
    "override header on a GET": ("GET", "/api/contacts/1", {"headers": {"X-HTTP-Method-Override": "DELETE"}}),
    "override parameter on a GET": ("GET", "/api/contacts/1", {"params": {"_method": "DELETE"}}),
    "login in another spelling": ("POST", "/api/auth/login/", {}),
    "login with dots": ("POST", "/api/auth/login%2f..%2f..%2fcontacts", {}),
    "login as another target": ("POST", "/api/auth/login", {"extensions": {"target": b"/api/contacts/"}}),
    "registration": ("POST", "/api/auth/register", {}),
    "refusal on an unlisted path": ("POST", "/api/settings", {"extensions": {"must_be_refused": "says so"}}),
    "refusal of a row that exists": ("DELETE", f"/api/contacts/{SOMEBODY}", {"extensions": {"must_be_refused": "says so"}}),
    "refusal with an unlisted method": ("PUT", "/api/contacts/", {"extensions": {"must_be_refused": "says so"}}),
}


@pytest.mark.parametrize(("method", "path", "options"), UNDECLARED.values(), ids=UNDECLARED)
def test_undeclared_change_does_not_leave(
    method: str, path: str, options: dict[str, Any], client: httpx.Client, home: Home
) -> None:
    """The same check behaves the same in every environment, so this holds also where writing is free."""
    with pytest.raises(WriteRefused):
        client.request(method, path, **options)

    assert home.arrivals == []


@pytest.mark.writes("posts to a server of the test's own")
def test_declared_change_leaves(client: httpx.Client, home: Home) -> None:
    client.post("/api/contacts/")

    assert [arrival.method for arrival in home.arrivals] == ["POST"]


@pytest.mark.writes("would post to a protected environment")
@pytest.mark.parametrize("allowed", [False, True])
def test_protected_environment_needs_the_flag_too(allowed: bool, environment_of: MakeEnvironment, home: Home) -> None:
    env = environment_of(protected=True)
    with open_wire(env, Policy(env, run_id="lv-test", allow_writes=allowed), home.url) as client:
        expectation = contextlib.nullcontext() if allowed else pytest.raises(WriteRefused, match="--allow-writes")
        with expectation:
            client.post("/api/contacts/")

    assert len(home.arrivals) == (1 if allowed else 0)


def test_declaration_ends_with_its_block(client: httpx.Client) -> None:
    with guard.writing("set-up"):
        client.post("/api/contacts/")

    with pytest.raises(WriteRefused):
        client.post("/api/contacts/")


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/auth/refresh", "/api/auth/logout"])
def test_sessions_are_opened_and_closed_everywhere(path: str, environment_of: MakeEnvironment, home: Home) -> None:
    env = environment_of(protected=True)
    with open_wire(env, Policy(env, run_id="lv-test"), home.url) as client:
        assert client.post(path).status_code == 200


def test_listed_operation_at_another_part_is_not_listed(environment_of: MakeEnvironment, home: Home) -> None:
    """The product's login path means nothing on a vendor's host."""
    env = environment_of(api_url="http://elsewhere.example", web_url="http://elsewhere.example", supabase_url=home.url)
    with open_wire(env, Policy(env, run_id="lv-test"), home.url) as client, pytest.raises(WriteRefused):
        client.post("/api/auth/login")

    assert home.arrivals == []


def test_accepted_request_is_a_finding(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What must be refused and is not is of the first severity; what it created is told, and may be removed."""
    told: list[tuple[str, str]] = []
    monkeypatch.setattr("fixtures.policy.on_unexpected_creation", [lambda path, answer: told.append((path, answer.json()["id"]))])

    with pytest.raises(AcceptedForbidden) as caught:
        client.post("/api/contacts/", extensions={"must_be_refused": "nobody is signed in"})

    assert caught.value.finding.seen == "201: accepted"
    assert told == [("/api/contacts", "c-1")]
    assert client.delete("/api/contacts/c-1").status_code == 200
    with pytest.raises(WriteRefused):
        client.delete("/api/contacts/c-2")


def test_writer_cannot_pass_for_somebody_refused(client: httpx.Client, home: Home) -> None:
    """A token that this run was given is a real one: signed with it, a write is a write."""
    token = client.post("/api/auth/login").json()["access_token"]

    with pytest.raises(WriteRefused, match="whom the target serves"):
        client.post("/api/contacts/", headers={"authorization": f"Bearer {token}"}, extensions={"must_be_refused": "a viewer"})
    with pytest.raises(AcceptedForbidden):  # deleting a campaign is the administrator's alone
        client.delete(
            f"/api/campaigns/{NOBODY}",
            headers={"authorization": f"Bearer {token}"},
            extensions={"must_be_refused": "an operator"},
        )

    assert [arrival.path for arrival in home.arrivals] == ["/api/auth/login", f"/api/campaigns/{NOBODY}"]


def test_redirected_refusal_is_not_followed_elsewhere(client: httpx.Client, home: Home) -> None:
    """The reason travels with the request, and every hop is looked up again."""
    with pytest.raises(WriteRefused):
        client.post("/to?status=307&where=/api/settings", extensions={"must_be_refused": "why"}, follow_redirects=True)

    assert home.arrivals == []


@pytest.mark.parametrize(
    ("method", "query", "headers", "refused"),
    [
        ("POST", "", {}, False),
        ("POST", "", {"apikey": "service"}, True),
        ("POST", "", {"authorization": "Bearer service"}, True),
        ("POST", "", {"prefer": "resolution=merge-duplicates"}, True),
        ("DELETE", f"id=eq.{NOBODY}", {}, False),
        ("DELETE", "", {}, True),
        ("DELETE", f"id=eq.{SOMEBODY}", {}, True),
        ("PATCH", f"id=eq.{NOBODY}&or=(id.gt.0)", {}, True),
    ],
)
def test_row_level_security_is_tried_on_nobodys_row(
    method: str, query: str, headers: dict[str, str], refused: bool, environment_of: MakeEnvironment
) -> None:
    """An open DELETE without a filter would empty the table that it was meant to protect."""
    env = environment_of(
        supabase_url="https://base.example", supabase_service_key="service", allowed_hosts=frozenset({("base.example", 443)})
    )
    request = outgoing(method, f"https://base.example/rest/v1/contacts?{query}", headers, must_be_refused="anonymous")

    with pytest.raises(WriteRefused) if refused else contextlib.nullcontext():
        Policy(env, run_id="lv-test").admit(request)


DIALS: dict[str, tuple[str, bytes, bool]] = {
    "a test number of the vendor": ("/api/calls/", b'{"phone_number": "+15005550006"}', True),
    "a listed number": ("/api/calls/", b'{"phone_number": "+34 600-000-001"}', True),
    "somebody": ("/api/calls/", b'{"phone_number": "+34612345678"}', False),
    "somebody without plus": ("/api/calls/", b'{"phone_number": "0034612345678"}', False),
    "somebody as a number": ("/api/calls/", b'{"phone_number": 34612345678}', False),
    "somebody first of two": ("/api/calls/", b'{"phone_number": "+34612345678", "phone_number": "+15005550006"}', False),
    "somebody in another case": ("/api/calls/", b'{"Phone_Number": "+34612345678"}', False),
    "somebody in a form": ("/api/calls", b"phone_number=%2B34612345678", False),
    "somebody after a line break": ("/api/calls/", b'{"phone_number": "+15005550006\\n+34612345678"}', False),
    "an emergency call": ("/api/calls/", b'{"phone_number": "112"}', False),
    "a telephone on the internet": ("/api/calls/", b'{"phone_number": "sip:anna@example.com"}', False),
    "a text that rings nothing": ("/api/calls/", b'{"phone_number": "abc"}', True),
    "no number": ("/api/calls/", b"{}", True),
}


@pytest.mark.parametrize(("path", "body", "leaves"), DIALS.values(), ids=DIALS)
@pytest.mark.writes("would place a call")
def test_only_test_numbers_are_dialled(path: str, body: bytes, leaves: bool, environment_of: MakeEnvironment, home: Home) -> None:
    """In no environment, with no flag, does a check ring a person."""
    env = environment_of(test_numbers=("+34600000001",))
    refusal = contextlib.nullcontext() if leaves else pytest.raises(DialRefused)
    with open_wire(env, Policy(env, run_id="lv-test", allow_writes=True), home.url) as client, refusal:
        client.post(path, content=body)

    assert len(home.arrivals) == (1 if leaves else 0)


@pytest.mark.writes("would place calls at the vendor")
def test_budget_is_not_overrun(environment_of: MakeEnvironment, home: Home) -> None:
    """What costs money is charged before it leaves; Twilio's own test numbers are free."""
    paid, free = "+34600000001", "+15005550006"
    env = environment_of(
        twilio_api_base_url=home.url, api_url="http://elsewhere.example", web_url="", budget_usd=0.25, test_numbers=(paid,)
    )
    with open_wire(env, Policy(env, run_id="lv-test"), home.url) as client:
        for number in (paid, paid, free):
            client.post(CALLS, data={"To": number})
        with pytest.raises(BudgetSpent, match="LV_BUDGET_USD"):
            client.post(CALLS, data={"To": paid})
        with pytest.raises(WriteRefused, match="nobody knows what"):
            client.post(CALLS.replace("Calls", "IncomingPhoneNumbers"), data={"PhoneNumber": paid})

    assert len(home.arrivals) == 3


def test_workers_share_rate_and_budget(environment_of: MakeEnvironment) -> None:
    policy = Policy(environment_of(max_rps=50.0, budget_usd=1.0), run_id="lv-test", workers=5)
    began = time.monotonic()
    for _ in range(4):
        policy.pace.wait()

    assert time.monotonic() - began >= 3 * 0.1
    assert policy.spending.budget_usd == 0.2


@pytest.mark.parametrize(("protected", "allowed", "refused"), [(True, False, True), (True, True, False), (False, False, False)])
def test_load_on_a_protected_environment_needs_the_flag(
    protected: bool, allowed: bool, refused: bool, environment_of: MakeEnvironment
) -> None:
    policy = Policy(environment_of(protected=protected), run_id="lv-test", allow_load=allowed)

    with pytest.raises(LoadRefused) if refused else contextlib.nullcontext():
        policy.require_load()


def test_refusal_says_the_way_out() -> None:
    """The verdict reads these two attributes: the suite's refusal is no failure of the product."""
    error: GuardError = WriteRefused("fact", "remedy")

    assert (error.refused_by_suite, error.remedy, str(error)) == (True, "remedy", "fact. remedy")
