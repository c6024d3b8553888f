"""What a run says at its end and leaves behind: exit code, files, nothing secret, and nothing in the product."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from fixtures.plugin.options import OUT
from record.stages import SUITES
from tests.conftest import RunningSandbox
from tests.servers.forked_pytest import clean_environment
from tests.suites import runs
from tests.suites.runs import Ended

pytestmark = pytest.mark.slow

SLOW = re.compile("pages|response_times")
# File by file: a browser adds seconds and nothing to these questions.
QUICK = [f"suites/smoke/{path.name}" for path in sorted((SUITES / "smoke").glob("test_*.py")) if not SLOW.search(path.name)]
ONLINE = [*QUICK, "suites/integration", "suites/pre_deploy"]
CONTACT_RULES = "suites/regression/test_contact_rules.py"
SECRET_KEYS = re.compile("PASSWORD|SECRET|TOKEN|_KEY$|DATABASE_URL|REDIS_URL")
# An access token's claims, and a refresh token beside its name.
TOKENS = (re.compile(r"eyJ[\w-]{20,}\.eyJ[\w-]{20,}"), re.compile(r"refresh_token[^\w/]{1,6}(?!\[?redacted|\W)[\w-]{16,}"))
LIMIT_S = 600  # a run that hangs must not hang its test


@pytest.fixture(scope="module")
def green(sandbox: RunningSandbox) -> Ended:
    """The smoke stage without the pages, on a healthy deployment: a look at single files, so not a green one."""
    return runs.verify(sandbox.profile_path, *QUICK)


def test_run_of_single_files_exits_with_0(green: Ended) -> None:
    """And says in the same breath that it was not the whole stage."""
    count = green.data["selection"]["stages"]["smoke"]
    selected, total = count["selected"], count["total"]

    assert green.exit_code == 0, green.output
    assert set(green.outcomes().values()) == {"passed"}
    assert 0 < selected < total
    assert f"{selected} of ≥ {total} smoke checks (a partial run)" in green.output
    assert "verdict   PASSED IN PART" in green.output
    assert "this is no verdict on the stage" in green.output


def test_files_of_a_run_agree(green: Ended) -> None:
    """run.json, junit.xml and Allure's results are about the same checks, and `latest` leads to the newest run."""
    cases = (green.folder / "junit.xml").read_text(encoding="utf-8").count("<testcase ")

    assert cases == len(green.data["checks"]) == green.data["selection"]["stages"]["smoke"]["selected"]
    assert len(list((green.folder / "allure-results").glob("*-result.json"))) == cases + 1  # and that of the run itself
    assert green.data["exit_code"] == 0
    assert green.data["target"]["version_at_start"] == green.data["target"]["version_at_end"] != ""


COUNTED = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
INSIDE = {"failure", "error", "skipped", "system-out", "system-err", "properties"}


def test_junit_keeps_to_the_common_schema(sandbox: RunningSandbox) -> None:
    """As Jenkins, GitLab and GitHub's readers take it: suites that count what they hold, cases with class, name and seconds."""
    with sandbox.control("hsts-missing"):
        run = runs.verify(sandbox.profile_path, "suites/smoke/test_edge.py", "-rA")
    root = ET.parse(run.folder / "junit.xml").getroot()  # noqa: S314 - our own file

    assert root.tag == "testsuites"
    for suite in root:
        assert suite.tag == "testsuite"
        assert {"name", "timestamp", "hostname", "time", *COUNTED} <= suite.attrib.keys()
        assert {name: int(suite.attrib[name]) for name in COUNTED} == {
            n: len(list(suite.iter(tag))) for n, tag in COUNTED.items()
        }
    for case in root.iter("testcase"):
        assert case.attrib["classname"]
        assert case.attrib["name"]
        assert float(case.attrib["time"]) >= 0
        assert {part.tag for part in case} <= INSIDE
    assert all(failure.attrib["message"] for failure in root.iter("failure"))


