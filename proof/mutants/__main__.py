"""`make mutants`: what no check asks, measured with mistakes that are made from the product's code and that nobody thought up."""

import argparse
import difflib
import signal
import sys
from collections.abc import Collection
from pathlib import Path

from proof import preload
from proof.catalogue import Unusable
from proof.mutants import generation, sources
from proof.mutants.generation import Mutant
from record.suite import ROOT

OUT = ROOT / "reports" / "out" / "proof"
NUMBER = 200
WORKERS = 2  # each keeps a database, a backend and its checks busy


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m proof.mutants",
        description="Change the product's code in one place at a time, run the checks that can touch it, and say which changes "
        "no check sees. Writes reports/out/proof/mutants.json and mutants.html.",
        epilog="Exit code: 0 the goals are met, 1 they are missed, 2 a name is unknown, 130 broken off (the files hold the "
        "results until then, marked as partial).",
    )
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these (default: those that are drawn)")
    parser.add_argument("--number", type=int, default=NUMBER, metavar="N", help="how many are drawn (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which ones (default: %(default)s)")
    parser.add_argument("--area", default="", metavar="AREA", help="of this area of the product only, such as calls or database")
    parser.add_argument("--list", action="store_true", help="print them with their changes, and run nothing")
    parser.add_argument("--workers", type=int, default=WORKERS, metavar="N", help="side by side (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help="default: reports/out/proof")
    options = parser.parse_args(arguments)
    if min(options.number, options.workers) < 1:
        parser.error("--number and --workers are 1 or more")
    return options


def asked_for(options: argparse.Namespace, mutants: Collection[Mutant]) -> list[Mutant]:
    """Raises Unusable for what does not exist."""
    areas = {mutant.area for mutant in mutants}
    if options.area and options.area not in areas:
        raise Unusable(f"no area is called {options.area!r}. There are: {', '.join(sorted(areas))}")
    known = {mutant.id: mutant for mutant in mutants}
    for name in options.ids:
        if name not in known:
            near = ", ".join(difflib.get_close_matches(name, known, n=3)) or "none"
            raise Unusable(f"no mutant is called {name!r}. Nearest: {near}. python -m proof.mutants --list lists those of a draw")
    if options.ids:
        return [known[name] for name in options.ids]
    return generation.draw(mutants, options.number, options.seed, options.area)


def _shown(mutant: Mutant, content: bytes) -> str:
    head = f"{mutant.id}  {mutant.area}, {mutant.operator}, severity {mutant.severity}: {mutant.file}:{mutant.line}"
    return f"{head}\n{mutant.diff(content)}\n"


def main() -> int:
    options = parse()
    try:
        mutants = generation.generate()
        drawn = asked_for(options, mutants)
        code = {source.file: source for source in sources.product()}
        if options.list:
            sys.stdout.write("\n".join(_shown(mutant, code[mutant.file].content) for mutant in drawn))
            return 0
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        preload.up()
        from proof.mutants import execution  # noqa: PLC0415 - pytest has to import our plugins first, to rewrite their asserts

        return execution.run(drawn, len(mutants), code, options)
    except Unusable as error:
        sys.stderr.write(f"mutants: {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
