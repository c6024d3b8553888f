"""What one operator does to one node: makers of edits that the table of operators is written with."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tree_sitter import Node

from proof.mutants.syntax import text_of


@dataclass(frozen=True)
class Edit:
    """Replace the bytes from `start` to `end` of a text by others."""

    start: int
    end: int
    text: str


Maker = Callable[[Node], Iterator[Edit]]
WORD = re.compile(r"\w")


def _of(node: Node, text: str) -> Edit:
    return Edit(node.start_byte, node.end_byte, text)


def token(replacements: Mapping[str, str]) -> Maker:
    """A sign or keyword among the children becomes another."""

    def make(node: Node) -> Iterator[Edit]:
        for each in node.children:
            if text_of(each) in replacements and each.child_count == 0:
                yield _of(each, replacements[text_of(each)])

    return make


def itself(replacements: Mapping[str, str]) -> Maker:
    """The node's own text becomes another."""

    def make(node: Node) -> Iterator[Edit]:
        if text_of(node) in replacements:
            yield _of(node, replacements[text_of(node)])

    return make


def becomes(text: str) -> Maker:
    def make(node: Node) -> Iterator[Edit]:
        yield _of(node, text)

    return make


def child_becomes(name: str, text: str) -> Maker:
    """`{}` in the text stands for what the child was."""

    def make(node: Node) -> Iterator[Edit]:
        for child in node.children_by_field_name(name):
            yield _of(child, text.format(text_of(child)) if "{}" in text else text)

    return make


def last_child_becomes(text: str) -> Maker:
    def make(node: Node) -> Iterator[Edit]:
        if node.named_children:
            yield _of(node.named_children[-1], text)

    return make


def only_child(index: int = -1) -> Maker:
    """The node is replaced by one of its children, such as `not x` by `x`."""

    def make(node: Node) -> Iterator[Edit]:
        if node.named_children:
            yield _of(node, text_of(node.named_children[index]))

    return make


def either_operand(*operators: str) -> Maker:
    """`a and b` becomes `a`, and `b`."""

    def make(node: Node) -> Iterator[Edit]:
        left, operator, right = (node.child_by_field_name(name) for name in ("left", "operator", "right"))
        sign = operator if operator is not None else node.children[1] if len(node.children) == 3 else None
        if left is not None and right is not None and text_of(sign) in operators:
            yield _of(node, text_of(left))
            yield _of(node, text_of(right))

    return make


def without_each(*kinds: str) -> Maker:
    """One of several items is left out, with its comma; all kinds of items if none is named."""

    def make(node: Node) -> Iterator[Edit]:
        items = [child for child in node.named_children if child.type != "comment"]
        for place, item in enumerate(items):
            if not kinds or item.type in kinds:
                yield _without(items, place)

    return make


def _without(items: Sequence[Node], place: int) -> Edit:
    item = items[place]
    if place + 1 < len(items):
        return Edit(item.start_byte, items[place + 1].start_byte, "")
    return Edit(items[place - 1].end_byte if place else item.start_byte, item.end_byte, "")


def swapped(*left_out: str) -> Maker:
    """Two neighbouring items change places; not those of the kinds that are named."""

    def make(node: Node) -> Iterator[Edit]:
        items = [child for child in node.named_children if child.type not in (*left_out, "comment")]
        for first, second in pairwise(items):
            if text_of(first) != text_of(second):
                between = node.text or b""
                middle = between[first.end_byte - node.start_byte : second.start_byte - node.start_byte].decode()
                yield Edit(first.start_byte, second.end_byte, f"{text_of(second)}{middle}{text_of(first)}")

    return make


def one_more(node: Node) -> Iterator[Edit]:
    """A number becomes the next; with its unit, where it has one."""
    found = re.fullmatch(r"(\d[\d_]*)(\.\d+)?(\D*)", text_of(node))
    if found:
        whole = int(found[1].replace("_", "")) + 1
        yield _of(node, f"{whole}{found[2] or ''}{found[3]}")


def other_text(node: Node) -> Iterator[Edit]:
    """A text gets one letter more."""
    if WORD.search(text_of(node)):
        yield Edit(node.end_byte, node.end_byte, "x")


def shifted_slice(node: Node) -> Iterator[Edit]:
    """Each end of a slice moves by one."""
    for each in node.named_children:
        yield _of(each, f"({text_of(each)} + 1)")


def sequence(kinds: Sequence[str], text: str = "") -> Maker:
    """Children of these kinds in a row, such as NOT NULL, become the text."""

    def make(node: Node) -> Iterator[Edit]:
        children = node.children
        for place in range(len(children) - len(kinds) + 1):
            window = children[place : place + len(kinds)]
            if [each.type for each in window] == list(kinds):
                yield Edit(window[0].start_byte, window[-1].end_byte, text)

    return make


def keyword_and_value(kind: str) -> Maker:
    """A keyword and what follows it are left out, such as DEFAULT 3."""

    def make(node: Node) -> Iterator[Edit]:
        for keyword, value in pairwise(node.children):
            if keyword.type == kind:
                yield Edit(keyword.start_byte, value.end_byte, "")

    return make
