"""The table of causes is whole: what the code names is there with the facts that its sentences need, and nothing else is."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from record.cause import LANGUAGES, NOT_LOOKED, STATUS, Cause, CauseInvalid, Sentence, causes
from record.finding import Finding
from record.suite import ROOT

REFUSALS = ("HostNotAllowed", "WriteRefused", "DialRefused", "BudgetSpent", "LoadRefused")
BUILDERS = {
    **dict.fromkeys(("finding", "observed"), frozenset({"seen", "where"})),
    "page_finding": frozenset({"seen", "expects", "after_press"}),
    **dict.fromkeys(("Unverified", *REFUSALS), frozenset[str]()),
}
# Said in English documents only, and what a sentence of a release manager's Spanish does not say.
TELLTALE = ("the ", " is ", " and ", "¿Es el", "remediar", "chequeo", "testear")


class Use(NamedTuple):
    """One place in the code that names a cause."""

    place: str
    slug: str
    facts: frozenset[str]
    open_ended: bool  # further facts come as **facts


def tracked(*patterns: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, check=True, capture_output=True, text=True)
    return listed.stdout.split()


def uses() -> Iterator[Use]:
    listed = subprocess.run(
        ["git", "ls-files", "suites/*.py", "fixtures/*.py", "load/*.py"], cwd=ROOT, check=True, capture_output=True
    )
    for name in listed.stdout.decode().split():
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        yield from (use for node in ast.walk(tree) if isinstance(node, ast.Call) for use in _uses_in(node, name))


def _uses_in(call: ast.Call, name: str) -> Iterator[Use]:
    builder = getattr(call.func, "id", "")
    if builder not in BUILDERS or not call.args:
        return
    facts = frozenset(keyword.arg for keyword in call.keywords if keyword.arg) - BUILDERS[builder]
    for slug in _slugs(call.args[0]):
        yield Use(f"{name}:{call.lineno}", slug, facts, any(keyword.arg is None for keyword in call.keywords))


def _slugs(node: ast.expr) -> list[str]:
    """Of a literal, and of both arms of a conditional expression."""
    if isinstance(node, ast.IfExp):
        return _slugs(node.body) + _slugs(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value else []


def test_every_cause_in_the_code_is_in_the_table_with_its_facts() -> None:
    assert [told for use in uses() if (told := _wrong(use))] == []


def _wrong(use: Use) -> str:
    if use.slug not in causes():
        return f"{use.place}: no cause {use.slug}"
    needed = causes()[use.slug].facts
    fits = use.facts <= needed if use.open_ended else use.facts == needed
    return "" if fits else f"{use.place}: {use.slug} takes {sorted(needed)}, given {sorted(use.facts)}"


def test_an_answer_of_another_status_names_what_it_shows() -> None:
    """In both languages, with what was looked for kept; a number of rows is no status."""
    seen = {"200 OK": 200, "404 Not Found": 404, "503: no database": 503, "585 rows": None}
    found = {text: Finding.of("metrics-open", {}, where="x", seen=text, status=status) for text, status in seen.items()}
    spanish = [each.lines("es")["next"] for each in found.values()]

    assert [each.cause for each in found.values()] == [
        "metrics-open",
        "request-path-missing",
        "request-not-served",
        "metrics-open",
    ]
    assert [each.claim for each in found.values()] == ["", "metrics-open", "metrics-open", ""]
    assert len({each.expected for each in found.values()}) == 1
    assert len({each.lines("es")["expected"] for each in found.values()}) == 1
    assert "is the path routed" in found["404 Not Found"].next
    assert "the server itself failed" in found["503: no database"].next
    assert len(set(spanish)) == 3


def test_a_refused_role_is_told_as_one() -> None:
    """Where a cause names 403 in `unless`; for the others it is an answer like any other."""
    causes_of = {
        slug: Finding.of(slug, facts, where="x", seen="403 Forbidden", status=403).cause
        for slug, facts in {"undiallable-phone-accepted": {"phone": "1"}, "metrics-open": {}}.items()
    }

    assert causes_of == {"undiallable-phone-accepted": "request-forbidden", "metrics-open": "metrics-open"}


def test_a_refusal_is_not_told_as_a_failure_of_the_server() -> None:
    """Whatever was not served: only a server error sends its reader to the part that is down."""
    served = [Finding.of("request-not-served", {"status": "200"}, where="x", seen=seen) for seen in ("403 Forbidden", "520 ")]

    assert ["the server itself failed" in each.next for each in served] == [False, True]


def test_what_is_about_server_errors_keeps_its_name() -> None:
    """A route that fails, and an error that tells too much."""
    about = {"route-answers-5xx": {"area": "/api/x"}, "error-without-envelope": {}, "malformed-authorization-not-refused": {}}
    found = [Finding.of(slug, facts, where="x", seen="500", status=500).cause for slug, facts in about.items()]

    assert found == list(about)


def test_no_advice_is_for_several_statuses_at_once() -> None:
    """Each has a sentence of its own (`next_5xx`), so that a reader gets the one that fits."""
    assert [slug for slug, cause in causes().items() if re.search(r"(^|\. )[2-5](xx|\d\d): ", cause.next.en)] == []


def test_no_cause_yields_to_a_status_that_it_expects() -> None:
    """Such an answer could not fail its check, and a status that it advises about shows it."""
    expected = {slug: STATUS.match(cause.expected.en) for slug, cause in causes().items()}

    assert [slug for slug, status in expected.items() if status and status[0] in causes()[slug].unless] == []
    assert [slug for slug, cause in causes().items() if cause.unless & cause.next_by_status.keys()] == []


def test_every_cause_of_the_table_is_named_somewhere() -> None:
    """One that nothing names is a sentence that nobody reads. Some are chosen from tables in the code, so any text counts."""
    names = [name for name in tracked("*.py") if not name.startswith(("tests/", "proof/"))]
    code = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)

    assert [slug for slug in causes() if f'"{slug}"' not in code and slug != NOT_LOOKED] == []


@pytest.mark.parametrize("cause", causes().values(), ids=causes())
def test_sentences_are_in_their_language(cause: Cause) -> None:
    """Natural in both, and never the one in the place of the other."""
    for sentence in filter(None, (cause.expected, cause.seen, cause.next)):
        assert not [word for word in TELLTALE if word in sentence.es], sentence.es
        assert "¿" not in sentence.en
        assert ("?" in sentence.es) == ("¿" in sentence.es), sentence.es


def test_finding_speaks_both_languages() -> None:
    found = Finding.of(NOT_LOOKED, {}, where="here")

    assert found.lines("es")["expected"] == "una comprobación del producto"
    assert found.lines("en") == {"expected": found.expected, "seen": found.seen, "where": "here", "next": found.next}


@pytest.mark.parametrize(
    "seen", ["503", "two\nlines", "cause     forged {}", "  indented\n          deep", "%s and {braces}", ""]
)
def test_finding_survives_as_the_message_of_an_assert(seen: str) -> None:
    """Pytest hands on a text; what a target answered must not be taken for a line of the finding."""
    found = Finding("200", seen, "GET https://target/", "look\nagain", "not-looked", 3, "suite")
    with pytest.raises(AssertionError) as raised:
        assert not found, found.message

    assert Finding.in_text(str(raised.value)) == found


BAD_TABLES = {
    "no Spanish": '[a]\nexpected.en = "x"\nnext.en = "y"\nnext.es = "z"',
    "other facts": '[a]\nexpected.en = "{x}"\nexpected.es = "{y}"\nnext.en = "y"\nnext.es = "z"',
    "unknown key": '[a]\nthen.en = "x"\nnext.en = "y"\nnext.es = "z"',
    "unknown severity": '[a]\nseverity = 4\nexpected.en = "x"\nexpected.es = "x"\nnext.en = "y"\nnext.es = "z"',
    "no next step": '[a]\nexpected.en = "x"\nexpected.es = "x"',
}


@pytest.mark.parametrize("table", BAD_TABLES.values(), ids=BAD_TABLES)
def test_table_that_cannot_be_used_is_refused(tmp_path: Path, table: str) -> None:
    (tmp_path / "some.toml").write_text(table, encoding="utf-8")

    with pytest.raises(CauseInvalid):
        causes(tmp_path)


def test_languages_are_those_of_the_sentences() -> None:
    assert set(LANGUAGES) == set(Sentence.__dataclass_fields__)
