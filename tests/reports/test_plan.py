"""The plan as data is whole: a line rests on one thing, its checks are those whose markers name it, and a mistake is refused."""

import hashlib
import re
from pathlib import Path

import pytest

from record import stages
from reports.deliverables import documents
from reports.plan import checks_of_lines, gates, plan_file, search
from reports.plan.plan_file import PLAN, Line
from reports.plan.strict import PlanError
from tests.reports.made import checks_of

STAGES = ("pre-deploy", "smoke", "integration", "regression", "load")
# SHA-256 of "id<TAB>text<LF>" of every line, in the order and the words of the plan that the team wrote.
DIGEST_OF_THE_TEXTS = "6ae582ed76972d6500644a8c677b9a4de70a5e8e7fadf0e1063e6ef690f769a6"


def lines() -> dict[str, Line]:
    return dict(plan_file.load().lines)


def test_plan_says_what_the_team_wrote() -> None:
    """208 lines with their ids, in their words."""
    text = "".join(f"{line.id}\t{line.es}\n" for line in lines().values())

    assert len(lines()) == 208
    assert hashlib.sha256(text.encode()).hexdigest() == DIGEST_OF_THE_TEXTS


def test_every_line_is_said_in_english_too() -> None:
    """And is another text there, but for the one that is made of names."""
    same = [line.id for line in lines().values() if line.en == line.es]

    assert same == ["TOOL-2"]


def test_lists_of_checks_are_those_of_the_markers() -> None:
    """`make plan` would change nothing: a check names its lines in one place."""
    text = PLAN.read_text(encoding="utf-8")

    assert checks_of_lines.rewritten(text, PLAN, stages.named_lines()) == text


def test_a_marker_changes_one_list_only() -> None:
    """Comments, order and every other byte of the plan stay."""
    text = PLAN.read_text(encoding="utf-8")
    new = "suites/smoke/test_new.py::test_new"

    after = checks_of_lines.rewritten(text, PLAN, stages.named_lines() | {new: {"W1-D3-T4"}})

    assert after.replace(f'    "{new}",\n', "") == text
    assert list(checks_of_lines.differences(plan_file.parse(text, PLAN), plan_file.parse(after, PLAN))) == [f"W1-D3-T4 + {new}"]


@pytest.mark.parametrize("line", ["W1-D1-T4", "W1-D1-E2", "W9-D9-T9"])
def test_a_marker_of_a_line_that_no_check_verifies_is_refused(line: str) -> None:
    """Of people, of data, or not in the plan."""
    with pytest.raises(PlanError, match=f"test_a.py::test_b names {line}"):
        checks_of_lines.rewritten(PLAN.read_text(encoding="utf-8"), PLAN, {"suites/smoke/test_a.py::test_b": {line}})


def test_a_line_that_loses_its_last_check_is_refused() -> None:
    """The plan has to say what is lacking, first."""
    with pytest.raises(PlanError, match="name the checks, or say in `lacking`"):
        checks_of_lines.rewritten(PLAN.read_text(encoding="utf-8"), PLAN, {})


def test_every_check_verifies_a_line() -> None:
    """Of the plan."""
    the_plan = plan_file.load()

    assert [check for check in checks_of(STAGES) if not the_plan.lines_of(check)] == []


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


ATTESTED, VERIFIED, DERIVED = "lines.W1-D1-T4", "lines.W1-D3-T4", "lines.W1-D1-E2"
MISTAKES = {  # the table that has it, what is found there, what stands there instead, what the message says
    "no disposition": (ATTESTED, r"\nattested\.[^\n]+", "", "is nothing; a line is exactly one of"),
    "two dispositions": (ATTESTED, "kind = ", 'derived.deliverable = "backlog"\nkind = ', "is derived and attested"),
    "an unknown key": (ATTESTED, "kind = ", 'owner = "me"\nkind = ', "unknown owner"),
    "an unknown key below": (ATTESTED, r"attested\.people", "attested.persons = 1\nattested.people", "unknown persons"),
    "a missing key": (ATTESTED, r"attested\.people[^\n]+", "", "people must be there"),
    "an unknown kind": (ATTESTED, '"task"', '"chore"', "there is no 'chore'"),
    "a kind that is a list": (ATTESTED, '"task"', "[]", "there is no []"),
    "an unknown severity": (VERIFIED, '"critical"', '"huge"', "there is no 'huge'"),
    "no severity": (VERIFIED, "severity[^\n]+", "", "a line has a severity if it is verified"),
    "a severity of people": (ATTESTED, "kind = ", 'severity = "minor"\nkind = ', "a line has a severity if it is verified"),
    "an empty text": (ATTESTED, 'en = "[^"]+"', 'en = " "', "must be a text that says something"),
    "one language": (ATTESTED, r'evidence = \{ es = "[^"]+", ', "evidence = { ", "es must be there"),
    "no people": (ATTESTED, "people = 2", "people = 0", "must be a number from 1 to 5"),
    "people that are true": (ATTESTED, "people = 2", "people = true", "must be a number from 1 to 5"),
    "for ever": (ATTESTED, "valid_days = 60", "valid_days = 9999", "must be a number from 1 to 366"),
    "no roles": (ATTESTED, r'\["Tech Lead"\]', "[]", "name at least one"),
    "a role that is a number": (ATTESTED, r'\["Tech Lead"\]', "[7]", "must be a list of texts"),
    "no checks": (VERIFIED, r"verified\.checks = \[[^]]*\]", "verified.checks = []", "name the checks, or say in `lacking`"),
    "a check twice": (VERIFIED, r"verified\.checks = \[[^]]*\]", 'verified.checks = ["a", "a"]', "names a twice"),
    "an unknown deliverable": (DERIVED, "test-results", "test-result", "there is no 'test-result'"),
    "another block": (ATTESTED, "W1-D1-T4", "W9-D1-T4", "there is no 'W9-D1'"),
    "another week": ("blocks.W1-D1", '"W1"', '"W9"', "there is no 'W9'"),
    "a week that is a list": ("blocks.W1-D1", '"W1"', "[]", "there is no []"),
    "a block of nobody": ("blocks.W1-D1", r"responsible[^\n]+", "", "responsible must be there"),
    "a week without a name": ("weeks.W1", 'es = "[^"]+"', 'es = ""', "must be a text that says something"),
    "no TOML": (ATTESTED, "kind = ", "kind ", "cannot be read"),
}


