"""Which checks run under a fault: those that have to see it, and a sample of the others that it can touch. Pure."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from record.run import Check
from record.stages import function_of

PAGES = "/test_pages"  # files of checks that need a browser, whose start and sign-in cost more than all that is sampled
PAGE_COUNTS_FOR = 6
PAGES_EVERY = 4
USUAL_S = 0.15  # of a check that was not in the healthy run


def costs(healthy: Iterable[Check]) -> dict[str, float]:
    """Seconds of each check, and of each function with all its parameters."""
    found: dict[str, float] = defaultdict(float)
    for check in healthy:
        for name in {check.id, function_of(check.id)}:
            found[name] += check.duration_s
    return dict(found)


def pick(fault: str, kills: Collection[str], touched: Collection[str], sample: int) -> frozenset[str]:
    """`kills` (checks or functions) and, of what the fault can touch, one check of each file, then a second, until `sample`.

    One of a page counts for several, and nothing depends on how fast the machine is.

    The name of the fault decides which, so that over all faults each check has its turn, and each run of the proof does the same.
    Pages have their turn where a page has to see the fault, and under every fourth of the others.
    """
    picked, left = set(kills), sample
    with_pages = any(PAGES in kill for kill in kills) or _order(fault)[0] % PAGES_EVERY == 0
    for check in _in_turn(fault, [check for check in touched if with_pages or PAGES not in check]):
        counts_for = PAGE_COUNTS_FOR if PAGES in check else 1
        if counts_for <= left and check not in picked and function_of(check) not in picked:
            picked.add(check)
            left -= counts_for
    return frozenset(picked)


def _order(*names: str) -> bytes:
    return hashlib.sha256(" ".join(names).encode()).digest()


def _in_turn(fault: str, touched: Collection[str]) -> list[str]:
    shuffled = sorted(touched, key=lambda check: _order(fault, check))
    place: dict[str, int] = {}
    of_file: Counter[str] = Counter()
    for check in shuffled:
        of_file[check.split("::")[0]] += 1
        place[check] = of_file[check.split("::")[0]]
    return sorted(shuffled, key=place.__getitem__)
