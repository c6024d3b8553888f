"""Faults are switched where the product cannot reach, one by one or together, unless one says the opposite of another."""

import ssl
from collections.abc import Generator

import httpx
import pytest

from tests.conftest import RunningSandbox

ADDRESSES = ("LV_API_URL", "LV_WEB_URL", "LV_HTTP_URL", "LV_BACKEND_URL", "SUPABASE_URL", "TWILIO_API_BASE_URL")
FAULT = "hsts-missing"


@pytest.fixture
def control(sandbox: RunningSandbox) -> Generator[httpx.Client]:
    with httpx.Client(base_url=sandbox.control_url, timeout=10) as client:
        yield client
        client.delete("/faults").raise_for_status()


@pytest.mark.parametrize("key", ADDRESSES)
def test_product_does_not_lead_to_the_control_port(sandbox: RunningSandbox, control: httpx.Client, key: str) -> None:
    """Neither by its responses nor by forwarding."""
    if key not in sandbox.profile:
        pytest.fail(f"the profile has no {key}")
    tls = ssl.create_default_context(cafile=sandbox.profile["LV_CA_FILE"])
    with httpx.Client(verify=tls, timeout=10) as client:
        responses = [client.request(method, f"{sandbox.profile[key]}/faults/{FAULT}") for method in ("PUT", "DELETE", "GET")]

    assert all(response.status_code in (301, 308, 401, 403, 404, 405) for response in responses), responses
    assert FAULT not in [fault["name"] for fault in control.get("/faults").json() if fault["on"]]
    assert sandbox.control_url not in sandbox.profile.values()


def test_unknown_fault_is_answered_with_the_nearest(control: httpx.Client) -> None:
    response = control.put("/faults/hsts-mising")

    assert response.status_code == 404
    assert FAULT in response.json()["detail"]


def test_faults_that_exclude_each_other_are_not_on_together(control: httpx.Client) -> None:
    control.put("/faults/cors-lists-nobody").raise_for_status()
    response = control.put("/faults/cors-reflects-any-origin")

    assert response.status_code == 409
    assert "exclude each other" in response.json()["detail"]
    assert [fault["name"] for fault in control.get("/faults").json() if fault["on"]] == ["cors-lists-nobody"]


def test_several_can_be_on_at_once(control: httpx.Client) -> None:
    for name in (FAULT, "health-lies"):
        control.put(f"/faults/{name}").raise_for_status()

    assert {fault["name"] for fault in control.get("/faults").json() if fault["on"]} == {FAULT, "health-lies"}
    assert control.delete("/faults").json() == {"active": []}


def test_faults_that_were_read_are_listed_once(sandbox: RunningSandbox, control: httpx.Client) -> None:
    """By the requests since the last time."""
    control.post("/asked-for").raise_for_status()
    with sandbox.anonymous() as client:
        client.get("/health")

    assert "health-lies" in control.post("/asked-for").json()
    assert "health-lies" not in control.post("/asked-for").json()
