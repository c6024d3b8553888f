"""Which checks run against a mutant, in which order: all that can touch it, the most specific first, then some others."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from proof.mutants.generation import Mutant
from proof.mutants.names import Names
from proof.mutants.reach import Reach
from proof.mutants.sources import FRONTEND, Source
from proof.mutants.syntax import parsed, text_of, walk

PAGES = "/test_pages"  # checks that need a browser come after those that do not
OTHERS = 12  # of the checks that cannot touch it, for a survivor
CREATED = re.compile(r"CREATE (?:TABLE|FUNCTION) (\w+)")
TEMPLATES, STATIC = "sandbox/frontend/templates/", "sandbox/frontend/static/"
USUAL_S = 0.2


def names_in_the_database(sources: Iterable[Source]) -> set[str]:
    """Tables and functions that the migrations create."""
    return {name for source in sources if source.language == "sql" for name in CREATED.findall(source.content.decode())}


@dataclass(frozen=True)
class Touched:
    """What a mutant can touch: operations that execute what it changed, and checks."""

    operations: frozenset[str]
    checks: frozenset[str]


@dataclass(frozen=True)
class Choice:
    """`reach`: of the checks; `sources`: the product."""

    reach: Reach
    sources: dict[str, Source]

    @cached_property
    def _names(self) -> Names:
        return Names.of(self.sources.values())

    @cached_property
    def _tables(self) -> set[str]:
        return names_in_the_database(self.sources.values())

    def touched(self, mutant: Mutant) -> Touched:
        places = self._places(mutant)
        operations = self.reach.operations_at(places)
        if mutant.file.startswith(STATIC):
            operations |= self.reach.operations_loading(f"/{mutant.file.removeprefix('sandbox/frontend/')}")
        checks = self.reach.checks_at(places)
        if mutant.is_outside_of_functions or mutant.file.startswith(STATIC):
            checks |= self.reach.checks_using(operations)
        return Touched(frozenset(operations), frozenset(checks - self.reach.not_passed))

    def _places(self, mutant: Mutant) -> list[str]:
        if mutant.file.startswith(TEMPLATES):
            return [mutant.file.removeprefix("sandbox/frontend/")]
        if mutant.file.startswith(STATIC):
            return []
        if mutant.file.endswith(".sql"):
            return [f"table {name}" for name in self._tables_of(mutant)]
        unit = self._names.at(mutant.file, mutant.line)
        if mutant.is_outside_of_functions and unit is not None:
            return [place for each in (unit, *self._names.reached_from(unit)) for place in each.places]
        return [f"{mutant.file}:{line}" for line in range(mutant.statement_line, mutant.last_line + 1)]

    def _tables_of(self, mutant: Mutant) -> set[str]:
        """Those that the statement names, or all where it names none."""
        root = parsed("sql", self.sources[mutant.file].content)
        around = [each for each in root.children if each.start_byte <= mutant.edit.start < each.end_byte]
        words = {text_of(node) for each in around for node in walk(each) if node.type == "identifier"}
        return (words & self._tables) or self._tables

    def checks(self, mutant: Mutant) -> list[str]:
        """In the order in which they run; the first failure ends it."""
        touched = self.touched(mutant).checks
        others = sorted(set(self.reach.checks) - touched - self.reach.not_passed, key=lambda check: _drawn(mutant.id, check))
        quick = [check for check in others if PAGES not in check]
        return [*sorted(touched, key=lambda check: self._rank(mutant, check)), *quick[:OTHERS]]

    def _rank(self, mutant: Mutant, check: str) -> tuple[bool, bool, int, float, str]:
        with_browser = PAGES in check and mutant.area not in FRONTEND
        of_other_area = mutant.area.rstrip("s") not in PurePosixPath(check.partition("::")[0]).stem
        return with_browser, of_other_area, self.reach.breadth(check), self.reach.seconds.get(check, USUAL_S), check


def _drawn(*names: str) -> str:
    return hashlib.sha256("\0".join(names).encode()).hexdigest()
