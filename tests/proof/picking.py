"""Which checks run under a fault: those that have to see it, and a sample of the others that it can touch. Pure."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from fixtures.stages import function_of

SAMPLE_S = 2.5  # by the times of the healthy run
USUAL_S = 0.15  # of a check that was not in it


def costs(healthy: Iterable[Mapping[str, float | str]]) -> dict[str, float]:
    """Seconds of each check of run.json, and of each function with all its parameters."""
    found: Counter[str] = Counter()
    for check in healthy:
        for name in {str(check["id"]), function_of(str(check["id"]))}:
            found[name] += float(check["duration_s"])  # type: ignore[assignment] # a Counter adds up what it is given
    return dict(found)


def pick(fault: str, kills: Collection[str], touched: Collection[str], seconds: Mapping[str, float]) -> frozenset[str]:
    """`kills` (functions) and, of what the fault can touch, one check of each file, then a second, for SAMPLE_S altogether.

    The name of the fault decides which, so that over all faults each check has its turn, and each run of the proof does the same.
    """
    picked, left_s = set(kills), SAMPLE_S
    for check in _in_turn(fault, [check for check in touched if function_of(check) not in picked]):
        cost_s = seconds.get(check, USUAL_S)
        if cost_s <= left_s:
            picked.add(check)
            left_s -= cost_s
    return frozenset(picked)


def _in_turn(fault: str, touched: Collection[str]) -> list[str]:
    shuffled = sorted(touched, key=lambda check: hashlib.sha256(f"{fault} {check}".encode()).digest())
    place: dict[str, int] = {}
    of_file: Counter[str] = Counter()
    for check in shuffled:
        of_file[check.split("::")[0]] += 1
        place[check] = of_file[check.split("::")[0]]
    return sorted(shuffled, key=place.__getitem__)
