"""The stages of a release, and which checks each of them is expected to hold."""

import ast
import functools
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
        declared |= {
            f"{location}::{node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
        }
    return declared


def theme_of(node_id: str) -> str:
    """`round_trips` of suites/smoke/test_round_trips.py::test_x."""
    return PurePosixPath(node_id.partition("::")[0]).stem.removeprefix("test_")


def function_of(node_id: str) -> str:
    """`suites/smoke/test_login.py::test_x[admin]` without its parameters."""
    return node_id.split("[", 1)[0]
