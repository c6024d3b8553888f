"""A proof takes up what a change can touch, and within ten days everything."""

import datetime as dt
import subprocess
from pathlib import Path

import pytest

from proof import changes, selection
from proof.catalogue import Unusable
from proof.changes import Change
from proof.expectations import Expectation
from proof.selection import Proven

DAY = dt.date(2026, 3, 5)
FILLERS = [f"fault-{number}" for number in range(200)]
PROVEN = Proven(
    rows=["list-cut", "login-lost", "busy", "composed-name", *FILLERS],
    table={
        "list-cut": Expectation({"smoke/test_lists.py::test_a": "list-cut", "regression/test_rules.py::test_b": "list-cut"}),
        "login-lost": Expectation({"smoke/test_access.py::test_c": "sign-in-refused"}),
        "busy": Expectation({"load/test_behaviour.py::test_d": "load-refused"}),
    },
    places={
        "list-cut": {"sandbox/backend/contacts/faults.py"},
        "login-lost": {"sandbox/backend/accounts/routes.py"},
        "composed-name": set(),
        **{name: {"sandbox/edge/proxy.py"} for name in FILLERS},
    },
)


def selected(*files: str, day: dt.date = DAY) -> set[str]:
    return set(selection.changed(PROVEN, Change("c0ffee", files), day).rows)


TOUCHED = {
    "a file of checks": ("suites/smoke/test_lists.py", {"list-cut"}),
    "another file that sees it": ("suites/regression/test_rules.py", {"list-cut"}),
    "fixtures of a stage": ("suites/smoke/conftest.py", {"list-cut", "login-lost"}),
    "an expectation": ("proof/expectations/smoke/test_access.py", {"login-lost"}),
    "faults of an area": ("sandbox/backend/contacts/faults.py", {"list-cut", "composed-name"}),
    "code of an area": ("sandbox/backend/contacts/search.py", {"list-cut", "composed-name"}),
    "code above the areas": ("sandbox/backend/app.py", {"list-cut", "login-lost", "composed-name"}),
    "load": ("load/arrivals.py", {"busy"}),
    "docs": ("README.md", set()),
    "tests": ("tests/test_docs.py", set()),
}


@pytest.mark.parametrize(("file", "touched"), TOUCHED.values(), ids=TOUCHED)
def test_change_selects_what_it_can_touch(file: str, touched: set[str]) -> None:
    """And what it does not touch has its turn only with the tenth."""
    of_the_day = selected()

    assert selected(file) - of_the_day == touched - of_the_day


@pytest.mark.parametrize(
    "file", ["fixtures/wire/policy.py", "judge/intervals.py", "proof/matrix.py", "sandbox/process/serving.py"]
)
def test_change_of_the_foundations_selects_a_third(file: str) -> None:
    assert 0.25 < len(selected(file)) / len(PROVEN.rows) < 0.55


def test_ten_days_see_every_fault() -> None:
    seen = [selected(day=DAY + dt.timedelta(days=number)) for number in range(10)]

    assert set[str]().union(*seen) == set(PROVEN.rows)
    assert sum(map(len, seen)) == len(PROVEN.rows)


def test_selection_says_why() -> None:
    """The reasons count each fault once, and a changed file of checks has to be killed whole."""
    chosen = selection.changed(PROVEN, Change("c0ffee", ("suites/smoke/test_lists.py", "README.md")), DAY)

    assert sum(chosen.reasons.values()) == len(chosen.rows) < chosen.of == len(PROVEN.rows)
    assert chosen.reasons["checks of smoke/test_lists.py"] == 1
    assert chosen.whole_files == ("smoke/test_lists.py",)


def test_without_history_a_fixed_share_is_proven() -> None:
    one, other = (selection.changed(PROVEN, None, DAY + dt.timedelta(days=number)) for number in range(2))

    assert one == other
    assert "no history" in next(iter(one.reasons))
    assert one.rows


def test_fault_stands_where_its_name_stands(tmp_path: Path) -> None:
    area = tmp_path / "sandbox" / "edge"
    area.mkdir(parents=True)
    (area / "faults.py").write_text('ONE = declare("hsts-missing")\nOTHER = declare(f"cors-{name}")\n')

    found = selection.places(["hsts-missing", "cors-open"], tmp_path / "sandbox")
    assert found == {"hsts-missing": {"sandbox/edge/faults.py"}, "cors-open": set()}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One commit on main."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path, "first.py")
    return tmp_path


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def commit(root: Path, name: str) -> None:
    (root / name).write_text("")
    git(root, "add", name)
    git(root, "commit", "--quiet", "-m", name)


def files_since(root: Path, base: str = "") -> tuple[str, ...] | None:
    change = changes.since(base, root)
    return change.files if change else None


def test_change_is_all_that_left_the_trunk(repository: Path) -> None:
    """Committed, not committed, and new."""
    git(repository, "switch", "--quiet", "-c", "topic")
    commit(repository, "second.py")
    (repository / "first.py").write_text("changed")
    (repository / "new.py").write_text("")

    assert files_since(repository) == ("first.py", "new.py", "second.py")


def test_on_the_trunk_the_last_commit_is_the_change(repository: Path) -> None:
    commit(repository, "second.py")

    assert files_since(repository) == ("second.py",)


def test_base_may_be_named(repository: Path) -> None:
    for name in ("second.py", "third.py"):
        commit(repository, name)

    assert files_since(repository, "HEAD~2") == ("second.py", "third.py")
    with pytest.raises(Unusable, match="BASE=nowhere"):
        files_since(repository, "nowhere")


def test_shallow_or_missing_history_is_no_change(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert files_since(repository) is None
    assert files_since(tmp_path_factory.mktemp("bare")) is None
