"""The rooms of the house and the arrows between them."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REACHING = {"record", "fixtures.profile", "fixtures.wire"}
# Which rooms a file of each room may import from, besides its own. A room without a row of its own belongs to the one above it.
ARROWS: dict[str, set[str]] = {
    "record": set(),
    "judge": {"record"},
    "fixtures.profile": {"record"},
    "fixtures.wire": {"record", "fixtures.profile"},
    "fixtures.product": REACHING,
    "fixtures.vendors": REACHING,
    "fixtures.browser": REACHING,
    "fixtures.monitoring": REACHING,
    "fixtures.plugin": {
        *REACHING,
        "fixtures.product",
        "fixtures.vendors",
        "fixtures.browser",
        "fixtures.monitoring",
        "judge",
    },
    "suites": {*REACHING, "fixtures.product", "fixtures.vendors", "fixtures.browser", "fixtures.monitoring", "judge", "load"},
    "load": {*REACHING, "fixtures.product", "judge"},
    "reports": {"record", "judge"},
    "proof": {"record", "judge", "fixtures"},
    "sandbox": set(),  # it must not share a mistake with the check that examines it
}
ROOMS = tuple(dict.fromkeys(room.split(".")[0] for room in ARROWS))
WITH_PYTEST = ("suites", "fixtures.plugin", "proof", "tests")


def python_files(room: str) -> Iterator[Path]:
    return (ROOT / room.replace(".", "/")).rglob("*.py")


def name_of(path: Path) -> str:
    """`fixtures.wire.client` of fixtures/wire/client.py."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str | None:
    """The room that a module of ours belongs to; None for one of somebody else's."""
    return next((room for room in sorted(ARROWS, key=len, reverse=True) if f"{module}.".startswith(f"{room}.")), None)


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, at any depth of the file, by a statement or by a name that it hands to importlib."""
    yield from imported_by(path.read_text(encoding="utf-8"), name_of(path).removesuffix(f".{path.stem}"))


def imported_by(code: str, package: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package.split(".")[: len(package.split(".")) + 1 - node.level]) if node.level else ""
            begin = ".".join(filter(None, (above, node.module)))
            yield from (f"{begin}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and re.search(
            r"(import_module|__import__|find_spec|run_module)$", ast.unparse(node.func)
        ):
            yield from named_by(node)


def named_by(call: ast.Call) -> Iterator[str]:
    """The module that a call imports, as far as the text says it: all of it, or its beginning."""
    for name in call.args[:1]:
        if isinstance(name, ast.Constant):
            yield str(name.value)
        elif isinstance(name, ast.JoinedStr) and isinstance(name.values[0], ast.Constant):
            yield str(name.values[0].value).rstrip(".")


def may_import(room: str, module: str) -> bool:
    """A module of the libraries; one of its own room or of a room that an arrow leads to. Nothing stands on tests/."""
    if module.split(".", maxsplit=1)[0] not in (*ROOMS, "tests", "conftest"):
        return True
    other = room_of(module) or module
    return other == room or any(f"{other}.".startswith(f"{allowed}.") for allowed in ARROWS[room])


@pytest.mark.parametrize("room", ARROWS)
def test_arrows_point_one_way(room: str) -> None:
    """What stands below knows nothing of what stands above it."""
    against = {
        f"{name_of(path)} -> {module}"
        for path in python_files(room)
        for module in imported(path)
        if room_of(name_of(path)) == room and not may_import(room, module)
    }

    assert against == set()


@pytest.mark.parametrize(
    ("room", "code"),
    [
        ("record", "import judge.intervals"),
        ("judge", "def f():\n    from fixtures.wire import client"),
        ("judge", "import importlib\nimportlib.import_module('load.run')"),
        ("load", "__import__('sandbox.faults')"),
        ("reports", "import importlib.util\nimportlib.util.find_spec('load')"),
        ("sandbox", "from importlib import import_module\nimport_module(f'fixtures.{name}')"),
        ("suites", "from fixtures import plugin"),
        ("suites", "import fixtures"),  # whoever has the package reaches all of it
        ("fixtures.wire", "from fixtures.product import nouns"),
        ("fixtures.wire", "from ..product import nouns"),
        ("fixtures.product", "import fixtures.plugin.run as run"),
        ("reports", "from tests.record import invented"),
        ("proof", "import conftest"),
    ],
)
def test_wrong_import_is_seen(room: str, code: str) -> None:
    assert [module for module in imported_by(code, room) if not may_import(room, module)] != []


def test_every_folder_is_a_room() -> None:
    """A file outside of the rooms is held by no arrow."""
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    strangers = {name for name in tracked if room_of(name_of(ROOT / name)) is None and not name.startswith("tests/")}

    assert strangers == {"conftest.py"}
    assert {room_of(name_of(path)) for path in python_files("fixtures")} == {
        room for room in ARROWS if room.startswith("fixtures.")
    }


def test_pytest_is_known_in_few_rooms() -> None:
    """What a check says and reaches works without pytest: in Locust, in reports, in a shell."""
    rooms = [room for room in ARROWS if not room.startswith(WITH_PYTEST)]
    knowing = {
        name_of(path) for room in rooms for path in python_files(room) if room_of(name_of(path)) == room and imports_pytest(path)
    }

    assert knowing == set()


def imports_pytest(path: Path) -> bool:
    return any(module.split(".")[0] in ("pytest", "_pytest") for module in imported(path))


def test_only_the_plugin_has_hooks() -> None:
    """conftest.py names one plugin, and suites/ adds fixtures, never hooks."""
    assert (ROOT / "conftest.py").read_text(encoding="utf-8").count("fixtures.plugin") == 1
    hooked = {
        name_of(path)
        for room in ("record", "judge", "fixtures", "suites", "load", "reports", "sandbox")
        for path in [*python_files(room), ROOT / "conftest.py"]
        if any(hooks_in(path.read_text(encoding="utf-8"))) and not name_of(path).startswith("fixtures.plugin.")
    }

    assert hooked <= {"fixtures.plugin"}


def hooks_in(code: str) -> Iterator[str]:
    """The hooks that a file defines, imports or assigns."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.alias):
            yield from re.findall(r"^pytest_\w+$", getattr(node, "asname", None) or node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id != "pytest_plugins":
            yield from re.findall(r"^pytest_\w+$", node.id)


@pytest.mark.parametrize(
    "code",
    ["def pytest_runtest_call(): ...", "from x import f as pytest_runtest_call", "pytest_runtest_call = print"],
)
def test_hook_is_seen(code: str) -> None:
    assert list(hooks_in(code)) == ["pytest_runtest_call"]


def test_libraries_are_used_by_their_public_modules() -> None:
    """What a library keeps to itself changes without notice. (Attributes: ruff's SLF001.)"""
    private = {
        f"{name_of(path)} -> {module}"
        for path in [*(path for room in ARROWS for path in python_files(room)), ROOT / "conftest.py"]
        for module in imported(path)
        if any(part.startswith("_") and not part.startswith("__") for part in module.split("."))
    }

    assert private == set()


def test_no_room_without_a_subject() -> None:
    """What has no better name than these has no subject yet."""
    vague = {"utils", "helpers", "common", "base", "manager"}

    assert [str(path) for room in (*ROOMS, "tests") for path in python_files(room) if path.stem in vague] == []


def test_lock_is_hashed_and_names_no_host() -> None:
    """The lock installs the same bytes everywhere and says nothing about where this machine gets them."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[.*\])?==", lock, flags=re.MULTILINE)

    assert len(pinned) > 50
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "://" not in lock
