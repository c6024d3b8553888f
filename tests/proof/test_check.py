"""`make check` finds the check that was meant, and says of it whether it passes, fails under its faults, and is clean."""

import subprocess
import sys

import pytest

from proof import check, check_run
from proof.catalogue import Unusable
from proof.expectations import Expectation
from record.suite import ROOT

LIMIT_S = 600  # a check that hangs must not hang its test
ROOT_CHECK = "suites/smoke/test_liveness.py::test_root_introduces_the_api"


@pytest.mark.parametrize(
    "name",
    [
        "test_root_introduces_the_api",
        "smoke/test_liveness.py::test_root_introduces_the_api",
        ROOT_CHECK,
        str(ROOT / ROOT_CHECK),
        f"{ROOT_CHECK}[with a parameter]",
    ],
)
def test_one_check_is_found_by_its_names(name: str) -> None:
    assert check.meant(name) == {ROOT_CHECK}


@pytest.mark.parametrize("name", ["test_liveness", "test_liveness.py", "smoke/test_liveness.py", "suites/smoke/test_liveness.py"])
def test_file_means_all_its_checks(name: str) -> None:
    checks = check.meant(name)

    assert ROOT_CHECK in checks
    assert {each.split("::")[0] for each in checks} == {"suites/smoke/test_liveness.py"}
    assert len(checks) > 1


def test_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(Unusable, match="Nearest: test_root_introduces_the_api"):
        check.meant("test_root_introduces_an_api")


def test_check_touches_its_file_and_its_expectations() -> None:
    assert {"suites/smoke/test_liveness.py", "proof/expectations/smoke/test_liveness.py"} <= set(
        check.touched_files([ROOT_CHECK])
    )


def test_faults_of_a_check_expect_nothing_of_others() -> None:
    table = {
        "root-lost": Expectation(
            {"smoke/test_liveness.py::test_root_introduces_the_api": "a-cause", "smoke/test_a.py::test_a": "b-cause"}
        ),
        "other": Expectation({"smoke/test_a.py::test_a": "b-cause"}),
    }

    rows = check_run.faults_of([ROOT_CHECK], table)
    assert {name: list(each.kills) for name, each in rows.items()} == {"root-lost": [ROOT_CHECK.removeprefix("suites/")]}


def test_table_says_what_became_of_the_check() -> None:
    command = [sys.executable, "-m", "proof.check", "test_root_introduces_the_api"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LIMIT_S)

    subjects = {line.split()[0]: line for line in ended.stdout.splitlines() if line[0] != " "}
    assert {"healthy", "fault", "lint", "format", "types"} <= subjects.keys(), ended.stdout + ended.stderr
    assert "ok" in subjects["healthy"]
    assert "root-of-another-application -> failed: root-of-another-application" in subjects["fault"]


def test_unknown_name_ends_with_2() -> None:
    command = [sys.executable, "-m", "proof.check", "test_of_the_moon"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LIMIT_S)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Nearest" in ended.stderr
