"""`make sick`: how useful the verdict on a really broken deployment is, measured on many."""

import argparse
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from proof import preload
from proof.catalogue import Unusable
from proof.sick_measures import Sick
from record.suite import ROOT

OUT = ROOT / "reports" / "out" / "proof"
WORKERS = 2  # each keeps a browser, a database and a backend busy
SEED = "seed-"


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m proof.sick",
        description="Run all checks but those of load on deployments that are broken in many places, and measure whether each "
        "cause is reported as its own finding, the gravest first, nothing blocked and nobody accused wrongly. "
        "Writes reports/out/proof/sick.json and sick.html.",
        epilog="Exit code: 0 the goals are met, 1 they are missed, 2 a name is unknown, 130 broken off (the files hold the "
        "results until then, marked as partial).",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these, seed-7 for one that is drawn (default: all named)")
    parser.add_argument("--seeds", type=int, default=0, metavar="N", help="and those that the seeds 1 to N draw (default: none)")
    parser.add_argument("--size", type=int, default=12, metavar="N", help="how many faults each of these has (default: 12)")
    parser.add_argument("--workers", type=int, default=WORKERS, metavar="N", help="side by side (default: %(default)s)")
    parser.add_argument(
        "--recorded", action="store_true", help="measure the runs of the last time again, after expectations changed"
    )
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help="default: reports/out/proof")
    options = parser.parse_args(arguments)
    if min(options.workers, options.size) < 1 or options.seeds < 0:
        parser.error("--workers and --size are 1 or more, --seeds 0 or more")
    return options


def listed(options: argparse.Namespace) -> list[Sick]:
    """The deployments that were asked for, as the sandbox lists them. Raises Unusable."""
    seeds = max([options.seeds, *map(_seed_of, options.names)])
    printed = _printed("--seeds", str(seeds), "--size", str(options.size))
    known = {each["name"]: Sick(each["name"], tuple(each["faults"]), frozenset(each["visible"])) for each in printed}
    if unknown := [name for name in options.names if name not in known]:
        raise Unusable(f"no sick deployment is called {', '.join(unknown)}. python -m sandbox sick lists them all")
    drawn = {f"{SEED}{seed}" for seed in range(1, options.seeds + 1)}
    wanted = {*options.names, *drawn} if options.names else {*drawn, *(name for name in known if not name.startswith(SEED))}
    return [sick for name, sick in known.items() if name in wanted]


def _seed_of(name: str) -> int:
    number = name.removeprefix(SEED)
    return int(number) if name.startswith(SEED) and number.isdecimal() else 0


def _printed(*arguments: str) -> list[dict[str, Any]]:
    command: Sequence[str] = [sys.executable, "-m", "sandbox", "sick", "--json", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Unusable(done.stderr.strip())
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def main() -> int:
    options = parse()
    try:
        deployments = listed(options)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        preload.up()
        from proof import sick_execution  # noqa: PLC0415 - pytest has to import our plugins first, to rewrite their asserts

        return sick_execution.run(deployments, options)
    except Unusable as error:
        sys.stderr.write(f"sick: {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
