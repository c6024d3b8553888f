"""The sandbox's command line: `up` starts it, `faults` lists the faults, `sick` the deployments with many of them."""

import argparse
import json
import signal
import sys
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from sandbox import faults
from sandbox.process.settings import Data
from sandbox.sick import deployments
from sandbox.sick.deployments import Sick, SickInvalid, SizeRefused, UnknownSick


def _up(arguments: argparse.Namespace) -> int:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing to clean up yet, so no traceback either
    # Here, so that --help and a usage error come at once.
    from sandbox.process.foundation import Choices  # noqa: PLC0415 - see above
    from sandbox.process.launcher import Options, run  # noqa: PLC0415 - see above

    sick = _sick_of(arguments)
    if sick and not arguments.json:
        _say(f"{sick.name}: {', '.join(sick.faults)}")
    on = (*arguments.fault, *(sick.faults if sick else ()))
    limits = arguments.rate_limit_per_minute, arguments.rate_limit_per_hour
    choices = Choices(arguments.app_env, *limits, arguments.data, arguments.public_url)
    return run(Options(on, arguments.write_env, arguments.json, arguments.share, choices))


def _sick_of(arguments: argparse.Namespace) -> Sick | None:
    if arguments.sick:
        return deployments.get(arguments.sick)
    return None if arguments.sick_seed is None else deployments.drawn(arguments.sick_seed, arguments.size)


def _sick(arguments: argparse.Namespace) -> int:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # as below
    seeds = range(1, arguments.seeds + 1)
    listed = [*deployments.named().values(), *(deployments.drawn(seed, arguments.size) for seed in seeds)]
    if arguments.json:
        _say(json.dumps([sick.as_json() for sick in listed], ensure_ascii=False, indent=1))
        return 0
    width = max(len(sick.name) for sick in listed) + 2
    for sick in listed:
        _say(f"{sick.name:<{width}}{len(sick.faults):>2} faults  {sick.sentence['en']}")
    return 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the result


def _faults(arguments: argparse.Namespace) -> int:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a reader such as head may have enough
    if arguments.json:
        _say(json.dumps([fault.as_json() for fault in faults.catalogue()], ensure_ascii=False, indent=1))
        return 0
    width = max(len(fault.name) for fault in faults.catalogue()) + 2
    for fault in faults.catalogue():
        _say(f"{fault.name:<{width}}{fault.part:<12}{fault.kind:<15}{fault.severity}  {fault.sentence}")
    return 0


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.netloc or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError("must be scheme, host and port, such as https://127.0.0.1:8443")
    return f"https://{parts.netloc}"


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
    broken = up.add_mutually_exclusive_group()
    broken.add_argument("--sick", metavar="NAME", help="start this sick deployment: many faults at once")
    broken.add_argument("--sick-seed", type=int, metavar="N", help="start with faults that this seed draws")
    up.add_argument(
        "--size", type=_positive, default=deployments.SIZE, metavar="N", help="how many --sick-seed draws (default: %(default)s)"
    )
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
    up.add_argument(
        "--data",
        choices=get_args(Data),
        default="seeded",
        help="what it holds: the contract's seed data; nothing; other names, amounts and ids; one contact and one campaign "
        "without calls; 20,000 contacts (default: %(default)s)",
    )
    up.add_argument(
        "--public-url",
        type=_origin,
        metavar="URL",
        help="its address at a proxy of your own, which sends to edge_url with that Host",
    )
    up.set_defaults(run=_up)

    listing = commands.add_parser("faults", help="list the faults that can be switched on")
    listing.add_argument("--json", action="store_true", help="with all fields, as JSON")
    listing.set_defaults(run=_faults)

    sick = commands.add_parser("sick", help="list the sick deployments: many faults at once")
    sick.add_argument("--json", action="store_true", help="with all fields, as JSON")
    sick.add_argument("--seeds", type=int, default=0, metavar="N", help="and those that the seeds 1 to N draw")
    sick.add_argument(
        "--size", type=_positive, default=deployments.SIZE, metavar="N", help="how many faults each draws (default: %(default)s)"
    )
    sick.set_defaults(run=_sick)
    return parser


def main() -> int:
    arguments = _parser().parse_args()
    try:
        return int(arguments.run(arguments))
    except (UnknownSick, SickInvalid, SizeRefused) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
