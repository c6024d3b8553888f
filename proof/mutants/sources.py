"""Which files of the sandbox are its product code; of each its language, its area, and how grave a mistake in it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from record.suite import ROOT

Language = Literal["python", "sql", "html", "javascript", "css"]
Severity = Literal[1, 2, 3, 4]

LANGUAGES: dict[str, Language] = {".py": "python", ".sql": "sql", ".html": "html", ".js": "javascript", ".css": "css"}
# The product in each language; stand-ins of vendors and what starts the sandbox are none of it.
PLACES = (
    "sandbox/backend/**/*.py",
    "sandbox/edge/*.py",
    "sandbox/frontend/app.py",
    "sandbox/backend/core/migrations/*.sql",
    "sandbox/frontend/templates/*.html",
    "sandbox/frontend/static/*.js",
    "sandbox/frontend/static/*.css",
)
# Declarations of faults, what exists only for them, the data that a deployment is filled with, and what nothing starts.
LEFT_OUT = re.compile(
    r"/(\w+_)?faults\.py$|/__init__\.py$|/core/seed\w*\.py$|/backend/(failures|sessions)/|/core/ids\.py$|/edge/front\.py$"
    r"|/static/sample_data\.js$|/campaigns/scheduler\.py$"
)
PARTS_OF_THE_FRONTEND = {
    ".py": "frontend-server",
    ".html": "frontend-templates",
    ".js": "frontend-scripts",
    ".css": "frontend-styles",
}
FRONTEND = tuple(PARTS_OF_THE_FRONTEND.values())
# 1: authentication, rights, privacy, row-level security, signatures, whose data. 2: state, data and money. 4: looks. 3: the rest.
SEVERITIES: tuple[tuple[str, Severity], ...] = (
    (r"/accounts/(authentication|access_tokens|login_lock)\.py$", 1),
    (r"/core/(visibility|privacy|trusted_proxy)\.py$", 1),
    (r"/migrations/0004_row_level_security\.sql$", 1),
    (r"/webhooks/signature\.py$", 1),
    (r"/edge/origins\.py$", 1),
    (r"/accounts/(routes|identity_provider|limits)\.py$", 2),
    (r"/(calls|campaigns|contacts|contact_lists)/\w+\.py$", 2),
    (r"/webhooks/\w+\.py$", 2),
    (r"/core/(database|audit)\.py$", 2),
    (r"/migrations/\w+\.sql$", 2),
    (r"/static/(session|contact_form|delete_contact|import_contacts)\.js$", 2),
    (r"\.css$", 4),
)


@dataclass(frozen=True)
class Source:
    """A file of product code; `file` is its path below the root of the repository."""

    file: str
    content: bytes

    @property
    def language(self) -> Language:
        return LANGUAGES[PurePosixPath(self.file).suffix]

    @property
    def area(self) -> str:
        return area_of(self.file)

    @property
    def severity(self) -> Severity:
        return next((severity for pattern, severity in SEVERITIES if re.search(pattern, self.file)), 3)


def area_of(file: str) -> str:
    """`calls` of sandbox/backend/calls/store.py; migrations are the database, and the frontend has one for each language."""
    path = PurePosixPath(file)
    if path.suffix == ".sql":
        return "database"
    room = path.parts[1]
    return PARTS_OF_THE_FRONTEND[path.suffix] if room == "frontend" else path.parts[2] if room == "backend" else room


def product(root: Path = ROOT) -> Iterator[Source]:
    """All of it, by path."""
    paths = {path.relative_to(root).as_posix() for place in PLACES for path in root.glob(place)}
    for file in sorted(paths):
        if not LEFT_OUT.search(file):
            yield Source(file, (root / file).read_bytes())


def python_of_the_sandbox(root: Path = ROOT) -> Iterator[Source]:
    """Every Python file, the left-out ones too: a name may be used only there."""
    for path in sorted((root / "sandbox").rglob("*.py")):
        yield Source(path.relative_to(root).as_posix(), path.read_bytes())
