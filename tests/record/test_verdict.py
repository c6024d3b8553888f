"""The truth table of verdicts: every combination of what verdict.py decides on, against rules that are written down here anew."""

import itertools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, get_args

import httpx
import pytest

from record import verdict
from record.cause import LANGUAGES
from record.finding import Finding
from record.journal import raised
from record.outcome import Blocked, Outcome, Unverified
from record.run import Count, Doubt, Phase, Reason, Run, Selection, When
from tests.record import invented
from tests.record.invented import FOUND, check, ended, run

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
WHENS: tuple[When, ...] = get_args(When)
# What a phase raised, and what follows in set-up, call and clean-up.
PHASES: dict[str, tuple[BaseException | None, tuple[Outcome, Outcome, Outcome]]] = {
    "nothing": (None, ("passed", "passed", "passed")),
    "a claim": (AssertionError("1 == 2"), ("unverified", "failed", "failed")),
    "another error": (KeyError("data"), ("unverified", "failed", "failed")),
    "no answer": (httpx.ReadTimeout("hangs"), ("blocked", "failed", "failed")),
    "blocked": (Blocked(FOUND), ("blocked", "blocked", "blocked")),
    "unverified": (Unverified("no key", "set it"), ("unverified", "unverified", "unverified")),
    "skipped": (pytest.skip.Exception("later"), ("unverified", "unverified", "unverified")),
    "xfailed": (pytest.xfail.Exception("known"), ("unverified", "unverified", "unverified")),
}


@pytest.mark.parametrize(("error", "outcomes"), PHASES.values(), ids=PHASES)
def test_outcome_of_a_phase(error: BaseException | None, outcomes: tuple[Outcome, ...]) -> None:
    """A refusal by the suite's own guard, and a doubt, make each of them unverified."""
    doubts: tuple[Doubt | None, ...] = (None, *get_args(Doubt))
    for (when, expected), refused, doubt in itertools.product(zip(WHENS, outcomes, strict=True), (False, True), doubts):
        seen = verdict.outcome_of_phase(raised(error), when, refused=refused, doubt=doubt)

        assert seen == ("unverified" if refused or doubt else expected), (when, refused, doubt)


def phase(when: When, outcome: Outcome) -> Phase:
    return Phase("a check", when, "", 0.1, outcome, None, None, None)


def phases() -> Iterator[list[Phase]]:
    """Any outcome of any phase, and any phase missing."""
    for chosen in itertools.product((None, *OUTCOMES), repeat=len(WHENS)):
        yield [phase(when, outcome) for when, outcome in zip(WHENS, chosen, strict=True) if outcome]


def test_outcome_of_a_check() -> None:
    """The gravest of its phases, and the first of them that had it; a check that was not called is never green."""
    for made in phases():
        by_outcome = {each.outcome: each for each in reversed(made)}
        whens = {each.when for each in made}
        grave = next((each for each in ("failed", "unverified", "blocked", "waived") if each in by_outcome), None)
        expected: tuple[str, Phase | None] = (grave, by_outcome[grave]) if grave else ("unverified", None)
        if not grave and "call" in whens:
            expected = ("passed", made[0])

        assert verdict.outcome_of_check(made) == expected, made


WRITING = ("suites/smoke/test_y.py::test_a", "suites/smoke/test_y.py::test_b")
# How many checks ran, were asked for and are there, beyond those that have a result; and what took some away.
SELECTIONS: dict[str, tuple[int, int, dict[str, Any]]] = {
    "whole": (0, 0, {}),
    "a part was asked for": (0, 3, {}),
    "an option left some out": (2, 2, {"left_out_by": ("-k 'x'",)}),
    "something left some out": (2, 2, {}),
    "a file is missing": (0, 0, {"missing": ("suites/smoke/test_y.py",)}),
    "a profile left writing out": (2, 2, {"writing": WRITING}),
    "a profile left writing out of a part": (2, 3, {"writing": WRITING}),
    "an option and a profile left some out": (4, 4, {"left_out_by": ("-k 'x'",), "writing": WRITING}),
    "another profile left writing out": (2, 2, {"writing": WRITING}),
}


