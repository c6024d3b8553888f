"""The state of each line of the plan, by the runs and attestations that a dossier encloses.

| state | when |
|---|---|
| holds | every check of the line looked, and its claim holds (where reading suffices: every check that does not write) |
| waived | the same, except what a waiver names |
| fails, blocked, unverified | at least one check of the line ended so; the gravest counts |
| unseen | a check of the line that the gate's stages hold is in none of the runs, or none of its checks is |
| partial | its checks hold, and the plan says that a check is still lacking |
| lacking | a machine could verify it, and no check does yet |
| attested | the people that it needs have attested it, and their attestations hold |
| unattested | some of them have not, or their attestations do not hold |
| derived | the dossier's own data is the deliverable |
| out-of-scope | the plan says why, and who owns it |
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from record.outcome import SEVERITY, Outcome
from record.run import Check
from record.stages import function_of
from reports.plan.gates import STAGES
from reports.plan.plan_file import Line, Plan

SETTLED = frozenset({"holds", "waived", "attested", "derived", "out-of-scope"})
GAPS = frozenset({"partial", "lacking"})  # what an approver may accept by name
AGAINST = frozenset({"fails"})
OF_OUTCOME = {"failed": "fails", "unverified": "unverified", "blocked": "blocked", "waived": "waived"}


def states(
    plan: Plan,
    checks: Iterable[Check],
    standing: Mapping[str, Mapping[str, Any]],
    stages: Sequence[str] = STAGES,
    excused: Collection[str] = (),
) -> dict[str, dict[str, Any]]:
    """Of every line by its id: {"state", "checks": {outcome: count}, "open": ids of checks that are not settled, "people"}.

    `checks` are those of the deciding runs, `standing` what attestations say by line. A check of a stage that is not
    among `stages` counts when it was run, and is not missed: a gate asks of a line what its stages can show. Nor are those missed
    that are `excused`, because they write and reading suffices; a line that rests on nothing else is unseen all the same.
    """
    of_line: defaultdict[str, list[Check]] = defaultdict(list)
    for check in checks:
        for line in plan.lines_of(check.id):
            of_line[line.id].append(check)
    functions = set(map(function_of, excused))
    folders = tuple(f"suites/{stage.replace('-', '_')}/" for stage in stages)
    return {
        line.id: _state(line, of_line[line.id], standing.get(line.id, {}), seen=_seen(line, of_line[line.id], folders, functions))
        for line in plan.lines.values()
    }


def _state(line: Line, checks: Sequence[Check], attested: Mapping[str, Any], *, seen: bool) -> dict[str, Any]:
    counts = Counter(check.outcome for check in checks)
    return {
        "state": _name(line, counts, attested, seen=seen),
        "checks": dict(sorted(counts.items())),
        "open": sorted(check.id for check in checks if check.outcome in OF_OUTCOME),
        "people": list(attested.get("people", ())),
    }


def _name(line: Line, counts: Counter[Outcome], attested: Mapping[str, Any], *, seen: bool) -> str:
    if line.disposition == "out_of_scope":
        return "out-of-scope"
    if line.disposition == "attested":
        return "attested" if attested.get("valid") else "unattested"
    if line.disposition == "derived":
        return "lacking" if line.lacking else "derived"
    return _of_checks(line, counts, seen=seen)


def _of_checks(line: Line, counts: Counter[Outcome], *, seen: bool) -> str:
    if not line.checks:
        return "lacking"
    gravest = next((outcome for outcome in SEVERITY if outcome in OF_OUTCOME and counts[outcome]), None)
    if gravest == "failed":
        return "fails"
    if not seen:
        return "unseen"
    if gravest in ("unverified", "blocked"):
        return OF_OUTCOME[gravest]
    return "partial" if line.lacking else OF_OUTCOME.get(gravest or "", "holds")


def _seen(line: Line, checks: Sequence[Check], folders: tuple[str, ...], excused: AbstractSet[str]) -> bool:
    """Whether each check of the line was run; of checks in other folders when it has no others."""
    asked = [name for name in line.checks if name.startswith(folders)] or line.checks
    return bool(checks) and set(asked) - excused <= {function_of(check.id) for check in checks}
