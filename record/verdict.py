"""What became of a phase, of a check and of a run: the one place that says it, for terminal, gates, Allure and dossier.

A verifier uses the same functions as the run that it verifies. That is sound for two reasons. It does not believe what they said
then: it starts from the raw phases (what was raised, whether a claim was made) and calls them anew, so an edited result, a lost
check or another exit code shows as a disagreement. And a mistake in the functions themselves would not be found by a second copy
written by the same hands from the same rules; it is found by tests that enumerate every combination of their inputs against a
table that is written down (tests/record/test_verdict.py).
"""

import functools
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from record import cause as table
from record.cause import Language, Sentence
from record.finding import Finding
from record.grouping import in_reading_order
from record.outcome import (
    EXIT_BLOCKED,
    EXIT_FAILED,
    EXIT_NOTHING_SELECTED,
    EXIT_UNVERIFIED,
    SEVERITY,
    Blocked,
    Outcome,
    Unverified,
)
from record.run import Check, Phase, Reason, Run, When
from record.stages import stage_of_id

TABLE = Path(__file__).with_name("verdict.toml")
# pytest's own errors by the names that they give themselves.
DID_NOT_LOOK = frozenset({f"{Unverified.__module__}.{Unverified.__name__}", "builtins.Skipped", "_pytest.outcomes.XFailed"})
BLOCKED = f"{Blocked.__module__}.{Blocked.__name__}"
NO_ANSWER = "httpx.HTTPError"
SHOWN = 160  # characters of what was seen that fit into a line
OF_CAUSE = "cause."  # begins the names of a cause's facts among those of a reason
TOLD = 2  # reasons in the verdict's line; run.json holds all of them
DECIDED = frozenset({0, EXIT_FAILED, EXIT_UNVERIFIED, EXIT_BLOCKED})  # by what the checks saw; any other: the run broke off
READING = "GREEN, reading only"  # of a protected profile, with everything left out that writes
WORDS = {0: "GREEN", EXIT_FAILED: "RED", EXIT_UNVERIFIED: "NOT GREEN", EXIT_BLOCKED: "NOT GREEN"}
BROKEN_OFF = {None: "not-ended", 2: "interrupted", 3: "broke", 4: "refused", EXIT_NOTHING_SELECTED: "nothing-selected"}


@dataclass(frozen=True)
class Verdict:
    """`word` in English; `reasons` of which the first is the most important."""

    word: str
    reasons: tuple[Reason, ...]

    def named(self, language: Language = "en") -> str:
        """The word in a language."""
        return self.word if language == "en" else _table()["words"][self.word]

    def line(self, language: Language = "en") -> str:
        return f"{self.named(language)}: {'; '.join(sentence(reason, language) for reason in self.reasons[:TOLD])}"


@functools.cache
def _table() -> dict[str, dict[str, str]]:
    return {name: dict(table) for name, table in tomllib.loads(TABLE.read_text(encoding="utf-8")).items()}


def sentence(reason: Reason, language: Language = "en") -> str:
    texts: Mapping[str, str] = _table()["reasons"][reason.code]  # type: ignore[assignment] # a table of tables
    return Sentence(**texts).told({**reason.facts, **_of_its_cause(reason, language)}, language)


def _of_its_cause(reason: Reason, language: Language) -> dict[str, str]:
    """What the cause that a reason names says in a language other than English, which its facts hold already."""
    named = reason.facts.get("cause")
    cause = table.causes().get(named) if named and language != "en" else None
    facts = {name.removeprefix(OF_CAUSE): fact for name, fact in reason.facts.items() if name.startswith(OF_CAUSE)}
    if cause is None or cause.facts != facts.keys():
        return {}
    parts = {"expected": cause.expected, "seen": cause.seen, "next": cause.next}
    return {name: _short(part.told(facts, language)) for name, part in parts.items() if part}


