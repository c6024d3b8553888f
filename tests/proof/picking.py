"""Which checks run under a fault: those that have to see it, and a sample of the others that it can touch. Pure."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from fixtures.stages import function_of

SAMPLE_S = 1.5  # by the times of the healthy run
PAGES = "/test_pages"  # files of checks that need a browser, whose start and sign-in cost more than all that is sampled
PAGES_EVERY = 4
USUAL_S = 0.15  # of a check that was not in it


def costs(healthy: Iterable[Mapping[str, float | str]]) -> dict[str, float]:
    """Seconds of each check of run.json, and of each function with all its parameters."""
    found: Counter[str] = Counter()
    for check in healthy:
        for name in {str(check["id"]), function_of(str(check["id"]))}:
            found[name] += float(check["duration_s"])  # type: ignore[assignment] # a Counter adds up what it is given
    return dict(found)


def pick(fault: str, kills: Collection[str], touched: Collection[str], seconds: Mapping[str, float]) -> frozenset[str]:
    """`kills` (checks or functions) and, of what the fault can touch, one check of each file, then a second, for SAMPLE_S.

    The name of the fault decides which, so that over all faults each check has its turn, and each run of the proof does the same.
    Pages have their turn where a page has to see the fault, and under every fourth of the others.
    """
    picked, left_s = set(kills), SAMPLE_S
    with_pages = any(PAGES in kill for kill in kills) or _order(fault)[0] % PAGES_EVERY == 0
    for check in _in_turn(fault, [check for check in touched if with_pages or PAGES not in check]):
        cost_s = seconds.get(check, USUAL_S)
        if cost_s <= left_s and check not in picked and function_of(check) not in picked:
            picked.add(check)
            left_s -= cost_s
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
