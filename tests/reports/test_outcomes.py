"""The outcome of each check follows from what its phases raised, and every later edit is named."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from record import run_folder, suite
from record.outcome import SEVERITY, Outcome
from reports.dossier import outcomes
from tests.reports import made
from tests.reports.made import Made

ONE, TWO, THREE = made.checks_of(["smoke"])[:3]


def read(folder: Path) -> run_folder.Recorded:
    return run_folder.read(folder)


@pytest.mark.parametrize("outcome", SEVERITY)
def test_a_sound_run_agrees_with_itself(tmp_path: Path, outcome: Outcome) -> None:
    """Whatever the outcome of a check."""
    folder = made.run(tmp_path, Made(odd={ONE: outcome}, waiver=made.WAIVER))

    run = read(folder)

    assert list(outcomes.disagreements(run)) == []
    assert run.content.exit_code == {"failed": 1, "unverified": 6, "blocked": 7}.get(outcome, 0)


def edited(folder: Path, edit: Callable[[dict[str, Any]], object]) -> run_folder.Recorded:
    """run.json changed by a careful hand that repairs the digest, too."""
    data = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    edit(data)
    made.write(folder, data)
    return read(folder)


def of(data: dict[str, Any], check: str) -> dict[str, Any]:
    return next(each for each in data["checks"] if each["id"] == check)


def leave_out(check: str, *, protected: bool = False, commit: str | None = None) -> Callable[[dict[str, Any]], object]:
    """As a protected profile leaves out what writes."""

    def edit(data: dict[str, Any]) -> None:
        data["selection"]["writing"] = [check]
        data["profile"]["protected"] = protected
        data["suite"]["commit"] = commit or data["suite"]["commit"]

    return edit


COMMIT = suite.identity()["commit"]
EDITS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a failure called passed": (lambda d: of(d, ONE).update(outcome="passed"), "its phases say failed"),
    "a failure called unverified": (lambda d: of(d, ONE).update(outcome="unverified"), "its phases say failed"),
    "a failure removed": (lambda d: d["checks"].remove(of(d, ONE)), "ran and is not in run.json"),
    "a check that passes added": (
        lambda d: d["checks"].append({**of(d, TWO), "id": f"{TWO}[more]"}),
        "its phases say unverified",
    ),
    "a check twice": (lambda d: d["checks"].append(of(d, TWO)), "stands twice"),
    "another finding": (lambda d: of(d, ONE)["finding"].update(seen="200 OK"), "the finding in run.json is not that"),
    "another fingerprint": (lambda d: of(d, ONE).update(fingerprint="0" * 12), "the fingerprint in run.json is not that"),
    "a green exit code": (lambda d: d.update(exit_code=0, no_evidence=[]), "its checks say 1"),
    "another start": (lambda d: d.update(started_at="2026-11-20T11:00:00.000+00:00"), "its run id says"),
    "a later end": (lambda d: d.update(finished_at="2026-11-20T12:00:00.000+00:00"), "are not"),
    "faster": (lambda d: of(d, TWO).update(duration_s=0.0), "its phases say 0.0100 s"),
    "more selected": (lambda d: d["selection"]["stages"]["smoke"].update(selected=999), "were selected, and it holds"),
    "fewer selected": (lambda d: d["selection"]["stages"]["smoke"].update(selected=1), "its reasons are not those"),
    "writing left out of a profile that is not protected": (leave_out(TWO), "its profile is not protected"),
    "a check that ran left out": (leave_out(TWO, protected=True), "stands there twice"),
    "more left out than there were": (leave_out(f"{TWO}[more]", protected=True), "more than were asked for"),
    "a check left out that only reads": (leave_out(f"{TWO}[more]", protected=True, commit=COMMIT), "declares no writes"),
    "nothing left out": (lambda d: d["selection"]["stages"]["smoke"].update(asked=1), "were asked for"),
}


@pytest.mark.parametrize(("edit", "message"), EDITS.values(), ids=EDITS)
def test_an_edited_run_is_found_out(tmp_path: Path, edit: Callable[[dict[str, Any]], object], message: str) -> None:
    """Though every digest was repaired: what it says no longer follows from what its phases raised."""
    folder = made.run(tmp_path, Made(odd={ONE: "failed"}))

    wrong = list(outcomes.disagreements(edited(folder, edit)))

    assert any(message in each for each in wrong), wrong


@pytest.mark.parametrize("changed", [{"release": "v1.0.1"}, {"environment": ("prod",)}], ids=str)
def test_a_waiver_of_somewhere_else_waives_nothing(tmp_path: Path, changed: dict[str, Any]) -> None:
    """Of another release, or of another environment than the run's; on its own it does."""
    here = made.run(tmp_path, Made(odd={ONE: "waived"}, waiver=replace(made.WAIVER, environment=("staging",))), "here")
    elsewhere = made.run(tmp_path, Made(odd={ONE: "waived"}, waiver=replace(made.WAIVER, **changed)), "elsewhere")

    assert not any("what it raised" in each for each in outcomes.disagreements(run_folder.read(here)))
    assert any("what it raised says failed" in each for each in outcomes.disagreements(run_folder.read(elsewhere)))


