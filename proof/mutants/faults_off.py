"""What of the product's Python only a fault reads: it has no effect while no fault is on, so it is not mutated.

A condition on `faults.X.on` is false, and with it what stands below; a function that is called from such places only is never
called; one that answers the same whatever it is asked, as long as no fault is on, is no code of the product.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from proof.mutants.sources import Source
from proof.mutants.syntax import field as child
from proof.mutants.syntax import parsed, text_of, walk

UNKNOWN = object()
LITERALS = {"true": True, "false": False, "none": None}
FAULTS = re.compile(r"^(\w+_)?faults$")
DEFINITIONS = ("function_definition", "class_definition")
EXPRESSIONS = (
    "boolean_operator",
    "not_operator",
    "attribute",
    "call",
    "conditional_expression",
    "parenthesized_expression",
)
Range = tuple[int, int]


@dataclass
class Knowledge:
    """`constant`: functions that give one value while no fault is on. `dead`: names that are used under faults only.

    `passed`: names under which templates get what a fault decides.
    """

    constant: dict[str, object] = field(default_factory=dict)
    dead: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)

    def value(self, node: Node) -> object:
        """Of an expression while no fault is on; UNKNOWN where anything else decides."""
        match node.type:
            case "attribute":
                value: object = False if _is_read_of_fault(node) else UNKNOWN
            case "parenthesized_expression":
                value = self.value(node.named_children[0])
            case "not_operator":
                value = self._negated(self.value(child(node, "argument")))
            case "boolean_operator":
                value = self._of_both(node)
            case "conditional_expression":
                value = self._chosen(*node.named_children[:3])
            case "call":
                value = self.constant.get(text_of(child(node, "function")).rpartition(".")[2], UNKNOWN)
            case other:
                value = LITERALS.get(other, UNKNOWN)
        return value

    def _negated(self, value: object) -> object:
        return UNKNOWN if value is UNKNOWN else not value

    def _chosen(self, chosen: Node, condition: Node, other: Node) -> object:
        value = self.value(condition)
        return UNKNOWN if value is UNKNOWN else self.value(chosen if value else other)

    def _of_both(self, node: Node) -> object:
        decides = text_of(child(node, "operator")) == "or"  # the value that ends the question
        values = [self.value(child(node, "left")), self.value(child(node, "right"))]
        if any(value is not UNKNOWN and bool(value) == decides for value in values):
            return decides
        return UNKNOWN if UNKNOWN in values else not decides

    def decided(self, node: Node) -> bool:
        """Whether faults alone decide its value."""
        return self.value(node) is not UNKNOWN and self.mentions_fault(node)

    def mentions_fault(self, node: Node) -> bool:
        return any(_is_read_of_fault(each) or self._is_constant(each) for each in walk(node))

    def _is_constant(self, node: Node) -> bool:
        return node.type == "call" and text_of(child(node, "function")).rpartition(".")[2] in self.constant


def _is_read_of_fault(node: Node) -> bool:
    return node.type == "attribute" and text_of(child(node, "attribute")) == "on"


def learn(sources: Iterable[Source]) -> Knowledge:
    """From all Python files, again until nothing new follows from what is known."""
    roots = [parsed("python", source.content) for source in sources]
    knowledge = Knowledge()
    while True:
        before = (dict(knowledge.constant), set(knowledge.dead))
        for root in roots:
            _note_constants(root, knowledge)
        _note_dead(roots, knowledge)
        if before == (knowledge.constant, knowledge.dead):
            knowledge.passed = {name for root in roots for name in _passed(root, knowledge)}
            return knowledge


def _passed(root: Node, knowledge: Knowledge) -> Iterator[str]:
    for node in walk(root):
        if node.type in ("keyword_argument", "pair") and knowledge.decided(child(node, "value")):
            yield text_of(node.named_children[0]).strip("\"'")


def _note_constants(root: Node, knowledge: Knowledge) -> None:
    for node in walk(root):
        if node.type != "function_definition" or not knowledge.mentions_fault(node):
            continue
        ranges = left_alone(node, knowledge)
        returned = [each for each in walk(node) if each.type == "return_statement" and _is_reached(each, ranges)]
        values = [knowledge.value(each.named_children[0]) if each.named_children else None for each in returned]
        if values and UNKNOWN not in values and len(set(values)) == 1 and not _does_anything(node, ranges):
            knowledge.constant[text_of(child(node, "name"))] = values[0]


def _is_reached(statement: Node, ranges: list[Range]) -> bool:
    """Not in a branch that only a fault opens; what it gives may be a fault's to decide."""
    return not _within(statement, [each for each in ranges if each != id_of(statement)])


