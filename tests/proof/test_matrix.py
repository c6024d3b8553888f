"""A proof fails for each reason that makes it one less, and for nothing else."""

import dataclasses

import pytest

from proof import matrix
from proof.catalogue import Fault
from proof.expectations import Expectation
from proof.matrix import Gap, Row
from record.finding import Finding
from record.outcome import Outcome
from record.run import Check

CHECK = "suites/smoke/test_a.py::test_a"
OTHER = "suites/smoke/test_b.py::test_b"
CAUSE, OTHER_CAUSE = "contact-change-wrong", "campaign-change-not-stored"


def check(name: str, outcome: Outcome, cause: str = CAUSE, *, uses: str = "", at: str = "", status: int = 200) -> Check:
    """One that saw its cause at an address of its own, or `at` another; `uses` are letters, each for an address."""
    finding = Finding("x", f"seen: {cause}", f"GET https://t/{at or name[-1]}, 1 s", "z", cause)
    operations = {f"GET https://t/{letter}": (status,) for letter in uses or at or name[-1]}
    return Check(name, "smoke", outcome, 0.1, finding=None if outcome == "passed" else finding, operations=operations)


def row(*checks: Check, expected: Expectation | None, severity: int = 1) -> Row:
    return Row((Fault("fault", severity=severity),), expected, checks, 1, 0.0, ("https://t",))


SEEN = Expectation({"smoke/test_a.py::test_a": CAUSE})
ROWS: dict[str, tuple[Row, str | None]] = {
    "seen": (row(check(CHECK, "failed"), check(OTHER, "passed"), expected=SEEN), None),
    "no check is expected to see it": (row(expected=None), "survives"),
    "blemish that no check sees": (row(expected=None, severity=3), None),
    "passed": (row(check(CHECK, "passed"), expected=SEEN), "did not fail: passed"),
    "blocked instead of failing": (row(check(CHECK, "blocked"), expected=SEEN), "did not fail: blocked"),
    "unverified instead of failing": (row(check(CHECK, "unverified"), expected=SEEN), "did not fail: unverified"),
    "not run": (row(check(OTHER, "passed"), expected=SEEN), "was not run"),
    "another cause named": (row(check(CHECK, "failed", OTHER_CAUSE), expected=SEEN), f"does not name {CAUSE}"),
    "one parameter failed": (row(check(f"{CHECK}[a]", "failed"), check(f"{CHECK}[b]", "passed"), expected=SEEN), None),
    "one parameter names another cause": (
        row(check(f"{CHECK}[a]", "failed"), check(f"{CHECK}[b]", "failed", OTHER_CAUSE), expected=SEEN),
        f"does not name {CAUSE}",
    ),
    "one of several causes named": (
        row(check(CHECK, "failed"), expected=Expectation({"smoke/test_a.py::test_a": (OTHER_CAUSE, CAUSE)})),
        None,
    ),
    "unrelated check failed": (row(check(CHECK, "failed"), check(OTHER, "failed"), expected=SEEN), "no expectation names it"),
    "unrelated check could not look": (row(check(CHECK, "failed"), check(OTHER, "unverified"), expected=SEEN), "could not look"),
    "unrelated check blocked": (row(check(CHECK, "failed"), check(OTHER, "blocked"), expected=SEEN), None),
    "declared collateral": (
        row(
            check(CHECK, "failed"),
            check(OTHER, "failed"),
            expected=Expectation(SEEN.kills, collateral={"smoke/test_b.py::*": "why"}),
        ),
        None,
    ),
    "blocks the run": (row(check(CHECK, "blocked"), expected=Expectation(blocks=CAUSE)), None),
    "blocks the run by something else": (
        row(check(CHECK, "blocked", OTHER_CAUSE), expected=Expectation(blocks=CAUSE)),
        "does not block",
    ),
    "fails where all should be blocked": (
        row(check(CHECK, "blocked"), check(OTHER, "failed"), expected=Expectation(blocks=CAUSE)),
        "does not block",
    ),
}