@dataclass(frozen=True)
class State:
    """All that the exit code depends on: which outcomes there are among the checks, and what is known of the run as a whole."""

    outcomes: tuple[Outcome, ...]
    selection: str
    has_finding: bool
    is_stopped: bool
    clocks_differ: bool

    @property
    def run(self) -> Run:
        asked, total, facts = SELECTIONS[self.selection]
        ran = len(self.outcomes)
        return run(
            *map(check, self.outcomes),
            selection=Selection({"smoke": Count(ran, ran + asked, ran + total)}, **facts),
            profile={"protected": not self.selection.startswith("another profile")},
            findings=(FOUND,) if self.has_finding else (),
            stopped="enough" if self.is_stopped else None,
            clock_apart_s=300.0 if self.clocks_differ else None,
        )

    @property
    def leaves_some_out(self) -> bool:
        """Besides what a protected profile may leave out."""
        return "left some out" in self.selection or self.selection.startswith("another profile")

    @property
    def is_reading(self) -> bool:
        return "profile left" in self.selection and not self.selection.startswith("another profile")

    @property
    def code(self) -> int:
        """The first row that holds."""
        rows = (
            (self.has_finding or "failed" in self.outcomes, 1),
            ("blocked" in self.outcomes, 7),
            ("unverified" in self.outcomes, 6),
            (not self.outcomes, 5),
            (self.is_stopped or "missing" in self.selection or self.leaves_some_out, 6),
            (self.clocks_differ and "waived" in self.outcomes, 6),
        )
        return next((code for holds, code in rows if holds), 0)

    @property
    def reasons(self) -> list[str]:
        """Every row that holds, in this order."""
        nothing = self.code == 5
        by_option = self.selection.startswith("an option")
        rows = (
            (nothing and self.is_reading, "nothing-selected-but-writing"),
            (nothing and not self.is_reading and by_option, "nothing-selected-by"),
            (nothing and not self.is_reading and not by_option, "nothing-selected"),
            ("failed" in self.outcomes, "claim-fails"),
            (self.has_finding, "run-finding"),
            (self.is_stopped, "stopped"),
            ("blocked" in self.outcomes, "blocked"),
            ("unverified" in self.outcomes, "unverified"),
            (not nothing and self.selection == "a file is missing", "missing"),
            (not nothing and by_option, "left-out"),
            (not nothing and self.leaves_some_out and not by_option, "left-out-unseen"),
            (self.clocks_differ and "waived" in self.outcomes, "waiver-clock"),
        )
        return [code for holds, code in rows if holds]

    @property
    def word(self) -> str:
        part = self.selection in ("a part was asked for", "a profile left writing out of a part")
        green = "PASSED IN PART" if part else "GREEN, reading only" if self.is_reading else "GREEN"
        return {0: green, 1: "RED", 5: "NO VERDICT", 6: "NOT GREEN", 7: "NOT GREEN"}[self.code]


SUBSETS = [chosen for count in range(len(OUTCOMES) + 1) for chosen in itertools.combinations(OUTCOMES, count)]
STATES = [State(*each) for each in itertools.product(SUBSETS, SELECTIONS, (False, True), (False, True), (False, True))]


def test_exit_code_of_every_state() -> None:
    """0 only when everything that was asked for looked, and holds or is waived."""
    assert len(STATES) == 2**5 * 9 * 2**3
    assert [state for state in STATES if verdict.exit_code(state.run) != state.code] == []


def test_reasons_of_every_state() -> None:
    """All of them in their order; none exactly where the run is evidence."""
    for state in STATES:
        made = ended(state.run)

        assert [reason.code for reason in made.no_evidence] == state.reasons, state
        assert (not made.no_evidence) == (made.exit_code == 0), state


def test_words_of_every_state() -> None:
    for state in STATES:
        told = verdict.verdict(ended(state.run))

        assert told.word == state.word, state
        assert told.reasons, state
        tells_scope = any(reason.code == "reading-only" for reason in told.reasons)
        assert tells_scope == (state.is_reading and told.word != "NO VERDICT"), state
        for language in LANGUAGES:
            line = told.line(language)
            assert line.partition(": ")[2], state
            assert not {"{", "}"} & set(line), line


def test_run_that_says_something_else_contradicts_itself() -> None:
    """Another exit code that checks decide, or other reasons than those of its checks."""
    for state in STATES:
        made = ended(state.run)
        others = [replace(made, exit_code=code) for code in verdict.DECIDED - {made.exit_code}]

        assert list(verdict.disagreements(made)) == [], state
        assert all(list(verdict.disagreements(other)) for other in others), state
        assert list(verdict.disagreements(replace(made, no_evidence=(Reason("broke"),)))), state


