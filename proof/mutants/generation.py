"""All mutants of the product code, the same at each call; and a draw of some in which no area and no operator dominates."""

import difflib
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from tree_sitter import Node

from proof.mutants import faults_off, sources, syntax
from proof.mutants.edits import Edit
from proof.mutants.faults_off import Knowledge, Range
from proof.mutants.operators import DEPENDENCIES, edits_of
from proof.mutants.sources import Severity, Source
from proof.mutants.syntax import Part, text_of, walk
from record.suite import ROOT

NO_EFFECT = ("import_statement", "import_from_statement", "future_import_statement", "comment")
# Of these classes annotations are what validation does, and of these functions what the framework passes.
VALIDATED = re.compile(r"\b(BaseModel|\w+(Create|Update|Base|Summary))\b")
ROUTES = re.compile(r"@router\.")
LOGS = re.compile(r"(await )?(logger|log|logging)\.")
UNMARKED = re.compile(r"^(logger|router|__all__)\b")
NOT_WITH_A_FAULT = frozenset({"condition", "boolean", "dropped part", "left out", "swapped argument"})
ABOUT_RIGHTS = frozenset({"role", "right"})
ABOUT_TEXT = frozenset({"text", "removed rule", "removed declaration"})
SHOWN = 3  # lines of the diff around the change


@dataclass(frozen=True)
class Mutant:
    """One change of one file. `line` to `last_line` are those that it touches, from 1; its statement begins at `statement_line`.

    `is_outside_of_functions`: no request executes the line itself, as of constants, models, and what a function is declared with.
    """

    id: str
    file: str
    area: str
    operator: str
    severity: Severity
    edit: Edit
    line: int
    last_line: int
    statement_line: int
    is_outside_of_functions: bool

    def applied(self, content: bytes) -> bytes:
        return content[: self.edit.start] + self.edit.text.encode() + content[self.edit.end :]

    def diff(self, content: bytes) -> str:
        """As `diff -u` shows it, without its head."""
        before, after = content.decode().splitlines(), self.applied(content).decode().splitlines()
        return "\n".join(list(difflib.unified_diff(before, after, n=SHOWN, lineterm=""))[2:])


def generate(root: Path = ROOT) -> list[Mutant]:
    """Of all files, by file and place."""
    knowledge = faults_off.learn(sources.python_of_the_sandbox(root))
    return [mutant for source in sources.product(root) for mutant in of_source(source, knowledge)]


def of_source(source: Source, knowledge: Knowledge) -> list[Mutant]:
    """Those of a file; two operators that make the same change make one mutant."""
    part = Part(source.language, source.content)
    alone = _left_alone(part, knowledge)
    found: dict[bytes, Mutant] = {}
    places: Counter[str] = Counter()
    for operator, edit in _edits(part, alone):
        mutant = _mutant(source, operator, edit, places)
        changed = mutant.applied(source.content)
        if changed not in found and _is_another_program(source, mutant, changed):
            found[changed] = mutant
    return sorted(found.values(), key=lambda mutant: (mutant.edit.start, mutant.edit.end, mutant.id))


def _edits(part: Part, alone: list[Range]) -> Iterator[tuple[str, Edit]]:
    nested = [each for each in syntax.inside(part) if not _within(each.offset, each.offset + len(each.text), alone)]
    of_strings = {each.offset for each in nested}
    for node in _nodes(part.root, alone):
        if node.type == "string_content" and node.start_byte in of_strings:
            continue
        if node.type == "boolean_operator" and any(_within(each.start_byte, each.end_byte, alone) for each in node.children):
            yield from _beside_a_fault(node, alone)
        else:
            yield from (each for each in edits_of(part.language, node) if not _decides_a_fault(*each, alone))
    for each in nested:
        for operator, edit in _edits_inside(each):
            yield operator, Edit(edit.start + each.offset, edit.end + each.offset, edit.text)


def _edits_inside(part: Part) -> Iterator[tuple[str, Edit]]:
    """In a template the condition as a whole, and what an expression consists of; there are no statements."""
    if part.is_condition:
        yield "condition", Edit(0, len(part.text), f"not ({part.text.decode()})")
    for node in walk(part.root):
        if node.type != "expression_statement":
            yield from edits_of(part.language, node)


def _decides_a_fault(operator: str, edit: Edit, alone: list[Range]) -> bool:
    """Whether it changes a condition or an argument in which a fault is asked for."""
    return operator in NOT_WITH_A_FAULT and any(edit.start <= start and end <= edit.end for start, end in alone)


def _beside_a_fault(node: Node, alone: list[Range]) -> Iterator[tuple[str, Edit]]:
    """Of a condition that asks for a fault, too, the other half."""
    halves = [half for half in (node.child_by_field_name("left"), node.child_by_field_name("right")) if half is not None]
    left = [half for half in halves if not _within(half.start_byte, half.end_byte, alone)]
    if len(left) == 1 and not any(left[0].start_byte <= start and end <= left[0].end_byte for start, end in alone):
        yield "condition", Edit(left[0].start_byte, left[0].end_byte, f"(not ({text_of(left[0])}))")


def _nodes(root: Node, alone: list[Range]) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if not _within(node.start_byte, node.end_byte, alone) and not _has_no_effect(node):
            yield node
            waiting.extend(reversed(node.children))


def _within(start: int, end: int, ranges: Iterable[Range]) -> bool:
    return any(first <= start and end <= last for first, last in ranges)


