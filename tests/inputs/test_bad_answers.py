"""A target that is up and answers what nobody expected: each answer becomes a finding, and the run comes to its end."""

import json
import threading
from pathlib import Path

import pytest

from tests.inputs import product_server
from tests.inputs.invocation import Outcome, verify
from tests.inputs.product_server import TOKENS, Reply, as_json

CONTACTS = "suites/smoke/test_lists.py::test_contacts_come_in_pages"
LISTS = "suites/smoke/test_lists.py"
HTML = Reply(200, b"<!doctype html><title>Mantenimiento</title>", {"content-type": "text/html"})


def ended_with_a_verdict(outcome: Outcome) -> Outcome:
    assert "Traceback" not in outcome.text
    assert "INTERNALERROR" not in outcome.text
    assert outcome.run, outcome.text
    assert outcome.run["exit_code"] == outcome.code
    return outcome


ANSWERS = {
    "50 MB": (Reply(200, b"x", {"content-type": "application/json"}, times=50_000_000), "more than 10000000 bytes"),
    "truncated JSON": (Reply(200, b'{"data": [{"id": "c-', {"content-type": "application/json"}), "JSONDecodeError"),
    "HTML": (HTML, "JSONDecodeError"),
    "empty": (Reply(200, b"", {"content-type": "application/json"}), "JSONDecodeError"),
    "not UTF-8": (Reply(200, b"\xff\xfe\x00", {"content-type": "application/json"}), "Error"),
    "another shape": (as_json([1, 2, 3]), "Error"),
    "redirect to itself": (Reply(307, headers={"location": "/api/contacts/"}), "307 Temporary Redirect"),
    "429": (as_json({"detail": "slow down"}, 429, retry_after="30"), "429 Too Many Requests"),
}


@pytest.mark.parametrize(("reply", "seen"), ANSWERS.values(), ids=ANSWERS)
def test_answer_that_nobody_expected_is_a_finding(reply: Reply, seen: str, tmp_path: Path) -> None:
    with product_server.serving({"GET /api/contacts/": reply}) as home:
        outcome = ended_with_a_verdict(verify(CONTACTS, "--env-file", str(home.write_profile(tmp_path))))

    assert outcome.code == 1
    assert outcome.outcomes == {"failed"}
    assert seen in outcome.checks[0]["finding"]["seen"]
    assert "GET http://127.0.0.1" in outcome.checks[0]["finding"]["where"]


def test_redirect_loop_costs_one_request(tmp_path: Path) -> None:
    """The suite follows no redirect by itself, so there is no loop to be caught in."""
    with product_server.serving({"GET /login": Reply(302, headers={"location": "/login"})}) as home:
        check = "suites/smoke/test_liveness.py::test_frontend_is_served"
        ended_with_a_verdict(verify(check, "--env-file", str(home.write_profile(tmp_path))))

    assert home.arrivals["GET /login"] == 1


def test_redirect_to_a_host_off_the_list_is_not_followed(tmp_path: Path) -> None:
    """The finding shows where the page sends its visitors, and the run does not go there."""
    with product_server.serving() as elsewhere, product_server.serving() as home:
        home.replies["GET /login"] = Reply(302, headers={"location": f"{elsewhere.url}/login"})
        check = "suites/smoke/test_liveness.py::test_frontend_is_served"
        outcome = ended_with_a_verdict(verify(check, "--env-file", str(home.write_profile(tmp_path))))

    assert outcome.code == 1
    assert "302 Found" in outcome.checks[0]["finding"]["seen"]
    assert not elsewhere.arrivals


SIGN_INS = {
    "wrong password": (as_json({"detail": "Credenciales inválidas"}, 401), "does the viewer of the profile exist there"),
    "locked": (as_json({"detail": "Demasiados intentos"}, 429, retry_after="900"), "try again in 900 s"),
    "HTML": (HTML, "does the MVP's API answer there"),
    "tokens without an end": (
        as_json({name: TOKENS[name] for name in ("access_token", "user")}),
        "does the MVP's API answer there",
    ),
    "server error": (as_json({"detail": "boom"}, 500), "does the MVP's API answer there"),
}


@pytest.mark.parametrize(("reply", "then"), SIGN_INS.values(), ids=SIGN_INS)
def test_refused_sign_in_blocks_once(reply: Reply, then: str, tmp_path: Path) -> None:
    """One attempt a role and run, workers included: retries would lock the account and drown the cause."""
    with product_server.serving({"POST /api/auth/login": reply}) as home:
        profile = home.write_profile(tmp_path)
        outcome = ended_with_a_verdict(verify(LISTS, "-n", "2", "--env-file", str(profile), "-k", "not exported"))

    assert outcome.code == 7
    assert outcome.outcomes == {"blocked"}
    [finding] = outcome.findings
    assert "200 with tokens" in finding
    assert then in finding
    assert home.arrivals["POST /api/auth/login"] == 1


def test_sign_in_that_hangs_is_waited_for_once(tmp_path: Path) -> None:
    hanging = Reply(wait=threading.Event())
    with product_server.serving({"POST /api/auth/login": hanging}) as home:
        profile = home.write_profile(tmp_path, "LV_TIMEOUT_S=1")
        outcome = ended_with_a_verdict(verify(LISTS, "--env-file", str(profile), "-k", "not exported"))

    assert outcome.code == 7
    assert len(outcome.findings) == 1
    assert home.arrivals["POST /api/auth/login"] == 1


def test_clock_that_is_minutes_off_is_noted(tmp_path: Path) -> None:
    with product_server.serving() as home:
        home.clock_offset_s = -600
        check = "suites/smoke/test_liveness.py::test_health_is_ok"
        outcome = ended_with_a_verdict(verify(check, "-n", "1", "--env-file", str(home.write_profile(tmp_path))))

    assert outcome.code == 0
    assert outcome.run
    [note] = outcome.run["notes"]
    assert note.startswith("the clocks of target and this machine differ by ")
    assert note in outcome.text


def test_clock_that_is_a_minute_off_is_fine(tmp_path: Path) -> None:
    with product_server.serving() as home:
        home.clock_offset_s = 60
        check = "suites/smoke/test_liveness.py::test_health_is_ok"
        outcome = ended_with_a_verdict(verify(check, "--env-file", str(home.write_profile(tmp_path))))

    assert outcome.run
    assert outcome.run["notes"] == []


def test_password_of_the_profile_reaches_no_file(tmp_path: Path, reports: Path) -> None:
    """Not even when the target sends it back."""
    echo = as_json({"detail": "the-password is wrong"}, 401)
    with product_server.serving({"POST /api/auth/login": echo}) as home:
        outcome = ended_with_a_verdict(verify(LISTS, "--env-file", str(home.write_profile(tmp_path))))

    assert "blocked" in json.dumps(outcome.run)
    told = [path for path in reports.rglob("*") if path.is_file() and b"the-password" in path.read_bytes()]
    assert not told
