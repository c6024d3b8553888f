"""The causes that a finding can name: a slug each, how grave it is, whose it is, and its sentences in English and Spanish.

record/causes/*.toml has one table a cause. Sentences may hold facts in braces: `{role}`, `{path}`. Facts are data (a role,
a path, a number, a name in the contract), never sentences, so that they read the same in both languages.

A finding names what was seen, not what was looked for. An answer of another status (a server error in place of a refusal) says
nothing of a cause that lists this status in `unless`. The finding names one of statuses.toml then, and keeps as its claim what
was looked for. Without a list a cause yields to server errors, and one about the product's work to a refused token as well.
`next_404` or `next_5xx` is advice of the cause's own for a status that shows it all the same.
"""

import difflib
import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Any, Literal, get_args

Severity = Literal[1, 2, 3]  # 1 stops a release
Party = Literal["product", "vendor", "environment", "configuration", "suite"]
# What a cause is about, in the order in which a team reads: the last two are all others, and what explains no other failure.
Kind = Literal["availability", "sign-in", "exposure", "other", "policy"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
FOLDER = Path(__file__).with_name("causes")
NOT_LOOKED = "not-looked"  # whose `expected` holds for every cause that has none of its own
PARTS = ("expected", "seen", "next")
# Of the answer, where it opens what was seen: "404 Not Found", "503: …"; "585 rows" is no status.
STATUS = re.compile(r"([1-5])(\d\d)(?= ?(?:[A-Z:,;]|$))")
OF_STATUS = re.compile(r"next_([1-5](?:\d\d|xx))")
SERVER_ERROR = "5xx"
# What an answer shows by its status alone, whatever was looked for.
SHOWN_BY: Mapping[str, str] = {
    "401": "request-token-refused",
    "403": "request-forbidden",
    "404": "request-path-missing",
    "429": "request-limited",
    SERVER_ERROR: "request-not-served",
}
# Causes that are about such answers themselves, or hold for answers of any status.
OWN_STATUSES: tuple[Kind, ...] = ("availability", "sign-in", "policy")


class CauseInvalid(ValueError):  # noqa: N818 - states the fact
    """A table of record/causes that cannot be used, or facts that do not fit its sentences; the message says which, and why."""


@dataclass(frozen=True)
class Sentence:
    en: str
    es: str

    @property
    def facts(self) -> frozenset[str]:
        """The names in braces."""
        return frozenset(name for text in (self.en, self.es) for _, name, _, _ in Formatter().parse(text) if name)

    def told(self, facts: Mapping[str, str], language: Language = "en") -> str:
        return str(getattr(self, language)).format_map(facts)


@dataclass(frozen=True)
class Cause:
    """`seen` is None where what was seen is the target's own answer."""

    slug: str
    severity: Severity
    attribution: Party
    expected: Sentence
    next: Sentence
    seen: Sentence | None = None
    kind: Kind = "other"
    next_by_status: Mapping[str, Sentence] = field(default_factory=dict)
    unless: frozenset[str] = frozenset()

    @property
    def facts(self) -> frozenset[str]:
        sentences = (self.expected, self.next, *([self.seen] if self.seen else []), *self.next_by_status.values())
        return frozenset[str]().union(*(sentence.facts for sentence in sentences))

    def advice(self, seen: str) -> Sentence:
        """What to do next, where this was seen."""
        return next((self.next_by_status[each] for each in _statuses(seen) if each in self.next_by_status), self.next)

    def shown_instead(self, status: int) -> str | None:
        """The slug of what an answer of this status shows, where it does not speak of this cause; None where it does."""
        return next((SHOWN_BY[each] for each in (str(status), f"{status // 100}xx") if each in self.unless), None)


@functools.cache
def causes(folder: Path = FOLDER) -> Mapping[str, Cause]:
    """Every cause by its slug; CauseInvalid for the first that is wrong."""
    tables = [table for path in sorted(folder.glob("*.toml")) for table in _tables(path)]
    default = next((_sentence(table["expected"], place) for slug, table, place in tables if slug == NOT_LOOKED), None)
    found: dict[str, Cause] = {}
    for slug, table, place in tables:
        if slug in found:
            raise CauseInvalid(f"{place} stands twice; give one of the two another name")
        found[slug] = _cause(slug, table, place, default)
    return found


def cause(slug: str) -> Cause:
    """CauseInvalid with the nearest names for one that is unknown."""
    known = causes()
    if slug not in known:
        near = ", ".join(difflib.get_close_matches(slug, known)) or "none"
        raise CauseInvalid(f"no cause is called {slug!r}. Nearest: {near}. Add it to record/causes/")
    return known[slug]


def kind_of(slug: str) -> Kind:
    """Of a cause that may be unknown here: a run of another version of the suite names its own."""
    found = causes().get(slug)
    return found.kind if found else "other"


def shown_by(seen: str) -> str | None:
    """The slug of what an answer shows by its status alone, where a text begins with it; None for any other text or status."""
    return next((SHOWN_BY[each] for each in _statuses(seen) if each in SHOWN_BY), None)


def _statuses(seen: str) -> tuple[str, ...]:
    """Of the answer that a text begins with: the status itself and its class, `("404", "4xx")`. Empty for other texts."""
    status = STATUS.match(seen)
    return (status[0], f"{status[1]}xx") if status else ()


def _tables(path: Path) -> Iterator[tuple[str, dict[str, Any], str]]:
    for slug, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
        yield slug, table, f"{path.name}, [{slug}]"


def _yields(kind: Kind, attribution: Party, own: Mapping[str, Sentence]) -> tuple[str, ...]:
    """To what a cause without a list of its own gives way."""
    if kind in OWN_STATUSES or SERVER_ERROR in own:
        return ()
    is_asked_signed_in = kind == "other" and attribution == "product"
    return (SERVER_ERROR, "401") if is_asked_signed_in else (SERVER_ERROR,)


def _cause(slug: str, table: Mapping[str, Any], place: str, default: Sentence | None) -> Cause:
    own = {status[1]: _sentence(table[name], place) for name in table if (status := OF_STATUS.fullmatch(name))}
    if unknown := table.keys() - {"severity", "attribution", "kind", "unless", *PARTS, *(f"next_{status}" for status in own)}:
        raise CauseInvalid(f"{place}: {', '.join(sorted(unknown))} is no key of a cause")
    severity, attribution, kind = table.get("severity", 2), table.get("attribution", "product"), table.get("kind", "other")
    if kind not in KINDS:
        raise CauseInvalid(f"{place}: kind is one of {', '.join(KINDS)}")
    if severity not in get_args(Severity) or attribution not in get_args(Party):
        raise CauseInvalid(f"{place}: severity is 1, 2 or 3, and attribution one of {', '.join(get_args(Party))}")
    expected = _sentence(table["expected"], place) if "expected" in table else default
    if expected is None or "next" not in table:
        raise CauseInvalid(f"{place}: needs expected and next")
    seen = _sentence(table["seen"], place) if "seen" in table else None
    unless = frozenset(table.get("unless", _yields(kind, attribution, own)))
    if not unless <= SHOWN_BY.keys():
        raise CauseInvalid(f"{place}: unless is a list of {', '.join(SHOWN_BY)}")
    return Cause(slug, severity, attribution, expected, _sentence(table["next"], place), seen, kind, own, unless)


def _sentence(told: Any, place: str) -> Sentence:
    texts = [told[language] for language in LANGUAGES] if isinstance(told, dict) and told.keys() == set(LANGUAGES) else []
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise CauseInvalid(f"{place}: a sentence has en and es")
    if len({Sentence(text, text).facts for text in texts}) > 1:
        raise CauseInvalid(f"{place}: {texts} speak of different facts")
    return Sentence(*texts)
