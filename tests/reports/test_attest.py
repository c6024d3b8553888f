"""The questions of `make attest` end in an attestation that counts, or in no file at all."""

import dataclasses
import datetime as dt
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from record import run_folder
from reports import folders
from reports.commands import attest
from reports.dossier import attesting, standing
from reports.dossier.attestations import Question
from reports.dossier.interview import Interview, NothingWritten
from reports.plan import plan_file
from tests.reports import cases, made
from tests.reports.made import Made

NOW = cases.NOW


def interview(folder: Path, answers: Sequence[str], language: Any = "es") -> tuple[Interview, list[str]]:
    """A person who gives these answers, and what that person reads."""
    remaining: Iterator[str] = iter(answers)
    read: list[str] = []

    def ask(question: str) -> str:
        read.append(question)
        try:
            return next(remaining)
        except StopIteration as error:
            raise EOFError from error

    return Interview(ask, read.append, language, folder / "attestations", NOW), read


@pytest.fixture
def minutes(tmp_path: Path) -> Path:
    path = tmp_path / "Acta de la revisión.TXT"
    path.write_bytes(cases.REVIEW)
    return path


@pytest.mark.parametrize(("language", "yes", "asks"), [("es", "s", "Declaración"), ("en", "y", "Statement")])
def test_answers_make_an_attestation_that_counts(tmp_path: Path, minutes: Path, language: str, yes: str, asks: str) -> None:
    """With the evidence beside it."""
    who, read = interview(tmp_path, ["Eva Ruiz", "", "Everything was reviewed", "", str(minutes), "", yes], language)

    path = attesting.of_line(plan_file.load().lines["W1-D1-T4"], cases.RELEASE, None, who)

    found = standing.read(tmp_path / "attestations", plan_file.load(), cases.gate(), Question(cases.RELEASE, "staging", NOW))
    assert found["refused"] == []
    assert [each["statement"] for each in found["attestations"]] == ["Everything was reviewed"]
    assert path.name == "W1-D1-T4-eva-ruiz-20261120.toml"
    assert any(asks in line for line in read)


def test_wrong_answers_are_asked_again(tmp_path: Path, minutes: Path) -> None:
    """With the rule, and without losing the answers before."""
    late = str(NOW.date() + dt.timedelta(days=999))
    answers = ["Eva", "Boss", "Tech Lead", "", "ok", late, "2026-12-01", "/no/such/file", "", str(minutes), "", "s"]
    who, read = interview(tmp_path, answers)

    path = attesting.of_line(plan_file.load().lines["W1-D1-T4"], cases.RELEASE, "staging", who)

    content = tomllib.loads(path.read_text(encoding="utf-8"))
    assert (content["role"], content["expires"], content["environment"]) == ("Tech Lead", dt.date(2026, 12, 1), "staging")
    assert sum(line.startswith("  ") for line in read) == 6  # five mistakes, and what will be copied


@pytest.mark.parametrize("answers", [["Eva"], ["Eva", "", "ok", "", "FILE", "", "n"], ["Eva", "", "ok", "", "FILE", ""]])
def test_who_stops_leaves_nothing(tmp_path: Path, minutes: Path, answers: list[str]) -> None:
    """Neither the attestation nor its evidence."""
    who, _ = interview(tmp_path, [str(minutes) if answer == "FILE" else answer for answer in answers])

    with pytest.raises(NothingWritten):
        attesting.of_line(plan_file.load().lines["W1-D1-T4"], cases.RELEASE, None, who)
    assert not (tmp_path / "attestations").exists()


def test_what_a_machine_verifies_is_not_asked(tmp_path: Path) -> None:
    """Nor a line that the plan does not have."""
    who, _ = interview(tmp_path, [])

    with pytest.raises(ValueError, match="W1-D3-T4 is verified"):
        attesting.of_line(plan_file.load().lines["W1-D3-T4"], cases.RELEASE, None, who)
    with pytest.raises(ValueError, match="Nearest: W1-D5-T6"):
        attest.known_line("W1-D5-T66")


def test_an_attestation_is_never_written_over(tmp_path: Path, minutes: Path) -> None:
    """Nor by a person whose name makes the same name of a file; the message comes before the last question."""
    answers = ["", "ok", "", str(minutes), ""]
    first = attesting.of_line(
        plan_file.load().lines["W1-D1-T4"], cases.RELEASE, None, interview(tmp_path, ["Eva Ruiz", *answers, "s"])[0]
    )
    before = first.read_bytes()

    with pytest.raises(ValueError, match="is there already"):
        attesting.of_line(
            plan_file.load().lines["W1-D1-T4"], cases.RELEASE, None, interview(tmp_path, ["Eva Ruiz 李", *answers])[0]
        )
    assert first.read_bytes() == before


