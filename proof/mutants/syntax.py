"""Trees of syntax for all languages of the product, from one parser; and languages that stand inside of another."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import tree_sitter_css
import tree_sitter_html
import tree_sitter_javascript
import tree_sitter_python
import tree_sitter_sql
from tree_sitter import Language as Grammar
from tree_sitter import Node, Parser

from proof.mutants.sources import Language

GRAMMARS = {
    "python": tree_sitter_python,
    "sql": tree_sitter_sql,
    "html": tree_sitter_html,
    "javascript": tree_sitter_javascript,
    "css": tree_sitter_css,
}
STATEMENT = re.compile(rb"\b(SELECT|INSERT INTO|UPDATE \w+|DELETE FROM|WHERE|ORDER BY|ILIKE|ON CONFLICT)\b")
CONDITION = re.compile(rb"\{%-?\s*(?:el)?if\s+(.+?)\s*-?%\}|\{\{\s*(.+?)\s*\}\}", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """A text in one language, `offset` bytes after the beginning of its file. `is_condition`: of an if in a template."""

    language: Language
    text: bytes
    offset: int = 0
    is_condition: bool = False

    @property
    def root(self) -> Node:
        return parsed(self.language, self.text)


@functools.lru_cache(maxsize=512)
def parsed(language: Language, text: bytes) -> Node:
    return Parser(Grammar(GRAMMARS[language].language())).parse(text).root_node


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, from the outside in."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def text_of(node: Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


def field(node: Node, name: str) -> Node:
    """The child of that name, where the grammar always has one."""
    found = node.child_by_field_name(name)
    assert found is not None, f"{node.type} without {name}"
    return found


def errors(language: Language, text: bytes) -> int:
    """How many places the grammar does not understand: some of PostgreSQL's own forms, and ranges in CSS."""
    found, waiting = 0, [parsed(language, text)]
    while waiting:
        node = waiting.pop()
        found += node.is_error or node.is_missing
        waiting.extend(child for child in node.children if child.has_error)
    return found


def inside(part: Part) -> Iterator[Part]:
    """The SQL in strings of Python, and Jinja's expressions in a template, which are like Python's."""
    if part.language == "python":
        for node in walk(part.root):
            content = node.text or b""
            if node.type == "string_content" and STATEMENT.search(content) and node.child_count == 0:
                yield Part("sql", content, part.offset + node.start_byte)
    if part.language == "html":
        for found in CONDITION.finditer(part.text):
            group = 1 if found[1] else 2
            yield Part("python", found[group], part.offset + found.start(group), is_condition=bool(found[1]))
