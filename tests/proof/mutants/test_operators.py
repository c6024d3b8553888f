"""What each operator makes of a small text in its language, and what it leaves alone."""

import pytest

from proof.mutants import generation
from proof.mutants.faults_off import Knowledge, learn
from proof.mutants.generation import Mutant
from proof.mutants.sources import Source

FILES = {
    "python": "sandbox/backend/calls/x.py",
    "sql": "sandbox/backend/core/migrations/0009_x.sql",
    "html": "sandbox/frontend/templates/x.html",
    "javascript": "sandbox/frontend/static/x.js",
    "css": "sandbox/frontend/static/x.css",
}


def mutants_of(language: str, text: str) -> list[Mutant]:
    source = Source(FILES[language], text.encode())
    knowledge = learn([source]) if language == "python" else Knowledge()
    return generation.of_source(source, knowledge)


def made(language: str, text: str) -> set[tuple[str, str]]:
    """(operator, the text as the mutant leaves it)."""
    return {(mutant.operator, mutant.applied(text.encode()).decode()) for mutant in mutants_of(language, text)}


MADE = {
    "comparison": ("python", "ok = a == b\n", "ok = a != b\n"),
    "boundary": ("python", "ok = a < b\n", "ok = a <= b\n"),
    "arithmetic": ("python", "n = a + b\n", "n = a - b\n"),
    "boolean": ("python", "ok = a and b\n", "ok = a or b\n"),
    "dropped part": ("python", "ok = a and b\n", "ok = a\n"),
    "condition": ("python", "if a:\n    f()\n", "if not (a):\n    f()\n"),
    "constant": ("python", "n = f(3)\n", "n = f(4)\n"),
    "default": ("python", "def f(n=3): g(n)\n", "def f(n=4): g(n)\n"),
    "removed call": ("python", "await f()\n", "pass\n"),
    "removed await": ("python", "async def g():\n    return await f()\n", "async def g():\n    return f()\n"),
    "removed statement": ("python", "x.y = 1\n", "pass\n"),
    "removed raise": ("python", "raise E\n", "pass\n"),
    "removed decorator": ("python", "@a\ndef f(): g()\n", "\ndef f(): g()\n"),
    "result": ("python", "def f():\n    return g\n", "def f():\n    return None\n"),
    "swallowed exception": ("python", "try:\n    f()\nexcept E:\n    g()\n", "try:\n    f()\nexcept E:\n    pass\n"),
    "swapped argument": ("python", "f(a, b)\n", "f(b, a)\n"),
    "left out": ("python", "x = f(a, key=b)\n", "x = f(a)\n"),
    "slice": ("python", "x = y[:8]\n", "x = y[:(8 + 1)]\n"),
    "role": ("python", 'ok = f("admin")\n', 'ok = f("operator")\n'),
    "text": ("python", 'x = f("No found")\n', 'x = f("No foundx")\n'),
    "key": ("python", 'x = f("id")\n', 'x = f("idx")\n'),
    "dropped part, SQL in Python": ("python", 'q = "SELECT a FROM b WHERE c = 1"\n', 'q = "SELECT a FROM b "\n'),
    "comparison, SQL": ("sql", "SELECT a FROM b WHERE c = 1;", "SELECT a FROM b WHERE c <> 1;"),
    "boolean, SQL": ("sql", "SELECT a FROM b WHERE c = 1 AND d = 2;", "SELECT a FROM b WHERE c = 1 OR d = 2;"),
    "constraint": ("sql", "CREATE TABLE a (b text NOT NULL);", "CREATE TABLE a (b text );"),
    "default, SQL": ("sql", "CREATE TABLE a (b integer DEFAULT 7);", "CREATE TABLE a (b integer );"),
    "cascade": (
        "sql",
        "CREATE TABLE a (b uuid REFERENCES c (d) ON DELETE CASCADE);",
        "CREATE TABLE a (b uuid REFERENCES c (d) );",
    ),
    "removed statement, SQL": ("sql", "CREATE POLICY p ON a FOR DELETE TO b USING (c);", "SELECT 1;"),
    "right": ("sql", "CREATE POLICY p ON a FOR DELETE TO b USING (c);", "CREATE POLICY p ON a FOR UPDATE TO b USING (c);"),
    "role, SQL": ("sql", "SELECT f('admin');", "SELECT f('operator');"),
    "removed attribute": ("html", '<a href="/x">y</a>', "<a >y</a>"),
    "removed element": ("html", "<p><a>y</a></p>", "<p></p>"),
    "text, HTML": ("html", "<p>Nombre</p>", "<p>Nombrex</p>"),
    "condition, Jinja": ("html", "{% if a %}<p>y</p>{% endif %}", "{% if not (a) %}<p>y</p>{% endif %}"),
    "comparison, JavaScript": ("javascript", "const ok = a === b;", "const ok = a !== b;"),
    "boundary, JavaScript": ("javascript", "const ok = a < b;", "const ok = a <= b;"),
    "condition, JavaScript": ("javascript", "if (a) f();", "if (!(a)) f();"),
    "removed listener": ("javascript", 'x.addEventListener("click", f);', ";"),
    "removed call, JavaScript": ("javascript", "f(a);", ";"),
    "removed await, JavaScript": ("javascript", "const x = await f();", "const x = f();"),
    "swallowed exception, JavaScript": ("javascript", "try { f(); } catch { g(); }", "try { f(); } catch {}"),
    "left out, JavaScript": ("javascript", "f({ a: 1, b: 2 });", "f({ b: 2 });"),
    "removed rule": ("css", "a { color: red; }\nb { top: 1px; }", "\nb { top: 1px; }"),
    "removed declaration": ("css", "a { color: red; }", "a {  }"),
    "constant, CSS": ("css", "a { top: 10px; }", "a { top: 11px; }"),
}


