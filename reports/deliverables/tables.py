"""The tables that deliverables consist of, in one language. What they cannot say for want of data, they say."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from record import verdict
from record.finding import Finding
from record.run import Check
from record.run_folder import Recorded
from reports import rendering
from reports.deliverables.history import FindingHistory
from reports.deliverables.material import Material
from reports.dossier import criteria, run_selection
from reports.phrases import Phrases
from reports.plan import line_states
from reports.plan.plan_file import SEVERITIES, Line
from reports.rendering import Language, plain, texts

TEXTS = Path(__file__).resolve().parent / "documents.texts.toml"
COLOURS = {"open": "failed", "corrected": "passed"}  # of fates; any other is that of `unverified`
Chosen = Callable[[FindingHistory], bool]
Row = tuple[Sequence[object], str | None]  # the cells, and the kind of state in the last of them, for its colour


@dataclass(frozen=True)
class Table:
    """`columns` are keys of documents.texts.toml, `states` the kind of each row's last cell, for its colour."""

    heading: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    states: list[str | None]


def version_of(run: Recorded) -> str:
    return str(run.content.target.version_at_end or "?")


def _named(run: Recorded) -> str:
    return f"{run.name} ({version_of(run)})"


class Tables:
    """Each method makes one table."""

    def __init__(self, material: Material, language: Language) -> None:
        self.material, self.language = material, language
        self.t = texts(TEXTS, language)
        self.phrases = Phrases(language, texts(rendering.TEXTS, language), material.plan)

    def _table(self, heading: str, columns: Sequence[str], rows: Iterable[Row]) -> Table:
        every = list(rows)
        cells = [tuple(plain(cell) for cell in row) for row, _ in every]
        return Table(self.t["sections"][heading], tuple(columns), cells, [state for _, state in every])

    def _lines(self, check: str) -> str:
        return " ".join(line.id for line in self.material.plan.lines_of(check))

    def _finding_of(self, found: Finding | None) -> dict[str, str]:
        """In the language of the tables."""
        return found.lines(self.language) if found else {}

    def _outcome(self, outcome: str) -> str:
        return str(self.phrases.t["outcome_names"][outcome])

    def results(self) -> Table:
        return self._table("results", ("check", "stage", "lines", "took", "outcome"), map(self._result, self.material.checks()))

    def _result(self, check: Check) -> Row:
        cells = (check.id, check.stage, self._lines(check.id), self.phrases.decimal(check.duration_s))
        return (*cells, self._outcome(check.outcome)), check.outcome

    def runs(self, runs: Iterable[Recorded]) -> Table:
        return self._table("runs", ("run", "stage", "first", "version", "outcome"), map(self._run, runs))

    def _run(self, run: Recorded) -> Row:
        counts = Counter(check.outcome for check in run.checks)
        outcomes = ", ".join(f"{self.phrases.integer(count)} {self._outcome(name)}" for name, count in counts.items())
        if left := len(verdict.left_to_writing(run.content)):
            outcomes += f" ({self.t['reading_only'].format(count=self.phrases.integer(left))})"
        stages = ", ".join(run_selection.stages_of(run))
        return (run.name, stages, self.phrases.time(run.content.started_at), version_of(run), outcomes), None

    def findings(self) -> Table:
        rows = [
            ((check.id, lines["seen"], lines["next"], self._outcome(check.outcome)), check.outcome)
            for check in self.material.checks()
            if check.outcome in line_states.OF_OUTCOME and (lines := self._finding_of(check.finding))
        ]
        return self._table("findings", ("check", "seen", "next", "outcome"), rows)

    def plan_lines(self, *blocks: str) -> Table:
        """The lines of these blocks (or single lines) of the plan, with what is lacking."""
        the_plan = self.material.plan
        states = line_states.states(the_plan, self.material.checks(), {})
        chosen = [line for line in the_plan.lines.values() if line.block in blocks or line.id in blocks]
        rows = [self._line(line, states[line.id]) for line in chosen]
        return self._table("lines", ("line", "text", "lacking", "outcome", "state"), rows)

    def _line(self, line: Line, found: Mapping[str, Any]) -> Row:
        lacking = line.lacking.in_(self.language) if line.lacking else ""
        state = found["state"]
        cells = (line.id, line.in_(self.language), lacking, self.phrases.rests_on(line, found), self.phrases.t["states"][state])
        return cells, state

    def load_criteria(self) -> Table:
        run = run_selection.deciding(self.material.history, "load")
        rows = map(self._criterion, criteria.judged(run) if run else ())
        return self._table("criteria", ("criterion", "measured", "interval", "limit", "state"), rows)

    def _criterion(self, each: Mapping[str, Any]) -> Row:
        say, unit = self.phrases.decimal, each["unit"]
        numbers = (f"{say(each['estimate'])} {unit}", f"{say(each['low'])} – {say(each['high'])}", f"{say(each['limit'])} {unit}")
        state = each["state"]
        return (self.phrases.criterion_name(each["criterion"]), *numbers, self.phrases.t["criterion"][state]), state

    def incidents(self, only: Chosen = lambda _: True) -> Table:
        return self._histories(("check", "seen", "first", "last", "times", "fate"), only)

    def problems(self) -> Table:
        return self._histories(("check", "expected", "seen", "solution", "fate"))

    def corrections(self, only: Chosen = lambda _: True) -> Table:
        """Was red, is green: the same check and the same finding."""
        columns = ("check", "fingerprint", "seen", "last_run", "since", "fate")
        return self._histories(columns, lambda each: each.fate == "corrected" and only(each))

    def _histories(self, columns: Sequence[str], only: Chosen = lambda _: True) -> Table:
        chosen = [(each, self._cells(each)) for each in self.material.findings() if only(each)]
        rows = [([cells[column] for column in columns], COLOURS.get(each.fate, "unverified")) for each, cells in chosen]
        return self._table("findings", columns, rows)

    def _cells(self, each: FindingHistory) -> dict[str, object]:
        return {
            **{part: self._finding_of(each.finding)[part] for part in ("expected", "seen")},
            **{part: getattr(each, part) for part in ("check", "fingerprint", "times")},
            **{part: self.phrases.time(getattr(each, part).content.started_at) for part in ("first", "last")},
            "last_run": _named(each.last),
            "since": _named(each.since) if each.since else "",
            "solution": self._solution(each),
            "fate": self.t["fates"][each.fate],
        }

    def _solution(self, each: FindingHistory) -> str:
        if each.fate == "corrected" and each.since:
            return str(self.t["solved_by"].format(version=version_of(each.since)))
        if each.waiver:
            return str(self.t["waived_until"].format(person=each.waiver.person, expires=each.waiver.expires))
        return str(self.t["unsolved"])

    def backlog(self) -> Table:
        """Open findings, the gravest and widest first; one row for all the checks that share one."""
        groups: defaultdict[str, list[FindingHistory]] = defaultdict(list)
        for each in self.material.findings():
            if each.fate in ("open", "not seen since"):
                groups[each.fingerprint].append(each)
        columns = ("severity", "impact", "team", "check", "seen", "next")
        rows = [(self._backlog_row(group), "failed") for group in sorted(groups.values(), key=self._rank)]
        return self._table("findings", columns, rows)

    def _rank(self, group: Sequence[FindingHistory]) -> tuple[int, int, str]:
        severity = self.material.plan.severity_of(*(each.check for each in group))
        return SEVERITIES.index(severity), -len(self._lines_of(group)) - len(group), group[0].check

    def _lines_of(self, group: Sequence[FindingHistory]) -> set[str]:
        return {line.id for each in group for line in self.material.plan.lines_of(each.check)}

    def _backlog_row(self, group: Sequence[FindingHistory]) -> tuple[str, ...]:
        plan = self.material.plan
        first = min(group, key=lambda each: SEVERITIES.index(plan.severity_of(each.check)))
        severity = self.phrases.t["severities"][plan.severity_of(first.check)]
        impact = self.t["impact"].format(checks=len(group), lines=len(self._lines_of(group)))
        team = plan.owner_of(first.check, self.language) or ""
        lines = self._finding_of(first.finding)
        return severity, impact, team, first.check, lines["seen"], lines["next"]

    def of_security(self, each: FindingHistory) -> bool:
        return any(line.block == "W1-D3" for line in self.material.plan.lines_of(each.check))
