"""`python -m reports summary`: the summary of a job on GitHub in Markdown, and annotations on the checks that did not pass.

Both take texts from the target, so both escape them: in Markdown as HTML entities, in workflow commands as the runner unescapes
them (docs.github.com, "Workflow commands for GitHub Actions").
"""

import argparse
import html
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from record import contract, verdict
from record.finding import Finding
from record.grouping import in_reading_order
from record.outcome import SEVERITY as WORST
from record.run import Check
from record.run_folder import Recorded
from record.suite import ROOT
from reports import folders
from reports.dossier import run_selection
from reports.plan.line_states import OF_OUTCOME
from reports.rendering import plain
from reports.terminal import write

EXAMPLE = "summary reports/out/20261125T101500Z-staging-smoke-1f3c"
ANNOTATED = 10  # GitHub shows as many of each level for one step
LISTED = 50  # findings in the summary; the artifact has all of them
MARKS = {"GREEN": "🟢", verdict.READING: "🟢", "RED": "🔴"}
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


def summary(runs: Sequence[Recorded]) -> str:
    """Markdown: the verdict of each run, a table by stage, and the findings."""
    return "\n\n".join(part for run in runs for part in _of_run(run)) + "\n"


def _of_run(run: Recorded) -> Iterator[str]:
    told = verdict.verdict(run.content)
    where = f"{run.content.environment} {run.content.target.version_at_end or '?'}"
    stages = ", ".join(run_selection.stages_of(run)) or "nothing selected"
    yield f"## {MARKS.get(told.word, '🟡')} {told.word}: {text(stages)} on {text(where)}"
    if told.word != "GREEN":
        yield "\n".join(f"- {text(verdict.sentence(reason))}" for reason in told.reasons)
    yield _table(run)
    covered = contract.coverage(run.content.rows, run.checks)
    if covered.looked_at:
        differ = f", {len(covered.ids('differs'))} of them differ" if covered.ids("differs") else ""
        yield f"contract: {covered.looked_at} of {covered.total} rows looked at{differ}"
    ordered = in_reading_order(run.checks, run.content.target.base_urls)
    found = [(check, check.finding) for check in ordered if check.outcome in OF_OUTCOME and check.finding]
    if found:
        yield _findings(found)
    yield f"`run.json` sha256 `{run.digest}`"


def _table(run: Recorded) -> str:
    stages = run_selection.stages_of(run)
    counts = {stage: Counter(check.outcome for check in run.checks if check.stage == stage) for stage in stages}
    shown = [outcome for outcome in WORST if any(counts[stage][outcome] for stage in stages)]
    head = f"| stage | {' | '.join(shown)} | selected |\n|---|{'---:|' * (len(shown) + 1)}"
    rows = [_row(stage, [counts[stage][outcome] for outcome in shown], run) for stage in stages]
    return "\n".join([head, *rows])


def _row(stage: str, counts: Iterable[int], run: Recorded) -> str:
    count = run.content.selection.stages[stage]
    writing = len(verdict.left_to_writing(run.content, stage))
    least = "at least " if count.at_least else ""
    left = f", {writing} that write left out" if writing else ""
    return f"| {stage} | {' | '.join(map(str, counts))} | {count.selected} of {least}{count.total - writing}{left} |"


def _findings(found: Sequence[tuple[Check, Finding]]) -> str:
    lines = ["| outcome | check | expected | seen | next |", "|---|---|---|---|---|"]
    for check, finding in found[:LISTED]:
        parts = [text(part) for part in (finding.expected, finding.seen, finding.next)]
        lines.append(f"| {check.outcome} | {text(check.id)} | {' | '.join(parts)} |")
    more = len(found) - LISTED
    return "\n".join([*lines, *([f"\n{more} more are in the evidence."] if more > 0 else [])])


def text(value: object) -> str:
    """One line of Markdown that shows these characters and does nothing."""
    line = " ".join(plain(value).split())
    return MARKDOWN.sub(r"\\\1", html.escape(line, quote=False))


def annotations(runs: Sequence[Recorded]) -> Iterator[str]:
    """Workflow commands, in reading order: an error on each check that failed, a warning on each that could not look."""
    found = [check for run in runs for check in in_reading_order(run.checks, run.content.target.base_urls)]
    levels = {"failed": "error", "unverified": "warning", "blocked": "warning"}
    for level in ("error", "warning"):
        some = [check for check in found if levels.get(check.outcome) == level]
        yield from (_annotation(level, check) for check in some[:ANNOTATED])


def _annotation(level: str, check: Check) -> str:
    file, line = place(check.id)
    lines = check.finding.lines() if check.finding else {}
    message = "\n".join(f"{part}: {plain(lines.get(part, ''))}" for part in ("expected", "seen", "where", "next"))
    title = _property(f"{check.outcome}: {check.id}")
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
