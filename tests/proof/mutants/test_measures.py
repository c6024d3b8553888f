"""From the outcomes of checks to a verdict on a mutant, and from verdicts to rates, a result and a page."""

import json
from pathlib import Path
from typing import Any

import pytest

from proof.mutants import measures, report
from proof.mutants.sources import Source
from proof.mutants.trial import Outcome, Ran, Trial, Verdict, names_one_of
from record.finding import Finding
from record.outcome import Outcome as CheckOutcome
from record.run import Check
from tests.proof.mutants.invented import CODE, FILE, LIST, mutant

TRIAL = Trial(mutant(), ("suites/a.py::test_a", "suites/a.py::test_b"), 2, frozenset({LIST, "GET /contacts"}))
HERE = Finding("200", "<b>500</b>", "GET https://127.0.0.1:1/api/contacts/?limit=1, request id x, 0.1 s", "look", "server-error")
ELSEWHERE = Finding("200", "500", "GET https://127.0.0.1:1/health, request id x", "look", "server-error")
PAGE = Finding("quiet", "an error", "/contacts (Desktop Chrome); document 200", "look", "page-script-error")
NOT_RUN = Finding.of("not-run", {}, where="the run itself")


def check(name: str, outcome: CheckOutcome, finding: Finding | None = None) -> Check:
    return Check(f"suites/a.py::{name}", "smoke", outcome, 0.1, finding=finding)


def test_first_failure_is_the_first_in_the_order_of_the_run() -> None:
    ran = Ran((check("test_b", "failed", ELSEWHERE), check("test_a", "failed", HERE)), 1.0)

    assert ran.failed(TRIAL.checks) == check("test_a", "failed", HERE)


def test_check_that_was_not_begun_neither_ended_nor_stumbled() -> None:
    ran = Ran((check("test_a", "blocked", HERE), check("test_b", "unverified", NOT_RUN)), 1.0)

    assert [each.id for each in ran.ended] == ["suites/a.py::test_a"]
    assert ran.stumbled == ("suites/a.py::test_a",)


NAMED = {
    "a page": (PAGE, True),
    "where it was changed": (HERE, True),
    "elsewhere": (ELSEWHERE, False),
    "nowhere": (NOT_RUN, False),
}


@pytest.mark.parametrize(("finding", "named"), NAMED.values(), ids=NAMED)
def test_finding_names_what_executes_the_change(finding: Finding, named: bool) -> None:
    assert names_one_of(finding, TRIAL.operations) == named


def verdict(name: str, outcome: Outcome, area: str = "contacts", *, named: bool | None = None) -> Verdict:
    by = "suites/a.py::test_a" if outcome == "killed" else ""
    finding = HERE if outcome == "killed" else None
    return Verdict(mutant(name, area=area, severity=1), outcome, by, finding, named, 2.0, touching=1)


SEVERAL = [
    verdict("k1", "killed", named=True),
    verdict("k2", "does not boot"),
    verdict("s1", "survived"),
    verdict("e1", "equivalent"),
    verdict("t1", "stumbled", "frontend-scripts"),
    verdict("k3", "killed", "frontend-scripts", named=False),
]


def test_totals_leave_out_equivalents() -> None:
    totals = measures.totals(SEVERAL, 100, 20.0)

    assert (totals["killed"], totals["does_not_boot"], totals["survived"], totals["stumbled"], totals["equivalent"]) == (
        3,
        1,
        1,
        1,
        1,
    )
    assert totals["rate"] == 3 / 5
    assert totals["rate_server"] == 2 / 3
    assert totals["rate_frontend"] == 1 / 2
    assert totals["first_is_cause"] == 1 / 2
    assert totals["seconds"] == 4.0


def data(verdicts: list[Verdict], *, partial: bool = False) -> dict[str, Any]:
    code = {FILE: Source(FILE, CODE)}
    return report.as_json(verdicts, code, {"e1": "nobody sees it"}, generated=100, duration_s=2.0, seed=1, partial=partial)


def test_json_has_what_programs_read() -> None:
    written = data(SEVERAL)

    assert written.keys() >= {"totals", "by_area", "mutants"}
    assert written["totals"].keys() >= {
        "generated",
        "equivalent",
        "killed",
        "survived",
        "rate",
        "rate_severity_1",
        "first_is_cause",
    }
    row = {"id", "area", "file", "operator", "diff", "severity", "outcome", "killed_by", "seconds"}
    assert all(each.keys() >= row for each in written["mutants"])
    assert json.loads(json.dumps(written)) == written
    assert written["by_area"]["frontend-scripts"] == {"drawn": 2, "killed": 1, "stumbled": 1, "survived": 0, "rate": 0.5}


VERDICTS = {
    "goals met": ([verdict("k1", "killed", named=True)], False, True, "GOALS MET"),
    "a goal missed": (SEVERAL, False, False, "GOALS MISSED: killed, backend"),
    "broken off": ([verdict("k1", "killed", named=True)], True, False, "PARTIAL"),
}


@pytest.mark.parametrize(("verdicts", "partial", "met", "says"), VERDICTS.values(), ids=VERDICTS)
def test_verdict_is_no_better_than_the_measures(verdicts: list[Verdict], partial: bool, met: bool, says: str) -> None:
    written = data(verdicts, partial=partial)

    assert report.met(written) == met
    assert says in report.as_text(written)


def test_page_shows_survivors_first_with_their_change(tmp_path: Path) -> None:
    """And escapes what a target may have sent."""
    report.write(data(SEVERAL), tmp_path)
    page = (tmp_path / report.PAGE).read_text(encoding="utf-8")

    assert page.index('id="s1"') < page.index('id="t1"') < page.index('id="e1"') < page.index('id="k1"')
    assert "+LIMIT = 11" in page
    assert "nobody sees it" in page
    assert "<b>500</b>" not in page


def test_line_of_the_terminal_says_what_became_of_it() -> None:
    assert "killed by a.py::test_a" in report.line(SEVERAL[0])
    assert report.line(SEVERAL[2]).endswith("survived")