def _about(found: Finding) -> dict[str, str]:
    """What the sentence of a reason says of a finding, and from what it is said in another language."""
    said = {name: _short(getattr(found, name)) for name in ("expected", "seen", "next")}
    return {**said, "cause": found.cause, **{f"{OF_CAUSE}{name}": fact for name, fact in found.facts.items()}}


def outcome_of_phase(raised: Sequence[str], when: When, *, refused: bool, doubt: str | None) -> Outcome:
    """Before any waiver. `raised` are the type of the error and its ancestors; nothing that did not look becomes green."""
    if doubt or refused or DID_NOT_LOOK.intersection(raised):
        return "unverified"
    if not raised:
        return "passed"
    if BLOCKED in raised:
        return "blocked"
    if when == "setup":  # what the check stands on could not be built: pytest's ERROR
        return "blocked" if NO_ANSWER in raised else "unverified"
    return "failed"


def outcome_of_check(phases: Sequence[Phase]) -> tuple[Outcome, Phase | None]:
    """The worst of its phases and the phase that decides; unverified and None for a check that did not run."""
    if not any(phase.when == "call" or phase.outcome != "passed" for phase in phases):
        return "unverified", None
    worst = next(outcome for outcome in SEVERITY if any(phase.outcome == outcome for phase in phases))
    return worst, next(phase for phase in phases if phase.outcome == worst)


def exit_code(run: Run) -> int:
    """Of a run that came to its end. 0 means that every check of what it names looked, and that its claim holds or is waived."""
    outcomes = {check.outcome for check in run.checks}
    if run.findings or "failed" in outcomes:
        return EXIT_FAILED
    if "blocked" in outcomes:
        return EXIT_BLOCKED
    if "unverified" in outcomes:
        return EXIT_UNVERIFIED
    if not outcomes:
        return EXIT_NOTHING_SELECTED
    return EXIT_UNVERIFIED if reasons(replace(run, exit_code=0)) else 0


def verdict(run: Run) -> Verdict:
    word = "NO VERDICT" if run.exit_code is None else WORDS.get(run.exit_code, "NO VERDICT")
    scope = tuple(_scope(run))
    if word != "GREEN":
        return Verdict(word, (*reasons(run), *scope))
    waived = len(run.ended("waived"))
    if run.selection.asked < run.selection.total:
        return Verdict("PASSED IN PART", (because("part", **_share(run)), *scope))
    if scope:
        return Verdict(READING, (*scope, *([because("all-but-waived", waived=waived)] if waived else [])))
    if waived:
        return Verdict(word, (because("every-other-claim-holds", waived=waived),))
    return Verdict(word, (because("every-claim-holds"),))


def left_to_writing(run: Run, stage: str | None = None) -> tuple[str, ...]:
    """Ids of the checks, of a stage or of all, that a protected profile left out because they write; no other profile may."""
    if run.profile.get("protected") is not True:
        return ()
    return tuple(check for check in run.selection.writing if stage in (None, stage_of_id(check)))


def left_out(run: Run) -> int:
    """Checks that the command named and that did not run, without those that a protected profile left out because they write."""
    return run.selection.asked - run.selection.selected - len(left_to_writing(run))


def ran_whole(run: Run, stage: str) -> bool:
    """Every check of a stage, but for those that a protected profile left out because they write."""
    selection = run.selection
    count = selection.stages.get(stage)
    if count is None or count.at_least or not selection.is_whole(stage):
        return False
    return count.selected + len(left_to_writing(run, stage)) == count.total


def _scope(run: Run) -> Iterator[Reason]:
    """That reading is all there was; nothing of a run that broke off."""
    writing = len(left_to_writing(run))
    if writing and run.exit_code in DECIDED:
        yield because("reading-only-1" if writing == 1 else "reading-only", **_share(run), writing=writing)


def because(code: str, /, **facts: object) -> Reason:
    return Reason(code, {name: " ".join(str(fact).split()) for name, fact in facts.items()})


