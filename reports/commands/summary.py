"""`python -m reports summary`: the summary of a job on GitHub in Markdown, and annotations on the checks that did not pass.

Both take texts from the target, so both escape them: in Markdown as HTML entities, in workflow commands as the runner unescapes
them (docs.github.com, "Workflow commands for GitHub Actions").
"""

import argparse
import html
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from record.outcome import SEVERITY as WORST
from record.run_folder import Run
from record.suite import ROOT
from reports import folders
from reports.dossier import run_selection
from reports.plan.line_states import OF_OUTCOME
from reports.rendering import plain
from reports.terminal import write

EXAMPLE = "summary reports/out/20261125T101500Z-staging-smoke-1f3c"
ANNOTATED = 10  # GitHub shows as many of each level for one step
LISTED = 50  # findings in the summary; the artifact has all of them
VERDICTS = {0: "GREEN", 1: "RED", 6: "NOT GREEN", 7: "NOT GREEN"}
MARKS = {"GREEN": "🟢", "RED": "🔴"}
# What Markdown gives a meaning, inside of a line or at its beginning.
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>@:])")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", nargs="*", type=Path, metavar="DIR", help="folders of runs (default: reports/out/latest)")


def run(options: argparse.Namespace) -> int:
    """Markdown to GITHUB_STEP_SUMMARY where there is one, else to the terminal; annotations where GitHub reads them."""
    runs = folders.runs(options.runs)
    if page := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(page).open("a", encoding="utf-8") as file:
            file.write(summary(runs))
        for annotation in annotations(runs):
            write(annotation)
    else:
        write(summary(runs))
    return 0


def summary(runs: Sequence[Run]) -> str:
    """Markdown: the verdict of each run, a table by stage, and the findings."""
    return "\n\n".join(part for run in runs for part in _of_run(run)) + "\n"


def _of_run(run: Run) -> Iterator[str]:
    verdict = VERDICTS.get(run.data["exit_code"], "NO VERDICT")
    where = f"{run.environment} {run.data['target']['version_at_end'] or '?'}"
    stages = ", ".join(run_selection.stages_of(run)) or "nothing selected"
    yield f"## {MARKS.get(verdict, '🟡')} {verdict}: {text(stages)} on {text(where)}"
    if run.data["no_evidence"]:
        yield "\n".join(f"- {text(reason)}" for reason in run.data["no_evidence"])
    yield _table(run)
    found = [check for check in run.checks if check["outcome"] in OF_OUTCOME and check["finding"]]
    if found:
        yield _findings(found)
    yield f"`run.json` sha256 `{run.digest}`"


def _table(run: Run) -> str:
    stages = run_selection.stages_of(run)
    counts = {stage: Counter(check["outcome"] for check in run.checks if check["stage"] == stage) for stage in stages}
    shown = [outcome for outcome in WORST if any(counts[stage][outcome] for stage in stages)]
    head = f"| stage | {' | '.join(shown)} | selected |\n|---|{'---:|' * (len(shown) + 1)}"
    rows = [
        _row(stage, [counts[stage][outcome] for outcome in shown], run.data["selection"]["stages"][stage]) for stage in stages
    ]
    return "\n".join([head, *rows])


def _row(stage: str, counts: Iterable[int], selection: Mapping[str, Any]) -> str:
    least = "at least " if selection["at_least"] else ""
    return f"| {stage} | {' | '.join(map(str, counts))} | {selection['selected']} of {least}{selection['total']} |"


def _findings(found: Sequence[Mapping[str, Any]]) -> str:
    lines = ["| outcome | check | expected | seen | next |", "|---|---|---|---|---|"]
    for check in sorted(found, key=lambda check: WORST.index(check["outcome"]))[:LISTED]:
        parts = [text(check["finding"][part]) for part in ("expected", "seen", "next")]
        lines.append(f"| {check['outcome']} | {text(check['id'])} | {' | '.join(parts)} |")
    more = len(found) - LISTED
    return "\n".join([*lines, *([f"\n{more} more are in the evidence."] if more > 0 else [])])


def text(value: object) -> str:
    """One line of Markdown that shows these characters and does nothing."""
    line = " ".join(plain(value).split())
    return MARKDOWN.sub(r"\\\1", html.escape(line, quote=False))


def annotations(runs: Sequence[Run]) -> Iterator[str]:
    """Workflow commands, the gravest first: an error on each check that failed, a warning on each that could not look."""
    found = [check for run in runs for check in run.checks if check["outcome"] in ("failed", "unverified", "blocked")]
    levels = {"failed": "error", "unverified": "warning", "blocked": "warning"}
    for level in ("error", "warning"):
        some = [check for check in found if levels[check["outcome"]] == level]
        yield from (_annotation(level, check) for check in some[:ANNOTATED])


def _annotation(level: str, check: Mapping[str, Any]) -> str:
    file, line = place(check["id"])
    finding = check["finding"] or {}
    message = "\n".join(f"{part}: {plain(finding.get(part, ''))}" for part in ("expected", "seen", "where", "next"))
    title = _property(f"{check['outcome']}: {check['id']}")
    return f"::{level} file={_property(file)},line={line},title={title}::{_data(message)}"


def place(node_id: str) -> tuple[str, int]:
    """The file and the line on which a check begins; 1 where it cannot be found."""
    file, _, inner = node_id.partition("::")
    name = inner.partition("[")[0].rpartition("::")[2]
    path = ROOT / file
    if not re.fullmatch(r"suites/[\w/]+\.py", file) or not path.is_file():
        return file, 1
    lines = path.read_text(encoding="utf-8").splitlines()
    begins = re.compile(rf"\s*(?:async )?def {re.escape(name)}\b")
    return file, next((number for number, line in enumerate(lines, start=1) if begins.match(line)), 1)


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