def test_an_attestation_that_would_not_count_is_not_kept(tmp_path: Path, minutes: Path) -> None:
    """What no single answer shows is seen in the whole file: here, that nobody would read one so large."""
    who, _ = interview(tmp_path, ["Eva", "", "long " * 14_000, "", str(minutes), "", "s"])

    with pytest.raises(ValueError, match="is larger than 65536 bytes"):
        attesting.of_line(plan_file.load().lines["W1-D1-T4"], cases.RELEASE, None, who)
    assert not (tmp_path / "attestations").exists()


def test_an_expired_attestation_may_be_made_anew(tmp_path: Path, minutes: Path) -> None:
    """An expired attestation does not keep its person from looking again."""
    answers = ["Eva Ruiz", "", "ok", "", str(minutes), "", "s"]
    line = plan_file.load().lines["W1-D1-T4"]
    attesting.of_line(line, cases.RELEASE, None, interview(tmp_path, answers)[0])
    later = NOW + dt.timedelta(days=line.valid_days + 1)

    path = attesting.of_line(line, cases.RELEASE, None, replace(interview(tmp_path, answers)[0], now=later))

    assert path.name == f"W1-D1-T4-eva-ruiz-{later:%Y%m%d}.toml"


def test_an_attestation_that_comes_in_between_stays(tmp_path: Path, minutes: Path) -> None:
    """Somebody else may have saved one while the last question was being read; no half of ours is left."""
    who, _ = interview(tmp_path, ["Eva Ruiz", "", "ok", "", str(minutes), ""])
    between = tmp_path / "attestations" / "W1-D1-T4-eva-ruiz-20261120.toml"

    def ask(question: str) -> str:
        if "¿Guardar" not in question:
            return who.ask(question)
        between.parent.mkdir()
        between.write_text("theirs")
        return "s"

    with pytest.raises(ValueError, match="is there already"):
        attesting.of_line(plan_file.load().lines["W1-D1-T4"], cases.RELEASE, None, replace(who, ask=ask))
    assert between.read_text() == "theirs"
    assert [path.name for path in between.parent.iterdir() if path.is_file()] == [between.name]


PEOPLE = {
    "nobody": (" \u200b", "U+200B"),
    "an invisible character": ("Eva\u200b Ruiz", "U+200B"),
    "a key of the terminal": ("Eva\x1b[D", "U+001B"),
    "bytes of another encoding": ("Jos\udce9", "U+DCE9"),
    "punctuation": ("...", "decir algo"),
    "an address alone": ("<eva@example.com>", "se requiere un nombre"),
    "a person who attested already": ("EVA  RÚIZ", "ya lo declaró en W1-D1-T4-eva-ruiz-20261120.toml"),
    "a person who attested already, by address": ("E. R. <eva@EXAMPLE.com>", "ya lo declaró"),
}


@pytest.mark.parametrize(("person", "rule"), PEOPLE.values(), ids=PEOPLE)
def test_a_person_is_refused_at_once(tmp_path: Path, minutes: Path, person: str, rule: str) -> None:
    """Not when a dossier is built, a week later."""
    answers = ["", "ok", "", str(minutes), "", "s"]
    line = plan_file.load().lines["W1-D1-T4"]
    attesting.of_line(line, cases.RELEASE, None, interview(tmp_path, ["Eva Ruiz <eva@example.com>", *answers])[0])
    who, read = interview(tmp_path, [person, "Juan Mora", *answers])

    attesting.of_line(line, cases.RELEASE, None, who)

    assert rule in next(line for line in read if line.startswith("  "))
    found = standing.read(tmp_path / "attestations", plan_file.load(), cases.gate(), Question(cases.RELEASE, "staging", NOW))
    assert found["standing"]["W1-D1-T4"]["valid"]


@pytest.mark.parametrize("names", [("李明", "王芳"), ("Ана", "Ева")])
def test_names_of_other_scripts_make_names_of_files(tmp_path: Path, minutes: Path, names: Sequence[str]) -> None:
    """Each its own: the second person is not refused for a file that is there already."""
    for name in names:
        who, _ = interview(tmp_path, [name, "", "ok", "", str(minutes), "", "s"])
        attesting.of_line(plan_file.load().lines["W1-D1-T4"], cases.RELEASE, None, who)

    assert len(list((tmp_path / "attestations").glob("*.toml"))) == 2


FILES = ["/no/such/file", "EMPTY", ".", "/dev/null", "~nobody-by-this-name/x", "e" * 5000, "a\0b"]


@pytest.mark.parametrize("file", FILES, ids=range(len(FILES)))
def test_what_shows_nothing_is_no_evidence(tmp_path: Path, minutes: Path, file: str) -> None:
    """It is asked again, and what is taken is said before it is copied."""
    (tmp_path / "empty").touch()
    answer = str(tmp_path / "empty") if file == "EMPTY" else file
    who, read = interview(tmp_path, ["Eva", "", "ok", "", answer, str(minutes), "", "s"])

    attesting.of_line(plan_file.load().lines["W1-D1-T4"], cases.RELEASE, None, who)

    refused, copied = [line for line in read if line.startswith("  ")]
    assert "no es un archivo legible" in refused
    assert "se copiará Acta de la revisión.TXT como evidence/" in copied


