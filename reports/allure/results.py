"""The results of one or more runs, ready for Allure's command line: with the texts of the plan in one language."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from record import run_folder, verdict
from record.run import Check
from record.run_folder import NotARun, Recorded, parse
from reports.plan.plan_file import Plan
from reports.rendering import Language, texts

TEXTS = Path(__file__).resolve().parent / "report.texts.toml"
FOLDER = "allure-results"
PLAN_LABELS = frozenset({"epic", "feature", "story", "severity", "owner", "category"})
Json = dict[str, Any]


def stage(run: Recorded, into: Path, plan: Plan, language: Language) -> dict[str, int]:
    """Write the results of a run into a folder; how many there are of each outcome. NotARun names what is wrong."""
    results = run.folder / FOLDER
    if not results.is_dir():
        raise NotARun(f"{results}: is not there; was the run made with --alluredir elsewhere, or on a full disk?")
    checks = {check.id: check for check in run.checks}
    counts: dict[str, int] = {}
    for path in sorted(results.glob("*-result.json")):
        result = _read(path)
        check = checks.get(result["fullName"])
        if check is None:
            _name_verdict(result, run, language)
        else:
            counts[check.outcome] = counts.get(check.outcome, 0) + 1
            result["labels"] = list(_labels(result, check, plan, language))
        (into / path.name).write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    for path in results.glob("*-attachment*"):
        run_folder.link(path, into / path.name)
    return counts


def _read(path: Path) -> Json:
    result: Any = parse(path.read_bytes(), path)
    if not isinstance(result, dict) or not isinstance(result.get("fullName"), str) or not isinstance(result.get("labels"), list):
        raise NotARun(f"{path}: is no result of Allure; make the run anew")
    return result


def _name_verdict(result: Json, run: Recorded, language: Language) -> None:
    t = texts(TEXTS, language)
    result["name"] = t["verdict"].format(verdict=verdict.verdict(run.content).named(language))
    result["titlePath"] = [t["run"], run.content.stage or ""]
    for label in result["labels"]:
        if label["name"] == "parentSuite":
            label["value"] = t["run"]


def _labels(result: Json, check: Check, plan: Plan, language: Language) -> Iterator[Json]:
    yield from (label for label in result["labels"] if label["name"] not in PLAN_LABELS)
    labels = [("severity", plan.severity_of(check.id))]
    if owner := plan.owner_of(check.id, language):
        labels.append(("owner", owner))
    for line in plan.lines_of(check.id):
        block = plan.blocks[line.block]
        week = plan.weeks[block.week]
        labels += [("epic", week.in_(language)), ("feature", block.in_(language)), ("story", f"{line.id} {line.in_(language)}")]
    if check.attribution:
        labels.append(("category", check.attribution.to))
    yield from ({"name": name, "value": value} for name, value in dict.fromkeys(labels))
