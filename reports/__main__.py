"""What follows from runs: `python -m reports --help`. Talks to no network."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from reports.terminal import PROGRAM, complain

INTERRUPTED, REFUSED = 2, 4
# A module of reports/commands/ each. Only the chosen one is imported: the libraries of all of them take seconds.
COMMANDS = {
    "report": "Allure's report of runs as one HTML file, with history across runs",
    "signoff": "the dossier for one gate: verdict, pages, evidence, signature",
    "verify": "whether a dossier can be believed, offline",
    "build": "a deliverable of the plan that derives from runs, as HTML, PDF and CSV",
    "attest": "state what no machine can see: that a line of the plan is done, or that a gate may open",
    "summary": "what GitHub shows of runs: the job's summary and annotations",
    "coverage": "how much of the contract runs looked at, by its sections",
    "lines": "find lines of the plan by words of their text, with what each of them rests on",
    "plan": "bring the lists of checks in the plan up to date with the markers of the checks",
    "key": "the key that signs: made when there is none; its public half goes to reports/keys/",
}
HELP = """\
examples:
  {0} report --lang en                                Allure's report of the latest run
  {0} signoff --env staging --release v1.0.0-MVP      the dossier of the newest runs, signed
  {0} verify reports/out/signoff-v1.0.0-MVP-staging-...   every verdict again, from the evidence
  {0} attest --line W1-D5-T6 --release v1.0.0-MVP     attest what no machine can see, under your name
  {0} lines copias seguridad                          the id of a line of the plan

`{0} COMMAND --help` has the options and an example of each command.

exit codes: signoff 0 GO, 1 NO-GO, 6 NOT YET; verify 0 agrees, 1 does not, 6 signed by a key that nobody here trusts;
report 6 without what makes it; lines 1 no match; plan --check 1 differences;
2 interrupted; 4 when an argument cannot be used
"""


def main(arguments: Sequence[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(arguments).parse_args(arguments)
    try:
        code: int = options.run(options)
    except KeyboardInterrupt:
        complain("interrupted; nothing half-made was left")
        return INTERRUPTED
    except (OSError, ValueError) as error:  # every error of this room that has a message of its own is a ValueError
        complain(str(error))
        return REFUSED
    return code


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog=PROGRAM, description=__doc__, epilog=HELP.format(PROGRAM), formatter_class=raw)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    chosen = next((each for each in arguments if not each.startswith("-")), None)
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=purpose, formatter_class=raw)
        if name == chosen:
            module = importlib.import_module(f"reports.commands.{name}")
            command.epilog = f"example:\n  {PROGRAM} {module.EXAMPLE}"
            command.set_defaults(run=module.run)
            module.add(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