def test_latest_is_the_newest_run(sandbox: RunningSandbox) -> None:
    """Unless another run ended after it, which that run itself says."""
    run = runs.verify(sandbox.profile_path, "suites/smoke/test_liveness.py::test_health_is_ok")
    latest = (OUT / "latest").resolve()

    newest = json.loads((latest / "run.json").read_text(encoding="utf-8"))
    assert latest == run.folder or newest["finished_at"] is None or newest["finished_at"] >= run.data["finished_at"]


def test_one_fault_exits_with_1(sandbox: RunningSandbox) -> None:
    """Green checks beside it change nothing."""
    with sandbox.control("hsts-missing"):
        run = runs.verify(sandbox.profile_path, "suites/smoke/test_edge.py")

    assert run.exit_code == run.data["exit_code"] == 1
    assert set(run.outcomes().values()) == {"passed", "failed"}


def test_finding_of_a_check_reaches_the_run(sandbox: RunningSandbox) -> None:
    """In its own four parts, as the check wrote them, on the screen and in run.json."""
    with sandbox.control("version-stale"):
        run = runs.verify(sandbox.profile_path, "suites/smoke/test_liveness.py::test_deployed_build_is_the_one_we_meant")
    (check,) = run.data["checks"]

    assert check["finding"]["expected"] == f"version {sandbox.profile['LV_EXPECTED_VERSION']} in every answer"
    assert check["finding"]["seen"] == "0.9.4"
    assert re.search(r"^ *expected +version", run.output, re.MULTILINE), run.output


