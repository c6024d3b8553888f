"""No secret leaves: canaries are let out through every door of a run, and whoever looks for them afterwards finds none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from record.redaction import REDACTED, Redactor
from reports.deliverables import documents, material
from tests.fixtures.plugin import product_server
from tests.record.redaction import scanning
from tests.record.redaction.canaries import CANARIES, DATABASE, KNOWN, Canary
from tests.servers.loopback import Reply
from tests.vacuity.tree import SuiteCopy

pytestmark = pytest.mark.slow

LEAKING = Path(__file__).with_name("leaking.py")
REDACTOR = Redactor([*KNOWN.values(), DATABASE])
# Switches off all that redacts, so that the search is seen finding.
PLAIN = """import re

def pytest_sessionstart():
    from record import redaction
    redaction.SECRET_NAMES = redaction.PHONE_NAMES = re.compile(r"(?!x)x")
    redaction.Redactor._plain = lambda self, text: text
"""
KINDS = (
    "run.json",
    "phases.jsonl",
    "junit.xml",
    "ledger",
    "allure-results/",
    "dom.html",
    "raw.json",
    "picture.svg",
    "measurements.json",
)


@dataclass(frozen=True)
class Ran:
    """`kept` is the folder of the run, `output` what the terminal showed."""

    kept: Path
    output: str


def leak(suite: SuiteCopy, folder: Path, *arguments: str, files: Mapping[str, str] | None = None) -> Ran:
    """One run of the checks that leak."""
    suite.renew({"suites/smoke/test_leaks.py": LEAKING.read_text(encoding="utf-8"), **(files or {})})
    told = folder / "canaries.json"
    told.write_text(json.dumps([canary.text for canary in CANARIES]), encoding="utf-8")
    with product_server.serving() as target:
        echo = json.dumps(product_server.TOKENS | {"echo": [canary.text for canary in CANARIES]}).encode()
        target.replies["POST /api/auth/login"] = Reply(200, echo, product_server.JSON | {"set-cookie": "sid=abc"})
        profile = target.write_profile(folder, "LV_NAME=leaky")
        shown = ("-rA", "--tb=long", "-l", "-s") if "-n" not in arguments else ("-rA",)
        options = (f"--env-file={profile}", f"--results-dir={folder / 'out'}", "-m", "smoke", *shown)
        ended = suite.run(*options, *arguments, CANARIES=str(told), **KNOWN)
    return Ran((folder / "out" / "latest").resolve(), ended.output)


@pytest.fixture(scope="module", params=[(), ("-n", "2")], ids=["one process", "workers"])
def ran(request: pytest.FixtureRequest, suite_copy: SuiteCopy, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return leak(suite_copy, tmp_path_factory.mktemp("leak"), *request.param)


def test_there_are_enough_canaries() -> None:
    """Of each kind, and each in a way of its own."""
    assert len({canary.text for canary in CANARIES}) == len(CANARIES) >= 40


def test_no_canary_is_in_any_file(ran: Ran) -> None:
    """Nor in the name of one."""
    names = [path.relative_to(ran.kept).as_posix() for path in ran.kept.rglob("*") if path.is_file()]

    assert [kind for kind in KINDS if not any(kind in name for name in names)] == []
    assert len(json.loads((ran.kept / "run.json").read_text(encoding="utf-8"))["checks"]) == len(CANARIES)
    assert scanning.found_below(ran.kept) == set()


def test_no_canary_is_shown(ran: Ran) -> None:
    """Whatever is printed, logged or raised, with every option that shows more."""
    assert "failed" in ran.output
    assert scanning.found_in("terminal", ran.output.encode()) == set()


def test_no_canary_is_in_a_deliverable(ran: Ran, tmp_path: Path) -> None:
    """As a page, a table and a print."""
    found = material.gather(ran.kept.parent, "leaky", None)

    written, _ = documents.write("test-results", found, tmp_path, ("es",))
    more, _ = documents.write("backlog", found, tmp_path, ("en",))

    assert {path.suffix for path in (*written, *more)} == {".html", ".csv", ".pdf"}
    assert scanning.found_below(tmp_path) == set()


def test_the_search_finds_what_is_not_redacted(suite_copy: SuiteCopy, tmp_path: Path) -> None:
    """Every canary, in every kind of file and in the terminal: else none of the above says anything."""
    ran = leak(suite_copy, tmp_path, "-p", "tests.plain", files={"tests/plain.py": PLAIN})
    secrets = {canary.secret for canary in CANARIES}

    found = scanning.found_below(ran.kept)

    assert {secret for secret, _ in scanning.found_in("terminal", ran.output.encode())} == secrets
    for kind in KINDS:
        missed = secrets - {secret for secret, where in found if kind in where}
        assert not missed, (kind, missed)


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.name)
def test_each_canary_is_redacted_by_itself(canary: Canary) -> None:
    """And found by itself, so that none hides behind another."""
    clean = REDACTOR.text(canary.text)

    assert canary.secret in {secret for secret, _ in scanning.found_in("text", canary.text.encode())}
    assert scanning.found_in("text", clean.encode()) == set()


@example(["-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANcanary\n-----END PRIVATE KEY-----", "x@y.zz"])
@given(st.lists(st.sampled_from([*(canary.text for canary in CANARIES), " ", "\n", "&", '"', "=", "key", "x@y.zz"]), max_size=5))
def test_redacting_twice_changes_nothing_more(parts: list[str]) -> None:
    """Texts go through more than one door."""
    once = REDACTOR.text("".join(parts))

    assert REDACTOR.text(once) == once


def test_what_grows_while_it_is_read_is_redacted() -> None:
    """A check may compare anything, the modules of Python among it, and reading them may import one more."""

    class Grows:
        def __str__(self) -> str:
            growing["password"] = "hunter2-hunter2"
            return "name"

    growing: dict[object, object] = {Grows(): 1, "token": "a-secret-of-ours"}

    assert list(REDACTOR.json(growing).values()) == [1, REDACTED]


ORDINARY = [
    "0e7f0514-55c2-4bd9-a032-61c4ef334811",
    "2026-11-25T10:45:14.577+00:00",
    "lv-20261125T000949-e88b",
    "https://127.0.0.1:46295/api/contacts?page=2&limit=50",
    "sha256:" + "0123456789abcdef" * 4,
    "answered 200 in 12 ms, 1,234,567 requests, version 1.0.0-MVP+build.5",
    "ACa6bb9eeccf80fa475cc5175fc82a165a",
    "suites/smoke/test_access.py::test_right_password_signs_in[admin]",
    "set LV_ADMIN_PASSWORD, or leave the check unverified",
    "a basic authentication without a password is refused: 401",
    "@pytest.mark.plan('W2-D1-T9')",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays(text: str) -> None:
    """Evidence that says nothing is no evidence."""
    assert REDACTOR.text(text) == text


def test_half_of_a_character_can_be_written() -> None:
    """JSON of a target may hold one, and no file can: a run must not break on it."""
    assert REDACTOR.text('{"name": "señal \ud800"}').encode() == '{"name": "señal �"}'.encode()
