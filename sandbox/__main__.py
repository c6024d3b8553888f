"""The sandbox's command line: `up` starts it, `faults` lists the faults that can be switched on."""

import argparse
import json
import signal
import sys
from pathlib import Path


def _up(arguments: argparse.Namespace) -> int:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing to clean up yet, so no traceback either
    # Here, so that --help and a usage error come at once.
    from sandbox.process.foundation import Choices  # noqa: PLC0415 - see above
    from sandbox.process.launcher import Options, run  # noqa: PLC0415 - see above

    choices = Choices(arguments.app_env, arguments.rate_limit_per_minute, arguments.rate_limit_per_hour)
    return run(Options(tuple(arguments.fault), arguments.write_env, arguments.json, arguments.share, choices))


def _faults(arguments: argparse.Namespace) -> int:
    from sandbox import faults  # noqa: PLC0415 - as above

    if arguments.json:
        print(json.dumps([fault.as_json() for fault in faults.catalogue()], ensure_ascii=False, indent=1))  # noqa: T201 - the result
        return 0
    width = max(len(fault.name) for fault in faults.catalogue()) + 2
    for fault in faults.catalogue():
        print(f"{fault.name:<{width}}{fault.part:<12}{fault.kind:<15}{fault.severity}  {fault.sentence}")  # noqa: T201 - the result
    return 0


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A small real deployment of the call-automation MVP on loopback, with faults that can be switched on.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    up = commands.add_parser(
        "up",
        help="start it and keep it until Ctrl-C",
        description="Start the sandbox on free loopback ports; it ends on Ctrl-C, SIGTERM or when its parent process ends, "
        "and leaves nothing behind. Addresses are printed once everything answers.",
    )
    up.add_argument("--fault", action="append", default=[], metavar="NAME", help="start with this fault; may be repeated")
    up.add_argument("--write-env", type=Path, metavar="PATH", help="write the profile for pytest --env-file=PATH there, too")
    up.add_argument("--json", action="store_true", help="print the addresses as one line of JSON")
    up.add_argument("--share", action="store_true", help="let local runs attach to this sandbox (one at a time)")
    up.add_argument(
        "--app-env",
        choices=("development", "staging", "production"),
        default="production",
        help="APP_ENV; development turns DEBUG and APP_DEBUG on (default: %(default)s)",
    )
    up.add_argument("--rate-limit-per-minute", type=_positive, default=100_000, metavar="N", help="default: %(default)s")
    up.add_argument("--rate-limit-per-hour", type=_positive, default=1_000_000, metavar="N", help="default: %(default)s")
    up.set_defaults(run=_up)

    listing = commands.add_parser("faults", help="list the faults that can be switched on")
    listing.add_argument("--json", action="store_true", help="with all fields, as JSON")
    listing.set_defaults(run=_faults)
    return parser


def main() -> int:
    arguments = _parser().parse_args()
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
