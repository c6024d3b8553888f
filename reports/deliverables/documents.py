"""The deliverables of the plan that derive from runs, each as HTML, PDF and CSV: `python -m reports build NAME`.

A deliverable is a few tables over all sound runs on one environment. What it cannot say for want of data, it says.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from record.run_folder import Run
from reports import rendering
from reports.allure import history
from reports.allure.history import Case
from reports.dossier import criteria, picking
from reports.plan import line_states, plan_file
from reports.plan.gates import STAGES
from reports.plan.plan_file import Line, Plan
from reports.rendering import Language, plain, words
from reports.speech import Speech

WORDS = Path(__file__).resolve().parent / "documents.words.toml"
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Table:
    """`columns` are keys of documents.words.toml, `states` the kind of each row's last cell, for its colour."""

    heading: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    states: list[str | None]


@dataclass(frozen=True)
class Material:
    """What deliverables are made of: every sound run, the oldest first, and those that decide the stages."""

    environment: str
    history: Sequence[Run]
    passed_over: Sequence[str]
    plan: Plan
    made_at: datetime

    @property
    def deciding(self) -> list[Run]:
        return list({run.digest: run for stage in STAGES if (run := picking.deciding(self.history, stage))}.values())

    def records(self) -> list[dict[str, Any]]:
        """The checks of the newest run of each stage, in the order of the stages."""
        found = [(stage, picking.deciding(self.history, stage)) for stage in STAGES]
        return [check for stage, run in found if run for check in run.checks if check["stage"] == stage]

    def cases(self) -> list[Case]:
        return history.cases(self.history)


def gather(out: Path, environment: str, release: str | None, now: datetime | None = None) -> Material:
    runs, passed_over = history.read(out, picking.environment(environment), release)
    return Material(picking.environment(environment), runs, passed_over, plan_file.load(), now or datetime.now(UTC))


Row = tuple[Sequence[object], str | None]  # the cells, and what kind of state the last of them is


def version_of(run: Run) -> str:
    return str(run.data["target"]["version_at_end"] or "?")


