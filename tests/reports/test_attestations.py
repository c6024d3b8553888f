"""An attestation counts when it can be taken as it stands, and is refused by file, line, rule and remedy when it cannot."""

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record.signed import Refusal, identity
from reports.dossier import standing
from reports.dossier.attestations import Question
from reports.plan import plan_file
from tests.reports import cases

QUESTION = Question(cases.RELEASE, "staging", cases.NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "review.txt").write_bytes(cases.REVIEW)
    return tmp_path


def read(folder: Path, question: Question = QUESTION) -> dict[str, Any]:
    return standing.read(folder, plan_file.load(), cases.gate(), question)


def refusals(folder: Path, **changed: Any) -> list[Refusal]:
    """Of one that was changed."""
    (folder / "one.toml").write_text(cases.attestation(**changed), encoding="utf-8")
    return [Refusal(**each) for each in read(folder)["refused"]]


def test_a_good_attestation_counts(folder: Path) -> None:
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
    "whose evidence is elsewhere": ({"evidence": {"../../etc/passwd": "0" * 64}}, "evidence", "leaves "),
    "whose evidence is anywhere": ({"evidence": {"/etc/passwd": "0" * 64}}, "evidence", "leaves "),
    "with a short digest": ({"evidence": {"evidence/review.txt": "abc"}}, "evidence", "64 hexadecimal digits"),
    "whose evidence has no name": ({"evidence": {r"evidence/\u0000": "0" * 64}}, "evidence", "needs a name"),
    "whose evidence is named too long": ({"evidence": {"e" * 5000: "0" * 64}}, "evidence", "cannot be read"),
    "by what nobody sees": ({"person": "Eva\u200b Ruiz"}, "person", r"holds U+200B"),
    "by nobody to the eye": ({"person": "\u200b"}, "person", "must be a text that is not empty"),
    "by an address": ({"person": "eva@example.com"}, "person", "must have a name"),
    "by letters that look alike": ({"person": "Ev\u0430 Ruiz"}, "person", "mixes LATIN and CYRILLIC"),
    "by nobody": ({"person": " "}, "person", "must be a text that is not empty"),
    "without a statement": ({"statement": None}, "statement", "statement must be there"),
    "with another key": ({"because": "x"}, "because", "because is no key here"),
    "about two things": ({"gate": "deploy"}, "gate", "exactly one thing"),
    "for what is no release": ({"release": "the next one"}, "release", "release = 'the next one' is none"),
    "about nothing": ({"line": None}, "gate", "exactly one thing"),
}


@pytest.mark.parametrize(("changed", "key", "rule"), REFUSED.values(), ids=REFUSED)
def test_a_faulty_attestation_is_refused(folder: Path, changed: Mapping[str, Any], key: str, rule: str) -> None:
    """By the line on which it stands, and with a way out."""
    found = refusals(folder, **changed)

    [refused] = [each for each in found if rule in each.rule]
    text = (folder / "one.toml").read_text(encoding="utf-8").splitlines()
    assert refused.remedy
    assert key not in cases.attestation(**changed) or key in text[refused.line - 1]


def test_everything_that_is_wrong_is_said_at_once(folder: Path) -> None:
    """A file is corrected once, not five times."""
    found = refusals(folder, expires=DAY(2026, 11, 19), role="Product Owner", evidence={"evidence/x": "0" * 64})

    assert len(found) == 3


def test_evidence_behind_a_link_is_refused(folder: Path) -> None:
    """It may lead anywhere tomorrow."""
    (folder / "evidence" / "link").symlink_to(folder / "evidence" / "review.txt")

    [refused] = refusals(folder, evidence={"evidence/link": hashlib.sha256(cases.REVIEW).hexdigest()})

    assert "leaves " in refused.rule


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no TOML": (lambda path: path.write_text("a =\n"), "is no TOML"),
    "nested": (lambda path: path.write_text("a = " + "[" * 20_000), "is nested too deep"),
    "a pipe": (os.mkfifo, "is no plain file"),
    "a folder": (Path.mkdir, "is no plain file"),
    "not UTF-8": (lambda path: path.write_bytes(b'a = "\xff"'), "is not UTF-8"),
    "huge": (lambda path: path.write_text("#" * 70_000), "is larger than"),
    "a link": (lambda path: path.symlink_to("/dev/null"), "is no plain file"),
}


@pytest.mark.parametrize(("write", "rule"), FILES.values(), ids=FILES)
def test_what_is_no_attestation_is_refused(folder: Path, write: Callable[[Path], object], rule: str) -> None:
    """And so is a file of another kind."""
    write(folder / "one.toml")
    (folder / "notes.doc").write_text("x")

    rules = [each["rule"] for each in read(folder)["refused"]]

    assert len(rules) == 2
    assert any(rule in each for each in rules)


def test_attestations_about_other_releases_count_for_nothing(folder: Path) -> None:
    """They may stay where they are: they were right once."""
    (folder / "a.toml").write_text(cases.attestation(release="v0.9.0"), encoding="utf-8")
    (folder / "b.toml").write_text(cases.attestation(environment="prod"), encoding="utf-8")

    found = read(folder)

    assert found["standing"] == {}
    assert [each["rule"] for each in found["refused"]] == [
        "is about v0.9.0, and this is about v1.0.0-MVP",
        "is about prod, and this is about staging",
    ]


