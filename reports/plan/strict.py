"""The rules that every table of plan.toml and gates.toml keeps: known keys, texts that say something, numbers within bounds."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

MOST_PEOPLE = 5  # that one line or one role can ask for


class PlanError(ValueError):
    """A plan, or gates, that break a rule; the message names file, place, rule and remedy."""


@dataclass(frozen=True)
class Text:
    """The same in both languages."""

    es: str
    en: str

    def in_(self, language: str) -> str:
        return self.es if language == "es" else self.en


def keys(table: Any, needed: AbstractSet[str], allowed: AbstractSet[str], place: str) -> None:
    if not isinstance(table, dict):
        raise PlanError(f"{place}: is {table!r}, and must be a table of {', '.join(sorted(needed))}")
    if missing := sorted(needed - table.keys()):
        raise PlanError(f"{place}: {', '.join(missing)} must be there")
    if unknown := sorted(table.keys() - needed - allowed):
        raise PlanError(f"{place}: unknown {', '.join(unknown)}; the keys are {', '.join(sorted(needed | allowed))}")


def text(value: Any, place: str) -> Text:
    keys(value, {"es", "en"}, set(), place)
    return Text(nonempty(value["es"], f"{place}.es"), nonempty(value["en"], f"{place}.en"))


def nonempty(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise PlanError(f"{place}: is {value!r}, and must be a text that says something")
    return value


def one_of(value: Any, place: str, *, known: Iterable[str]) -> str:
    if value not in tuple(known):
        raise PlanError(f"{place}: there is no {value!r}; there are {', '.join(known)}")
    return str(value)


def names(value: Any, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise PlanError(f"{place}: is {value!r}, and must be a list of texts")
    if twice := sorted({name for name in value if value.count(name) > 1}):
        raise PlanError(f"{place}: names {', '.join(twice)} twice; once is enough")
    return tuple(value)


def some(value: Any, place: str) -> tuple[str, ...]:
    if not (found := names(value, place)):
        raise PlanError(f"{place}: is empty; name at least one")
    return found


def truth(value: Any, place: str) -> bool:
    if type(value) is not bool:
        raise PlanError(f"{place}: is {value!r}, and must be true or false")
    return value


def number(value: Any, place: str, *, most: int) -> int:
    if type(value) is not int or not 1 <= value <= most:
        raise PlanError(f"{place}: is {value!r}, and must be a number from 1 to {most}")
    return value
