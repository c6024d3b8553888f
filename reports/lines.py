"""What has become of each line of the plan, by the runs and signed words that a dossier encloses.

| state | when |
|---|---|
| holds | every check of the line looked, and its claim holds |
| waived | the same, except what a waiver names |
| fails, blocked, unverified | at least one check of the line ended so; the gravest counts |
| unseen | a check of the line, or all of them, is in none of the runs |
| partial | its checks hold, and the plan says that a check is still lacking |
| lacking | a machine could verify it, and no check does yet |
| attested | the people that it needs have signed for it, and their words hold |
| unattested | some of them have not, or their words do not hold |
| derived | the dossier's own data is the deliverable |
| out-of-scope | the plan says why, and who owns it |
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reports.plan import Line, Plan

SETTLED = frozenset({"holds", "waived", "attested", "derived", "out-of-scope"})
GAPS = frozenset({"partial", "lacking"})  # what an approver may accept by name
AGAINST = frozenset({"fails"})
OF_OUTCOME = {"failed": "fails", "unverified": "unverified", "blocked": "blocked", "waived": "waived"}
GRAVEST = ("failed", "unverified", "blocked", "waived")


def states(
    plan: Plan, records: Iterable[Mapping[str, Any]], standing: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Of every line by its id: {"state", "checks": {outcome: count}, "open": ids of checks that are not settled, "people"}.

    `records` are the checks of the deciding runs, `standing` what signed words say by line.
    """
    of_line: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for record in records:
        for line in plan.lines_of(record["id"]):
            of_line[line.id].append(record)
    return {line.id: _state(line, of_line[line.id], standing.get(line.id, {})) for line in plan.lines.values()}


def _state(line: Line, records: Sequence[Mapping[str, Any]], word: Mapping[str, Any]) -> dict[str, Any]:
    counts = Counter(record["outcome"] for record in records)
    return {
        "state": _name(line, records, counts, word),
        "checks": dict(sorted(counts.items())),
        "open": sorted(record["id"] for record in records if record["outcome"] in OF_OUTCOME),
        "people": list(word.get("people", ())),
    }


def _name(line: Line, records: Sequence[Mapping[str, Any]], counts: Counter[str], word: Mapping[str, Any]) -> str:
    if line.disposition == "out_of_scope":
        return "out-of-scope"
    if line.disposition == "attested":
        return "attested" if word.get("valid") else "unattested"
    if line.disposition == "derived":
        return "lacking" if line.lacking else "derived"
    return _of_checks(line, records, counts)


def _of_checks(line: Line, records: Sequence[Mapping[str, Any]], counts: Counter[str]) -> str:
    if not line.checks:
        return "lacking"
    gravest = next((outcome for outcome in GRAVEST if counts[outcome]), None)
    if gravest == "failed":
        return "fails"
    if _unmatched(line, records):
        return "unseen"
    if gravest in ("unverified", "blocked"):
        return OF_OUTCOME[gravest]
    return "partial" if line.lacking else OF_OUTCOME.get(gravest or "", "holds")


def _unmatched(line: Line, records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a pattern of the line meets no check of these runs."""
    return not all(any(line.pattern_matches(pattern, record["id"]) for record in records) for pattern in line.checks)
