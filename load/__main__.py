"""`python -m load`: what a run can prove, what it proved, what changed since another one, and its pages. Sends nothing."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from load import shapes

USAGE = 4
EXAMPLES = """examples:
  python -m load plan --env=staging --rate=1.5             what each criterion needs, and what this run can prove
  python -m load plan --env=prod --rate=1 --duration=60    what one minute at one a second can claim
  python -m load judge reports/out/latest/load/samples.npz the verdicts again, from the samples alone
  python -m load compare before.npz after.npz              which endpoints got slower, with an interval
  python -m load page samples.npz --out=/tmp/report        pages in Spanish and English, and pictures

exit codes: plan 0 (can prove all) or 6; judge 0 met, 1 violated, 6 unverified; compare 0, 1 (some endpoint surely slower), 6
(nothing can be said); 4 for what cannot be read or used, and for a plan that would be refused"""


class Parser(argparse.ArgumentParser):
    """Ends with 4 for a mistake, as the other commands of this suite do, and not with argparse's 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}; examples: python -m load --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Each command is a module with `run(options)`, imported when it is called: help must not wait for numpy and matplotlib."""
    options = _parser().parse_args(arguments)
    command = importlib.import_module(f"load.commands.{options.command}")
    try:
        return int(command.run(options))
    except ValueError as error:  # every file, profile and option that cannot be used is one, and its message has the remedy
        sys.stderr.write(f"{error}\n")
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = Parser("python -m load", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    plan = commands.add_parser("plan", help="what each criterion needs, and what a run can prove; sends nothing")
    plan.add_argument("--env", default="", help="the environment (local: any sandbox)")
    plan.add_argument("--env-file", default="", help="a profile of your own instead of a name")
    plan.add_argument("--rate", type=float, help="requests a second (default: as many as LV_MAX_RPS allows, up to 100)")
    plan.add_argument("--duration", type=float, help="seconds of sending (default: enough for the strictest criterion)")
    plan.add_argument("--shape", choices=tuple(shapes.SHAPES), default="constant", help="how the rate changes over the run")
    plan.add_argument("--early-stop", action="store_true", help="of a run that ends as soon as everything is decided")
    plan.add_argument("--allow-writes", action="store_true", help="journeys write to a protected environment, too")
    judge = commands.add_parser("judge", help="the verdicts on a run, computed again from its samples")
    judge.add_argument("file", type=Path, help="samples.npz of the run")
    judge.add_argument("--objectives", type=Path, help="other criteria than those that the run was judged by")
    judge.add_argument("--json", action="store_true", help="every verdict with its numbers")
    compare = commands.add_parser("compare", help="two runs by endpoint: slower or faster, with an interval")
    compare.add_argument("base", type=Path, help="samples.npz of the run to compare with")
    compare.add_argument("new", type=Path, help="samples.npz of the run in question")
    compare.add_argument("--json", action="store_true", help="every change with its numbers")
    page = commands.add_parser("page", help="pages (Spanish, English) and pictures of a run")
    page.add_argument("file", type=Path, help="samples.npz of the run")
    page.add_argument("--out", type=Path, help="the folder to write to (default: beside the file)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
