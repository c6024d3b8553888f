"""What is written of sick deployments: measures for programs, a page for people, and a verdict that is no better than these."""

import json
from pathlib import Path
from typing import Any

import pytest

from proof import sick_report
from proof.sick_measures import Astray, Deployment, Known, Sick
from tests.proof.test_sick_measures import FAULTS, GRAVE, SLIGHT, TABLE, check, measured

KEYS = {
    "name",
    "faults",
    "visible",
    "reported",
    "first_is_cause",
    "false",
    "groups_per_cause",
    "blocked_avoidable",
    "time_ratio",
}
GOOD = (GRAVE, SLIGHT)
FALSE = check("smoke/test_x.py::test_x", "failed", "<b>something-else</b>")
DEAD = Deployment(Sick("dead", ("grave",), frozenset({"grave"})), Known(FAULTS, TABLE), None, output="it hung")


def data(*deployments: Deployment, partial: bool = False, alarms: tuple[Astray, ...] = ()) -> dict[str, Any]:
    return sick_report.as_json(deployments, 20.0, partial=partial, alarms=alarms)


def test_json_has_what_programs_read() -> None:
    written = data(measured(*GOOD))

    assert written["deployments"][0].keys() >= KEYS
    assert written["totals"].keys() >= {"recall", "recall_severity_1", "first", "false", "groups_per_cause", "blocked_avoidable"}
    assert json.loads(json.dumps(written)) == written


VERDICTS = {
    "goals met": (data(measured(*GOOD)), True, "GOALS MET"),
    "a goal missed": (data(measured(*GOOD, FALSE)), False, "GOALS MISSED: false findings"),
    "broken off": (data(measured(*GOOD), partial=True), False, "PARTIAL"),
    "no end": (data(measured(*GOOD), DEAD), False, "did not come to its end"),
    "healthy alarm": (data(measured(*GOOD), alarms=(Astray("c", "x", "y"),)), False, "false alarm"),
}


@pytest.mark.parametrize(("written", "met", "says"), VERDICTS.values(), ids=VERDICTS)
def test_verdict_is_no_better_than_the_measures(written: dict[str, Any], met: bool, says: str) -> None:
    assert sick_report.met(written) == met
    assert says in sick_report.verdict(written)
    assert says in sick_report.as_text(written)


def test_page_names_what_went_astray(tmp_path: Path) -> None:
    """And escapes what a target may have sent."""
    sick_report.write(data(measured(FALSE, check("smoke/test_d.py::test_d", "blocked", "d"))), tmp_path)
    page = (tmp_path / sick_report.PAGE).read_text(encoding="utf-8")

    assert "<b>something-else" not in page
    assert all(text in page for text in ("smoke/test_x.py::test_x", "smoke/test_d.py::test_d", "GOALS MISSED", "cause-grave"[:5]))


def test_earlier_files_are_removed(tmp_path: Path) -> None:
    sick_report.write(data(measured(*GOOD)), tmp_path)
    sick_report.remove(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_line_says_why_a_run_has_no_end() -> None:
    assert "it hung" in sick_report.line(DEAD, 20.0)