@pytest.mark.parametrize(("name", "language", "before", "after"), [(name, *each) for name, each in MADE.items()], ids=MADE)
def test_operator_makes_its_mistake(name: str, language: str, before: str, after: str) -> None:
    assert (name.partition(",")[0], after) in made(language, before)


LEFT_ALONE = {
    "a condition that is a fault": "if faults.X.on:\n    f(1)\n",
    "what a fault makes false": "if a and faults.X.on:\n    f(1)\n",
    "the value under a fault": "x = (1 if faults.X.on else a)\n",
    "a fault that another asks": "x = shown(unless=faults.X)\n",
    "a function that is called under a fault only": "def f():\n    return 1\n\nif faults.X.on:\n    f()\n",
    "a function that answers the same without a fault": "def f(a):\n    return a == 1 and faults.X.on\n",
    "imports": "from a import b\nimport c\n",
    "docstrings": '"""What it is about."""\n',
    "what is logged": 'logger.info("a text %s", 1)\n',
    "what a module exports": '__all__ = ["a", "b"]\n',
    "annotations of a function": 'def f(a: "Text one") -> "Text two":\n    a\n',
}


@pytest.mark.parametrize("text", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_left_alone_is_what_nothing_reads(text: str) -> None:
    assert made("python", text) == set()


def test_other_half_of_a_condition_with_a_fault_is_changed() -> None:
    """And the condition as a whole is not, as the fault is part of it."""
    assert made("python", "if a == b or faults.X.on:\n    f()\n") == {
        ("comparison", "if a != b or faults.X.on:\n    f()\n"),
        ("condition", "if (not (a == b)) or faults.X.on:\n    f()\n"),
        ("removed call", "if a == b or faults.X.on:\n    pass\n"),
    }


def test_faults_in_parentheses_are_left_alone() -> None:
    assert made("python", "if a or faults.X.on or (b and faults.Y.on):\n    f()\n") == {
        ("condition", "if (not (a)) or faults.X.on or (b and faults.Y.on):\n    f()\n"),
        ("removed call", "if a or faults.X.on or (b and faults.Y.on):\n    pass\n"),
    }


def test_branch_that_runs_without_the_fault_is_changed() -> None:
    assert ("constant", "x = f(1) if faults.X.on else g(3)\n") in made("python", "x = f(1) if faults.X.on else g(2)\n")


def test_annotation_that_validation_reads_is_changed() -> None:
    text = "class A(BaseModel):\n    b: Annotated[int, Field(ge=1)]\n"

    assert ("constant", text.replace("ge=1", "ge=2")) in made("python", text)


def test_dependency_of_a_route_is_changed() -> None:
    """By one that the file imports."""
    route = '@router.get("/")\ndef f(caller: Writer): ...\n'
    text = f"from a import Reader, Writer\n{route}"

    assert ("role", text.replace(": Writer", ": Reader")) in made("python", text)
    assert "role" not in {operator for operator, _ in made("python", route)}


def test_template_variable_that_a_fault_sets_is_left_alone() -> None:
    source = Source(FILES["html"], b"{% if late %}<p>{{ late }}</p>{% endif %}")

    mutants = generation.of_source(source, Knowledge(passed={"late"}))
    assert {mutant.operator for mutant in mutants} <= {"removed element"}


def test_what_does_not_parse_is_no_mutant() -> None:
    """A removed condition of a comprehension would be one, and an await outside of a coroutine is another."""
    for mutant in mutants_of("python", "def f(a, b=1, *, c=2):\n    return [x for x in a if x == b][:c]\n"):
        compile(mutant.applied(b"def f(a, b=1, *, c=2):\n    return [x for x in a if x == b][:c]\n"), "x", "exec")
