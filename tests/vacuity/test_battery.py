"""Ways to get an empty green, each seen ending otherwise, with the reason in one line.

Not caught, and said so: a process that ends by os._exit(0) outside of a check's own code leaves with 0, because nobody runs
after it. Its run.json says that the run did not come to its end, and no verdict is printed. Plugins that are none of the suite's
are refused by name; one that means to forge a verdict under another name can, because it runs in the same process. A file of
checks that was removed is missed only where git still knows it. A check that claims the wrong thing is found by breaking the
product, not here.
"""

import datetime as dt
import json
import subprocess
from collections.abc import Iterator

import pytest

from fixtures.plugin.options import OUT
from tests.fixtures.plugin import product_server
from tests.fixtures.plugin.product_server import ProductServer
from tests.vacuity.bodies import BODIES
from tests.vacuity.case import CHECK, ONE, OTHER, TWO, Case
from tests.vacuity.plugins import PLUGINS, installed
from tests.vacuity.selection import RULES, SELECTIONS
from tests.vacuity.targets import PROFILES, TARGETS, WAIVERS
from tests.vacuity.tree import Ended, SuiteCopy

pytestmark = pytest.mark.slow

CASES = {**SELECTIONS, **RULES, **BODIES, **PLUGINS, **TARGETS, **PROFILES, **WAIVERS}


@pytest.fixture(scope="session")
def target() -> Iterator[ProductServer]:
    with product_server.serving() as home:
        yield home


@pytest.fixture
def suite(suite_copy: SuiteCopy) -> SuiteCopy:
    suite_copy.renew({ONE: CHECK, TWO: OTHER})
    return suite_copy


def ended(suite: SuiteCopy, target: ProductServer, case: Case) -> Ended:
    """The run of a case."""
    track(suite, case)
    suite.write({name: text.replace("{target}", target.url) for name, text in case.files.items()})
    for name in case.removed:
        (suite.folder / name).unlink()
    target.replies = {**product_server.HEALTHY, **case.replies}
    named = any(argument.startswith("--env") for argument in case.arguments)
    profile = [] if named else [f"--env-file={target.write_profile(suite.folder.parent, *case.profile)}"]
    if case.before:
        suite.run(*profile, *case.before)
    arguments = (argument.format(root=suite.folder) for argument in case.arguments)
    return suite.run(*profile, *arguments, python=case.python, **case.environment)


def track(suite: SuiteCopy, case: Case) -> None:
    if case.tracked:
        for command in (("init", "-q"), ("add", "suites")):
            subprocess.run(["git", *command], cwd=suite.folder, check=True)


def test_suite_of_the_battery_is_green_as_it_is(suite: SuiteCopy, target: ProductServer) -> None:
    """Otherwise no case would show anything."""
    run = ended(suite, target, Case((0,), ""))

    assert run.code == 0, run.output
    assert "verdict   GREEN: every check of the selection looked" in run.verdict


def test_plugin_of_another_distribution_is_switched_off_as_its_refusal_says(suite: SuiteCopy, target: ProductServer) -> None:
    files = {name: text for name, text in installed("").items() if name != TWO}
    refused = ended(suite, target, Case((4,), "", files))
    run = ended(suite, target, Case((0,), "", files, arguments=("-m", "smoke", "-p", "no:story")))

    assert (refused.code, run.code) == (4, 0), run.output
    assert "switch it off with -p no:story" in refused.output


@pytest.fixture(scope="module")
def refused() -> Iterator[dict[str, bool]]:
    """Whether each way was seen refused, kept for the dossier. Of the whole battery only: a part says nothing about the rest."""
    seen: dict[str, bool] = {}
    yield seen
    if len(seen) == len(CASES):
        folder = OUT / "vacuity"
        folder.mkdir(parents=True, exist_ok=True)
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        summary = {"schema": 1, "ways": len(seen), "refused": sum(seen.values()), "finished_at": now}
        (folder / "vacuity.json").write_text(json.dumps(summary, indent=1), encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_is_not_green(suite: SuiteCopy, target: ProductServer, refused: dict[str, bool], name: str) -> None:
    case = CASES[name]
    refused[name] = False
    run = ended(suite, target, case)

    assert run.code in case.codes, run.output
    assert "GREEN:" not in run.verdict.replace("NOT GREEN:", ""), run.verdict
    assert case.says in run.said, run.output
    refused[name] = True
