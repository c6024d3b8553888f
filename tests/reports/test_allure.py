"""Allure's results and report say what the run says: by status, by gate, and in two languages."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from fixtures.plugin import allure
from record import run_folder
from record.finding import Finding
from record.outcome import SEVERITY, Outcome
from record.run_folder import NotARun
from record.suite import ROOT
from reports.allure import results as results_of
from reports.allure import site
from reports.allure.site import NoReport
from reports.rendering import Language
from tests.reports import made
from tests.reports.made import Made

pytestmark = pytest.mark.slow

CHECKS = made.checks_of(["smoke"])
ONE, TWO, THREE, FOUR = CHECKS[:4]
EACH: dict[str, Outcome] = {ONE: "failed", TWO: "unverified", THREE: "blocked", FOUR: "waived"}
EVIL = '<script>document.title="owned"</script><img src=x onerror="document.title=1"> **[x](javascript:document.title=2)**'


def results(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in (folder / "allure-results").glob("*-result.json")]


def of_checks(folder: Path) -> dict[str, dict[str, Any]]:
    return {result["fullName"]: result for result in results(folder) if result["fullName"].startswith("suites/")}


def label(result: Mapping[str, Any], name: str) -> list[str]:
    return [each["value"] for each in result["labels"] if each["name"] == name]


def test_each_outcome_is_shown_as_what_it_is(tmp_path: Path) -> None:
    """Unverified and blocked neither pass nor are skipped; a waiver makes a failure known, not right."""
    found = of_checks(made.run(tmp_path, Made(odd=EACH, waiver=made.WAIVER)))

    assert Counter(label(each, "outcome")[0] for each in found.values()) == Counter(EACH.values()) + Counter(
        {"passed": len(CHECKS) - len(EACH)}
    )
    assert {check: found[check]["status"] for check in EACH} == {
        ONE: "failed",
        TWO: "unknown",
        THREE: "broken",
        FOUR: "failed",
    }
    assert "waived by Eva Mora (Tech Lead) until 2027-01-01: known" in found[FOUR]["statusDetails"]["message"]
    assert found[ONE]["statusDetails"]["message"].splitlines()[:2] == ["FAILED", f"expected: {made.SEEN.expected}"]


def test_identities_are_unique_and_stay(tmp_path: Path) -> None:
    """Of each check with its parameters, from run to run; parameters that differ in a sign only stay apart."""
    ids = [f"{ONE}[{name}]" for name in ("-admin-1", "admin--1", "admin-1", "")]
    first = of_checks(made.run(tmp_path / "a", Made(only=ids)))
    second = of_checks(made.run(tmp_path / "b", Made(only=ids, odd={ids[0]: "failed"})))

    assert len({each["historyId"] for each in first.values()}) == len(ids)
    assert {check: each["historyId"] for check, each in first.items()} == {c: each["historyId"] for c, each in second.items()}


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("suites/smoke/test_a.py::test_viewer_cannot_write", "Viewer cannot write"),
        ("suites/smoke/test_a.py::test_role_is_kept[admin-a::b]", "Role is kept: admin-a::b"),
    ],
)
def test_a_check_is_named_by_its_claim(check: str, said: str) -> None:
    """As a person says it."""
    assert allure.as_sentence(check) == said


def test_evidence_is_attached_and_what_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of the target is shown as text; 200 MB stay where they are."""
    monkeypatch.setattr(allure, "LARGEST", 10)
    folder = made.run(tmp_path, Made(only=[ONE]))
    content = run_folder.read(folder).content
    (folder / "evidence").mkdir()
    (folder / "evidence" / "dom.html").write_text("<p>x</p>", encoding="utf-8")
    (folder / "evidence" / "big.json").write_text("1" * 11, encoding="utf-8")
    check = replace(content.checks[0], evidence=("evidence/dom.html", "evidence/big.json"))
    shutil.rmtree(folder / "allure-results")

    allure.write(folder, replace(content, checks=(check,)), [], str)

    shown = {each["name"]: each for result in of_checks(folder).values() for each in result["attachments"]}
    assert shown["dom.html"]["type"] == "text/plain"
    assert (folder / "allure-results" / shown["dom.html"]["source"]).read_text(encoding="utf-8") == "<p>x</p>"
    assert "big.json: too large for here, see evidence/big.json" in shown


