"""Lines of the plan by words of their text, in either language, without regard to accents and case, or by their ids."""

import difflib
import re
import unicodedata
from collections.abc import Sequence

from reports.plan.plan_file import Line, Plan

NEAREST = 5


def matching(plan: Plan, words: Sequence[str]) -> list[Line]:
    """The lines in which each of these words is the id, the beginning of the id, or the beginning of a word."""
    return [line for line in plan.lines.values() if all(_matches(line, word) for word in words)]


def _matches(line: Line, word: str) -> bool:
    if f"{line.id}-".startswith(f"{word.upper()}-"):
        return True
    tokens = _tokens(line)
    return all(any(token.startswith(part) for token in tokens) for part in _folded(word)) and bool(_folded(word))


def _tokens(line: Line) -> list[str]:
    return _folded(f"{line.es} {line.en}")


def _folded(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def nearest(plan: Plan, words: Sequence[str]) -> list[Line]:
    """The lines whose words resemble these most, the nearest first."""
    asked = _folded(" ".join(words))

    def likeness(line: Line) -> float:
        known = [*_tokens(line), line.id.casefold()]
        return sum(max(difflib.SequenceMatcher(None, word, token).ratio() for token in known) for word in asked)

    return sorted(plan.lines.values(), key=likeness, reverse=True)[:NEAREST]
