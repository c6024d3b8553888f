"""`python -m reports attest`: an attestation of a line of the plan, or the approval of a gate."""

import argparse
import difflib
from datetime import UTC, datetime

from record import releases
from record.run_folder import Recorded
from reports import folders
from reports.dossier import attesting, run_selection
from reports.dossier.interview import Interview, NothingWritten
from reports.plan import gates, plan_file
from reports.plan.plan_file import Line
from reports.terminal import complain, write

EXAMPLE = "attest --line W1-D5-T6 --release v1.0.0-MVP --env staging"
STOPPED = 2


def add(parser: argparse.ArgumentParser) -> None:
    subject = parser.add_mutually_exclusive_group(required=True)
    subject.add_argument("--line", help="a line of the plan, such as W1-D5-T6")
    subject.add_argument("--gate", help="a gate, such as deploy: approves the newest runs")
    parser.add_argument("--release", required=True, help="such as v1.0.0-MVP")
    parser.add_argument("--env", help="the environment; may be left out for a line")
    parser.add_argument("--lang", choices=("es", "en"), default="es", help="of the questions (default: es)")


def run(options: argparse.Namespace) -> int:
    release = releases.require_name(options.release)
    interview = Interview(input, write, options.lang, folders.ATTESTATIONS, datetime.now(UTC))
    try:
        if options.line:
            attesting.of_line(known_line(options.line), release, options.env, interview)
        else:
            _approve(options.gate, release, options.env, interview)
    except NothingWritten as error:
        complain(str(error))
        return STOPPED
    return 0


def _approve(gate_name: str, release: str, environment: str | None, interview: Interview) -> None:
    if not environment:
        raise ValueError("an approval is about one environment: say which with --env")
    gate = gates.named(gate_name, gates.load())
    runs = deciding(gate, environment, release)
    attesting.of_gate(gate, runs, release, run_selection.environment(environment), interview)


def deciding(gate: gates.Gate, environment: str, release: str) -> list[Recorded]:
    """The runs that a dossier of this gate would be decided by. ValueError when there are none."""
    out = folders.OUT
    runs, _ = run_selection.newest(out, gate, run_selection.environment(environment), release)
    if not runs:
        raise ValueError(f"no run on {environment} whose target is {release} below {out}: there is nothing to approve yet")
    return runs


def known_line(name: str) -> Line:
    """ValueError with the nearest ids."""
    lines = plan_file.load().lines
    if name not in lines:
        raise ValueError(
            f"the plan has no line {name}. Nearest: {', '.join(difflib.get_close_matches(name, lines, 3)) or 'none'}"
        )
    return lines[name]