OTHERS = ("Ruiz, Eva", "Eva-Ruiz", "Eva Ruiz (eva@work.example)", "E. R. eva@example.com")


@pytest.mark.parametrize(
    "other", ["Eva Ruiz", "EVA  RUIZ", "eva rúiz", "Eva Ruiz <eva@example.com>", "E. Ruiz <EVA@example.com>", *OTHERS]
)
def test_one_person_is_not_two(folder: Path, other: str) -> None:
    """However the name is spelled, and whichever address is given."""
    (folder / "a.toml").write_text(cases.attestation(person="Eva Ruiz <eva@example.com>"), encoding="utf-8")
    (folder / "b.toml").write_text(cases.attestation(person=other), encoding="utf-8")

    found = read(folder)

    assert not found["standing"]["W1-D1-T4"]["valid"]
    assert [each["file"] for each in found["refused"]] == ["b.toml"]


def test_the_line_is_that_of_the_key(folder: Path) -> None:
    """Not one within a text that spans lines, and of the evidence that is wrong."""
    told = cases.attestation(expires=DAY(2026, 11, 19)).replace("release =", 'note = """\nexpires = now\n"""\nrelease =')
    digest = hashlib.sha256(cases.REVIEW).hexdigest()
    (folder / "a.toml").write_text(told.replace("note =", "statement =").replace('statement = "Every', '# "Every'), "utf-8")
    (folder / "b.toml").write_text(cases.attestation(evidence={"evidence/review.txt": digest, "evidence/x": digest}), "utf-8")

    found = {each["file"]: each["line"] for each in read(folder)["refused"]}

    lines = {name: (folder / name).read_text("utf-8").splitlines() for name in found}
    assert lines["a.toml"][found["a.toml"] - 1] == "expires = 2026-11-19"
    assert lines["b.toml"][found["b.toml"]] == 'file = "evidence/x"'


DIGEST = "a" * 64
DECIDED = Question(cases.RELEASE, "staging", cases.NOW, frozenset({DIGEST}))
NO_CASE = cases.Case(*(Path(),) * 6)


def approvals(folder: Path, *told: Mapping[str, Any]) -> dict[str, Any]:
    """What they come to for the gate `deploy`, beside another gate."""
    for number, each in enumerate(told):
        changed = {"role": "QA Lead", "runs": [DIGEST], **each}
        text = cases.approval(NO_CASE, changed.pop("role"), **changed)
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")
    return standing.read(folder, plan_file.load(), cases.gate(), DECIDED, ("deploy", "acceptance"))


COUNTS_FOR_NOTHING: dict[str, tuple[Mapping[str, Any], str]] = {
    "a gate that does not exist": ({"gate": "depoly"}, "there is no gate depoly"),
    "a role without a say": ({"role": "Boss"}, "Boss does not approve deploy"),
    "a gap that is no line": ({"accepts": ["W1-D1-T111"]}, "the plan has no line W1-D1-T111"),
    "other runs": ({"runs": ["b" * 64]}, "approves other runs"),
}


@pytest.mark.parametrize(("changed", "rule"), COUNTS_FOR_NOTHING.values(), ids=COUNTS_FOR_NOTHING)
def test_an_approval_never_goes_by_in_silence(folder: Path, changed: Mapping[str, Any], rule: str) -> None:
    """Whoever signed it would believe that it counts."""
    found = approvals(folder, changed)

    assert found["approvals"] == []
    assert [each["rule"][: len(rule)] for each in found["refused"]] == [rule]


def test_an_approval_of_another_gate_is_no_fault(folder: Path) -> None:
    """It is that gate's business, with its own runs."""
    assert approvals(folder, {"gate": "acceptance", "runs": ["b" * 64]})["refused"] == []


def test_one_person_accepts_a_gap_in_one_role(folder: Path) -> None:
    """Whoever approves in two roles would else speak for a second person who accepted nothing."""
    roles = [quorum.role for quorum in cases.gate().approvals]
    ana = [{"person": "Ana", "role": role, "accepts": ["W1-D1-T1"]} for role in roles]
    others = [{"person": f"Luis {role}", "role": role, "accepts": []} for role in roles[1:]]

    found = approvals(folder, *ana, *others)

    assert sorted(each["role"] for each in found["approvals"]) == sorted(roles)
    assert found["accepted"] == []
    assert {each["rule"] for each in found["refused"]} == {f"is by who approves as {roles[0]} in 0.toml"}


def test_a_gap_that_every_role_accepts_is_accepted(folder: Path) -> None:
    """By a person each."""
    roles = [quorum.role for quorum in cases.gate().approvals]

    found = approvals(folder, *({"person": f"X {role}", "role": role, "accepts": ["W1-D1-T1"]} for role in roles))

    assert (found["accepted"], found["refused"]) == (["W1-D1-T1"], [])


NAMES = st.text(st.characters(categories=("L", "Zs"), max_codepoint=0x24F), min_size=1, max_size=30).filter(str.strip)


@given(NAMES)
def test_a_person_is_known_by_any_spelling(name: str) -> None:
    """Case and spaces do not make another person."""
    assert identity(name) == identity(f"  {name.upper()}  ".replace(" ", "  "))
