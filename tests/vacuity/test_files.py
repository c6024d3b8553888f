"""run.json is evidence of one whole run, or it is refused: edited, unfinished, contradicting itself, or of another run."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from record import run_folder, verdict
from record.run_folder import NotARun
from tests.fixtures.plugin import product_server
from tests.fixtures.plugin.product_server import ProductServer
from tests.vacuity.case import BROKEN, CHECK, ONE, TWO
from tests.vacuity.tree import SuiteCopy

Run = dict[str, Any]
KILLED = "import os\n\ndef pytest_runtest_teardown(item):\n    if item.name == 'test_health':\n        os._exit(0)\n"


@pytest.fixture(scope="module")
def suite(suite_copy: SuiteCopy) -> SuiteCopy:
    suite_copy.renew({ONE: CHECK, TWO: BROKEN.replace("test_health", "test_more_health"), "tests/kill.py": KILLED})
    return suite_copy


@pytest.fixture(scope="module")
def out(suite: SuiteCopy) -> Path:
    """The reports of a run in which one claim does not hold."""
    with product_server.serving() as home:
        assert suite.run("-m", "smoke", profile(home, suite)).code == 1
    return suite.folder / "reports" / "out"


def profile(home: ProductServer, suite: SuiteCopy) -> str:
    return f"--env-file={home.write_profile(suite.folder.parent)}"


def copied(out: Path, folder: Path, change: Callable[[Run], None] | None, *, hide: bool) -> Path:
    """The newest run's folder, its run.json changed by hand; `hide` makes the digest fit again."""
    copy = folder / "run"
    shutil.copytree(out / "latest", copy)
    if change:
        run = json.loads((copy / run_folder.RUN).read_bytes())
        change(run)
        (copy / run_folder.RUN).write_text(json.dumps(run), encoding="utf-8")
    if hide:
        digest = hashlib.sha256((copy / run_folder.RUN).read_bytes()).hexdigest()
        (copy / run_folder.DIGEST).write_text(f"{digest}  {run_folder.RUN}\n", encoding="ascii")
    return copy


def test_run_json_is_read_as_it_was_written(out: Path, tmp_path: Path) -> None:
    run = run_folder.read(copied(out, tmp_path, None, hide=False)).content

    assert run.exit_code == 1
    assert verdict.sentence(run.no_evidence[0]).startswith("1 claim does not hold")
    assert list(verdict.disagreements(run)) == []


def green(run: Run) -> None:
    run["exit_code"] = 0


def forget_the_failure(run: Run) -> None:
    run["checks"] = [check for check in run["checks"] if check["outcome"] == "passed"]
    run["exit_code"], run["no_evidence"] = 0, []


def pass_the_failure(run: Run) -> None:
    for check in run["checks"]:
        check["outcome"] = "passed"


def select_less(run: Run) -> None:
    run["selection"]["stages"]["smoke"]["selected"] -= 1


def forget_why(run: Run) -> None:
    run["no_evidence"] = []


def unfinished(run: Run) -> None:
    run["exit_code"] = None


def another_schema(run: Run) -> None:
    run["schema"] = 0


def another_key(run: Run) -> None:
    run["verdict"] = "GREEN"


CONTRADICTIONS: dict[str, tuple[Callable[[Run], None], str]] = {
    "the exit code": (green, "it says exit code 0, and its checks say 1"),
    "the failed check taken out": (forget_the_failure, "it holds fewer checks than were selected"),
    "the failed check passed": (pass_the_failure, "it says exit code 1, and its checks say 0"),
    "a smaller selection": (select_less, "its reasons are not those of its checks"),
    "no reasons": (forget_why, "its reasons are not those of its checks"),
}
NO_RUNS: dict[str, tuple[Callable[[Run], None], str]] = {
    "no end": (unfinished, "did not come to its end"),
    "another schema": (another_schema, "schema 0"),
    "another key": (another_key, "other keys than run.json has"),
}
EDITS = CONTRADICTIONS | NO_RUNS


@pytest.mark.parametrize("change", [change for change, _ in EDITS.values()], ids=EDITS)
def test_edited_run_is_seen_by_its_digest(out: Path, tmp_path: Path, change: Callable[[Run], None]) -> None:
    with pytest.raises(NotARun, match="is not the file that"):
        run_folder.read(copied(out, tmp_path, change, hide=False))


@pytest.mark.parametrize(("change", "says"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_edited_run_contradicts_itself(out: Path, tmp_path: Path, change: Callable[[Run], None], says: str) -> None:
    """Also with a digest that fits."""
    run = run_folder.read(copied(out, tmp_path, change, hide=True)).content

    assert says in list(verdict.disagreements(run))


@pytest.mark.parametrize(("change", "says"), NO_RUNS.values(), ids=NO_RUNS)
def test_what_is_no_run_is_refused(out: Path, tmp_path: Path, change: Callable[[Run], None], says: str) -> None:
    """Also with a digest that fits."""
    with pytest.raises(NotARun, match=says):
        run_folder.read(copied(out, tmp_path, change, hide=True))


def test_half_a_file_is_no_run(out: Path, tmp_path: Path) -> None:
    folder = copied(out, tmp_path, None, hide=False)
    half = (folder / run_folder.RUN).read_bytes()[:200]
    (folder / run_folder.RUN).write_bytes(half)
    (folder / run_folder.DIGEST).write_text(f"{hashlib.sha256(half).hexdigest()}  {run_folder.RUN}\n", encoding="ascii")

    with pytest.raises(NotARun, match="is no JSON"):
        run_folder.read(folder)


def test_printed_digest_is_that_of_the_file(suite: SuiteCopy, out: Path) -> None:
    """What the log of CI keeps is what a reader compares with."""
    with product_server.serving() as home:
        run = suite.run("-m", "smoke", profile(home, suite))

    digest = hashlib.sha256((out / "latest" / run_folder.RUN).read_bytes()).hexdigest()
    assert f"digest    {digest} " in run.output


def test_killed_run_is_no_evidence(suite: SuiteCopy, out: Path) -> None:
    """Its process ends with 0, which nobody can change; `latest` leads to a file that says it did not come to its end."""
    before = (out / "latest").resolve()
    with product_server.serving() as home:
        run = suite.run("-m", "smoke", "-p", "tests.kill", profile(home, suite))

    assert (run.code, run.verdict) == (0, "")
    assert (out / "latest").resolve() != before, "the run before must not be taken for this one"
    with pytest.raises(NotARun, match="did not come to its end"):
        run_folder.read(out / "latest")


@pytest.mark.parametrize("arguments", [["--collect-only"], ["--help"], ["--fixtures"], ["--markers"]], ids=" ".join)
def test_listing_leaves_no_run(suite: SuiteCopy, out: Path, arguments: list[str]) -> None:
    """Exit code 0 and no word that could be taken for a verdict."""
    before = sorted(out.iterdir())
    with product_server.serving() as home:
        run = suite.run("suites/smoke", *arguments, profile(home, suite))

    assert (run.code, run.verdict) == (0, "")
    assert "GREEN" not in run.output.replace("NOT GREEN", "")
    assert sorted(out.iterdir()) == before