def test_local_is_called_as_its_runs_call_it(tmp_path: Path, minutes: Path) -> None:
    """Else the attestation would be about an environment that no run is of."""
    who, _ = interview(tmp_path, ["Eva", "", "ok", "", str(minutes), "", "s"])

    path = attesting.of_line(plan_file.load().lines["W1-D1-T4"], cases.RELEASE, "local", who)

    assert tomllib.loads(path.read_text(encoding="utf-8"))["environment"] == "sandbox"


@pytest.mark.parametrize(("answer", "saved"), [("y", 1), ("S", 1), ("no", 0)])
def test_yes_is_yes_in_either_language(tmp_path: Path, minutes: Path, answer: str, saved: int) -> None:
    """And what is neither is asked again, so that a mistake costs no answers."""
    who, read = interview(tmp_path, ["Eva", "", "ok", "", str(minutes), "", "", "maybe", answer])

    with nullcontext() if saved else pytest.raises(NothingWritten):
        attesting.of_line(plan_file.load().lines["W1-D1-T4"], cases.RELEASE, None, who)

    assert read.count("  responda s (sí) o n (no)") == 2
    assert len(list(tmp_path.glob("attestations/*.toml"))) == saved


@pytest.mark.parametrize(("language", "says"), [("es", "no se ha guardado nada"), ("en", "nothing was saved")])
def test_answers_that_end_too_early_are_said(tmp_path: Path, language: str, says: str) -> None:
    """In the language of the questions."""
    with pytest.raises(NothingWritten, match=says):
        attesting.of_line(plan_file.load().lines["W1-D1-T4"], cases.RELEASE, None, interview(tmp_path, ["Eva"], language)[0])


def test_an_approval_is_of_the_runs_that_decide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And accepts the gaps that its person names."""
    monkeypatch.setattr(folders, "OUT", tmp_path / "out")
    folder = made.run(tmp_path / "out", Made(stages=("pre-deploy",)))
    gate = cases.gate()
    picked = attest.deciding(gate, "staging", cases.RELEASE)
    who, read = interview(tmp_path, ["Ana", "QA Lead", "I have read it", "W1-D1-T44", "W1-D1-T1 W1-D1-T2", "s"])

    path = attesting.of_gate(gate, picked, cases.RELEASE, "staging", who)

    content = tomllib.loads(path.read_text(encoding="utf-8"))
    assert content["runs"] == [run_folder.digest_of(folder / "run.json")]
    assert content["accepts"] == ["W1-D1-T1", "W1-D1-T2"]
    assert "  W1-D1-T44 no es una de ellas" in read


def test_nobody_approves_over_a_waiver_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor twice; the next person is asked."""
    monkeypatch.setattr(folders, "OUT", tmp_path / "out")
    waiver = dataclasses.replace(made.WAIVER, person="Ana Pérez <ana@example.com>")
    waived = made.checks_of(("pre-deploy",))[0]
    made.run(tmp_path / "out", Made(stages=("pre-deploy",), odd={waived: "waived"}, waiver=waiver))
    gate = cases.gate()
    picked = attest.deciding(gate, "staging", cases.RELEASE)
    who, read = interview(tmp_path, ["ANA PEREZ", "Luis", "QA Lead", "ok", "", "s", "luis", "Eva", "QA Lead", "ok", "", "s"])

    attesting.of_gate(gate, picked, cases.RELEASE, "staging", who)
    attesting.of_gate(gate, picked, cases.RELEASE, "staging", who)

    assert [line for line in read if line.startswith("  ") and "ejecución" not in line] == [
        "  nadie aprueba lo que depende de una excepción propia; se requiere otra persona",
        "  esta persona ya lo declaró en approval-deploy-luis-20261120.toml; se requiere otra",
    ]


def test_a_gate_that_nobody_approves_asks_nothing(tmp_path: Path) -> None:
    """No answer would ever be a role of it."""
    gate = replace(cases.gate(), approvals=())

    with pytest.raises(ValueError, match="asks for no approval"):
        attesting.of_gate(gate, [], cases.RELEASE, "staging", interview(tmp_path, [])[0])


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of these texts
@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_any_text_survives_being_written(text: str, some: list[str]) -> None:
    """Quotes, line breaks and control characters included."""
    content = tomllib.loads(attesting.as_toml({"statement": text, "accepts": some, "date": NOW}, {text: "0" * 64}))

    assert (content["statement"], content["accepts"], content["date"]) == (text, some, NOW)
    assert content["evidence"] == [{"file": text, "sha256": "0" * 64}]