def _does_anything(function: Node, ranges: list[Range]) -> bool:
    """Whether it has a statement with an effect of its own."""
    return any(
        each.type in ("raise_statement", "await", "augmented_assignment", "delete_statement") and not _within(each, ranges)
        for each in walk(function)
    )


def _note_dead(roots: Iterable[Node], knowledge: Knowledge) -> None:
    """A name is dead that is used, and only where nothing comes while no fault is on."""
    live: set[str] = set()
    used: set[str] = set()
    defined: set[str] = set()
    for root in roots:
        ranges = left_alone(root, knowledge)
        own = {id_of(node): name for node, name in definitions(root)}
        defined |= set(own.values())
        for name, place in _names(root):
            used.add(name)
            if not _within(place, ranges) and name not in _around(place, own):
                live.add(name)
    knowledge.dead |= (defined & used) - live


def id_of(node: Node) -> Range:
    return node.start_byte, node.end_byte


def definitions(root: Node) -> Iterator[tuple[Node, str]]:
    """Functions, methods and classes without a decorator, and constants of the module."""
    for node in walk(root):
        if node.type in DEFINITIONS and (node.parent is None or node.parent.type != "decorated_definition"):
            name = text_of(child(node, "name"))
            if not name.startswith("__"):  # Python itself uses these
                yield node, name
    for statement in root.children:
        for node in statement.children if statement.type == "expression_statement" else ():
            if node.type == "assignment" and child(node, "left").type == "identifier":
                yield node, text_of(child(node, "left"))


def _names(root: Node) -> Iterator[tuple[str, Node]]:
    """Where a name is used, neither imported nor defined."""
    for node in walk(root):
        if node.type == "identifier" and not _is_definition(node) and not _is_imported(node):
            yield text_of(node), node


def _is_definition(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return False
    if parent.type in (*DEFINITIONS, "keyword_argument"):
        return parent.child_by_field_name("name") == node
    return parent.type == "assignment" and parent.child_by_field_name("left") == node


def _is_imported(node: Node) -> bool:
    return any(each.type in ("import_statement", "import_from_statement") for each in _ancestors(node))


def _ancestors(node: Node) -> Iterator[Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def _around(node: Node, definitions: dict[Range, str]) -> set[str]:
    return {definitions[id_of(each)] for each in _ancestors(node) if id_of(each) in definitions}


def _within(node: Node, ranges: Iterable[Range]) -> bool:
    return any(start <= node.start_byte and node.end_byte <= end for start, end in ranges)


def left_alone(root: Node, knowledge: Knowledge) -> list[Range]:
    """Byte ranges of a file that have no effect while no fault is on."""
    ranges: list[Range] = []
    defined: defaultdict[Range, str] = defaultdict(str, {id_of(node): name for node, name in definitions(root)})
    waiting = [root]
    while waiting:
        node = waiting.pop()
        name = defined[id_of(node)]
        if name and (name in knowledge.dead or name in knowledge.constant):
            ranges.append(id_of(node))
            continue
        alone = list(_alone(node, knowledge))
        ranges.extend(map(id_of, alone))
        waiting.extend(each for each in node.children if each not in alone)
    return ranges


def _alone(node: Node, knowledge: Knowledge) -> Iterator[Node]:
    """Of the children of a node those that only a fault reads."""
    match node.type:
        case "if_statement" | "elif_clause" | "while_statement":
            condition = child(node, "condition")
            if knowledge.decided(condition):
                yield condition
                yield from _branches(node, taken=bool(knowledge.value(condition)))
        case "conditional_expression":
            chosen, condition, other = node.named_children[:3]
            if knowledge.decided(condition):
                yield from (condition, other if knowledge.value(condition) else chosen)
        case _:
            yield from (each for each in node.named_children if _only_fault(each, knowledge))


def _branches(node: Node, *, taken: bool) -> Iterator[Node]:
    if taken:
        yield from node.children_by_field_name("alternative")
    else:
        yield from node.children_by_field_name("consequence")


def _only_fault(node: Node, knowledge: Knowledge) -> bool:
    if node.type == "attribute" and FAULTS.match(text_of(child(node, "object"))):
        return True  # a fault itself, which somebody else asks
    if node.type in ("keyword_argument", "pair"):
        return _only_fault(child(node, "value"), knowledge)
    if node.type == "return_statement":
        return bool(node.named_children) and knowledge.decided(node.named_children[0])
    return node.type in EXPRESSIONS and knowledge.decided(node)
