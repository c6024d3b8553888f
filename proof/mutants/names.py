"""Which functions of the product a name of a module reaches: a constant or a model has no lines that a request executes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from proof.mutants.sources import Source
from proof.mutants.syntax import parsed, text_of, walk

# Each of these names every route, and says nothing of one.
EVERYWHERE = frozenset({"router", "app", "request", "settings", "faults", "annotations"})
FUNCTION = "function_definition"


@dataclass(frozen=True)
class Unit:
    """A function, or a statement of the module: its lines from 1, what it is called, and the names that stand in it."""

    file: str
    first: int
    last: int
    called: frozenset[str]
    names: frozenset[str]
    is_function: bool
    body: int

    @property
    def places(self) -> list[str]:
        """Lines that are executed when it is called; none of a statement of the module."""
        return [f"{self.file}:{line}" for line in range(self.body, self.last + 1)] if self.is_function else []


def units_of(source: Source) -> Iterator[Unit]:
    for statement in parsed("python", source.content).children:
        functions = [node for node in walk(statement) if node.type == FUNCTION]
        for function in functions:
            yield _unit(source.file, function)
        if not any(node.type == FUNCTION for node in (statement, *statement.children)):
            yield _unit(source.file, statement, is_function=False)


def _unit(file: str, node: Node, *, is_function: bool = True) -> Unit:
    body = node.child_by_field_name("body") if is_function else None
    around = node.parent if is_function and node.parent is not None and node.parent.type == "decorated_definition" else node
    names = frozenset(text_of(each) for each in walk(around) if each.type == "identifier")
    first, last = around.start_point[0] + 1, node.end_point[0] + 1
    return Unit(
        file, first, last, _called(node), names - EVERYWHERE, is_function, body.start_point[0] + 1 if body is not None else first
    )


def _called(node: Node) -> frozenset[str]:
    """What a definition or an assignment binds."""
    inner = node
    while inner.type in ("decorated_definition", "expression_statement") and inner.named_children:
        inner = inner.named_children[-1]
    name = inner.child_by_field_name("name") or (inner.child_by_field_name("left") if inner.type == "assignment" else None)
    return frozenset({text_of(name)} - EVERYWHERE) if name is not None else frozenset()


@dataclass(frozen=True)
class Names:
    """Of all Python files of the product."""

    units: tuple[Unit, ...]

    @classmethod
    def of(cls, sources: Iterable[Source]) -> "Names":
        return cls(tuple(unit for source in sources if source.language == "python" for unit in units_of(source)))

    @cached_property
    def _naming(self) -> dict[str, list[Unit]]:
        found: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in self.units:
            for name in unit.names - unit.called:
                found[name].append(unit)
        return dict(found)

    def at(self, file: str, line: int) -> Unit | None:
        """The innermost function there, or else the statement of the module."""
        around = [unit for unit in self.units if unit.file == file and unit.first <= line <= unit.last]
        return min(around, key=lambda unit: (unit.last - unit.first, not unit.is_function), default=None)

    def reached_from(self, unit: Unit) -> list[Unit]:
        """Functions that name it, or name a statement that does, and so on."""
        found: list[Unit] = []
        waiting, seen = list(unit.called), set(unit.called)
        while waiting:
            for each in self._naming.get(waiting.pop(), ()):
                if each.is_function:
                    found.append(each)
                else:
                    new = each.called - seen
                    seen |= new
                    waiting.extend(new)
        return found
