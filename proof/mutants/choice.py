"""Which checks run against a mutant, in which order: all that can touch it, the most specific first, then some others."""

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from proof.mutants.generation import Mutant
from proof.mutants.names import Names
from proof.mutants.probes import place_of
from proof.mutants.reach import Reach
from proof.mutants.sources import FRONTEND, Source
from proof.mutants.syntax import parsed, text_of
from record.stages import SUITES, function_of

PAGES = "/test_pages"  # checks that need a browser come after those that do not
OTHERS = 12  # of the checks that cannot touch it, for a survivor
CREATED = re.compile(r"CREATE (?:TABLE|FUNCTION) (\w+)")
WORD = re.compile(r"\w+")
# The backend passes row-level security by its role; what a person's own token may see is asked of the data REST only.
ABOUT_PERSONS = re.compile(r"\s*CREATE POLICY|\s*GRANT\b.*\bTO authenticated\s*$", re.DOTALL)
LAST = "pytest.mark.last"
DATA_REST = "/rest/v1/"
TEMPLATES, STATIC = "sandbox/frontend/templates/", "sandbox/frontend/static/"
USUAL_S = 0.2


@functools.cache
def judging_all() -> frozenset[str]:
    """Files of checks with the marker `last`."""
    files = (path for path in SUITES.rglob("test_*.py") if LAST in path.read_text(encoding="utf-8"))
    return frozenset(path.relative_to(SUITES.parent).as_posix() for path in files)


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
    def last(self) -> tuple[str, ...]:
        """Checks that send nothing themselves, but judge the answers that all others got."""
        return tuple(sorted(check for check in self.reach.checks if check.partition("::")[0] in judging_all()))

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
        if ABOUT_PERSONS.match(self._statement_in_sql(mutant)):
            operations = {each for each in operations if DATA_REST in each}
            return Touched(frozenset(operations), frozenset(self.reach.checks_using(operations) - self.reach.not_passed))
        checks = self.reach.checks_at(places)
        if not checks and self.reach.start.intersection(places):  # what is built then may serve any request
            return Touched(
                frozenset(self.reach.operations), frozenset(self.reach.checks) - self.reach.not_passed - set(self.last)
            )
        if mutant.is_outside_of_functions or (mutant.file.startswith(STATIC) and not places):
            checks |= self.reach.checks_using(operations)
        return Touched(frozenset(operations), frozenset(checks - self.reach.not_passed - set(self.last)))

    def _places(self, mutant: Mutant) -> list[str]:
        if mutant.file.startswith(TEMPLATES):
            return [mutant.file.removeprefix("sandbox/frontend/")]
        if mutant.file.startswith(STATIC):
            place = place_of(self.sources[mutant.file], mutant.edit.start) if mutant.file.endswith(".js") else None
            return [place] if place else []
        if mutant.file.endswith(".sql"):
            return [f"table {name}" for name in self._tables_of(mutant)]
        unit = self._names.at(mutant.file, mutant.line)
        if mutant.is_outside_of_functions and unit is not None:
            return [place for each in (unit, *self._names.reached_from(unit)) for place in each.places]
        return [f"{mutant.file}:{line}" for line in range(mutant.statement_line, mutant.last_line + 1)]

    def _tables_of(self, mutant: Mutant) -> set[str]:
        """Those that the statement names, or all where it names none."""
        words = set(WORD.findall(self._statement_in_sql(mutant)))
        return (words & self._tables) or self._tables

    def _statement_in_sql(self, mutant: Mutant) -> str:
        if not mutant.file.endswith(".sql"):
            return ""
        root = parsed("sql", self.sources[mutant.file].content)
        return "".join(text_of(each) for each in root.children if each.start_byte <= mutant.edit.start < each.end_byte)

    def checks(self, mutant: Mutant) -> list[str]:
        """In the order in which they run; the first failure ends it."""
        touched = self.touched(mutant)
        others = sorted(
            set(self.reach.checks) - touched.checks - self.reach.not_passed, key=lambda check: _drawn(mutant.id, check)
        )
        quick = [check for check in others if PAGES not in check]
        return [*self._ordered(mutant, touched), *quick[:OTHERS]]

    def _ordered(self, mutant: Mutant, touched: Touched) -> list[str]:
        """Those first that do little else than what was changed; of one function with many parameters one first."""

        def rank(check: str) -> tuple[float, int, float, str]:
            used = self.reach.operations_of(check)
            share = len(used & touched.operations) / max(len(used), 1)
            return -round(share, 1), len(used), self.reach.seconds.get(check, USUAL_S), check

        ranked = sorted(touched.checks, key=rank)
        turn = _turns(ranked)
        of_frontend = mutant.area in FRONTEND
        return sorted(ranked, key=lambda check: (PAGES in check and not of_frontend, turn[check] > 0))


def _turns(checks: Iterable[str]) -> dict[str, int]:
    """How many parameters of the same function came before."""
    counted: Counter[str] = Counter()
    turns = {}
    for check in checks:
        turns[check] = counted[function_of(check)]
        counted[function_of(check)] += 1
    return turns


def _drawn(*names: str) -> str:
    return hashlib.sha256("\0".join(names).encode()).hexdigest()
