"""`make proof`: run the checks on the healthy sandbox and under each fault, and say whether every check is proven."""

import argparse
import os
import sys
from pathlib import Path

from proof import catalogue, preload
from proof.catalogue import Unusable
from record.suite import ROOT

OUT = ROOT / "reports" / "out" / "proof"

SAMPLE = 24  # enough to see over all faults what else fails, and few enough for CI


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m proof",
        description="Run the checks on the healthy sandbox and under each fault, and say whether every check is proven: seen "
        "failing, with a finding that names the cause. Writes reports/out/proof/proof.json and proof.html.",
        epilog="Exit code: 0 proven, 1 not proven, 2 what was asked for cannot be proven, 130 broken off (the files hold the "
        "results until then, marked as partial).",
    )
    parser.add_argument(
        "faults",
        nargs="*",
        metavar="FAULT",
        help="only these; a+b for two at once (default: what the change since --base can touch, and a tenth of the rest)",
    )
    parser.add_argument("--all", action="store_true", help="every fault, as every night and before a release")
    parser.add_argument("--base", default="", metavar="COMMIT", help="of the change (default: where it left origin/main or main)")
    parser.add_argument(
        "--workers",
        type=_positive,
        default=2 * (os.cpu_count() or 1),
        metavar="N",
        help="side by side; they wait more than they compute (default: %(default)s)",
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help="under each fault every check, not only those that have to see it and some that it can touch",
    )
    parser.add_argument(
        "--sample",
        type=int,
        default=SAMPLE,
        metavar="N",
        help="how many of the checks that a fault can touch (default: %(default)s)",
    )
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help="default: reports/out/proof")
    return parser.parse_args(arguments)


def main() -> int:
    options = parse()
    try:
        catalogue.require(options.faults, catalogue.catalogue())
        preload.up()
        from proof import execution  # noqa: PLC0415 - pytest has to import our plugins first, to rewrite their asserts

        return execution.run(options)
    except Unusable as error:
        sys.stderr.write(f"proof: {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