def reasons(run: Run) -> tuple[Reason, ...]:
    """Why this run is no evidence that its stage holds, the most important first; empty for one that is."""
    return (
        *_broken_off(run),
        *_failed(run),
        *(because("run-finding", **_about(found)) for found in run.findings),
        *_stopped(run),
        *_could_not_look(run),
        *_left_out(run),
        *_doubtful(run),
    )


def _broken_off(run: Run) -> Iterator[Reason]:
    if run.exit_code in DECIDED:
        return
    if run.exit_code == EXIT_NOTHING_SELECTED and left_to_writing(run):
        yield because("nothing-selected-but-writing", writing=len(left_to_writing(run)))
    elif run.exit_code == EXIT_NOTHING_SELECTED and run.selection.left_out_by:
        yield because("nothing-selected-by", by=", ".join(run.selection.left_out_by))
    elif run.exit_code in BROKEN_OFF:
        yield because(BROKEN_OFF[run.exit_code])
    else:
        yield because("ended-with", code=run.exit_code)


def _failed(run: Run) -> Iterator[Reason]:
    if failed := in_reading_order(run.ended("failed"), run.target.base_urls):
        yield (
            because("claim-fails", first=failed[0].id)
            if len(failed) == 1
            else because("claims-fail", count=len(failed), first=failed[0].id)
        )


def _stopped(run: Run) -> Iterator[Reason]:
    if run.stopped:
        left = sum(check.outcome == "unverified" and check.duration_s == 0 for check in run.checks)
        yield because("stopped-early", why=run.stopped, left=left) if left else because("stopped", why=run.stopped)


def _could_not_look(run: Run) -> Iterator[Reason]:
    """What most of the checks have in common."""
    for outcome in ("blocked", "unverified"):
        checks = [check for check in run.checks if check.outcome == outcome]
        if checks:
            yield _most_frequent(outcome, checks, len(run.checks))


def _most_frequent(outcome: str, checks: Sequence[Check], total: int) -> Reason:
    findings = {(check.finding.seen, check.finding.next): check.finding for check in reversed(checks) if check.finding}
    counts = Counter((check.finding.seen, check.finding.next) for check in checks if check.finding)
    [(shared, same)] = counts.most_common(1)
    facts = {"count": len(checks), "total": total, **_about(findings[shared])}
    return because(f"{outcome}-mostly", same=same, **facts) if same < len(checks) else because(outcome, **facts)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _left_out(run: Run) -> Iterator[Reason]:
    selection = run.selection
    if run.exit_code not in {2, *DECIDED}:
        return
    if selection.missing:
        yield because("missing", names=", ".join(selection.missing))
    if left := left_out(run):
        facts = {**_share(run), "left_out": left}
        by = ", ".join(selection.left_out_by)
        yield because("left-out", by=by, **facts) if by else because("left-out-unseen", **facts)


def _share(run: Run) -> dict[str, object]:
    selection = run.selection
    total = f"{'≥ ' if selection.at_least else ''}{selection.total - len(left_to_writing(run))}"
    return {"selected": selection.selected, "total": total, "stages": " + ".join(selection.stages)}


def _doubtful(run: Run) -> Iterator[Reason]:
    """A waiver ends on a day, so it counts only by a clock that another machine agrees with."""
    if run.clock_apart_s and run.ended("waived"):
        yield because("waiver-clock", seconds=f"{run.clock_apart_s:.0f}")


def disagreements(run: Run) -> Iterable[str]:
    """What in a run.json contradicts its own checks; it says nothing about files beside it."""
    if run.exit_code in DECIDED and run.exit_code != exit_code(run):
        yield f"it says exit code {run.exit_code}, and its checks say {exit_code(run)}"
    if run.no_evidence != reasons(run):
        yield "its reasons are not those of its checks"
    if run.selection.selected > len(run.checks):
        yield "it holds fewer checks than were selected"
