"""The plan as data is whole: a line rests on one thing, a check speaks for the lines that say so, and a slip is refused."""

import ast
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from record.stages import SUITES, declared_checks
from reports.deliverables import documents
from reports.plan import plan_file
from reports.plan.plan_file import PLAN, Line
from tests.reports.made import checks_of

STAGES = ("pre-deploy", "smoke", "integration", "regression", "load")
# SHA-256 of "id<TAB>text<LF>" of every line, in the order and the words of the plan that the team wrote.
WORDS_OF_THE_PLAN = "6ae582ed76972d6500644a8c677b9a4de70a5e8e7fadf0e1063e6ef690f769a6"


def lines() -> dict[str, Line]:
    return dict(plan_file.load().lines)


def marked() -> dict[str, set[str]]:
    """The check functions that claim each line by their markers, read from the source."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for file in SUITES.rglob("test_*.py"):
        body = ast.parse(file.read_text(encoding="utf-8")).body
        of_all = {line for node in body if isinstance(node, ast.Assign | ast.AnnAssign) for line in _named_in(node)}
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                own = {line for decorator in node.decorator_list for line in _named_in(decorator)}
                for line in of_all | own:
                    found[line].add(f"{file.relative_to(SUITES.parent).as_posix()}::{node.name}")
    return found


def _named_in(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "plan":
            yield from (str(argument.value) for argument in each.args if isinstance(argument, ast.Constant))


def test_plan_says_what_the_team_wrote() -> None:
    """208 lines with their ids, in their words."""
    told = "".join(f"{line.id}\t{line.es}\n" for line in lines().values())

    assert len(lines()) == 208
    assert hashlib.sha256(told.encode()).hexdigest() == WORDS_OF_THE_PLAN


def test_every_line_is_said_in_english_too() -> None:
    """And is another text there, but for the one that is made of names."""
    same = [line.id for line in lines().values() if line.en == line.es]

    assert same == ["TOOL-2"]


def test_checks_and_lines_say_the_same_of_each_other() -> None:
    """A line's patterns meet exactly the checks whose markers name it, so no line of people or of data has any.

    A line that ends in a colon is made of those below it.
    """
    claims = marked()
    for line in lines().values():
        if line.es.endswith(":"):
            below = [other.id for other in lines().values() if other.es.startswith(f"{line.es} ")]
            claims[line.id] = {check for other in below for check in claims[other]}
    checks = checks_of(STAGES)

    apart = {line.id: {c for c in checks if line.matches(c)} ^ claims[line.id] for line in lines().values()}

    assert {line: sorted(which) for line, which in apart.items() if which} == {}


def test_no_check_speaks_for_nothing() -> None:
    """Every check function has a line of the plan."""
    the_plan = plan_file.load()

    assert [check for check in checks_of(STAGES) if not the_plan.lines_of(check)] == []


def test_no_pattern_meets_nothing() -> None:
    """A renamed check would leave its line without ground."""
    checks = {check for stage in STAGES for check in declared_checks(stage)}
    patterns = {pattern for line in lines().values() for pattern in line.checks}

    assert [each for each in patterns if not any(Line.pattern_matches(each, check) for check in checks)] == []


def test_severity_of_a_check_is_that_of_its_gravest_line() -> None:
    """With its parameters or without."""
    check = "suites/pre_deploy/test_permissions.py::test_viewer_changes_nothing[POST /api/contacts]"
    found = plan_file.load()

    assert found.severity_of(check) == "blocker"
    assert found.owner_of(check, "es") == "Equipo de Seguridad/DevOps"
    assert found.owner_of("suites/none.py::test_none", "en") is None


def test_english_is_not_left_in_spanish() -> None:
    """Nothing that is read in two languages says the same in both, but for names."""
    of_lines = [text for line in lines().values() for text in (line.lacking, line.also, line.evidence, line.reason) if text]
    of_blocks = [block.responsible for block in plan_file.load().blocks.values()]
    named = [(week.es, week.en) for week in plan_file.load().weeks.values()]
    named += [(block.es, block.en) for block in plan_file.load().blocks.values()]

    same = {es for es, en in [*((text.es, text.en) for text in (*of_lines, *of_blocks)), *named] if es == en}

    assert same == set()


def test_a_line_that_derives_has_a_deliverable() -> None:
    """One that can be made today, or the plan says what is lacking."""
    missing = [
        line.id for line in lines().values() if line.deliverable not in {None, *documents.DELIVERABLES} and not line.lacking
    ]

    assert missing == []


PEOPLE, CHECKS, DATA = "lines.W1-D1-T4", "lines.W1-D3-T4", "lines.W1-D1-E2"
SLIPS = {  # the table that has it, what is found there, what stands there instead, what is told
    "no disposition": (PEOPLE, r"\nattested\.[^\n]+", "", "is nothing; a line is exactly one of"),
    "two dispositions": (PEOPLE, "kind = ", 'derived.deliverable = "backlog"\nkind = ', "is derived and attested"),
    "an unknown key": (PEOPLE, "kind = ", 'owner = "me"\nkind = ', "nobody reads owner"),
    "an unknown key below": (PEOPLE, r"attested\.people", "attested.persons = 1\nattested.people", "nobody reads persons"),
    "a missing key": (PEOPLE, r"attested\.people[^\n]+", "", "people must be there"),
    "an unknown kind": (PEOPLE, '"task"', '"chore"', "there is no 'chore'"),
    "a kind that is a list": (PEOPLE, '"task"', "[]", "there is no []"),
    "an unknown severity": (CHECKS, '"critical"', '"huge"', "there is no 'huge'"),
    "no severity": (CHECKS, "severity[^\n]+", "", "a line has a severity if it is verified"),
    "a severity of people": (PEOPLE, "kind = ", 'severity = "minor"\nkind = ', "a line has a severity if it is verified"),
    "an empty text": (PEOPLE, 'en = "[^"]+"', 'en = " "', "must be a text that says something"),
    "one language": (PEOPLE, r'evidence = \{ es = "[^"]+", ', "evidence = { ", "es must be there"),
    "no people": (PEOPLE, "people = 2", "people = 0", "must be a number from 1 to 5"),
    "people that are true": (PEOPLE, "people = 2", "people = true", "must be a number from 1 to 5"),
    "for ever": (PEOPLE, "valid_days = 60", "valid_days = 9999", "must be a number from 1 to 366"),
    "no roles": (PEOPLE, r'\["Tech Lead"\]', "[]", "name at least one role"),
    "a role that is a number": (PEOPLE, r'\["Tech Lead"\]', "[7]", "must be a list of texts"),
    "no checks": (CHECKS, r"verified\.checks = \[[^]]*\]", "verified.checks = []", "name the checks, or say in `lacking`"),
    "a check twice": (CHECKS, r"verified\.checks = \[[^]]*\]", 'verified.checks = ["a", "a"]', "names a twice"),
    "an unknown deliverable": (DATA, "test-results", "test-result", "there is no 'test-result'"),
    "another block": (PEOPLE, "W1-D1-T4", "W9-D1-T4", "there is no 'W9-D1'"),
    "another week": ("blocks.W1-D1", '"W1"', '"W9"', "there is no 'W9'"),
    "a week that is a list": ("blocks.W1-D1", '"W1"', "[]", "there is no []"),
    "a block of nobody": ("blocks.W1-D1", r"responsible[^\n]+", "", "responsible must be there"),
    "a week without a name": ("weeks.W1", 'es = "[^"]+"', 'es = ""', "must be a text that says something"),
    "no TOML": (PEOPLE, "kind = ", "kind ", "cannot be read"),
}


def broken(folder: Path, table: str, pattern: str, instead: str) -> Path:
    """The plan with one slip in one of its tables."""
    before, header, rest = PLAN.read_text(encoding="utf-8").partition(f"[{table}]\n")
    its, blank, after = (header + rest).partition("\n\n")
    slipped, times = re.subn(pattern, lambda _: instead, its)
    assert times, f"{pattern} is not found in {table}"
    file = folder / "plan.toml"
    file.write_text(before + slipped + blank + after, encoding="utf-8")
    return file


@pytest.mark.parametrize(("table", "pattern", "instead", "told"), SLIPS.values(), ids=SLIPS)
def test_a_slip_in_the_plan_is_refused(tmp_path: Path, table: str, pattern: str, instead: str, told: str) -> None:
    """By the rule that it breaks."""
    with pytest.raises(plan_file.PlanError, match=re.escape(told)):
        plan_file.load(broken(tmp_path, table, pattern, instead))


def test_refusal_names_the_place(tmp_path: Path) -> None:
    """File, number of the line at which the table begins, table and key: an editor goes there."""
    file = broken(tmp_path, PEOPLE, "people = 2", "people = 0")
    number = file.read_text(encoding="utf-8").splitlines().index(f"[{PEOPLE}]") + 1

    with pytest.raises(plan_file.PlanError, match=re.escape(f"{file}:{number}: {PEOPLE}.attested.people: is 0")):
        plan_file.load(file)


@pytest.mark.parametrize("text", ["", "weeks = 3\nblocks = 3\nlines = 3\n", "[weeks]\n[blocks]\n[lines]\n"])
def test_file_that_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    """With what it should hold, and nothing raised from further inside."""
    file = tmp_path / "plan.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(plan_file.PlanError, match=r"must be there|must hold tables"):
        plan_file.load(file)
