"""The stages of a release, the checks that each of them is expected to hold, and the lines of the plan that these name."""

import ast
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from record.suite import ROOT

SUITES = ROOT / "suites"
STAGES = {
    "pre_deploy": ("pre-deploy", "may this build be deployed at all: repository, configuration, security, infrastructure"),
    "integration": ("integration", "do the vendors and backing services answer the way the MVP relies on"),
    "smoke": ("smoke", "is it up, is it the build we meant, and is it usable"),
    "regression": ("regression", "do the rules hold for any input, and have old bugs stayed away"),
    "load": ("load", "does it hold for many at once"),
}
FOLDER_OF = {marker: folder for folder, (marker, _) in STAGES.items()}


@functools.cache
def stage_of(path: Path) -> str | None:
    """The marker of the suites' folder that holds `path`; None for anything outside suites/."""
    try:
        folder = path.resolve().relative_to(SUITES).parts[0]
    except (ValueError, IndexError):
        return None
    return STAGES[folder][0] if folder in STAGES else None


def stage_of_id(node_id: str) -> str | None:
    """The same for a check's node id."""
    return stage_of(SUITES.parent / node_id.split("::", 1)[0])


@functools.cache
def parsed(path: Path) -> ast.Module:
    """A file of checks, read once a process."""
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def declared_checks(stage: str) -> set[str]:
    """`path::function` of every check that stands in the stage's folder, read from the files without importing them.

    This is what a complete run has to contain: a file that was not collected, or does not even parse, is noticed.
    """
    declared: set[str] = set()
    for path in sorted((SUITES / FOLDER_OF[stage]).rglob("test_*.py")):
        location = path.relative_to(SUITES.parent).as_posix()
        try:
            tree = parsed(path)
        except (SyntaxError, UnicodeDecodeError):
            declared.add(f"{location}::(does not parse)")
            continue
        declared |= {f"{location}::{function.name}" for function in _checks_in(tree)}
    return declared


def theme_of(node_id: str) -> str:
    """`round_trips` of suites/smoke/test_round_trips.py::test_x."""
    return PurePosixPath(node_id.partition("::")[0]).stem.removeprefix("test_")


def _checks_in(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield node


def named_lines() -> dict[str, set[str]]:
    """The ids of the plan's lines in the `plan` markers of each `path::function`, its file's `pytestmark` included."""
    named: dict[str, set[str]] = {}
    for path in sorted(SUITES.rglob("test_*.py")):
        tree = parsed(path)
        of_file = {line for node in tree.body if isinstance(node, ast.Assign) for line in _lines_in(node)}
        for function in _checks_in(tree):
            own = {line for decorator in function.decorator_list for line in _lines_in(decorator)}
            named[f"{path.relative_to(SUITES.parent).as_posix()}::{function.name}"] = of_file | own
    return named


def writing_checks() -> set[str]:
    """`path::function` of every check that declares `writes`, for all of its parameters or for some, itself or by its file.

    A mark may stand in a function or a table of the file that the decorators name.
    """
    found: set[str] = set()
    for path in sorted(SUITES.rglob("test_*.py")):
        tree = parsed(path)
        location, named = path.relative_to(SUITES.parent).as_posix(), _named_in(tree)
        marks_of_file = [named["pytestmark"]] if "pytestmark" in named else []
        for function in _checks_in(tree):
            if any(_declares_writes(node, named) for node in (*marks_of_file, *function.decorator_list)):
                found.add(f"{location}::{function.name}")
    return found


def _named_in(tree: ast.Module) -> dict[str, ast.AST]:
    named: dict[str, ast.AST] = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            named |= {target.id: node.value for target in node.targets if isinstance(target, ast.Name)}
    return named


def _declares_writes(node: ast.AST, named: Mapping[str, ast.AST]) -> bool:
    waiting, seen = [node], set[str]()
    while waiting:
        for each in ast.walk(waiting.pop()):
            if isinstance(each, ast.Attribute) and each.attr == "writes":
                return True
            if isinstance(each, ast.Name) and each.id in named and each.id not in seen:
                seen.add(each.id)
                waiting.append(named[each.id])
    return False


def _lines_in(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "plan":
            yield from (str(argument.value) for argument in each.args if isinstance(argument, ast.Constant))


def function_of(node_id: str) -> str:
    """`suites/smoke/test_login.py::test_x[admin]` without its parameters."""
    return node_id.split("[", 1)[0]