def test_a_waiver_that_had_expired_waives_nothing(tmp_path: Path) -> None:
    """On the day of the run."""
    folder = made.run(tmp_path, Made(odd={ONE: "waived"}, waiver=replace(made.WAIVER, expires="2026-11-19")))

    assert any("what it raised says failed" in each for each in outcomes.disagreements(read(folder)))


def test_junit_tells_the_same_story(tmp_path: Path) -> None:
    """A failure that was taken out of junit.xml is missed there."""
    folder = made.run(tmp_path, Made(odd={ONE: "failed"}))
    path = folder / "junit.xml"
    path.write_text(path.read_text(encoding="utf-8").replace("failure", "properties"), encoding="utf-8")
    repaired = run_folder.digest_of(path)

    run = edited(folder, lambda data: data["files"].update({"junit.xml": repaired}))

    assert [each for each in outcomes.disagreements(run) if "junit.xml counts none" in each]


def spoil(folder: Path, name: str, content: bytes | None) -> None:
    path = folder / name
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)


SPOILED: dict[str, tuple[str, bytes | None, str]] = {
    "a file changed": ("junit.xml", b"<testsuites/>", "was changed after its run"),
    "a file missing": ("junit.xml", None, "is missing"),
    "a file more": ("evidence.txt", b"", "is not among the files"),
    "no run.json": ("run.json", None, "is this the folder of a run"),
    "another run.json": ("run.json", b"{}", "is not the file that run.json.sha256 is about"),
    "no journal": ("phases.jsonl", None, "is missing"),
}


@pytest.mark.parametrize(("name", "content", "message"), SPOILED.values(), ids=SPOILED)
def test_a_spoiled_folder_is_no_run(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    """The message names file and rule."""
    folder = made.run(tmp_path, Made())
    spoil(folder, name, content)

    with pytest.raises(run_folder.NotARun, match=message) as refused:
        read(folder)

    assert name in str(refused.value)


def test_a_link_is_no_evidence(tmp_path: Path) -> None:
    """It may lead anywhere, and tomorrow somewhere else."""
    folder = made.run(tmp_path, Made())
    (folder / "allure-results" / "x").symlink_to(os.devnull)

    with pytest.raises(run_folder.NotARun, match="neither a file nor a folder"):
        read(folder)


BROKEN_JSON = {
    "a name twice": (b'{"schema": 4, "schema": 4}', "stands twice"),
    "no number": (b'{"schema": NaN}', "NaN is no number"),
    "no JSON": (b"{", "is no JSON"),
    "no UTF-8": (b'{"a": "\xff"}', "is no JSON"),
    "a list": (b"[]", "holds no JSON object"),
    "an older schema": (b'{"schema": 1}', "this reads 4: make the run anew"),
    "an unfinished run": (b'{"schema": 4, "exit_code": null}', "did not come to its end"),
    "nothing in it": (b'{"schema": 4, "exit_code": 0}', "missing required field"),
    "deep": (b"[" * 100_000, "is no JSON"),
}


@pytest.mark.parametrize(("content", "message"), BROKEN_JSON.values(), ids=BROKEN_JSON)
def test_a_run_json_of_another_form_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """By what is wrong with it."""
    folder = made.run(tmp_path, Made())
    (folder / "run.json").write_bytes(content)
    (folder / "run.json.sha256").write_text(f"{run_folder.digest_of(folder / 'run.json')}  run.json\n", encoding="ascii")

    with pytest.raises(run_folder.NotARun, match=message):
        read(folder)
