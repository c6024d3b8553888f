"""The questions of `make attest` end in a word that counts, or in nothing at all."""

import datetime as dt
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import attest, plan, runs, words
from reports.attest import Desk, NothingWritten
from reports.words import Question
from tests.reports import cases, made
from tests.reports.made import Made

NOW = cases.NOW


def desk(folder: Path, answers: Sequence[str], language: Any = "es") -> tuple[Desk, list[str]]:
    """A person who gives these answers, and what that person reads."""
    given: Iterator[str] = iter(answers)
    read: list[str] = []

    def ask(question: str) -> str:
        read.append(question)
        try:
            return next(given)
        except StopIteration as error:
            raise EOFError from error

    return Desk(ask, read.append, language, folder / "words", NOW), read


@pytest.fixture
def minutes(tmp_path: Path) -> Path:
    path = tmp_path / "Acta de la revisión.TXT"
    path.write_bytes(cases.REVIEW)
    return path


@pytest.mark.parametrize(("language", "yes", "asks"), [("es", "s", "Declaración"), ("en", "y", "Statement")])
def test_answers_become_a_word_that_counts(tmp_path: Path, minutes: Path, language: str, yes: str, asks: str) -> None:
    """With the evidence beside it."""
    who, read = desk(tmp_path, ["Eva Ruiz", "", "Everything was reviewed", "", str(minutes), "", yes], language)

    path = attest.of_line(plan.load().lines["W1-D1-T4"], cases.RELEASE, None, who)

    found = words.read(tmp_path / "words", plan.load(), cases.gate(), Question(cases.RELEASE, "staging", NOW))
    assert found["refused"] == []
    assert [each["statement"] for each in found["attestations"]] == ["Everything was reviewed"]
    assert path.name == "W1-D1-T4-eva-ruiz-20261120.toml"
    assert any(asks in line for line in read)


def test_wrong_answers_are_asked_again(tmp_path: Path, minutes: Path) -> None:
    """With the rule, and without losing the answers before."""
    late = str(NOW.date() + dt.timedelta(days=999))
    answers = ["Eva", "Boss", "Tech Lead", "", "ok", late, "2026-12-01", "/no/such/file", "", str(minutes), "", "s"]
    who, read = desk(tmp_path, answers)

    path = attest.of_line(plan.load().lines["W1-D1-T4"], cases.RELEASE, "staging", who)

    told = tomllib.loads(path.read_text(encoding="utf-8"))
    assert (told["role"], told["expires"], told["environment"]) == ("Tech Lead", dt.date(2026, 12, 1), "staging")
    assert sum(line.startswith("  ") for line in read) == 5


@pytest.mark.parametrize("answers", [["Eva"], ["Eva", "", "ok", "", "FILE", "", "n"], ["Eva", "", "ok", "", "FILE", ""]])
def test_who_stops_leaves_nothing(tmp_path: Path, minutes: Path, answers: list[str]) -> None:
    """Neither the word nor its evidence."""
    who, _ = desk(tmp_path, [str(minutes) if answer == "FILE" else answer for answer in answers])

    with pytest.raises((NothingWritten, EOFError)):
        attest.of_line(plan.load().lines["W1-D1-T4"], cases.RELEASE, None, who)
    assert not (tmp_path / "words").exists()


def test_what_a_machine_verifies_is_not_asked(tmp_path: Path) -> None:
    """Nor a line that the plan does not have."""
    who, _ = desk(tmp_path, [])

    with pytest.raises(ValueError, match="W1-D3-T4 is verified"):
        attest.of_line(plan.load().lines["W1-D3-T4"], cases.RELEASE, None, who)
    with pytest.raises(ValueError, match="Nearest: W1-D5-T6"):
        attest.known_line("W1-D5-T66")


def test_a_word_is_never_written_over(tmp_path: Path, minutes: Path) -> None:
    """Whoever says something else removes what was said, and the history shows it."""
    answers = ["Eva", "", "ok", "", str(minutes), "", "s"]
    attest.of_line(plan.load().lines["W1-D1-T4"], cases.RELEASE, None, desk(tmp_path, answers)[0])

    with pytest.raises(ValueError, match="is there already"):
        attest.of_line(plan.load().lines["W1-D1-T4"], cases.RELEASE, None, desk(tmp_path, answers)[0])


def test_an_approval_is_of_the_runs_that_decide(tmp_path: Path) -> None:
    """And accepts the gaps that its person names."""
    folder = made.run(tmp_path / "out", Made(stages=("pre-deploy",)))
    gate = cases.gate()
    picked = attest.deciding(tmp_path / "out", gate, "staging", cases.RELEASE)
    who, read = desk(tmp_path, ["Ana", "QA Lead", "I have read it", "W1-D1-T44", "W1-D1-T1 W1-D1-T2", "s"])

    path = attest.of_gate(gate, picked, cases.RELEASE, "staging", who)

    told = tomllib.loads(path.read_text(encoding="utf-8"))
    assert told["runs"] == [runs.digest_of(folder / "run.json")]
    assert told["accepts"] == ["W1-D1-T1", "W1-D1-T2"]
    assert "  W1-D1-T44 no es una de ellas" in read


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1)


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_any_text_survives_being_written(text: str, some: list[str]) -> None:
    """Quotes, line breaks and control characters included."""
    told = tomllib.loads(attest.as_toml({"statement": text, "accepts": some, "date": NOW}, {text: "0" * 64}))

    assert (told["statement"], told["accepts"], told["date"]) == (text, some, NOW)
    assert told["evidence"] == [{"file": text, "sha256": "0" * 64}]
