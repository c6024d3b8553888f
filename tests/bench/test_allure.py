"""What Allure costs: evidence and results for a check beside bare pytest, and the HTML of many."""

import resource
import sys
import time
from pathlib import Path

import pytest

from record import run_folder
from reports.allure import site
from tests.bench.rounds import Measured, at_most, interleaved, seconds, show
from tests.bench.test_speed import run
from tests.reports import made
from tests.reports.made import Made
from tests.vacuity import tree

CHECKS, ROUNDS = 500, 3
BODY = '''"""Trivial checks."""

import pytest


{mark}@pytest.mark.parametrize("number", range({count}))
def test_number(number: int) -> None:
    """A number is one."""
    assert number >= 0
'''


def test_cost_of_a_check(tmp_path: Path) -> None:
    """The same trivial checks under bare pytest, with allure-pytest alone, and in a run of ours with everything that it keeps."""
    bare = tmp_path / "bare" / "test_bare.py"
    bare.parent.mkdir()
    bare.write_text(BODY.format(mark="", count=CHECKS), encoding="utf-8")
    suite = tree.copy_suite(tmp_path / "suite", {"suites/smoke/test_ours.py": BODY.format(mark=MARK, count=CHECKS)})
    quiet = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:locust")
    profile = tmp_path / "ours.env"
    profile.write_text("LV_API_URL=http://127.0.0.1:9\nLV_WEB_URL=http://127.0.0.1:9\nLV_PROTECTED=false\n", encoding="utf-8")

    def run_ours() -> None:
        ended = tree.run(suite, f"--env-file={profile}", "suites/smoke/test_ours.py")
        assert ended.code == 0, ended.output[-2000:]

    spent = interleaved(
        {
            "bare pytest": lambda: run(*quiet, "test_bare.py", cwd=bare.parent),
            "allure-pytest alone": lambda: run(*quiet, "test_bare.py", f"--alluredir={tmp_path / 'a'}", cwd=bare.parent),
            "a run of ours": lambda: seconds(run_ours),
        },
        ROUNDS,
    )
    for what, took in spent.items():
        show(f"{CHECKS} checks: {what}", took.shown(" s"))
    more_ms = tuple(1000 * more / CHECKS for more in spent["a run of ours"].minus(spent["bare pytest"]).values)
    at_most("a run of ours, more than bare pytest a check", Measured(more_ms), 8, " ms")


MARK = '@pytest.mark.offline\n@pytest.mark.plan("W2-D1-T9")\n'


@pytest.mark.parametrize(("count", "limit_s"), [(500, 10), pytest.param(10_000, 90, marks=pytest.mark.slow)])
def test_html_of_many(tmp_path: Path, count: int, limit_s: float) -> None:
    """From the folder of a run to one file."""
    functions = made.checks_of(["smoke"])
    ids = [f"{functions[number % len(functions)]}[{number}]" for number in range(count)]
    folder = made.run(tmp_path, Made(only=ids))
    began = time.perf_counter()
    read = run_folder.read(folder)
    took = time.perf_counter() - began
    began = time.perf_counter()
    built = site.build([read], tmp_path / "report.html", "es", tmp_path / "history.jsonl")
    made_s = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    assert sum(built.counts.values()) == count
    show(f"{count:,} checks: run read", f"{took:.2f} s", "")
    show(f"{count:,} checks: the size of the HTML file", f"{built.file.stat().st_size / 1e6:.0f} MB")
    at_most(f"{count:,} checks: one HTML file", Measured((made_s,)), limit_s, " s")
    show(f"{count:,} checks: most memory of this process ({sys.platform})", f"{memory:.0f} MB", "")
