"""The dossier's pages show what was decided, in two languages, and nothing that the target answered does anything in them."""

import dataclasses
import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Page

from record.finding import Finding
from reports import rendering
from reports.deliverables import documents, material
from reports.deliverables.material import Material
from reports.deliverables.tables import Table, Tables
from reports.rendering import Language
from tests.reports import cases, made
from tests.reports.made import Made

pytestmark = pytest.mark.slow

ONE, TWO = made.checks_of(["smoke"])[:2]
EVIL = '<script>document.title="owned"</script><img src=x onerror="document.title=1">{{ 7*7 }}</style>\u202ecba\x07'
OUTSIDE = re.compile(r"url\((?![\"']?data:)|@import", re.IGNORECASE)
RED = Made(stages=("smoke",), odd={ONE: "failed", TWO: "unverified"})


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a run whose target answered with markup."""
    monkey = pytest.MonkeyPatch()
    monkey.setattr(made, "SEEN", Finding(EVIL, EVIL, EVIL, EVIL))
    case = cases.make(tmp_path_factory.mktemp("case"), Made(stages=("pre-deploy",)), RED)
    monkey.undo()
    return cases.build(case, languages=("es", "en")).folder


def page_of(dossier: Path, language: str) -> str:
    return (dossier / f"dossier.{language}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", rendering.LANGUAGES)
def test_a_page_sends_no_request(dossier: Path, page: Page, language: Language) -> None:
    """It looks the same in ten years."""
    text = page_of(dossier, language)
    page.set_content(text)

    asked = page.eval_on_selector_all(
        "[src], a[href], link", "all => all.map(each => each.src || each.getAttribute('href') || '')"
    )
    assert [each[:80] for each in asked if not each.startswith(("data:", "#"))] == []
    assert OUTSIDE.findall(text) == []
    assert "default-src 'none'" in text


@pytest.mark.parametrize("language", rendering.LANGUAGES)
def test_answers_of_the_target_stay_text(dossier: Path, page: Page, language: Language) -> None:
    """In a browser, without the policy that would forbid it anyway: no script runs, and what was sent is read."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    text = page_of(dossier, language)
    page.set_content(re.sub(r"<meta http-equiv=[^>]+>", "", text))

    assert page.title() == rendering.texts(rendering.TEXTS, language)["title"] + " v1.0.0-MVP: " + (
        "NO DESPLEGAR" if language == "es" else "NO-GO"
    )
    assert page.locator("script, .finding img").count() == 0
    assert '<script>document.title="owned"</script>' in page.locator(".finding").first.inner_text()
    assert "{{ 7*7 }}" in page.locator(".finding").first.inner_text()
    assert asked == []


def test_what_cannot_be_seen_is_made_visible(dossier: Path) -> None:
    """A mark that turns the direction of writing makes GO of OG."""
    page = page_of(dossier, "en")

    assert "‹U+202E›cba‹U+0007›" in page
    assert "\u202e" not in page


@pytest.mark.parametrize(
    ("language", "said"), [("es", "Matriz de trazabilidad del plan"), ("en", "Traceability matrix of the plan")]
)
def test_the_print_holds_the_whole_plan(dossier: Path, language: str, said: str) -> None:
    """On A4, with every line and every check."""
    printed = pypdf.PdfReader(dossier / f"dossier.{language}.pdf")
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in printed.pages))

    sizes = {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in printed.pages}
    assert sizes == {(595, 842)}
    assert said.replace(" ", "") in text
    assert [line for line in cases.lines() if line not in text] == []


@pytest.mark.parametrize("language", rendering.LANGUAGES)
def test_cover_and_summary_are_a_page_each(dossier: Path, language: Language) -> None:
    """A director reads two pages."""
    w = rendering.texts(rendering.TEXTS, language)
    printed = [page.extract_text() for page in pypdf.PdfReader(dossier / f"dossier.{language}.pdf").pages[:3]]

    assert w["contents"] in printed[0]
    assert w["summary"] in printed[1]
    assert w["by_stage"] in printed[1]
    assert w["reasons_missing"] in printed[2]


def test_the_same_page_prints_to_the_same_bytes(dossier: Path) -> None:
    """So that a print can be compared."""
    page = page_of(dossier, "en")

    assert rendering.pdf(page) == (dossier / "dossier.en.pdf").read_bytes()


