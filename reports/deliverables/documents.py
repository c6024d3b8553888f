"""The deliverables of the plan that derive from runs, each as HTML, PDF and CSV: `python -m reports build NAME`."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from reports import rendering
from reports.deliverables.material import Material
from reports.deliverables.tables import Table, Tables, version_of
from reports.rendering import Language, plain

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
INTEGRATIONS = tuple(f"W1-D5-T{number}" for number in range(1, 6))
METRICS = tuple(f"SUCCESS-{number}" for number in range(1, 7))
# By name: the tables; the first of them is the CSV.
DELIVERABLES: dict[str, Callable[[Tables], list[Table]]] = {
    "test-results": lambda t: [t.results(), t.findings(), t.runs(t.material.deciding)],
    "deployment-report": lambda t: [t.plan_lines("W2-D1"), t.findings(), t.runs(t.material.deciding)],
    "incidents": lambda t: [t.incidents()],
    "validation": lambda t: [t.plan_lines("W2-D2", *METRICS), t.load_criteria(), t.findings(), t.runs(t.material.deciding)],
    "problems": lambda t: [t.problems()],
    "backlog": lambda t: [t.backlog()],
    "corrections": lambda t: [t.corrections()],
    "security": lambda t: [t.plan_lines("W1-D3", "RISK-4"), t.incidents(t.of_security)],
    "fixed-vulnerabilities": lambda t: [t.corrections(t.of_security), t.plan_lines("W1-D3-T1", "W1-D3-T2")],
    "integrations": lambda t: [t.plan_lines(*INTEGRATIONS, "RISK-1"), t.findings()],
}


def write(name: str, material: Material, folder: Path, languages: Sequence[Language]) -> tuple[list[Path], list[str]]:
    """NAME.{es,en}.html, .csv and .pdf; what was written, and notes."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    notes: list[str] = []
    for language in languages:
        tables = Tables(material, language)
        shown = DELIVERABLES[name](tables)
        page, path = html(name, tables, shown), folder / f"{name}.{language}.html"
        printed = path.with_suffix(".pdf")
        notes += rendering.print_to(printed, page)
        written += [_put(path, page), _put(path.with_suffix(".csv"), as_csv(tables, shown[0]))]
        written += [printed] if printed.exists() else []
    return written, notes


def _put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def html(name: str, tables: Tables, shown: Sequence[Table]) -> str:
    material, t, phrases = tables.material, tables.t, tables.phrases
    versions = sorted(set(map(version_of, material.deciding)))
    period = [phrases.time(run.content.started_at) for run in (*material.history[:1], *material.history[-1:])]
    facts = {
        t["environment"]: material.environment,
        t["versions"]: ", ".join(versions) or "—",
        t["period"]: " – ".join(period) or "—",
        t["runs_read"]: phrases.integer(len(material.history)),
        t["made"]: phrases.time(material.made_at.isoformat()),
    }
    return rendering.render(
        "document.html.j2",
        tables.language,
        rendering.fonts(rendering.installed_fonts()),
        material.environment,
        heading=t["titles"][name],
        intro=t["intro"][name],
        facts=facts,
        tables=shown,
        columns=t["columns"],
        nothing=t["nothing"],
        passed_over=[plain(each) for each in material.passed_over],
        passed_over_heading=t["passed_over"],
    )


def as_csv(tables: Tables, table: Table) -> str:
    """For a spreadsheet: with the mark by which it knows UTF-8, and nothing in it that it would take for a formula."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow([tables.t["columns"][column] for column in table.columns])
    rows.writerows([_inert(cell) for cell in row] for row in table.rows)
    return "\ufeff" + file.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