class Writer:
    """The tables of a deliverable in one language."""

    def __init__(self, material: Material, language: Language) -> None:
        self.material, self.language = material, language
        self.w = words(WORDS, language)
        self.speech = Speech(language, words(rendering.WORDS, language), material.plan)

    def _table(self, heading: str, columns: Sequence[str], rows: Iterable[Row]) -> Table:
        told = list(rows)
        cells = [tuple(plain(cell) for cell in row) for row, _ in told]
        return Table(self.w["sections"][heading], tuple(columns), cells, [state for _, state in told])

    def _lines(self, check: str) -> str:
        return " ".join(line.id for line in self.material.plan.lines_of(check))

    def _outcome(self, outcome: str) -> str:
        return str(self.speech.w["became"][outcome])

    def _severity(self, check: str) -> str:
        return str(self.speech.w["severities"][self.material.plan.severity_of(check)])

    def results(self) -> Table:
        return self._table("results", ("check", "stage", "lines", "took", "outcome"), map(self._result, self.material.records()))

    def _result(self, check: Mapping[str, Any]) -> Row:
        cells = (check["id"], check["stage"], self._lines(check["id"]), self.speech.decimal(check["duration_s"]))
        return (*cells, self._outcome(check["outcome"])), check["outcome"]

    def runs(self, runs: Iterable[Run]) -> Table:
        return self._table("runs", ("run", "stage", "first", "version", "outcome"), map(self._run, runs))

    def _run(self, run: Run) -> Row:
        counts = Counter(check["outcome"] for check in run.checks)
        told = ", ".join(f"{self.speech.integer(count)} {self._outcome(name)}" for name, count in counts.items())
        return (
            run.name,
            ", ".join(picking.stages_of(run)),
            self.speech.time(run.data["started_at"]),
            version_of(run),
            told,
        ), None

    def findings(self) -> Table:
        rows = [
            ((each["id"], each["finding"]["seen"], each["finding"]["next"], self._outcome(each["outcome"])), each["outcome"])
            for each in self.material.records()
            if each["outcome"] in line_states.OF_OUTCOME and each["finding"]
        ]
        return self._table("findings", ("check", "seen", "next", "outcome"), rows)

    def plan_lines(self, *blocks: str) -> Table:
        """The lines of these blocks (or single lines) of the plan, with what is lacking."""
        the_plan = self.material.plan
        states = line_states.states(the_plan, self.material.records(), {})
        chosen = [line for line in the_plan.lines.values() if line.block in blocks or line.id in blocks]
        rows = [self._line(line, states[line.id]) for line in chosen]
        return self._table("lines", ("line", "text", "lacking", "outcome", "state"), rows)

    def _line(self, line: Line, found: Mapping[str, Any]) -> Row:
        text = line.es if self.language == "es" else line.en
        lacking = line.lacking.in_(self.language) if line.lacking else ""
        state = found["state"]
        return (line.id, text, lacking, self.speech.rests_on(line, found), self.speech.w["states"][state]), state

    def load_criteria(self) -> Table:
        run = picking.deciding(self.material.history, "load")
        rows = map(self._criterion, criteria.judged(run) if run else ())
        return self._table("criteria", ("criterion", "measured", "interval", "limit", "state"), rows)

    def _criterion(self, each: Mapping[str, Any]) -> Row:
        say, unit = self.speech.decimal, each["unit"]
        numbers = (f"{say(each['estimate'])} {unit}", f"{say(each['low'])} – {say(each['high'])}", f"{say(each['limit'])} {unit}")
        return (self.speech.criterion_name(each["criterion"]), *numbers, self.speech.w["criterion"][each["state"]]), each["state"]

    def incidents(self, only: Callable[[Case], bool] = lambda _: True) -> Table:
        rows = map(self._incident, filter(only, self.material.cases()))
        return self._table("findings", ("check", "seen", "first", "last", "times", "fate"), rows)

    def _incident(self, case: Case) -> Row:
        first, last = (self.speech.time(run.data["started_at"]) for run in (case.first, case.last))
        return (case.check, case.finding["seen"], first, last, case.times, self.w["fates"][case.fate]), _colour(case)

    def problems(self) -> Table:
        return self._table(
            "findings", ("check", "expected", "seen", "solution", "fate"), map(self._problem, self.material.cases())
        )

    def _problem(self, case: Case) -> Row:
        cells = (case.check, case.finding["expected"], case.finding["seen"], self._solution(case), self.w["fates"][case.fate])
        return cells, _colour(case)

    def _solution(self, case: Case) -> str:
        if case.fate == "corrected" and case.since:
            return str(self.w["solved_by"].format(version=version_of(case.since)))
        if case.waiver:
            return str(self.w["waived_until"].format(person=case.waiver["person"], expires=case.waiver["expires"]))
        return str(self.w["unsolved"])

    def backlog(self) -> Table:
        """Open findings, the gravest and widest first; one row for all the checks that share one."""
        groups: defaultdict[str, list[Case]] = defaultdict(list)
        for case in self.material.cases():
            if case.fate in ("open", "not seen since"):
                groups[case.fingerprint].append(case)
        return self._table(
            "findings",
            ("severity", "impact", "team", "check", "seen", "next"),
            ((self._backlog_row(group), "failed") for group in sorted(groups.values(), key=self._rank)),
        )

    def _rank(self, group: Sequence[Case]) -> tuple[int, int, str]:
        gravest = min(plan_file.SEVERITIES.index(self.material.plan.severity_of(case.check)) for case in group)
        return gravest, -self._reach(group), group[0].check

    def _reach(self, group: Sequence[Case]) -> int:
        return len({line.id for case in group for line in self.material.plan.lines_of(case.check)}) + len(group)

    def _backlog_row(self, group: Sequence[Case]) -> tuple[str, ...]:
        first = min(group, key=lambda case: plan_file.SEVERITIES.index(self.material.plan.severity_of(case.check)))
        of_lines = {line.id for case in group for line in self.material.plan.lines_of(case.check)}
        impact = self.w["impact"].format(checks=len(group), lines=len(of_lines))
        team = self.material.plan.owner_of(first.check, self.language) or ""
        return self._severity(first.check), impact, team, first.check, first.finding["seen"], first.finding["next"]

    def corrections(self, only: Callable[[Case], bool] = lambda _: True) -> Table:
        """Was red, is green: the same check and the same finding."""
        corrected = [case for case in self.material.cases() if case.fate == "corrected" and only(case)]
        return self._table(
            "findings", ("check", "fingerprint", "seen", "last", "since", "fate"), map(self._correction, corrected)
        )

    def _correction(self, case: Case) -> Row:
        red, green = (f"{run.name} ({version_of(run)})" if run else "" for run in (case.last, case.since))
        return (case.check, case.fingerprint, case.finding["seen"], red, green, self.w["fates"][case.fate]), _colour(case)

    def of_security(self, case: Case) -> bool:
        return any(line.block == "W1-D3" for line in self.material.plan.lines_of(case.check))


