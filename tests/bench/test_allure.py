"""What Allure costs: evidence and results for a check beside bare pytest, and the HTML of many. Printed and not asserted."""

import resource
import sys
import time
from pathlib import Path

import pytest

from record import run_folder
from reports.allure import site
from tests.bench.test_speed import run, show
from tests.reports import made
from tests.reports.made import Made
from tests.vacuity import tree

CHECKS = 500
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
    spent = {
        "bare pytest": min(run(*quiet, "test_bare.py", cwd=bare.parent) for _ in range(3)),
        "allure-pytest alone": min(
            run(*quiet, "test_bare.py", f"--alluredir={tmp_path / 'a'}", cwd=bare.parent) for _ in range(3)
        ),
    }
    profile = tmp_path / "ours.env"
    profile.write_text("LV_API_URL=http://127.0.0.1:9\nLV_WEB_URL=http://127.0.0.1:9\nLV_PROTECTED=false\n", encoding="utf-8")
    began = time.perf_counter()
    ended = tree.run(suite, f"--env-file={profile}", "suites/smoke/test_ours.py")
    spent["a run of ours"] = time.perf_counter() - began

    assert ended.code == 0, ended.output[-2000:]
    floor = spent["bare pytest"]
    for what, took in spent.items():
        target = "<= 8 ms a check" if what == "a run of ours" else ""
        show(f"{CHECKS} checks: {what}", f"{took:.2f} s, {1000 * (took - floor) / CHECKS:+.1f} ms a check", target)


MARK = '@pytest.mark.offline\n@pytest.mark.plan("W2-D1-T9")\n'


@pytest.mark.parametrize(("count", "target"), [(500, "< 10 s"), (10_000, "< 90 s")])
def test_html_of_many(tmp_path: Path, count: int, target: str) -> None:
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
    show(f"{count:,} checks: one HTML file", f"{made_s:.1f} s, {built.file.stat().st_size / 1e6:.0f} MB", target)
    show(f"{count:,} checks: most memory of this process ({sys.platform})", f"{memory:.0f} MB", "")