def test_a_renderer_that_is_missing_costs_only_the_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, with the remedy; a full disk is another matter."""

    def missing(_: str) -> bytes:
        raise OSError("cannot load library 'libpango-1.0-0'")

    def full(_: str) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rendering, "pdf", missing)
    [note] = rendering.print_to(tmp_path / "dossier.es.pdf", "")
    monkeypatch.setattr(rendering, "pdf", full)

    assert "install Pango" in note
    assert not list(tmp_path.iterdir())
    with pytest.raises(OSError, match="No space"):
        rendering.print_to(tmp_path / "dossier.es.pdf", "")


def test_a_success_metric_is_not_met_by_a_part_of_its_checks(dossier: Path) -> None:
    """Without load nothing is claimed of it, whatever the gate asks for."""
    decision = json.loads((dossier / "decision.json").read_text(encoding="utf-8"))

    assert {metric["line"]: metric["state"] for metric in decision["metrics"]}["SUCCESS-2"] == "unseen"


def corrected(folder: Path) -> Material:
    """Red, then green at one check; red to the end at another; a third time red with something else."""
    red = dataclasses.replace(RED, odd={ONE: "failed", TWO: "failed"})
    later = red.started_at + dt.timedelta(hours=1)
    made.run(folder, red)
    made.run(folder, dataclasses.replace(red, odd={TWO: "failed"}, version="1.0.1", started_at=later))
    return material.gather(folder, "staging", None, cases.NOW)


def rows(found: Table) -> list[tuple[str, ...]]:
    return found.rows


def test_deliverables_show_the_history_of_each_finding(tmp_path: Path) -> None:
    """Corrected when the same check no longer sees it, open when the newest look still does."""
    tables = Tables(corrected(tmp_path), "en")

    assert [(row[0], row[-1]) for row in rows(tables.incidents())] == [(ONE, "corrected"), (TWO, "open")]
    assert [(row[0], row[3]) for row in rows(tables.problems())] == [
        (ONE, "the check passes since version 1.0.1"),
        (TWO, "none yet"),
    ]
    assert [row[0] for row in rows(tables.corrections())] == [ONE]
    assert [row[3] for row in rows(tables.backlog())] == [TWO]


def test_a_run_that_could_not_look_corrects_nothing(tmp_path: Path) -> None:
    """Nor does one that was blocked."""
    red = dataclasses.replace(RED, odd={ONE: "failed"})
    made.run(tmp_path, red)
    made.run(tmp_path, dataclasses.replace(red, odd={ONE: "blocked"}, started_at=red.started_at + dt.timedelta(hours=1)))
    tables = Tables(material.gather(tmp_path, "staging", None, cases.NOW), "en")

    assert [row[-1] for row in rows(tables.incidents())] == ["neither seen nor ruled out since"]
    assert rows(tables.corrections()) == []


@pytest.mark.parametrize("name", documents.DELIVERABLES)
def test_every_deliverable_can_be_made(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a page, a print and a table, in both languages."""
    monkeypatch.setattr(rendering, "pdf", lambda page: page.encode()[:9])

    written, notes = documents.write(name, corrected(tmp_path / "runs"), tmp_path / "made", rendering.LANGUAGES)

    assert notes == []
    assert sorted(path.name for path in written) == sorted(
        f"{name}.{language}.{kind}" for language in ("es", "en") for kind in ("html", "csv", "pdf")
    )
    assert all(path.stat().st_size for path in written)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")']


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(tmp_path: Path, formula: str) -> None:
    """A spreadsheet would compute what the target answered."""
    tables = Tables(corrected(tmp_path), "es")
    table = Table("x", ("seen",), [(formula,)], [None])

    text = documents.as_csv(tables, table)

    assert text.startswith("\ufeffSe obtuvo")
    assert "\r\n'" in text.replace('"', "")


def test_a_deliverable_says_that_it_has_nothing_to_say(tmp_path: Path) -> None:
    """An empty page looks like one that is broken."""
    made.run(tmp_path, Made(stages=("smoke",)))
    tables = Tables(material.gather(tmp_path, "staging", None, cases.NOW), "es")

    page = documents.html("corrections", tables, documents.DELIVERABLES["corrections"](tables))

    assert "ninguna de estas ejecuciones contiene información al respecto" in page


def test_a_run_that_is_none_is_named(tmp_path: Path) -> None:
    """It is not just left out."""
    folder = made.run(tmp_path, Made(stages=("smoke",)))
    (folder / "junit.xml").write_text("", encoding="utf-8")

    found: Any = material.gather(tmp_path, "staging", None, cases.NOW)

    assert found.history == []
    assert "was changed after its run" in found.passed_over[0]
