"""The verdicts on mutants as files, mutants.json for programs and mutants.html for people; and what the terminal shows."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from proof.mutants import measures
from proof.mutants.measures import GOALS
from proof.mutants.sources import Source
from proof.mutants.trial import Verdict

DATA, PAGE = "mutants.json", "mutants.html"
TEMPLATE = Path(__file__).with_name("mutants.html.j2")
WORST_FIRST = ("untouched", "survived", "stumbled", "equivalent", "does not boot", "killed")
HEAD = f"{'mutant':<12}{'area':<20}{'operator':<22}{'line':<52}{'checks':>7}{'seconds':>9}  outcome"


def line(verdict: Verdict) -> str:
    """One of the table, as it ends."""
    mutant = verdict.mutant
    place = f"{mutant.file.removeprefix('sandbox/')}:{mutant.line}"
    by = f" by {verdict.killed_by.removeprefix('suites/')}" if verdict.outcome == "killed" else ""
    note = f" ({verdict.note.strip().splitlines()[-1]})" if verdict.note.strip() else ""
    counted = f"{verdict.ran:>7}{verdict.seconds:>9.1f}"
    return f"{mutant.id:<12}{mutant.area:<20}{mutant.operator:<22}{place:<52}{counted}  {verdict.outcome}{by}{note}"


def as_json(
    verdicts: Iterable[Verdict],
    sources: Mapping[str, Source],
    equivalents: Mapping[str, str],
    *,
    generated: int,
    duration_s: float,
    seed: int,
    partial: bool,
) -> dict[str, Any]:
    """mutants.json: survivors first, the gravest first."""
    several = sorted(
        verdicts, key=lambda each: (WORST_FIRST.index(each.outcome), each.mutant.severity, each.mutant.file, each.mutant.line)
    )
    totals = measures.totals(several, generated, duration_s)
    return {
        "schema": 1,
        "partial": partial,
        "seed": seed,
        "duration_s": round(duration_s, 1),
        "totals": totals,
        "goals": [{**asdict(goal), "value": totals[goal.key], "met": goal.met(totals[goal.key])} for goal in GOALS],
        "by_area": measures.by_area(several),
        "mutants": [_row(each, sources, equivalents) for each in several],
    }


def _row(verdict: Verdict, sources: Mapping[str, Source], equivalents: Mapping[str, str]) -> dict[str, Any]:
    mutant = verdict.mutant
    return {
        "id": mutant.id,
        "area": mutant.area,
        "file": mutant.file,
        "line": mutant.line,
        "operator": mutant.operator,
        "diff": mutant.diff(sources[mutant.file].content),
        "severity": mutant.severity,
        "outcome": verdict.outcome,
        "killed_by": verdict.killed_by,
        "finding": verdict.finding.as_dict() if verdict.finding else None,
        "first_is_cause": verdict.first_is_cause,
        "seconds": round(verdict.seconds, 1),
        "boot_s": round(verdict.boot_s, 1),
        "checks": {
            "touching": verdict.touching,
            "ran": verdict.ran,
            "stumbled": list(verdict.stumbled),
            "doubtful": list(verdict.doubtful),
        },
        "reason": equivalents.get(mutant.id, "") or verdict.note,
    }


def met(data: Mapping[str, Any]) -> bool:
    return not data["partial"] and all(goal["met"] for goal in data["goals"])


def verdict(data: Mapping[str, Any]) -> str:
    if data["partial"]:
        return "PARTIAL: broken off, so nothing is claimed of the rest"
    missed = [goal["sentence"] for goal in data["goals"] if not goal["met"]]
    return f"GOALS MISSED: {'; '.join(missed)}" if missed else "GOALS MET: the checks see most mistakes that nobody thought up"


def shown(goal: Mapping[str, Any]) -> str:
    """The value of a goal beside its limit, as a person reads it."""
    if goal["value"] is None:
        return "nothing measured"
    return f"{goal['value']:.1%} (>= {goal['limit']:.0%})" if goal["at_least"] else f"{goal['value']:.1f} (<= {goal['limit']:g})"


def as_text(data: Mapping[str, Any]) -> str:
    totals = data["totals"]
    counted = ", ".join(
        f"{totals[key]} {key.replace('_', ' ')}" for key in ("killed", "does_not_boot", "stumbled", "survived", "equivalent")
    )
    goals = [f"{goal['sentence']:<38}{shown(goal):<24}{'met' if goal['met'] else 'MISSED'}" for goal in map(dict, data["goals"])]
    return "\n".join([f"{totals['drawn']} of {totals['generated']} mutants: {counted}", *goals, f"verdict   {verdict(data)}"])


def write(data: Mapping[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATA).write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / PAGE).write_text(as_html(data), encoding="utf-8")


def remove(folder: Path) -> None:
    """What an earlier measurement left there."""
    for name in (DATA, PAGE):
        (folder / name).unlink(missing_ok=True)


def as_html(data: Mapping[str, Any]) -> str:
    import jinja2  # noqa: PLC0415 - the terminal does without it

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(data=data, met=met(data), verdict=verdict(data), shown=shown)
