"""On what grounds a run is evidence, and if it is none, why: in one line, the most important reason first.

Pure functions of what run.json holds, so that whoever reads the file comes to the same verdict as the run that wrote it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from record.outcome import EXIT_BLOCKED, EXIT_FAILED, EXIT_UNVERIFIED
from record.outcome import exit_code as exit_code_of

SHOWN = 160  # characters of what was seen that fit into a line
TOLD = 2  # reasons in the verdict's line; run.json holds all of them
EXPLAINED = frozenset({0, EXIT_FAILED, EXIT_UNVERIFIED, EXIT_BLOCKED})  # by what the checks saw
WORDS = {0: "GREEN", EXIT_FAILED: "RED", EXIT_UNVERIFIED: "NOT GREEN", EXIT_BLOCKED: "NOT GREEN"}
NO_VERDICT = {
    None: "the run did not come to its end",
    2: "the run was interrupted",
    3: "pytest or the suite itself broke",
    4: "an option, a marker, a profile or a check was refused before anything ran: the ERROR line says which",
    5: "no check was selected, so nothing was looked at",
}


def exit_code(run: Mapping[str, Any]) -> int:
    """Of a run that came to its end. 0 means that every check of what it names looked, and that its claim holds."""
    code = exit_code_of(check["outcome"] for check in run["checks"])
    if run["findings"]:
        return EXIT_FAILED
    return EXIT_UNVERIFIED if code == 0 and reasons({**run, "exit_code": code}) else code


def is_part(run: Mapping[str, Any]) -> bool:
    """Whether it was a look at single files or checks: right or wrong, and in neither case a verdict on their stage."""
    selection = run["selection"]
    return set(selection["stages"]) != set(selection["whole"])


def verdict(run: Mapping[str, Any]) -> tuple[str, str]:
    """The word and the reason."""
    code = run["exit_code"]
    word = WORDS.get(code, "NO VERDICT")
    if word == "GREEN" and is_part(run):
        return "PASSED IN PART", f"{_share(run['selection'])}; this is no verdict on the stage"
    if word == "GREEN":
        return word, f"every check of the selection looked, and its claim holds{_but(run)}"
    return word, "; ".join(reasons(run)[:TOLD]) or "see the findings above"


def _but(run: Mapping[str, Any]) -> str:
    """A waiver is green, and is said."""
    waived = len(_of(run, "waived"))
    return f", except {waived} waived" if waived else ""


def reasons(run: Mapping[str, Any]) -> list[str]:
    """Why this run is no evidence that its stage holds; empty for one that is."""
    found = [
        *_no_end(run),
        *_failed(run),
        *(f"{each['expected']}: {each['seen']}" for each in run["findings"]),
        *_stopped(run),
        *_could_not_look(run),
        *_left_out(run),
        *_doubtful(run),
    ]
    return [_line(reason) for reason in found]


def _line(text: str) -> str:
    return " ".join(text.split())


def _no_end(run: Mapping[str, Any]) -> Iterable[str]:
    code = run["exit_code"]
    if code not in EXPLAINED:
        by = f" ({', '.join(run['selection']['left_out_by'])})" if code == 5 and run["selection"]["left_out_by"] else ""
        yield NO_VERDICT.get(code, f"something ended the run with {code}") + by


def _of(run: Mapping[str, Any], outcome: str) -> list[Mapping[str, Any]]:
    return [check for check in run["checks"] if check["outcome"] == outcome]


def _failed(run: Mapping[str, Any]) -> Iterable[str]:
    failed = _of(run, "failed")
    if failed:
        which = failed[0]["id"] if len(failed) == 1 else f"first {failed[0]['id']}"
        hold = "claim does" if len(failed) == 1 else "claims do"
        yield f"{len(failed)} {hold} not hold ({which})"


def _stopped(run: Mapping[str, Any]) -> Iterable[str]:
    if run["stopped"]:
        left = sum(check["outcome"] == "unverified" and check["duration_s"] == 0 for check in run["checks"])
        yield f"stopped: {run['stopped']}" + (f"; {left} checks did not run" if left else "")


def _could_not_look(run: Mapping[str, Any]) -> Iterable[str]:
    """What most of the checks have in common comes first."""
    for outcome, what in (("blocked", "blocked"), ("unverified", "unverified")):
        checks = _of(run, outcome)
        if checks:
            told = Counter((each["finding"]["seen"], each["finding"]["next"]) for each in checks)
            [((seen, then), count)] = told.most_common(1)
            also = f", {count} of them" if count < len(checks) else ""
            yield f"{len(checks)} of {len(run['checks'])} checks {what}{also}: {_short(seen)} (next: {_short(then)})"


def _short(text: str) -> str:
    line = _line(text)
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _left_out(run: Mapping[str, Any]) -> Iterable[str]:
    selection = run["selection"]
    if run["exit_code"] not in {2, *EXPLAINED}:
        return
    if selection["missing"]:
        yield f"missing here: {', '.join(selection['missing'])}"
    if selection["left_out"]:
        by = ", ".join(selection["left_out_by"]) or "by a plugin, a conftest.py or a file that was not collected"
        yield f"{_share(selection)}; nothing is claimed of the other {selection['left_out']} ({by})"


def _share(selection: Mapping[str, Any]) -> str:
    names = " and ".join(selection["stages"])
    least = "at least " if selection["at_least"] else ""
    return f"{selection['selected']} of {least}{selection['total']} {names} checks were selected"


def _doubtful(run: Mapping[str, Any]) -> Iterable[str]:
    """A waiver ends on a day, so it counts only by a clock that somebody else agrees with."""
    apart_s = run["clock_apart_s"]
    if apart_s and _of(run, "waived"):
        yield f"a waiver was used by a clock that is {apart_s:.0f} s off the target's: whether it has expired is unknown"
