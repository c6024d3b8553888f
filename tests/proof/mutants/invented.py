"""Mutants and what checks reach, invented for the tests."""

from proof.mutants.edits import Edit
from proof.mutants.generation import Mutant
from proof.mutants.reach import Reach
from proof.mutants.sources import Severity

LIST, READ, PAGE = "GET /api/contacts/", "GET /api/contacts/{id}", "GET /contacts"
CODE = b"""LIMIT = 10


@router.get("/")
def listing(n=LIMIT):
    return query(n)


@router.get("/{id}", response_model=Contact)
def read():
    return one()

class Contact:
    name: str

def create():
    return FastAPI()
"""
FILE = "sandbox/backend/contacts/x.py"
REACH = Reach(
    checks={
        "suites/smoke/test_list.py::test_list": frozenset({f"op {LIST}", f"{FILE}:6"}),
        "suites/smoke/test_list.py::test_refused": frozenset({f"op {LIST}"}),
        "suites/smoke/test_both.py::test_both": frozenset(
            {f"op {LIST}", f"op {READ}", f"{FILE}:6", f"{FILE}:11", "table contacts"}
        ),
        "suites/smoke/test_pages.py::test_page": frozenset({f"op {PAGE}", f"op {LIST}", f"{FILE}:6", "templates/contacts.html"}),
        "suites/smoke/test_other.py::test_other": frozenset({"op GET /health"}),
        "suites/smoke/test_other.py::test_broken": frozenset({f"op {LIST}", f"{FILE}:6"}),
    },
    operations={
        LIST: frozenset({f"op {LIST}", f"{FILE}:6"}),
        READ: frozenset({f"op {READ}", f"{FILE}:11", "table contacts"}),
        PAGE: frozenset({f"op {PAGE}", "templates/contacts.html"}),
    },
    loads={"/contacts": frozenset({"/static/contacts.js"}), "/static/contacts.js": frozenset({"/static/api.js"})},
    not_passed=frozenset({"suites/smoke/test_other.py::test_broken"}),
    start=frozenset({f"{FILE}:17"}),
)


def mutant(
    name: str = "m1", file: str = FILE, line: int = 6, *, area: str = "contacts", severity: Severity = 2, outside: bool = False
) -> Mutant:
    return Mutant(name, file, area, "constant", severity, Edit(8, 10, "11"), line, line, line, outside)
