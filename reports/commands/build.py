"""`python -m reports build`: the deliverables of the plan that derive from runs."""

import argparse
from pathlib import Path

from reports import folders, rendering
from reports.deliverables import documents, material
from reports.terminal import show

EXAMPLE = "build incidents --env staging --lang es"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help=f"{', '.join(documents.DELIVERABLES)}, or all")
    parser.add_argument("--env", default="local", help="the environment of the runs (default: local)")
    parser.add_argument("--release", help="runs on other versions are left out")
    parser.add_argument("--lang", choices=("es", "en"), help="default: both")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: reports/out/deliverables")


def run(options: argparse.Namespace) -> int:
    known = documents.DELIVERABLES
    if options.name not in (*known, "all"):
        raise ValueError(f"there is no deliverable {options.name!r}; there are {', '.join(known)}, and all")
    runs = material.gather(folders.OUT, options.env, options.release)
    if not runs.history:
        raise ValueError(f"no sound run on {runs.environment} below {folders.OUT}: make one with `make smoke ENV={options.env}`")
    languages = (options.lang,) if options.lang else rendering.LANGUAGES
    for name in known if options.name == "all" else [options.name]:
        written, notes = documents.write(name, runs, options.out or folders.OUT / "deliverables", languages)
        for label, lines in (("written", written), ("note", notes)):
            for line in lines:
                show(label, line)
    return 0
