"""`python -m reports report`: Allure's report of runs as one HTML file."""

import argparse
from pathlib import Path

from reports import folders
from reports.allure import site
from reports.terminal import complain, show

EXAMPLE = "report reports/out/20261125T101500Z-staging-smoke-1f3c --lang en"
NO_REPORT = 6


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", nargs="*", type=Path, metavar="DIR", help="folders of runs (default: reports/out/latest)")
    parser.add_argument("--lang", choices=("es", "en"), default="es", help="default: es")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: reports/out/report.<lang>.html")
    parser.add_argument(
        "--history", type=Path, metavar="FILE", help="carried from run to run (default: reports/out/history.jsonl)"
    )


def run(options: argparse.Namespace) -> int:
    out = options.out or folders.OUT / f"report.{options.lang}.html"
    try:
        report = site.build(folders.runs(options.runs), out, options.lang, options.history or folders.OUT / "history.jsonl")
    except site.NoReport as error:
        complain(str(error))
        return NO_REPORT
    show("report", report.file)
    show("checks", ", ".join(f"{count} {outcome}" for outcome, count in sorted(report.counts.items())))
    return 0