def _has_no_effect(node: Node) -> bool:
    """Imports, docstrings, what is logged, and annotations that nothing reads when the program runs."""
    if node.type in NO_EFFECT:
        return True
    if node.type == "type":
        return not _is_read(node)
    if node.type != "expression_statement":
        return False
    inner = node.named_children[0]
    return inner.type == "string" or bool(LOGS.match(text_of(node))) or bool(UNMARKED.match(text_of(node)))


def _is_read(annotation: Node) -> bool:
    """By pydantic or FastAPI."""
    parent = annotation.parent
    while parent is not None:
        if parent.type == "class_definition":
            bases = parent.child_by_field_name("superclasses")
            return bool(VALIDATED.search(text_of(bases)))
        if parent.type == "function_definition":
            around = parent.parent
            own = annotation.parent is not None and annotation.parent.type in ("typed_parameter", "typed_default_parameter")
            return own and around is not None and bool(ROUTES.match(text_of(around)) or _is_dependency(parent))
        parent = parent.parent
    return False


def _is_dependency(function: Node) -> bool:
    return text_of(function.child_by_field_name("name")) in ("reader", "writer", "admin", "connection")


def _left_alone(part: Part, knowledge: Knowledge) -> list[Range]:
    """What only faults read: in Python, and in a template where it uses what the server passes for a fault."""
    if part.language == "python":
        return faults_off.left_alone(part.root, knowledge)
    return [
        (each.offset, each.offset + len(each.text))
        for each in syntax.inside(part)
        if any(text_of(node) in knowledge.passed for node in walk(each.root) if node.type == "identifier")
    ]


def _mutant(source: Source, operator: str, edit: Edit, places: Counter[str]) -> Mutant:
    content = source.content
    line, last = (content.count(b"\n", 0, place) + 1 for place in (edit.start, max(edit.start, edit.end - 1)))
    column = edit.start - (content.rfind(b"\n", 0, edit.start) + 1)
    # The text of the line stands for its number, so that an id outlives changes elsewhere in the file.
    text = content.splitlines()[line - 1].decode().strip() if line <= len(content.splitlines()) else ""
    replaced = content[edit.start : edit.end].decode()
    key = "\0".join([source.file, operator, text, str(column), replaced, edit.text])
    places[key] += 1
    name = hashlib.sha256(f"{key}\0{places[key]}".encode()).hexdigest()[:10]
    statement, outside = _statement(source, edit)
    return Mutant(name, source.file, source.area, operator, _severity(source, operator), edit, line, last, statement, outside)


def _statement(source: Source, edit: Edit) -> tuple[int, bool]:
    """The line at which the statement around an edit begins, and whether it is in no function's body."""
    if source.language != "python":
        return source.content.count(b"\n", 0, edit.start) + 1, False
    node = syntax.parsed("python", source.content).descendant_for_byte_range(edit.start, max(edit.start, edit.end - 1))
    begin, outside = None, True
    while node is not None:
        parent = node.parent
        if begin is None and parent is not None and parent.type in ("block", "module"):
            begin = node.start_point[0] + 1
        if parent is not None and parent.type == "function_definition":
            outside = outside and parent.child_by_field_name("body") != node
        node = parent
    return begin or 1, outside


def _severity(source: Source, operator: str) -> Severity:
    if operator in ABOUT_TEXT and source.severity > 1:
        return 4
    return 1 if operator in ABOUT_RIGHTS else source.severity


def _is_another_program(source: Source, mutant: Mutant, changed: bytes) -> bool:
    """Whether it can be read as a program at all, and is not the same one written otherwise."""
    if changed.split() == source.content.split():
        return False
    if source.language == "python":
        return _compiles(_around(source, mutant.edit)) and not _names_what_is_not_there(source, mutant.edit)
    return syntax.errors(source.language, changed) <= syntax.errors(source.language, source.content)


def _names_what_is_not_there(source: Source, edit: Edit) -> bool:
    """A dependency that the file does not import: it would not even start, which says nothing of the checks."""
    return edit.text in DEPENDENCIES.values() and not re.search(rf"\b{edit.text}\b", source.content.decode())


def _around(source: Source, edit: Edit) -> bytes:
    """Of the changed file the statement of the module in which the change is; the others are as they were."""
    for statement in syntax.parsed("python", source.content).children:
        start, end = statement.start_byte, statement.end_byte
        if start <= edit.start and edit.end <= end:
            return source.content[start : edit.start] + edit.text.encode() + source.content[edit.end : end] + b"\n"
    return b""


def _compiles(code: bytes) -> bool:
    try:
        compile(code, "statement", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def draw(mutants: Iterable[Mutant], number: int, seed: int, area: str = "") -> list[Mutant]:
    """`number` of them, from each area in turn and of each operator in turn; which, the seed decides. `area`: only that one."""

    def order(*names: object) -> bytes:
        return hashlib.sha256("\0".join(map(str, (seed, *names))).encode()).digest()

    strata: defaultdict[str, defaultdict[str, list[Mutant]]] = defaultdict(lambda: defaultdict(list))
    for mutant in sorted(mutants, key=lambda mutant: order(mutant.id)):
        if area in ("", mutant.area):
            strata[mutant.area][mutant.operator].append(mutant)

    def in_turn(area: str) -> list[Mutant]:
        operators = strata[area]
        return _in_turn([operators[name] for name in sorted(operators, key=lambda name: order(area, name))])

    return _in_turn([in_turn(name) for name in sorted(strata, key=order)])[:number]


def _in_turn(lists: list[list[Mutant]]) -> list[Mutant]:
    """The first of each, then the second of each."""
    return [mutant for turn in zip_longest(*lists) for mutant in turn if mutant is not None]
