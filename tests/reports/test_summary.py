"""What GitHub shows agrees with the run, and does nothing that the target's answers would like it to do."""

import dataclasses
from pathlib import Path

from record import run_folder
from record.finding import Finding
from record.run import Count, Selection
from record.suite import ROOT
from reports.commands import summary
from tests.reports import made
from tests.reports.made import Made

ONE, TWO, THREE = made.checks_of(["smoke"])[:3]
EVIL = "a | b <img src=x onerror=alert(1)> [x](javascript:alert(1)) `c`\n::error::gone %0A ::set-output name=x::y"


def red(tmp_path: Path) -> run_folder.Recorded:
    return run_folder.read(made.run(tmp_path, Made(odd={ONE: "failed", TWO: "unverified", THREE: "waived"}, waiver=made.WAIVER)))


def test_summary_counts_what_the_run_counts(tmp_path: Path) -> None:
    """By stage, with the verdict and the findings."""
    page = summary.summary([red(tmp_path)])

    passed = len(made.checks_of(["smoke"])) - 3
    assert page.startswith("## 🔴 RED: smoke on staging 1\\.0\\.0")
    assert f"| smoke | 1 | 1 | 1 | {passed} | {passed + 3} of {passed + 3} |" in page
    assert "| failed | " in page


def test_reading_alone_is_told(tmp_path: Path) -> None:
    """In the heading, in a sentence and in the row of its stage."""
    count = len(made.checks_of(["smoke"]))
    writing = ("suites/smoke/test_x.py::test_a",)
    selection = Selection({"smoke": Count(count, count + 1, count + 1)}, writing=writing)
    changed = {"selection": selection, "profile": {"protected": True}}

    page = summary.summary([run_folder.read(made.run(tmp_path, Made(changed=changed)))])

    assert page.startswith("## 🟢 GREEN, reading only: smoke on staging 1\\.0\\.0")
    assert "1 writing check left out by the profile" in page
    assert f"| smoke | {count} | {count} of {count}, 1 that write left out |" in page


def test_annotations_stand_on_the_checks(tmp_path: Path) -> None:
    """An error on what failed, a warning on what could not look, nothing on what is waived."""
    failed, unverified = summary.annotations([red(tmp_path)])

    file, line = summary.place(ONE)
    assert failed.startswith(f"::error file={file},line={line},title=failed%3A {file}%3A%3A")
    assert unverified.startswith("::warning ")
    assert f"def {ONE.partition('::')[2]}(" in (ROOT / file).read_text(encoding="utf-8").splitlines()[line - 1]


def test_answers_of_the_target_stay_text(tmp_path: Path) -> None:
    """No row, no link, no element and no command comes from them."""
    run = red(tmp_path)
    evil = Finding(EVIL, EVIL, EVIL, EVIL)
    checks = tuple(dataclasses.replace(check, finding=evil) for check in run.checks)
    run = dataclasses.replace(run, content=dataclasses.replace(run.content, checks=checks, stopped=EVIL))

    page = summary.summary([run])
    commands = list(summary.annotations([run]))

    assert "<img" not in page
    assert "](java" not in page.replace("\\]\\(", "")
    assert all(line.count(" | ") <= 6 for line in page.replace("\\|", "").splitlines())
    assert all("\n" not in command and "%250A" in command for command in commands)