def broken(folder: Path, table: str, pattern: str, instead: str) -> Path:
    """The plan with one mistake in one of its tables."""
    before, header, rest = PLAN.read_text(encoding="utf-8").partition(f"[{table}]\n")
    its, blank, after = (header + rest).partition("\n\n")
    edited, times = re.subn(pattern, lambda _: instead, its)
    assert times, f"{pattern} is not found in {table}"
    file = folder / "plan.toml"
    file.write_text(before + edited + blank + after, encoding="utf-8")
    return file


@pytest.mark.parametrize(("table", "pattern", "instead", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_plan_is_refused(tmp_path: Path, table: str, pattern: str, instead: str, message: str) -> None:
    """By the rule that it breaks."""
    with pytest.raises(PlanError, match=re.escape(message)):
        plan_file.load(broken(tmp_path, table, pattern, instead))


def test_refusal_names_the_place(tmp_path: Path) -> None:
    """File, number of the line at which the table begins, table and key: an editor goes there."""
    file = broken(tmp_path, ATTESTED, "people = 2", "people = 0")
    number = file.read_text(encoding="utf-8").splitlines().index(f"[{ATTESTED}]") + 1

    with pytest.raises(PlanError, match=re.escape(f"{file}:{number}: {ATTESTED}.attested.people: is 0")):
        plan_file.load(file)


@pytest.mark.parametrize("text", ["", "weeks = 3\nblocks = 3\nlines = 3\n", "[weeks]\n[blocks]\n[lines]\n"])
def test_file_that_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    """With what it should hold, and nothing raised from further inside."""
    file = tmp_path / "plan.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(PlanError, match=r"must be there|must hold tables"):
        plan_file.load(file)


GATE_MISTAKES = {  # what stands in the first gate, what stands there instead, what the message says
    "no stages": (r"stages = \[[^]]*\]", "stages = []", "[deploy].stages: is empty"),
    "an unknown stage": ('"smoke"', '"smok"', "there is no 'smok'"),
    "no environment": (r"environments = \[[^]]*\]", "environments = []", "[deploy].environments: is empty"),
    "an unknown key": ("lines = ", "owner = 1\nlines = ", "unknown owner"),
    "a missing key": (r"lines = [^\n]+", "", "lines must be there"),
    "any age": ("= 72", "= 0", "must be a number from 1 to"),
    "nobody approves": ("people = 1", "people = 0", "must be a number from 1 to 5"),
    "approvals that are a text": (r"approvals = [^\n]+", 'approvals = "QA Lead"', "must be a list of tables"),
    "a role without people": (", people = 1", "", "people must be there"),
    "no TOML": ("lines = ", "lines ", "cannot be read"),
}


@pytest.mark.parametrize(("pattern", "instead", "message"), GATE_MISTAKES.values(), ids=GATE_MISTAKES)
def test_a_mistake_in_the_gates_is_refused(tmp_path: Path, pattern: str, instead: str, message: str) -> None:
    """A gate that asks for nothing would open by itself."""
    text, times = re.subn(pattern, lambda _: instead, gates.GATES.read_text(encoding="utf-8"), count=1)
    (tmp_path / "gates.toml").write_text(text, encoding="utf-8")

    with pytest.raises(PlanError, match=re.escape(message)):
        gates.load(tmp_path / "gates.toml")
    assert times == 1


SEARCHES = {  # the words, the first lines that match
    "a word": (("CORS",), ["W1-D3-T4"]),
    "without accents and in capitals": (("VERSION", "v1.0.0-mvp"), ["W1-D1-T2"]),
    "the beginning of words": (("copi", "segurid", "configurar"), ["W1-D4-T5"]),
    "both languages": (("backups", "restauracion"), []),
    "a word of each language": (("backup", "copias"), ["W1-D4-T5", "RISK-5"]),
    "an id": (("w1-d3-t4",), ["W1-D3-T4"]),
    "the beginning of an id and a word": (("W1-D3", "cors"), ["W1-D3-T4"]),
    "part of a number": (("W1-D3-T",), []),
    "punctuation": (("...",), []),
}


@pytest.mark.parametrize(("words", "found"), SEARCHES.values(), ids=SEARCHES)
def test_lines_are_found_by_their_words(words: tuple[str, ...], found: list[str]) -> None:
    """All of the words have to match."""
    assert [line.id for line in search.matching(plan_file.load(), words)] == found


def test_words_that_match_nothing_have_neighbours() -> None:
    """The line that was meant is among the nearest."""
    assert "W1-D3-T4" in [line.id for line in search.nearest(plan_file.load(), ["verifcar", "confguracion", "CROS"])]
