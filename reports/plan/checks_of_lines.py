"""The lists of checks in plan.toml, made from the `plan` markers of the checks, so that a check names its lines in one place.

A list holds functions, not patterns: a line was looked at only when each of its checks was run, and a pattern that one check of a
file matches would hide that the others were not.
"""

import json
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from reports.plan import plan_file
from reports.plan.plan_file import Plan
from reports.plan.strict import PlanError

WIDTH = 130
Named = Mapping[str, AbstractSet[str]]  # the lines that the markers of each check name
LIST = re.compile(r"(?P<before>^\[lines\.(?P<line>[\w-]+)\]\n(?:[^\[\n].*\n)*?)verified\.checks = \[[^\]]*\]", re.MULTILINE)


def rewritten(text: str, path: Path, named: Named) -> str:
    """The text of a plan with these lists; every other byte stays. PlanError when the text or the result breaks a rule."""
    checks = _of_lines(plan_file.parse(text, path), named)
    text = LIST.sub(lambda found: f"{found['before']}{_toml(checks[found['line']])}", text)
    plan_file.parse(text, path)
    return text


def _of_lines(plan: Plan, named: Named) -> dict[str, list[str]]:
    """The checks of each line. A line that ends in a colon rests on the checks of the lines below it."""
    checks: dict[str, list[str]] = {line.id: [] for line in plan.lines.values() if line.disposition == "verified"}
    for check, lines in sorted(named.items()):
        of_check = {*lines, *(parent for line in lines for parent in _above(line, plan))}
        if wrong := sorted(of_check - checks.keys()):
            raise PlanError(f"{check} names {wrong[0]}, which is no `verified` line of the plan: correct its marker, or the plan")
        for line in of_check:
            checks[line].append(check)
    return checks


def _above(line: str, plan: Plan) -> Iterator[str]:
    text = plan.lines[line].es if line in plan.lines else ""
    return (other.id for other in plan.lines.values() if other.es.endswith(":") and text.startswith(f"{other.es} "))


def _toml(checks: list[str]) -> str:
    line = f"verified.checks = {json.dumps(checks)}"
    if len(checks) < 2 and len(line) <= WIDTH:
        return line
    return "verified.checks = [\n" + "".join(f'    "{check}",\n' for check in checks) + "]"


def differences(before: Plan, after: Plan) -> Iterator[str]:
    """What each list of `after` has more and what it has less."""
    for line in after.lines.values():
        old, new = set(before.lines[line.id].checks), set(line.checks)
        yield from (f"{line.id} + {check}" for check in sorted(new - old))
        yield from (f"{line.id} - {check}" for check in sorted(old - new))
