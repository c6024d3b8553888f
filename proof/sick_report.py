"""The measures of sick deployments as files, sick.json for programs and sick.html for people; and a table for the terminal."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from proof import sick_measures
from proof.sick_measures import GOALS, Astray, Deployment

DATA, PAGE = "sick.json", "sick.html"
TEMPLATE = Path(__file__).with_name("sick.html.j2")
COUNTED = ("faults", "visible", "reported", "below", "first", "false", "groups", "blocked", "time")
HEAD = f"{'deployment':<30}" + "".join(f"{name:>9}" for name in COUNTED)
TEXT_LIMIT = 300


def line(deployment: Deployment, healthy_s: float) -> str:
    """One of the table, as it ends."""
    faults = (deployment.faults, deployment.seeable, deployment.reported, deployment.only_below)
    first = "yes" if deployment.first_is_cause else "no"
    amiss = (len(deployment.false), f"{deployment.groups_per_cause:.2f}", len(deployment.blocked_avoidable))
    cells = (*map(len, faults), first, *amiss, f"{sick_measures.time_ratio(deployment, healthy_s):.1f}x")
    last = "".join(deployment.output.splitlines()[-1:])
    broken = "" if deployment.run else f"\n    the run did not come to its end: {last}"
    return f"{deployment.name:<30}" + "".join(f"{cell:>9}" for cell in cells) + broken


def as_json(deployments: Iterable[Deployment], healthy_s: float, *, partial: bool, alarms: Iterable[Astray]) -> dict[str, Any]:
    """sick.json. `alarms` are checks that did not pass on the healthy sandbox."""
    several = sorted(deployments, key=lambda each: each.name)
    totals = sick_measures.totals(several, healthy_s)
    return {
        "schema": 1,
        "partial": partial,
        "healthy": {"took_s": round(healthy_s, 1), "not_passed": [_of(alarm) for alarm in alarms]},
        "deployments": [_row(each, healthy_s) for each in several],
        "totals": totals,
        "goals": [{**asdict(goal), "value": totals[goal.key], "met": goal.met(totals[goal.key])} for goal in GOALS],
        "most_missed": _most(fault for each in several for fault in each.missed),
        "most_below": _most(fault for each in several for fault in each.only_below),
        "most_false": _most(false.cause for each in several for false in each.false),
        "most_blocked": _most(blocked.cause for each in several for blocked in each.blocked_avoidable),
    }


def met(data: dict[str, Any]) -> bool:
    """Whether every goal is met by a whole measurement in which the healthy sandbox raised no alarm."""
    ended = all(deployment["ended"] for deployment in data["deployments"])
    return not data["partial"] and ended and not data["healthy"]["not_passed"] and all(goal["met"] for goal in data["goals"])


def _row(each: Deployment, healthy_s: float) -> dict[str, Any]:
    first = each.groups[0] if each.groups else None
    return {
        "name": each.name,
        "faults": list(each.faults),
        "visible": len(each.seeable),
        "reported": len(each.reported),
        "first_is_cause": each.first_is_cause,
        "false": len(each.false),
        "groups_per_cause": round(each.groups_per_cause, 2),
        "blocked_avoidable": len(each.blocked_avoidable),
        "time_ratio": sick_measures.time_ratio(each, healthy_s),
        "ended": each.run is not None,
        "missed": [{"fault": name, "severity": each.known.faults[name].severity} for name in each.missed],
        "only_below": each.only_below,
        "first_finding": {"check": first.members[0].id, **first.finding.as_dict()} if first else None,
        "findings": [
            {"cause": lead.finding.cause, "checks": len(lead.members), "consequences": len(lead.consequences)}
            for lead in each.leads
        ],
        "false_findings": [_of(false) for false in each.false],
        "stumbled_below": [_of(below) for below in each.stumbled_below],
        "blocked_checks": [_of(blocked) for blocked in each.blocked_avoidable],
    }


def _of(astray: Astray) -> dict[str, str]:
    return {**asdict(astray), "seen": astray.seen[:TEXT_LIMIT]}


def _most(names: Iterable[str]) -> list[dict[str, Any]]:
    return [{"name": name, "count": count} for name, count in Counter(names).most_common()]


def write(data: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATA).write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / PAGE).write_text(as_html(data), encoding="utf-8")


def remove(folder: Path) -> None:
    """What an earlier measurement left there."""
    for name in (DATA, PAGE):
        (folder / name).unlink(missing_ok=True)


def as_html(data: dict[str, Any]) -> str:
    import jinja2  # noqa: PLC0415 - the terminal does without it

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(data=data, met=met(data), verdict=verdict(data), shown=shown)


def shown(goal: dict[str, Any]) -> str:
    """The value of a goal beside its limit, as a person reads it."""
    sign = ">=" if goal["at_least"] else "<="
    if goal["at_least"]:
        return f"{goal['value']:.1%} ({sign} {goal['limit']:.0%})"
    return f"{goal['value']:g} ({sign} {goal['limit']:g})"


def verdict(data: dict[str, Any]) -> str:
    if data["partial"]:
        return "PARTIAL: broken off, so nothing is claimed of the rest"
    if met(data):
        return "GOALS MET: a verdict on a broken deployment can be used"
    missed = [goal["sentence"] for goal in data["goals"] if not goal["met"]]
    others = ["a run did not come to its end"] if not all(each["ended"] for each in data["deployments"]) else []
    others += ["a false alarm on the healthy sandbox"] if data["healthy"]["not_passed"] else []
    return f"GOALS MISSED: {', '.join([*missed, *others])}"


def as_text(data: dict[str, Any]) -> str:
    lines = [f"{goal['sentence']:<38}{shown(goal):<22}{'met' if goal['met'] else 'MISSED'}" for goal in map(dict, data["goals"])]
    lines.append(f"{'longest of these times':<38}{data['totals']['longest']:g}")
    lines += [f"{'false alarm when healthy':<38}{alarm['check']}: {alarm['cause']}" for alarm in data["healthy"]["not_passed"]]
    return "\n".join([*lines, f"verdict   {verdict(data)}"])