@pytest.mark.parametrize(("under", "says"), ROWS.values(), ids=ROWS)
def test_gaps_of_a_row(under: Row, says: str | None) -> None:
    gaps = matrix.gaps_of(under)

    assert bool(gaps) == bool(says), gaps
    assert not says or says in str(gaps[0])


def test_run_that_was_broken_off_proves_nothing() -> None:
    """However well it looked until then."""
    gaps = matrix.gaps_of(dataclasses.replace(row(check(CHECK, "failed"), expected=SEEN), broken_off="last words"))

    assert "last words" in str(gaps[0])


def test_check_that_nothing_kills_is_a_gap() -> None:
    """Failing without naming the cause is no kill."""
    killed, unnamed = row(check(CHECK, "failed"), expected=SEEN), row(check(CHECK, "failed", OTHER_CAUSE), expected=SEEN)
    declared = ["smoke/test_a.py::test_a"]

    assert matrix.never_killed(declared, [killed]) == []
    assert matrix.never_killed(declared, [unnamed]) == [Gap("", declared[0], "no fault kills it")]


def test_red_on_the_healthy_sandbox_is_a_gap() -> None:
    assert matrix.not_healthy([check(CHECK, "passed")]) == []
    assert [gap.check for gap in matrix.not_healthy([check(CHECK, "unverified")])] == [CHECK]


LED: dict[str, tuple[Row, str]] = {
    "the cause comes first": (row(check(CHECK, "failed"), expected=SEEN), ""),
    "a symptom comes first": (
        row(
            check(CHECK, "failed", uses="abc"),
            check(OTHER, "failed", OTHER_CAUSE),
            expected=SEEN,
        ),
        "first comes smoke/test_b.py",
    ),
    "a symptom stands apart": (
        row(check(CHECK, "failed"), check(OTHER, "failed", OTHER_CAUSE), expected=SEEN),
        "apart from it stands",
    ),
    "a symptom stands below": (
        row(
            check(CHECK, "failed", at="a", status=500),
            check(OTHER, "failed", OTHER_CAUSE, uses="ab", at="a", status=500),
            expected=SEEN,
        ),
        "",
    ),
    "symptoms are blocked": (row(check(CHECK, "failed"), check(OTHER, "blocked", OTHER_CAUSE), expected=SEEN), ""),
    "another kill says it, too": (
        row(
            check(CHECK, "failed"),
            check(OTHER, "failed", OTHER_CAUSE),
            expected=Expectation({**SEEN.kills, "smoke/test_b.py::test_b": OTHER_CAUSE}),
        ),
        "",
    ),
    "nothing failed": (row(check(CHECK, "passed"), expected=SEEN), "nothing failed"),
    "blocked by the cause": (row(check(CHECK, "blocked"), expected=Expectation(blocks=CAUSE)), ""),
    "blocked by something else": (row(check(CHECK, "blocked", OTHER_CAUSE), expected=Expectation(blocks=CAUSE)), "first comes"),
}


@pytest.mark.parametrize(("under", "why"), LED.values(), ids=LED)
def test_reader_is_led_to_the_cause(under: Row, why: str) -> None:
    astray = matrix.diagnosis(under)

    assert astray.startswith(why) if why else astray == ""


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("smoke/test_a.py::test_a", True),
        ("smoke/test_a.py::test_a[x]", True),
        ("smoke/test_a.py::test_a[y]", False),
        ("smoke/test_a.py::*", True),
        ("smoke/test_a.py::test_a[*", True),
        ("smoke/test_b.py::*", False),
        ("smoke/test_a.py", False),
    ],
)
def test_pattern_of_a_check(pattern: str, meant: bool) -> None:
    assert matrix.matches("suites/smoke/test_a.py::test_a[x]", pattern) == meant
