"""The proof as files, proof.json for programs and proof.html for people; and a few lines for the terminal."""

import json
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

from proof.selection import Selection
from record.stages import function_of

DATA, PAGE = "proof.json", "proof.html"
TEMPLATE = Path(__file__).with_name("report.html.j2")
CELL_PX, LABEL_PX, TOP_PX = 11, 300, 150
NEXT = "fix the check or its finding, or correct its module in proof/expectations; repeat with make proof FAULT=NAME"
# Worst first: what one mark of the matrix shows of all the parameters of a check.
PARTS = ("unrelated", "unverified", "kills", "collateral", "blocked")


def write(data: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATA).write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / PAGE).write_text(as_html(data), encoding="utf-8")


def remove(folder: Path) -> None:
    """What `write` left there: it is not the result of the proof that begins now."""
    for name in (DATA, PAGE):
        (folder / name).unlink(missing_ok=True)


def shares(data: dict[str, Any]) -> dict[str, str]:
    """The numbers that are published, each as a person reads it."""
    faults, checks = data["faults"], data["checks"]
    stage_s = data["sum_of_stage_times_s"]
    busy_s = data["workers_busy_s"]
    return {
        "faults seen": _of(sum(bool(fault["seen_by"]) for fault in faults), len(faults)),
        "checks seen failing": _of(sum(bool(check["killed_by"]) for check in checks), len(checks)),
        "first finding is the cause": _of(sum(fault["diagnosed"] for fault in faults), len(faults)),
        "speed": f"{60 * len(faults) / max(data['duration_s'], 0.1):.0f} faults a minute in {data['workers']} workers",
        "cost": f"{busy_s / stage_s if stage_s else 0:.2f} times the stage times that it needs",
    }


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({100 * part / whole:.0f} %)" if whole else "")


def verdict(data: dict[str, Any]) -> str:
    if data["partial"]:
        return "PARTIAL: broken off, so nothing is claimed of the rest"
    if data["gaps"]:
        return f"NOT PROVEN: {len(data['gaps'])} gaps"
    if data["selection"] != "all":
        return "PROVEN IN PART: {rows} of {of} faults".format(**data["selected"])
    return "PROVEN: every check has been seen failing for the right reason"


def as_text(data: dict[str, Any]) -> str:
    lines = [f"GAP       {_gap(gap)}" for gap in data["gaps"]]
    if lines:
        lines.append(f"next      {NEXT}")
    lines += [f"{name:<28}{share}" for name, share in shares(data).items()]
    if data["repeated"]:
        lines.append(f"{'run again under load':<28}{', '.join(data['repeated'])}")
    return "\n".join([*lines, f"time      {data['duration_s']} s", f"verdict   {verdict(data)} (exit code {data['exit_code']})"])


def of_selection(selection: Selection) -> str:
    """Which share of the faults is proven, and why these."""
    why = (f"{rows:>6}  {reason}" for reason, rows in selection.reasons.items())
    return "\n".join([f"faults to prove: {len(selection.rows)} of {selection.of}", *why])


def _gap(gap: dict[str, str]) -> str:
    return ": ".join(filter(None, (gap["fault"], gap["check"].removeprefix("suites/"), gap["text"])))


def as_html(data: dict[str, Any]) -> str:
    import jinja2  # noqa: PLC0415 - the terminal does without it

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    shown = {"data": data, "shares": shares(data), "verdict": verdict(data), "matrix": matrix(data)}
    return template.render(shown, gap=_gap, next_step=NEXT)


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
