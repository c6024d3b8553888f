"""The deployment plan as data: each of its lines with what it rests on. reports/plan/plan.toml, read strictly.

A line is *verified* by checks, *derived* from the data of runs, *attested* by people in a role, or *out of scope* for a reason;
exactly one of them. `lacking` says what a machine could do for the line and does not yet, `also` what its checks cannot see.
The lists of checks are written by `make plan`, from the markers of the checks.
"""

import functools
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from record.stages import function_of
from reports.plan import strict
from reports.plan.strict import PlanError, Text

PLAN = Path(__file__).resolve().parent / "plan.toml"
Disposition = Literal["verified", "derived", "attested", "out_of_scope"]
SEVERITIES = ("blocker", "critical", "normal", "minor")  # the gravest first
KINDS = ("task", "deliverable", "tool", "success metric", "risk")
DELIVERABLES = (
    *("test-results", "security", "fixed-vulnerabilities", "integrations", "deployment-report", "incidents", "validation"),
    *("problems", "backlog", "corrections", "phase-report", "daily-status", "weekly-status"),
)
# Of each disposition: the keys that it needs, and those that it may have.
KEYS: dict[str, tuple[set[str], set[str]]] = {
    "verified": ({"checks"}, {"lacking", "also"}),
    "derived": ({"deliverable"}, {"lacking"}),
    "attested": ({"roles", "evidence", "valid_days", "people"}, set()),
    "out_of_scope": ({"reason", "owner"}, set()),
}
LONGEST_DAYS = 366
HEADER = re.compile(r"\[((?:weeks|blocks|lines)\.[\w-]+)\]")


@dataclass(frozen=True)
class Block(Text):
    """A day of the plan, or another of its parts; `week` is the id of the week that it belongs to."""

    week: str
    responsible: Text


@dataclass(frozen=True)
class Line(Text):
    """`checks` are check functions, without parameters. What a disposition does not have is None, empty or 0."""

    id: str
    block: str
    kind: str
    disposition: Disposition
    severity: str = "normal"
    checks: tuple[str, ...] = ()
    lacking: Text | None = None
    also: Text | None = None
    deliverable: str | None = None
    roles: tuple[str, ...] = ()
    evidence: Text | None = None
    valid_days: int = 0
    people: int = 0
    reason: Text | None = None
    owner: Text | None = None

    def matches(self, check: str) -> bool:
        """Whether a check, with or without its parameters, verifies this line."""
        return function_of(check) in self.checks


@dataclass(frozen=True, eq=False)
class Plan:
    """In the order in which the plan is written."""

    weeks: Mapping[str, Text]
    blocks: Mapping[str, Block]
    lines: Mapping[str, Line]

    @functools.cached_property
    def _of_check(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self.lines.values():
            for check in line.checks:
                found.setdefault(check, []).append(line)
        return found

    def lines_of(self, check: str) -> Sequence[Line]:
        """The lines that a check, with or without its parameters, verifies."""
        return self._of_check.get(function_of(check), ())

    def severity_of(self, *checks: str) -> str:
        """What it means for the release when these checks fail: the gravest of their lines."""
        found = {line.severity for check in checks for line in self.lines_of(check)}
        return next((severity for severity in SEVERITIES if severity in found), "normal")

    def owner_of(self, check: str, language: str) -> str | None:
        """The team that the plan makes responsible for a check's first line."""
        first = next(iter(self.lines_of(check)), None)
        return self.blocks[first.block].responsible.in_(language) if first else None


@functools.cache
def load(path: Path = PLAN) -> Plan:
    """The whole plan, or PlanError for the first rule that it breaks."""
    try:
        return parse(path.read_text(encoding="utf-8"), path)
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"{path}: cannot be read: {error}") from error


def parse(text: str, path: Path) -> Plan:
    """The same of a text; `path` names it in errors."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{path}: cannot be read: {error}") from error
    strict.keys(table, {"weeks", "blocks", "lines"}, set(), str(path))
    at = _places(path, text)
    weeks = {name: strict.text(each, at(f"weeks.{name}")) for name, each in _tables(table, "weeks", path)}
    blocks = {name: _block(each, weeks, at(f"blocks.{name}")) for name, each in _tables(table, "blocks", path)}
    lines = {name: _line(name, each, blocks, at(f"lines.{name}")) for name, each in _tables(table, "lines", path)}
    return Plan(weeks, blocks, lines)


def _places(path: Path, text: str) -> Callable[[str], str]:
    """How a table is named in an error: by file, number of its line and name."""
    headers = ((number, HEADER.match(line)) for number, line in enumerate(text.splitlines(), start=1))
    numbers = {found[1]: number for number, found in headers if found}
    return lambda name: f"{path}:{numbers.get(name, 1)}: {name}"


def _tables(table: dict[str, Any], key: str, path: Path) -> Iterable[tuple[str, Any]]:
    inner = table[key]
    if not isinstance(inner, dict) or not inner:
        raise PlanError(f"{path}: {key} is {inner!r}, and must hold tables such as [{key}.NAME]")
    return inner.items()


def _block(table: Any, weeks: Mapping[str, Text], place: str) -> Block:
    strict.keys(table, {"es", "en", "week", "responsible"}, set(), place)
    return Block(
        es=strict.nonempty(table["es"], f"{place}.es"),
        en=strict.nonempty(table["en"], f"{place}.en"),
        week=strict.one_of(table["week"], f"{place}.week", known=weeks),
        responsible=strict.text(table["responsible"], f"{place}.responsible"),
    )


def _line(name: str, table: Any, blocks: Mapping[str, Block], place: str) -> Line:
    strict.keys(table, {"es", "en", "kind"}, {"severity", *KEYS}, place)
    found = [disposition for disposition in KEYS if disposition in table]
    if len(found) != 1:
        raise PlanError(f"{place}: is {' and '.join(found) or 'nothing'}; a line is exactly one of {', '.join(KEYS)}")
    if ("severity" in table) != (found == ["verified"]):
        raise PlanError(
            f"{place}: is {found[0]}; a line has a severity if it is verified, and only then: it is that of its checks"
        )
    return Line(
        id=name,
        block=strict.one_of(name.rpartition("-")[0], f"{place}: its block", known=blocks),
        kind=strict.one_of(table["kind"], f"{place}.kind", known=KINDS),
        es=strict.nonempty(table["es"], f"{place}.es"),
        en=strict.nonempty(table["en"], f"{place}.en"),
        disposition=found[0],  # type: ignore[arg-type] # one of KEYS
        severity=strict.one_of(table.get("severity", "normal"), f"{place}.severity", known=SEVERITIES),
        **_disposition(found[0], table[found[0]], f"{place}.{found[0]}"),
    )


def _disposition(name: str, table: Any, place: str) -> dict[str, Any]:
    needed, allowed = KEYS[name]
    strict.keys(table, needed, allowed, place)
    if table.get("checks") == [] and "lacking" not in table:
        raise PlanError(f"{place}.checks: is empty; name the checks, or say in `lacking` which one is missing")
    return {key: _READ[key](value, f"{place}.{key}") for key, value in table.items()}


_READ: dict[str, Callable[[Any, str], Any]] = {
    "checks": strict.names,
    "lacking": strict.text,
    "also": strict.text,
    "deliverable": functools.partial(strict.one_of, known=DELIVERABLES),
    "roles": strict.some,
    "evidence": strict.text,
    "valid_days": functools.partial(strict.number, most=LONGEST_DAYS),
    "people": functools.partial(strict.number, most=strict.MOST_PEOPLE),
    "reason": strict.text,
    "owner": strict.text,
}