RUNS: dict[str, Made] = {
    **{outcome: Made(odd={ONE: outcome}, waiver=made.WAIVER) for outcome in SEVERITY},
    "all at once": Made(odd=EACH, waiver=made.WAIVER),
    "a part of the stage": Made(only=[ONE]),
    "nothing": Made(only=[], changed={"exit_code": 5}),
    "a finding about the run": Made(changed={"findings": (made.SEEN,)}),
    "interrupted": Made(changed={"exit_code": 2}),
    "broken": Made(changed={"exit_code": 3}),
}


@pytest.mark.parametrize("spec", RUNS.values(), ids=RUNS)
def test_the_gate_of_the_report_agrees_with_the_exit_code(tmp_path: Path, spec: Made) -> None:
    """Whatever the outcome of the run."""
    run = run_folder.read(made.run(tmp_path, spec))

    assert site.gate([run]) is (run.content.exit_code == 0)


@pytest.mark.parametrize(("language", "said"), [("es", "Semana 2"), ("en", "Week 2")])
def test_the_report_is_one_file_that_sends_no_request(
    tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch, language: Language, said: str
) -> None:
    """In a browser: no request leaves, nothing that the target answered runs, and the numbers are those of the run."""
    monkeypatch.setattr(made, "SEEN", Finding(EVIL, EVIL, EVIL, EVIL))
    run = run_folder.read(made.run(tmp_path, Made(odd=EACH, waiver=made.WAIVER)))
    built = site.build([run], tmp_path / "report.html", language, tmp_path / "history.jsonl")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith(("data:", "blob:")) else None)

    page.goto(built.file.as_uri())
    page.get_by_text("access").first.wait_for()

    text = built.file.read_text(encoding="utf-8")
    assert built.counts == Counter(check.outcome for check in run.checks)
    assert asked == [built.file.as_uri()]
    assert page.title() not in {"owned", "1", "2"}
    assert "googletagmanager" not in text
    assert said in text or re.search("U2Vt|V2Vl", text)  # in the data of the page, as it is or encoded


def test_history_knows_a_run_once(tmp_path: Path) -> None:
    """A report made twice is no second run; another run is."""
    history = tmp_path / "history.jsonl"
    first = run_folder.read(made.run(tmp_path / "a", Made()))
    later = run_folder.read(made.run(tmp_path / "b", Made(odd={ONE: "failed"}, started_at=made.just_now())))

    for run in (first, first, later):
        site.build([run], tmp_path / "report.html", "es", history)

    assert len(history.read_text(encoding="utf-8").splitlines()) == 2


def test_several_runs_make_one_report(tmp_path: Path) -> None:
    """Of different stages."""
    read = [run_folder.read(made.run(tmp_path, Made(stages=(stage,)))) for stage in ("smoke", "integration")]

    built = site.build(read, tmp_path / "report.html", "en", tmp_path / "history.jsonl")

    assert sum(built.counts.values()) == len(made.checks_of(["smoke", "integration"]))


def test_without_the_command_line_the_report_is_unverified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, with the remedy, and the results stay."""
    folder = made.run(tmp_path, Made())
    monkeypatch.setattr(site, "COMMAND", ROOT / "no" / "cli.js")

    with pytest.raises(NoReport, match=r"the HTML report is unverified: .*make setup"):
        site.build([run_folder.read(folder)], tmp_path / "report.html", "es", tmp_path / "history.jsonl")
    assert not (tmp_path / "report.html").exists()
    assert results(folder)


def test_a_damaged_result_is_named(tmp_path: Path) -> None:
    """By its file."""
    folder = made.run(tmp_path, Made())
    run = run_folder.read(folder)
    damaged = next((folder / "allure-results").glob("*-result.json"))
    damaged.write_text("{", encoding="utf-8")

    with pytest.raises(NotARun, match=damaged.name):
        site.build([run], tmp_path / "report.html", "es", tmp_path / "history.jsonl")


def test_a_report_that_counts_otherwise_is_not_handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever made it so."""
    run = run_folder.read(made.run(tmp_path, Made()))
    monkeypatch.setattr(results_of, "stage", lambda *_: Counter({"passed": 1}))

    with pytest.raises(NoReport, match="is not handed out"):
        site.build([run], tmp_path / "report.html", "es", tmp_path / "history.jsonl")
