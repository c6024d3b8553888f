"""Plugins that tell another story than the checks.

One that is none of the suite's is refused by its name. Under a name that is allowed, because the suite's own tests and its proof
use it, the others are loaded as `tests.story`: what they leave out or turn round is noticed.
"""

from tests.vacuity.case import BROKEN, TWO, Case, check

RERUNS = '''"""As pytest-rerunfailures does it: run again, report the last time."""

from _pytest.runner import runtestprotocol


def pytest_runtest_protocol(item, nextitem):
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for _ in range(2):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        if not any(report.failed for report in reports):
            break
        item._initrequest()
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
'''
AFTER_THE_REPORT = """import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        {change}
    return report
"""
CATCHES = """import pytest


@pytest.hookimpl(wrapper=True)
def {hook}:
    try:
        return (yield)
    except Exception:
        return True
"""
FLAKY = "tries = []\n\n"
NOW_AND_THEN = check("tries.append(1)\nassert product.health().status_code == 200\nassert len(tries) > 1", above=FLAKY)


INSTEAD = """import pytest
from _pytest.runner import runtestprotocol


@pytest.hookimpl(tryfirst=True)
def {hook}:
    {body}
    return True
"""
LATE = """import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session):
    yield
    session.exitstatus = 0
"""
EXITS = """import pytest


def pytest_runtest_setup(item):
    if item.name == "test_it":
        pytest.exit("enough", returncode=0)
"""
STOPS = """class Story:
    session = None


def pytest_sessionstart(session):
    Story.session = session


def pytest_runtest_logreport(report):
    Story.session.shouldstop = "enough"
"""
DESELECTS = """def pytest_collection_modifyitems(config, items):
    config.hook.pytest_deselected(items=items[1:])
    del items[1:]
"""
KILLS = """import os


def pytest_runtest_call(item):
    if item.name == "test_it":
        os._exit(0)
"""
FORGES = "report.outcome, report.luz_verde = 'passed', {}"


def story(text: str) -> dict[str, str]:
    return {"tests/story.py": text, TWO: BROKEN.replace("test_health", "test_more_health")}


def stranger(text: str = "") -> dict[str, str]:
    """The same under a name of its own."""
    return {"story.py": text, TWO: NOW_AND_THEN}


def installed(text: str) -> dict[str, str]:
    """As a distribution that brings a plugin, beside the suite on Python's path."""
    about = "Metadata-Version: 2.1\nName: reruns\nVersion: 1.0\n"
    return stranger(text) | {"reruns-1.0.dist-info/METADATA": about, "reruns-1.0.dist-info/entry_points.txt": ENTRY_POINT}


ENTRY_POINT = "[pytest11]\nstory = story\n"
NOT_OURS = "the plugin story is none of the suite's. Run without -p story"
WITH = ("-m", "smoke", "-p", "tests.story")
STRANGER = ("-m", "smoke", "-p", "story")
PLUGINS = {
    "runs a failed check again and reports the last time": Case((4,), NOT_OURS, stranger(RERUNS), arguments=STRANGER),
    "runs a failed check again, in workers": Case(
        (4,), NOT_OURS, stranger(RERUNS), arguments=(*STRANGER, "-n", "1"), plain=False
    ),
    "runs a failed check again, by PYTEST_ADDOPTS": Case(
        (4,), NOT_OURS, stranger(RERUNS), environment={"PYTEST_ADDOPTS": "-p story"}
    ),
    "runs a failed check again, by PYTEST_PLUGINS": Case(
        (4,), NOT_OURS, stranger(RERUNS), environment={"PYTEST_PLUGINS": "story"}
    ),
    "runs a failed check again, as a distribution": Case((4,), "reruns brings a plugin that is none of", installed(RERUNS)),
    "is loaded and does nothing": Case((4,), NOT_OURS, stranger(), arguments=STRANGER),
    "turns failed into passed": Case(
        (1,), "1 claim does not hold", story(AFTER_THE_REPORT.format(change="report.outcome = 'passed'")), arguments=WITH
    ),
    "turns failed into xfailed": Case(
        (1,),
        "1 claim does not hold",
        story(AFTER_THE_REPORT.format(change="report.outcome, report.wasxfail = 'skipped', 'known'")),
        arguments=WITH,
    ),
    "takes our judgement out of the report": Case(
        (1,),
        "1 claim does not hold",
        story(AFTER_THE_REPORT.format(change=FORGES)),
        arguments=WITH,
    ),
    "catches what a check raises": Case(
        (6,), "before its first assert", story(CATCHES.format(hook="pytest_runtest_call(item)")), arguments=WITH
    ),
    "catches it where the check is called": Case(
        (6,), "before its first assert", story(CATCHES.format(hook="pytest_pyfunc_call(pyfuncitem)")), arguments=WITH
    ),
    "does not call the checks": Case(
        (6,),
        "before its first assert",
        story(INSTEAD.format(hook="pytest_pyfunc_call(pyfuncitem)", body="pass")),
        arguments=WITH,
    ),
    "runs no check and reports none": Case(
        (6,),
        "it was selected and has no result",
        story(INSTEAD.format(hook="pytest_runtest_protocol(item, nextitem)", body="pass")),
        arguments=WITH,
    ),
    "reports nothing": Case(
        (6,),
        "it was selected and has no result",
        story(
            INSTEAD.format(
                hook="pytest_runtest_protocol(item, nextitem)", body="runtestprotocol(item, nextitem=nextitem, log=False)"
            )
        ),
        arguments=WITH,
    ),
    "skips the loop over the checks": Case(
        (6,),
        "it was selected and has no result",
        story(INSTEAD.format(hook="pytest_runtestloop(session)", body="pass")),
        arguments=WITH,
    ),
    "deselects": Case(
        (6,),
        "by a plugin",
        story(DESELECTS),
        arguments=WITH,
    ),
    "sets the exit code at the end": Case(
        (1,), "1 claim does not hold", story("def pytest_sessionfinish(session):\n    session.exitstatus = 0\n"), arguments=WITH
    ),
    "sets the exit code after the summary": Case((4,), NOT_OURS, stranger(LATE), arguments=STRANGER),
    "exits with 0 before the last check": Case(
        (6,),
        "stopped: Exit: enough; 1 checks did not run",
        {"tests/story.py": EXITS, TWO: check("assert product.health()")},
        arguments=WITH,
    ),
    "stops the run after the first check": Case(
        (1, 2, 6),
        "enough",
        {"tests/story.py": STOPS},
        arguments=WITH,
    ),
    "a worker is killed": Case(
        (1, 6),
        "1",
        {"tests/story.py": KILLS, TWO: check("assert product.health()")},
        arguments=(*WITH, "-n", "2"),
    ),
}
