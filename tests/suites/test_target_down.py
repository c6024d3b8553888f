"""A target that is not there, or is something else: one finding in seconds, and every check that needs it is blocked."""

import json
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import trustme

from tests.suites import runs
from tests.suites.runs import Ended
from tests.suites.strange_targets import HTML, answering, certificate, closed, page, written_profile

pytestmark = pytest.mark.slow

FILE = "suites/smoke/test_liveness.py"
SIGNS = 5  # that are asked for, on a connection each
LIMIT_S = 240  # the aim is seconds, and the machine may be busy; if each check waited for the target, it would be far more
JSON = "Content-Type: application/json"
ELSEWHERE = "127.0.0.2:9"  # allowed where the test says so; nobody listens
ANSWERS: dict[str, tuple[bytes | None, str]] = {
    "silence": (None, "ReadTimeout"),
    "garbage": (b"\x16\x03\x01\x00\xff not a web server\r\n\r\n", "RemoteProtocolError"),
    "html to everything": (page("200 OK", HTML, "Content-Type: text/html"), "Welcome to nginx!"),
    "redirect to a foreign host": (page("302 Found", b"", "Location: https://other.example/health"), "302 Found"),
    "redirect to an allowed host": (page("302 Found", b"", f"Location: http://{ELSEWHERE}/health"), "302 Found"),
    "redirect loop": (page("302 Found", b"", "Location: http://127.0.0.1:{port}/health"), "302 Found"),
    "body that ends early": (page("200 OK", b'{"status": "o', JSON, length=400), "RemoteProtocolError"),
    "half of a JSON object": (page("200 OK", b'{"status": "o', JSON), '{"status": "o'),
    "JSON of something else": (page("200 OK", b'["status"]', JSON), '["status"]'),
    "basic auth": (page("401 Unauthorized", HTML, 'WWW-Authenticate: Basic realm="staging"'), "401 Unauthorized"),
    "challenge of a CDN": (page("403 Forbidden", HTML, "Content-Type: text/html; charset=UTF-8"), "403 Forbidden"),
    "bad gateway": (page("502 Bad Gateway", HTML, "Content-Type: text/html"), "502 Bad Gateway"),
    "server error": (page("500 Internal Server Error", b'{"status": "error"}', JSON), "500 Internal Server Error"),
}
CERTIFICATES: dict[str, tuple[str, bool]] = {"wrong host": ("other.example", False), "expired": ("127.0.0.1", True)}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def assert_blocked(run: Ended, seen: str) -> None:
    """Everything blocked by one and the same finding, which says what was seen; nothing else is told, and the files are there."""
    assert run.exit_code == 7, run.output
    assert "Traceback" not in run.output
    assert set(run.outcomes().values()) == {"blocked"}
    findings = {json.dumps(check["finding"], sort_keys=True) for check in run.data["checks"]}
    assert len(findings) == 1, findings
    told = json.loads(findings.pop())
    assert seen in told["seen"]
    assert told["where"].startswith("GET ")
    assert "/health" in told["where"]
    assert len(ET.parse(run.folder / "junit.xml").findall(".//testcase")) == len(run.data["checks"])  # noqa: S314 - our own file
    assert run.output.count("BLOCKED  ") == 1, run.output


def verified(profile: Path, *checks: str) -> Ended:
    """Some checks, or the smoke stage, in time. Whatever is in the target's place is one finding for each of them."""
    start = time.monotonic()
    run = runs.verify(profile, *(checks or ("-m", "smoke")))
    took_s = time.monotonic() - start

    assert took_s < LIMIT_S, f"{took_s:.1f} s"
    return run


def test_closed_port_blocks_everything(tmp_path: Path, authority: trustme.CA) -> None:
    """Nobody listens."""
    with closed() as target:
        run = verified(written_profile(tmp_path, authority, f"http://127.0.0.1:{target.port}"))

    assert_blocked(run, "ConnectError")


@pytest.mark.parametrize(("reply", "seen"), ANSWERS.values(), ids=ANSWERS)
def test_wrong_answer_blocks_everything(tmp_path: Path, authority: trustme.CA, reply: bytes | None, seen: str) -> None:
    """Somebody listens who is not the MVP by any of its signs."""
    with answering(reply) as target:
        run = verified(written_profile(tmp_path, authority, f"http://127.0.0.1:{target.port}", ELSEWHERE), FILE)

    assert_blocked(run, seen)
    assert target.asked <= SIGNS  # not once a check


@pytest.mark.parametrize(("name", "expired"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_bad_certificate_blocks_everything(tmp_path: Path, authority: trustme.CA, name: str, expired: bool) -> None:
    """Not one request is sent to whoever shows it."""
    with answering(page("200 OK", HTML), certificate(authority, name, expired=expired)) as target:
        run = verified(written_profile(tmp_path, authority, f"https://127.0.0.1:{target.port}"), FILE)

    assert_blocked(run, "CERTIFICATE_VERIFY_FAILED")


def test_unknown_authority_blocks_everything(tmp_path: Path, authority: trustme.CA) -> None:
    """A certificate that anybody could have made."""
    with answering(page("200 OK", HTML), certificate(trustme.CA(), "127.0.0.1")) as target:
        run = verified(written_profile(tmp_path, authority, f"https://127.0.0.1:{target.port}"), FILE)

    assert_blocked(run, "CERTIFICATE_VERIFY_FAILED")


def test_plain_http_behind_https_blocks_everything(tmp_path: Path, authority: trustme.CA) -> None:
    """The proxy's TLS was forgotten."""
    with answering(page("200 OK", HTML)) as target:
        run = verified(written_profile(tmp_path, authority, f"https://127.0.0.1:{target.port}"), FILE)

    assert_blocked(run, "SSL")


def test_workers_share_the_look(tmp_path: Path, authority: trustme.CA) -> None:
    """With xdist, too, a target that is down is asked once and told once."""
    with answering(None) as target:
        run = runs.verify(written_profile(tmp_path, authority, f"http://127.0.0.1:{target.port}"), "-m", "smoke", "-n", "2")

    assert_blocked(run, "ReadTimeout")
    assert target.asked <= 4  # two signs, by each worker at the most
