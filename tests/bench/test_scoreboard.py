"""Ways to an empty green, tried on this suite and on the tools that it is built from: how many does each of them leave green?

Green is exit code 0, which is what a pipeline looks at. Every figure is of a run made here and now; what cannot be done to a tool
in the same way is left out of its column. The tools do what they say they do: most of these ways are the caller's mistake, which
a tool for everything cannot call one.
"""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.bench import plain
from tests.fixtures.plugin import product_server
from tests.fixtures.plugin.product_server import ProductServer, as_json
from tests.load import product
from tests.servers.loopback import Reply
from tests.vacuity import tree
from tests.vacuity.bodies import BODIES
from tests.vacuity.case import CHECK, ONE, OTHER, TWO, Case
from tests.vacuity.plugins import PLUGINS
from tests.vacuity.selection import RULES, SELECTIONS
from tests.vacuity.targets import PROFILES, TARGETS, WAIVERS
from tests.vacuity.test_battery import ended
from tests.vacuity.tree import Ended, SuiteCopy

GROUPS: Mapping[str, Mapping[str, Case]] = {
    "less than the stage": SELECTIONS,
    "other rules": RULES,
    "checks that cannot fail": BODIES,
    "plugins": PLUGINS,
    "targets": TARGETS,
    "profiles": PROFILES,
    "waivers": WAIVERS,
}
NO_WAIVERS = frozenset((*PROFILES, *WAIVERS))  # the others know neither
SUITE = {ONE: CHECK, TWO: OTHER}


def show(what: str, *cells: str) -> None:
    print(f"\n  {what:<62}" + "".join(f"{cell:>18}" for cell in cells), end="")  # noqa: T201 - the table is the result


def colour(run: Ended | None) -> str:
    return "-" if run is None else "GREEN" if run.code == 0 else f"red ({run.code})"


def by_pytest(folder: Path, target: ProductServer, name: str, case: Case) -> Ended | None:
    """The same case without this suite; None where it cannot be made."""
    if not case.plain or name in NO_WAIVERS:
        return None
    tree.write(plain.project(folder), {**SUITE, **case.files})
    for removed in case.removed:
        (folder / removed).unlink()
    told = {"TARGET": target.url, **case.environment}
    if case.before:
        tree.run(folder, *case.before, TARGET=target.url)
    return tree.run(folder, *(each.format(root=folder) for each in case.arguments), python=case.python, **told)


def each_case(
    folder: Path, cases: Mapping[str, Case], run_case: Callable[[Path, ProductServer, str, Case], Ended | None]
) -> list[Ended | None]:
    """One case after the other, on a target of their own."""
    found = []
    with product_server.serving() as target:
        for number, (name, case) in enumerate(cases.items()):
            found.append(run_case(folder / str(number), target, name, case))
            plain.clear(folder / str(number))
    return found


def by_ourselves(folder: Path, target: ProductServer, _: str, case: Case) -> Ended:
    suite = SuiteCopy(folder / "suite")
    suite.renew(SUITE)
    return ended(suite, target, case)


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_checks_beside_plain_pytest(group: str, tmp_path: Path) -> None:
    """Both at once: nothing is timed here."""
    cases = GROUPS[group]
    with ThreadPoolExecutor() as pool:
        own = pool.submit(each_case, tmp_path / "ours", cases, by_ourselves)
        other = pool.submit(each_case, tmp_path / "plain", cases, by_pytest)
    rows = dict(zip(cases, zip(own.result(), other.result(), strict=True), strict=True))
    show(f"ways to an empty green: {group}", "Luz Verde", "pytest + allure")
    for name, runs in rows.items():
        show(name, *map(colour, runs))
    columns = ([run for run in column if run] for column in zip(*rows.values(), strict=True))
    show("left green", *(f"{sum(run.code == 0 for run in column)} of {len(column)}" for column in columns))

    assert [name for name, (run, _) in rows.items() if run and run.code == 0] == []


READS = {f"GET {path}": as_json(content) for path, content in product.READS.items()}
HTML = Reply(200, b"<!doctype html><title>Bienvenido</title>", {"content-type": "text/html"})
SIGN_IN_PAGE = dict.fromkeys(READS, Reply(302, headers={"location": "/login"})) | {"GET /login": HTML}
PORTAL = {**dict.fromkeys(READS, HTML), "POST /api/auth/login": HTML}
HANGING = {**READS, "POST /api/auth/login": Reply(wait=threading.Event())}
STALL_AFTER_S, STALL_S = 1.5, 2.0


class Gate(threading.Event):
    """Open but for two seconds after the target was first asked for data: a database that fails over."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_s: float | None = None

    def wait(self, timeout: float | None = None) -> bool:
        self.asked_s = self.asked_s or time.monotonic()
        left_s = self.asked_s + STALL_AFTER_S + STALL_S - time.monotonic()
        if 0 < left_s < STALL_S:
            time.sleep(min(left_s, timeout or left_s))
        return True


def stalling() -> dict[str, Reply]:
    gate = Gate()
    return {name: Reply(reply.status, reply.body, reply.headers, wait=gate) for name, reply in READS.items()}


# What the target answers, users of Locust (10 requests a second each) and requests a second of ours, seconds.
LOADS: dict[str, tuple[Callable[[], Mapping[str, Reply]], int, float]] = {
    "ten requests prove nothing": (lambda: READS, 1, 1),
    "nobody gets past the sign-in, so nothing is sent": (lambda: HANGING, 10, 3),
    "a captive portal answers 200": (lambda: PORTAL, 10, 3),
    "every page is the sign-in page": (lambda: SIGN_IN_PAGE, 10, 4),
    "everybody waits for two seconds": (stalling, 10, 6),
}


def test_load_beside_plain_locust(tmp_path: Path) -> None:
    show("ways to an empty green under load", "Luz Verde", "Locust + recipe")
    greens = [0, 0]
    for name, (replies, users, seconds) in LOADS.items():
        codes = []
        for send in (by_ours, by_locust):
            with product_server.serving(replies()) as target:
                codes.append(send(tmp_path, target, users, seconds))
        greens = [green + (run.code == 0) for green, run in zip(greens, codes, strict=True)]
        show(name, *map(colour, codes))
    show("left green", *(f"{green} of {len(LOADS)}" for green in greens))

    assert greens[0] == 0


def by_ours(folder: Path, target: ProductServer, users: int, seconds: float) -> Ended:
    profile = target.write_profile(folder, "LV_RATE_LIMIT_PER_MINUTE=1000000", "LV_TIMEOUT_S=3")
    return plain.ours(profile, 10.0 * users, seconds)


def by_locust(folder: Path, target: ProductServer, users: int, seconds: float) -> Ended:
    return plain.locust(folder, target.url, users, seconds)


def test_load_of_a_healthy_target_is_green_by_both(tmp_path: Path) -> None:
    """Otherwise the rows above would show nothing. Ours needs 3,000 requests for it, and a generator that keeps its rate."""
    with product_server.serving(READS) as target:
        own = by_ours(tmp_path, target, 20, 17)
    with product_server.serving(READS) as target:
        other = by_locust(tmp_path, target, 10, 4)
    show("a healthy target", colour(own), colour(other))

    assert other.code == 0, other.output
    if own.code == 6:
        pytest.skip(f"this machine is too busy to measure on:\n{own.output[-1500:]}")
    assert own.code == 0, own.output
