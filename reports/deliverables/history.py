"""Each finding over all runs on an environment: when it was first seen, and whether it is gone.

A finding is gone when a later look at the same check did not see it: *corrected* when the check then passed, *changed* when it
found something else, and *not seen since* when no later run looked at it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from record.finding import Finding
from record.run import Check
from record.run_folder import Recorded
from record.waivers import Waiver

Fate = Literal["open", "corrected", "changed", "not seen since"]
SEEN = frozenset({"failed", "waived"})  # outcomes that say something against the product


@dataclass(frozen=True)
class FindingHistory:
    """One finding of one check. `first` and `last` are runs that saw it, `since` the first run after them that looked again."""

    check: str
    fingerprint: str
    finding: Finding
    first: Recorded
    last: Recorded
    times: int
    fate: Fate
    since: Recorded | None
    waiver: Waiver | None


def findings(history: Sequence[Recorded]) -> list[FindingHistory]:
    """Each finding of these runs (the oldest first) by the time at which it was first seen."""
    looks: defaultdict[str, list[tuple[Recorded, Check]]] = defaultdict(list)
    for run in history:
        for check in run.checks:
            looks[check.id].append((run, check))
    found = [each for check, its_looks in looks.items() for each in _of_check(check, its_looks)]
    return sorted(found, key=lambda each: (each.first.started_at, each.check))


def _of_check(check: str, looks: Sequence[tuple[Recorded, Check]]) -> Iterable[FindingHistory]:
    prints = dict.fromkeys(str(each.fingerprint) for _, each in looks if each.outcome in SEEN)
    for fingerprint in prints:
        seen = [index for index, (_, each) in enumerate(looks) if each.outcome in SEEN and each.fingerprint == fingerprint]
        first, last = looks[seen[0]], looks[seen[-1]]
        fate, since = _fate(looks[seen[-1] + 1 :])
        yield FindingHistory(
            check=check,
            fingerprint=fingerprint,
            finding=_finding(last[1]),
            first=first[0],
            last=last[0],
            times=len(seen),
            fate=fate,
            since=since,
            waiver=last[1].waiver,
        )


def _finding(check: Check) -> Finding:
    assert check.finding is not None, "only checks that saw something are looked at"
    return check.finding


def _fate(later: Sequence[tuple[Recorded, Check]]) -> tuple[Fate, Recorded | None]:
    """From the looks at the same check after the finding was last seen."""
    if not later:
        return "open", None
    for run, each in later:
        if each.outcome == "passed":
            return "corrected", run
        if each.outcome in SEEN:
            return "changed", run
    return "not seen since", None