def test_missing_identity_exits_with_6(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """What only the viewer could have seen is unverified, with the keys to set; everything else is looked at."""
    kept = [line for line in sandbox.profile_path.read_text(encoding="utf-8").splitlines() if "LV_VIEWER_" not in line]
    profile = tmp_path / "no-viewer.env"
    profile.write_text("\n".join(kept), encoding="utf-8")
    run = runs.verify(profile, *QUICK)

    assert run.exit_code == 6, run.output
    assert set(run.outcomes().values()) == {"passed", "unverified"}
    remedies = {check["finding"]["next"] for check in run.data["checks"] if check["outcome"] == "unverified"}
    assert all("LV_VIEWER_EMAIL" in remedy for remedy in remedies), remedies


def test_workers_see_the_same(sandbox: RunningSandbox, green: Ended) -> None:
    """`-n 2` is about speed only."""
    run = runs.verify(sandbox.profile_path, *QUICK, "-n", "2")

    assert run.exit_code == 0, run.output
    assert run.outcomes() == green.outcomes()
    assert run.data["selection"] == green.data["selection"]


def test_order_does_not_matter(sandbox: RunningSandbox, green: Ended) -> None:
    """A check that needs another one before it would fail alone."""
    ids = sorted(green.outcomes())
    random.Random(20_261_124).shuffle(ids)  # noqa: S311 - any other order will do, but the same one each time
    run = runs.verify(sandbox.profile_path, *ids)

    assert run.exit_code == 0, run.output
    assert run.outcomes() == green.outcomes()


def secrets_in(profile: dict[str, str]) -> dict[str, str]:
    """The values of a profile that nobody may read in a report, and the passwords inside of addresses."""
    secrets = {key: value for key, value in profile.items() if SECRET_KEYS.search(key) and len(value) >= 6}
    return secrets | {
        f"password in {key}": found[1] for key in profile if (found := re.search(r"://[^/:]*:([^@]+)@", profile[key]))
    }


LEAKS = ("log-shows-tokens", "error-leaks-internals", "password-not-checked")


@pytest.mark.parametrize("faults", [(), LEAKS], ids=["healthy", "leaking"])
def test_no_secret_is_left_in_the_files(sandbox: RunningSandbox, faults: tuple[str, ...]) -> None:
    """Of the profile, nor any token that a sign-in gave, also when the product shows them to us."""
    with sandbox.control(*faults):
        run = runs.verify(sandbox.profile_path, *ONLINE)
    secrets = secrets_in(sandbox.profile)
    texts = {str(path.relative_to(run.folder)): path.read_bytes().decode("utf-8", "replace") for path in run.files()}
    texts["the screen"] = run.output
    found = [f"{name} in {place}" for place, text in texts.items() for name, secret in secrets.items() if secret in text]
    tokens = [f"{shape.pattern} in {place}" for place, text in texts.items() for shape in TOKENS if shape.search(text)]

    assert len(secrets) >= 8
    assert "run.json" in texts
    assert not found
    assert not tokens


class GoingOn:
    """A run that creates contacts for longer than a test wants to wait, in a process group of its own as in a terminal."""

    CHECK = f"{CONTACT_RULES}::test_phone_is_kept_or_refused"

    def __init__(self, profile: Path, workers: int) -> None:
        self._before = set(OUT.iterdir())
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *runs.options(profile), self.CHECK, "-n", str(workers)],
            cwd=runs.ROOT,
            env=clean_environment(LV_PROPERTIES="nightly"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def journal(self) -> Path:
        """That of the process which has begun to create something in the product."""
        deadline = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.process.communicate()[0]
            for folder in set(OUT.glob("*-going-on-*")) - self._before:
                for journal in folder.glob("ledger-*.jsonl"):
                    if journal.stat().st_size:
                        return journal
            time.sleep(0.02)
        raise AssertionError("the run created nothing")

    def worker(self, journal: Path) -> int:
        """The process behind `ledger-gw0.jsonl`; workers are started in their order."""
        number = int(journal.stem.removeprefix("ledger-gw"))
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return sorted(map(int, children.split()))[number]

    def end(self) -> Ended:
        output, _ = self.process.communicate(timeout=LIMIT_S)
        return runs.ended(self.process.returncode, output)


Begin = Callable[[int], GoingOn]


@pytest.fixture
def begin(sandbox: RunningSandbox, tmp_path: Path) -> Iterator[Begin]:
    """Starts a run with so many workers; whatever is left of it ends with the test."""
    profile = tmp_path / "going-on.env"
    profile.write_bytes(sandbox.profile_path.read_bytes())
    profile.chmod(0o600)
    started: list[GoingOn] = []

    def start(workers: int) -> GoingOn:
        started.append(GoingOn(profile, workers))
        return started[-1]

    yield start
    for run in started:
        if run.process.poll() is None:
            os.killpg(run.process.pid, signal.SIGKILL)
            run.process.wait()


def contacts_of(sandbox: RunningSandbox, run: Ended) -> list[str]:
    """Names of contacts that the run left in the product."""
    with sandbox.client("admin") as client:
        found = client.get("/api/contacts/", params={"search": run.data["run_id"], "limit": 100}).json()["data"]
    return [contact["name"] for contact in found]


@pytest.mark.parametrize("workers", [0, 2])
def test_interrupted_run_cleans_up(sandbox: RunningSandbox, begin: Begin, workers: int) -> None:
    """Ctrl-C while contacts are being created: the run still writes what it knows and removes what it made."""
    going_on = begin(workers)
    going_on.journal()
    os.killpg(going_on.process.pid, signal.SIGINT)
    run = going_on.end()

    assert run.exit_code == run.data["exit_code"] == 2, run.output
    assert set(run.outcomes()) == {GoingOn.CHECK}
    assert "passed" not in run.outcomes().values()
    assert contacts_of(sandbox, run) == []
    assert "verdict   NO VERDICT" in run.output


def test_killed_worker_leaves_nothing(sandbox: RunningSandbox, begin: Begin) -> None:
    """What a worker created before it died is removed by the controlling process, and its check is no green one."""
    going_on = begin(2)
    os.kill(going_on.worker(going_on.journal()), signal.SIGKILL)
    run = going_on.end()

    assert run.exit_code in (1, 6), run.output
    assert run.outcomes()[GoingOn.CHECK] in ("unverified", "failed")
    assert any("worker" in note for note in run.data["notes"]), run.data["notes"]
    assert contacts_of(sandbox, run) == []
