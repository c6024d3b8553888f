"""A signed word counts when it can be taken as it stands, and is refused by file, line, rule and remedy when it cannot."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import plan, words
from reports.words import Question, Refusal
from tests.reports import cases

QUESTION = Question(cases.RELEASE, "staging", cases.NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "review.txt").write_bytes(cases.REVIEW)
    return tmp_path


def read(folder: Path, question: Question = QUESTION) -> dict[str, Any]:
    return words.read(folder, plan.load(), cases.gate(), question)


def refusals(folder: Path, **changed: Any) -> list[Refusal]:
    """Of one word that was changed."""
    (folder / "word.toml").write_text(cases.attestation(**changed), encoding="utf-8")
    return [Refusal(**each) for each in read(folder)["refused"]]


def test_a_good_word_counts(folder: Path) -> None:
    """With its person's name and no address."""
    (folder / "a.toml").write_text(cases.attestation(person="Eva Ruiz <eva@example.com>"), encoding="utf-8")
    (folder / "b.toml").write_text(cases.attestation(person="Juan Mora"), encoding="utf-8")

    found = read(folder)

    assert found["refused"] == []
    assert found["standing"]["W1-D1-T4"]["valid"]
    assert [each["person"] for each in found["attestations"]] == ["Eva Ruiz", "Juan Mora"]


DAY = dt.date
REFUSED: dict[str, tuple[Mapping[str, Any], str, str]] = {
    "expired": ({"expires": DAY(2026, 11, 19)}, "expires", "expired on 2026-11-19"),
    "of the future": ({"date": DAY(2026, 11, 21)}, "date", "is yet to come"),
    "with an ambiguous date": ({"date": "19/11/2026"}, "date", "is ambiguous"),
    "with an ambiguous expiry": ({"expires": "12-19-2026"}, "expires", "is ambiguous"),
    "with a day that does not exist": ({"expires": "2026-02-30"}, "expires", "is ambiguous"),
    "with a moment without zone": ({"date": dt.datetime(2026, 11, 19, 1).isoformat()}, "date", "is ambiguous"),  # noqa: DTZ001 - the point
    "ending before it begins": ({"date": DAY(2026, 11, 20), "expires": DAY(2026, 11, 19)}, "expires", "is before its date"),
    "for too long": ({"expires": DAY(2027, 6, 1)}, "expires", "for 60 at most"),
    "about an unknown line": ({"line": "W1-D1-T44"}, "line", "the plan has no line W1-D1-T44"),
    "about what a machine verifies": ({"line": "W1-D3-T4"}, "line", "so nobody can attest it"),
    "by another role": ({"role": "Product Owner"}, "role", "does not attest W1-D1-T4"),
    "without evidence": ({"evidence": {}}, "line", "asks for evidence"),
    "whose evidence changed": ({"evidence": {"evidence/review.txt": "0" * 64}}, "evidence", "was changed since"),
    "whose evidence is gone": ({"evidence": {"evidence/x.txt": "0" * 64}}, "evidence", "is not there"),
    "whose evidence is elsewhere": ({"evidence": {"../../etc/passwd": "0" * 64}}, "evidence", "lies outside"),
    "whose evidence is anywhere": ({"evidence": {"/etc/passwd": "0" * 64}}, "evidence", "lies outside"),
    "with a short digest": ({"evidence": {"evidence/review.txt": "abc"}}, "evidence", "64 hexadecimal digits"),
    "by nobody": ({"person": " "}, "person", "must be a text that says something"),
    "without a statement": ({"statement": None}, "statement", "statement must be there"),
    "with another key": ({"because": "x"}, "because", "nobody reads because"),
    "about two things": ({"gate": "deploy"}, "gate", "exactly one thing"),
    "about nothing": ({"line": None}, "gate", "exactly one thing"),
}


@pytest.mark.parametrize(("changed", "key", "rule"), REFUSED.values(), ids=REFUSED)
def test_a_word_is_refused(folder: Path, changed: Mapping[str, Any], key: str, rule: str) -> None:
    """By the line on which it stands, and with a way out."""
    found = refusals(folder, **changed)

    [refused] = [each for each in found if rule in each.rule]
    text = (folder / "word.toml").read_text(encoding="utf-8").splitlines()
    assert refused.remedy
    assert key not in cases.attestation(**changed) or key in text[refused.line - 1]


def test_everything_that_is_wrong_is_said_at_once(folder: Path) -> None:
    """Nobody mends a file five times."""
    found = refusals(folder, expires=DAY(2026, 11, 19), role="Product Owner", evidence={"evidence/x": "0" * 64})

    assert len(found) == 3


def test_evidence_behind_a_link_is_refused(folder: Path) -> None:
    """It may lead anywhere tomorrow."""
    (folder / "evidence" / "link").symlink_to(folder / "evidence" / "review.txt")

    [refused] = refusals(folder, evidence={"evidence/link": hashlib.sha256(cases.REVIEW).hexdigest()})

    assert "lies outside" in refused.rule


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no TOML": (lambda path: path.write_text("a =\n"), "is no TOML"),
    "not UTF-8": (lambda path: path.write_bytes(b'a = "\xff"'), "cannot be read"),
    "huge": (lambda path: path.write_text("#" * 70_000), "is larger than"),
    "a link": (lambda path: path.symlink_to("/dev/null"), "is no file NAME.toml"),
}


@pytest.mark.parametrize(("write", "rule"), FILES.values(), ids=FILES)
def test_what_is_no_word_is_refused(folder: Path, write: Callable[[Path], object], rule: str) -> None:
    """And so is a file of another kind."""
    write(folder / "word.toml")
    (folder / "notes.doc").write_text("x")

    rules = [each["rule"] for each in read(folder)["refused"]]

    assert len(rules) == 2
    assert any(rule in each for each in rules)


def test_words_about_other_releases_count_for_nothing(folder: Path) -> None:
    """They may stay where they are: they were right once."""
    (folder / "a.toml").write_text(cases.attestation(release="v0.9.0"), encoding="utf-8")
    (folder / "b.toml").write_text(cases.attestation(environment="prod"), encoding="utf-8")

    found = read(folder)

    assert found["standing"] == {}
    assert [each["rule"] for each in found["refused"]] == [
        "is about v0.9.0, and this is about v1.0.0-MVP",
        "is about prod, and this is about staging",
    ]


@pytest.mark.parametrize(
    "other", ["Eva Ruiz", "EVA  RUIZ", "eva rúiz", "Eva Ruiz <eva@example.com>", "E. Ruiz <EVA@example.com>"]
)
def test_one_person_is_not_two(folder: Path, other: str) -> None:
    """However the name is spelled, and whichever address is given."""
    (folder / "a.toml").write_text(cases.attestation(person="Eva Ruiz <eva@example.com>"), encoding="utf-8")
    (folder / "b.toml").write_text(cases.attestation(person=other), encoding="utf-8")

    found = read(folder)

    assert not found["standing"]["W1-D1-T4"]["valid"]
    assert [each["file"] for each in found["refused"]] == ["b.toml"]


NAMES = st.text(st.characters(categories=("L", "Zs"), max_codepoint=0x24F), min_size=1, max_size=30).filter(str.strip)


@given(NAMES)
def test_a_person_is_known_by_any_spelling(name: str) -> None:
    """Case and spaces do not make another person."""
    assert words.identity(name) == words.identity(f"  {name.upper()}  ".replace(" ", "  "))