def _colour(case: Case) -> str:
    return {"open": "failed", "corrected": "passed"}.get(case.fate, "unverified")


INTEGRATIONS = tuple(f"W1-D5-T{number}" for number in range(1, 6))
METRICS = tuple(f"SUCCESS-{number}" for number in range(1, 7))
# By name: the tables; the first of them is the CSV.
DELIVERABLES: dict[str, Callable[[Writer], list[Table]]] = {
    "test-results": lambda w: [w.results(), w.findings(), w.runs(w.material.deciding)],
    "deployment-report": lambda w: [w.plan_lines("W2-D1"), w.findings(), w.runs(w.material.deciding)],
    "incidents": lambda w: [w.incidents()],
    "validation": lambda w: [w.plan_lines("W2-D2", *METRICS), w.load_criteria(), w.findings(), w.runs(w.material.deciding)],
    "problems": lambda w: [w.problems()],
    "backlog": lambda w: [w.backlog()],
    "corrections": lambda w: [w.corrections()],
    "security": lambda w: [w.plan_lines("W1-D3", "RISK-4"), w.incidents(w.of_security)],
    "fixed-vulnerabilities": lambda w: [w.corrections(w.of_security), w.plan_lines("W1-D3-T1", "W1-D3-T2")],
    "integrations": lambda w: [w.plan_lines(*INTEGRATIONS, "RISK-1"), w.findings()],
}


def write(name: str, material: Material, folder: Path, languages: Sequence[Language]) -> tuple[list[Path], list[str]]:
    """NAME.{es,en}.html, .csv and .pdf; what was written, and notes."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    notes: list[str] = []
    for language in languages:
        writer = Writer(material, language)
        tables = DELIVERABLES[name](writer)
        page, path = html(name, writer, tables), folder / f"{name}.{language}.html"
        printed = path.with_suffix(".pdf")
        notes += rendering.print_to(printed, page)
        written += [_put(path, page), _put(path.with_suffix(".csv"), as_csv(writer, tables[0]))]
        written += [printed] if printed.exists() else []
    return written, notes


def _put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def html(name: str, writer: Writer, tables: Sequence[Table]) -> str:
    material, w = writer.material, writer.w
    versions = sorted(set(map(version_of, material.deciding)))
    period = [writer.speech.time(run.data["started_at"]) for run in (*material.history[:1], *material.history[-1:])]
    facts = {
        w["environment"]: material.environment,
        w["versions"]: ", ".join(versions) or "—",
        w["period"]: " – ".join(period) or "—",
        w["runs_read"]: writer.speech.integer(len(material.history)),
        w["made"]: writer.speech.time(material.made_at.isoformat()),
    }
    return rendering.render(
        "document.html.j2",
        writer.language,
        rendering.fonts(rendering.installed_fonts()),
        material.environment,
        heading=w["titles"][name],
        intro=w["intro"][name],
        facts=facts,
        tables=tables,
        columns=w["columns"],
        nothing=w["nothing"],
        passed_over=[plain(each) for each in material.passed_over],
        passed_over_word=w["passed_over"],
    )


def as_csv(writer: Writer, table: Table) -> str:
    """For a spreadsheet: with the mark by which it knows UTF-8, and nothing in it that it would take for a formula."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow([writer.w["columns"][column] for column in table.columns])
    rows.writerows([_inert(cell) for cell in row] for row in table.rows)
    return "\ufeff" + file.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
