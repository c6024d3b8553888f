"""The rooms of the house and the arrows between them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("suites", "fixtures", "load", "sandbox", "reports", "tests")
# Which rooms a file of each room may import from, besides its own.
ARROWS = {
    "suites": {"fixtures", "load"},
    "fixtures": set[str](),
    "load": {"fixtures"},
    "sandbox": set[str](),
    "reports": {"load"},  # for the judge, so that there are not two of them
    "tests": set(ROOMS),
}


def python_files(room: str) -> Iterator[Path]:
    return (ROOT / room).rglob("*.py")


def imported_rooms(path: Path) -> set[str]:
    """The rooms that a file imports from, at any depth of the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names & set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_point_one_way(room: str) -> None:
    """The sandbox shares no mistake with the check that examines it, and reports read result files only."""
    against = {
        str(path.relative_to(ROOT)): extra
        for path in python_files(room)
        if (extra := imported_rooms(path) - ARROWS[room] - {room})
    }

    assert against == {}


def test_reports_reach_the_judge_in_one_place() -> None:
    """Everything else in reports reads result files only."""
    reaching = [path.name for path in python_files("reports") if "load" in imported_rooms(path)]

    assert reaching == ["criteria.py"]


def test_no_room_without_a_subject() -> None:
    """What has no better name than these has no subject yet."""
    vague = {"utils", "helpers", "common", "base", "manager"}

    assert [str(path) for room in ROOMS for path in python_files(room) if path.stem in vague] == []


def test_lock_is_hashed_and_names_no_host() -> None:
    """The lock installs the same bytes everywhere and says nothing about where this machine gets them."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[.*\])?==", lock, flags=re.MULTILINE)

    assert len(pinned) > 50
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "://" not in lock