BROKEN_OFF = {None: "not-ended", 2: "interrupted", 3: "broke", 4: "refused", 5: "nothing-selected", 70: "ended-with"}


@pytest.mark.parametrize(("code", "reason"), BROKEN_OFF.items())
def test_run_that_broke_off_is_no_verdict(code: int | None, reason: str) -> None:
    """Whatever its checks say, and first of all its reasons."""
    for outcomes in SUBSETS:
        told = verdict.verdict(run(*map(check, outcomes), exit_code=code))

        assert (told.word, told.reasons[0].code) == ("NO VERDICT", reason)


def test_many_are_told_in_one_line() -> None:
    """How many failed; what most of those have in common that could not look; how many never ran."""
    other = replace(FOUND, seen="429 Too Many Requests")
    waiting = [check("unverified", "a"), check("unverified", "b"), check("unverified", "c", finding=other)]
    not_run = check("unverified", "d", duration_s=0.0)
    many = (
        check("failed", "one"),
        check("failed", "two"),
        check("blocked"),
        check("blocked", "e", finding=other),
        *waiting,
        not_run,
    )
    sentences = [verdict.sentence(reason) for reason in ended(run(*many, stopped="enough")).no_evidence]

    assert sentences == [
        "2 claims do not hold (first suites/smoke/test_x.py::test_one)",
        "stopped: enough; 1 checks did not run",
        "2 of 8 checks blocked, 1 of them: 503 Service Unavailable (next: is Redis up?)",
        "4 of 8 checks unverified, 3 of them: 503 Service Unavailable (next: is Redis up?)",
    ]


def test_reason_speaks_the_language_that_is_asked_for() -> None:
    """Also where it repeats what a finding says; what the target itself said stays as it is."""
    found = Finding.of("version-changed-during-the-run", {"start": "1.0.0", "end": "1.0.1"}, where=invented.URL)
    silent = Finding.of("target-does-not-answer", {}, where=invented.URL, seen="ConnectError: refused")
    shown = verdict.verdict(ended(run(check("blocked", finding=silent), findings=(found,)))).line("es")

    assert found.lines("es")["expected"] in shown
    assert silent.lines("es")["next"][:100] in shown
    assert "ConnectError: refused" in shown
    assert not any(each[:40] in shown for each in (found.expected, found.seen, silent.next))


def test_waivers_are_told_in_a_green_line() -> None:
    told = verdict.verdict(ended(run(check("passed"), check("waived"))))

    assert told.line() == "GREEN: every check of the selection looked, and its claim holds, except 1 waived"


def test_reading_alone_is_green_and_says_so() -> None:
    """With what would make it more; a waiver is not lost over it."""
    selection = Selection({"smoke": Count(2, 4, 4)}, writing=WRITING)
    plain, waived = (verdict.verdict(ended(run(check("passed"), check(other, "b"), selection=selection))) for other in OTHERS)
    left_out = "2 of 2 (2 writing checks left out by the profile; --allow-writes runs them)"

    assert plain.line() == f"GREEN, reading only: {left_out}"
    assert waived.line() == f"GREEN, reading only: {left_out}; every claim holds, except 1 waived"
    assert plain.line("es").startswith("VERDE, solo lectura: 2 de 2 (el perfil excluyó 2 pruebas que escriben")


OTHERS: tuple[Outcome, ...] = ("passed", "waived")


def test_lost_check_contradicts_the_selection() -> None:
    """A result that was taken out of run.json is missed."""
    whole = ended(run(check("passed"), check("failed")))
    green = replace(ended(run(check("passed"))), selection=whole.selection)

    assert list(verdict.disagreements(green)) == ["it holds fewer checks than were selected"]


def test_every_reason_has_its_sentence_in_both_languages() -> None:
    """And no sentence is left that nothing says."""
    table = tomllib.loads(verdict.TABLE.read_text(encoding="utf-8"))["reasons"]
    code = (verdict.TABLE.with_suffix(".py")).read_text(encoding="utf-8")
    composed = {f"{outcome}{end}" for outcome in ("blocked", "unverified") for end in ("", "-mostly")}

    assert [name for name in table if f'"{name}"' not in code and name not in composed] == []
    assert {reason for state in STATES for reason in state.reasons} <= table.keys()
    assert {language for texts in table.values() for language in texts} == set(LANGUAGES)
    assert invented.FOUND.seen in verdict.sentence(verdict.because("run-finding", expected="x", seen=FOUND.seen), "es")
