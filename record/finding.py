"""What a failing check says: expected, seen, where, next, and the cause that it names."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from record import cause as table
from record.cause import Language, Party, Severity

LINES = ("expected", "seen", "where", "next")
INDENT = 10  # columns before a value; what spans lines goes on below its beginning
DATA = "finding"
# pytest indents what follows the first line of a message; what a target said is indented further, so it cannot be taken for this.
DATA_LINE = re.compile(rf"^ {{0,2}}{DATA} +(\{{.*\}})$", re.MULTILINE)


@dataclass(frozen=True)
class Finding:
    """Four lines that a stranger can act on, in English. `next` ends with a way out.

    `cause` names a table of record/causes; empty where nothing declared what went wrong. `claim` names what was looked for, where
    the answer shows another cause by its status. The facts fill the sentences of the one that was looked for.
    """

    expected: str
    seen: str
    where: str
    next: str
    cause: str = ""
    severity: Severity = 2
    attribution: Party = "product"
    facts: Mapping[str, str] = field(default_factory=dict)
    claim: str = ""

    def __str__(self) -> str:
        lines = [*LINES, *(["cause"] if self.cause else [])]
        return "\n".join(f"{name:<{INDENT}}{indented(getattr(self, name))}" for name in lines)

    @property
    def message(self) -> str:
        """For an assert: its lines, and all of it as JSON in one more line, without percent signs, which pytest doubles."""
        data = json.dumps(self.as_dict(), ensure_ascii=False).replace("%", r"\u0025")
        return f"{self}\n{DATA:<{INDENT}}{data}"

    @classmethod
    def of(cls, slug: str, facts: Mapping[str, str], *, where: str, seen: str | None = None, status: int | None = None) -> Self:
        """From the table; `seen` where the cause has no sentence for it, `status` where it rests on an answer.

        CauseInvalid for unknown names and facts.
        """
        found = table.cause(slug)
        if facts.keys() != found.facts:
            raise table.CauseInvalid(f"{slug} takes the facts {sorted(found.facts)}, and these were given: {sorted(facts)}")
        if seen is None:
            seen = found.seen.told(facts) if found.seen else ""
        expected = found.expected.told(facts)
        if status is not None and (instead := found.shown_instead(status)):
            shown = table.cause(instead)
            return cls(expected, seen, where, shown.advice(seen).en, instead, shown.severity, shown.attribution, facts, slug)
        return cls(expected, seen, where, found.advice(seen).told(facts), slug, found.severity, found.attribution, facts)

    @classmethod
    def in_text(cls, text: str) -> Self | None:
        """The finding whose `message` stands in the text of an AssertionError; None where there is none."""
        line = DATA_LINE.search(text)
        return cls(**json.loads(line[1])) if line else None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"facts": dict(self.facts)}

    def lines(self, language: Language = "en") -> dict[str, str]:
        """expected, seen, where, next in a language: the sentences from the table, what was seen as it is."""
        told = {name: str(getattr(self, name)) for name in LINES}
        found, looked_for = table.causes().get(self.cause), table.causes().get(self.claim or self.cause)
        if language == "en" or found is None or looked_for is None or looked_for.facts != self.facts.keys():
            return told
        told |= {
            "expected": looked_for.expected.told(self.facts, language),
            "next": found.advice(self.seen).told(self.facts, language),
        }
        return told | ({"seen": found.seen.told(self.facts, language)} if found.seen else {})

    @property
    def fingerprint(self) -> str:
        """What stays the same when the same thing fails again: ids and numbers are left out. 12 hexadecimal digits.

        But for the status that opens a line: 403 in place of 401 is another failure. A reworded sentence is the same one.
        """
        named = "|".join([self.cause, *(f"{name}={steady(value)}" for name, value in sorted(self.facts.items()))])
        text = f"{named if self.cause else steady(self.expected)}|{steady(self.seen)}"
        return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()[:12]


def indented(value: str) -> str:
    return value.replace("\n", "\n" + " " * INDENT)


def steady(text: str) -> str:
    """The text without what differs from one time to the next."""
    status = re.match(r"[1-5]\d\d(?![\d.])", text)
    kept = status[0] if status else ""
    return kept + re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|lv-[\w-]+|\d+(?:\.\d+)?", "#", text[len(kept) :])
