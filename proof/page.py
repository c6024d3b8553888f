"""The proof as files: proof.json for programs, proof.html for people; and a few lines for the terminal."""

import json
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

from record.stages import function_of

DATA, REPORT = "proof.json", "proof.html"
TEMPLATE = Path(__file__).with_name("page.html.j2")
CELL_PX, LABEL_PX, TOP_PX = 11, 300, 150
NEXT = "mend the check or its finding, or say in proof/expectations what is to be seen; repeat with make proof FAULT=NAME"
# Worst first: what one mark of the matrix shows of all the parameters of a check.
PARTS = ("unrelated", "unverified", "kills", "collateral", "blocked")


def write(data: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATA).write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / REPORT).write_text(as_html(data), encoding="utf-8")


def remove(folder: Path) -> None:
    """What `write` left there: nobody is to take it for the result of a proof that is broken off."""
    for name in (DATA, REPORT):
        (folder / name).unlink(missing_ok=True)


def shares(data: dict[str, Any]) -> dict[str, str]:
    """The numbers that are published, each as a person reads it."""
    faults, checks = data["faults"], data["checks"]
    stage_s = data["sum_of_stage_times_s"]
    lane_s = data["lanes_busy_s"]
    return {
        "faults seen": _of(sum(bool(fault["seen_by"]) for fault in faults), len(faults)),
        "checks seen failing": _of(sum(bool(check["killed_by"]) for check in checks), len(checks)),
        "first finding is the cause": _of(sum(fault["diagnosed"] for fault in faults), len(faults)),
        "speed": f"{60 * len(faults) / max(data['duration_s'], 0.1):.0f} faults a minute in {data['lanes']} lanes",
        "cost": f"{lane_s / stage_s if stage_s else 0:.2f} times the stage times that it needs",
    }


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({100 * part / whole:.0f} %)" if whole else "")


def verdict(data: dict[str, Any]) -> str:
    if data["partial"]:
        return "PARTIAL: broken off, so nothing is claimed of the rest"
    if data["problems"]:
        return f"NOT PROVEN: {len(data['problems'])} problems"
    if data["selection"] == "some":
        return "PROVEN IN PART: the faults that were asked for"
    return "PROVEN: every check has been seen failing for the right reason"


def as_text(data: dict[str, Any]) -> str:
    told = [f"PROBLEM   {_problem(problem)}" for problem in data["problems"]]
    if told:
        told.append(f"next      {NEXT}")
    told += [f"{name:<28}{share}" for name, share in shares(data).items()]
    return "\n".join([*told, f"time      {data['duration_s']} s", f"verdict   {verdict(data)} (exit code {data['exit_code']})"])


def _problem(problem: dict[str, str]) -> str:
    return ": ".join(filter(None, (problem["fault"], problem["check"].removeprefix("suites/"), problem["text"])))


def as_html(data: dict[str, Any]) -> str:
    import jinja2  # noqa: PLC0415 - the terminal does without it

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    shown = {"data": data, "shares": shares(data), "verdict": verdict(data), "matrix": matrix(data)}
    return template.render(shown, problem=_problem, then=NEXT)


def matrix(data: dict[str, Any]) -> dict[str, Any]:
    """Where the marks of check x fault stand in a picture: faults are rows, checks are columns in groups by file; pixels."""
    columns = {check["check"]: number for number, check in enumerate(data["checks"])}
    marks = []
    for row, fault in enumerate(data["faults"]):
        seen: dict[str, Counter[str]] = {}
        for each in fault["seen_by"]:
            seen.setdefault(function_of(each["check"]), Counter())[_part(each)] += 1
        marks += [
            {
                "x": LABEL_PX + CELL_PX * columns[check],
                "y": TOP_PX + CELL_PX * row,
                "part": next(part for part in PARTS if parts[part]),
                "title": f"{fault['name']}: {check} ({', '.join(f'{count} {part}' for part, count in parts.items())})",
            }
            for check, parts in seen.items()
            if check in columns
        ]
    return {
        "marks": marks,
        "rows": [{"name": fault["name"], "y": TOP_PX + CELL_PX * row} for row, fault in enumerate(data["faults"])],
        "themes": _themes(columns),
        "cell": CELL_PX,
        "width": LABEL_PX + CELL_PX * len(columns),
        "height": TOP_PX + CELL_PX * len(data["faults"]),
        "label": LABEL_PX,
        "top": TOP_PX,
    }


def _part(seen: dict[str, Any]) -> str:
    return str(seen["part"] if seen["outcome"] == "failed" else seen["outcome"])


def _themes(columns: dict[str, int]) -> list[dict[str, Any]]:
    """Each file of checks, with the place of its first column."""
    found: dict[str, int] = {}
    for check, number in columns.items():
        found.setdefault(check.split("::")[0], number)
    return [
        {
            "name": f"{PurePosixPath(path).parent} {PurePosixPath(path).stem.removeprefix('test_')}",
            "x": LABEL_PX + CELL_PX * number,
        }
        for path, number in found.items()
    ]
