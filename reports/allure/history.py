"""What became of each finding over all runs on an environment: when it was first seen, and whether it is gone.

A finding is gone when a later look at the same check did not see it: *corrected* when the check then passed, *changed* when it
found something else, and *not seen since* when nobody looked again or could not.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from record import releases, run_folder
from record.run_folder import NotARun, Run
from reports.dossier import outcomes

Fate = Literal["open", "corrected", "changed", "not seen since"]
SEEN = frozenset({"failed", "waived"})  # outcomes that say something against the product
HOLDS = frozenset({"passed", "flaky"})


@dataclass(frozen=True)
class Case:
    """One finding of one check. `first` and `last` are runs that saw it, `since` the first run after them that looked again."""

    check: str
    fingerprint: str
    finding: Mapping[str, str]
    stage: str
    first: Run
    last: Run
    times: int
    fate: Fate
    since: Run | None
    waiver: Mapping[str, Any] | None


def read(out: Path, environment: str, release: str | None = None) -> tuple[list[Run], list[str]]:
    """Every sound run on an environment, the oldest first, and why others were passed over. `release` narrows it to one."""
    found: list[Run] = []
    passed_over: list[str] = []
    for folder, named in run_folder.heads(out):
        if named != environment:
            continue
        try:
            run = run_folder.read(folder)
        except NotARun as error:
            passed_over.append(str(error))
            continue
        if wrong := next(outcomes.disagreements(run), None):
            passed_over.append(f"{folder}: contradicts itself: {wrong}")
        elif release is None or releases.fits(run.data["target"]["version_at_end"], release):
            found.append(run)
    return sorted(found, key=lambda run: (run.started_at, run.name)), passed_over


def cases(history: Sequence[Run]) -> list[Case]:
    """Each finding of these runs (the oldest first) by the time at which it was first seen."""
    looks: defaultdict[str, list[tuple[Run, Mapping[str, Any]]]] = defaultdict(list)
    for run in history:
        for check in run.checks:
            looks[check["id"]].append((run, check))
    found = [case for check, seen in looks.items() for case in _of_check(check, seen)]
    return sorted(found, key=lambda case: (case.first.started_at, case.check))


def _of_check(check: str, looks: Sequence[tuple[Run, Mapping[str, Any]]]) -> Iterable[Case]:
    prints = dict.fromkeys(str(each["fingerprint"]) for _, each in looks if each["outcome"] in SEEN)
    for fingerprint in prints:
        seen = [index for index, (_, each) in enumerate(looks) if each["outcome"] in SEEN and each["fingerprint"] == fingerprint]
        first, last = looks[seen[0]], looks[seen[-1]]
        fate, since = _fate(looks[seen[-1] + 1 :])
        told = last[1]
        yield Case(
            check,
            fingerprint,
            told["finding"],
            str(told["stage"]),
            first[0],
            last[0],
            len(seen),
            fate,
            since,
            told["waiver"],
        )


def _fate(later: Sequence[tuple[Run, Mapping[str, Any]]]) -> tuple[Fate, Run | None]:
    """From the looks at the same check after the finding was last seen."""
    if not later:
        return "open", None
    for run, each in later:
        if each["outcome"] in HOLDS:
            return "corrected", run
        if each["outcome"] in SEEN:
            return "changed", run
    return "not seen since", None
