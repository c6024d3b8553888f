"""Numbers, times and the state of plan lines as phrases in one language."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from reports.plan.plan_file import Line, Plan
from reports.rendering import Language, plain

SPANISH = str.maketrans({",": "\u202f", ".": ","})
ENGLISH = str.maketrans({",": "\u202f"})
MINUTE_S = 60


class Phrases:
    """`t` are the texts of reports/pages.texts.toml in this language."""

    def __init__(self, language: Language, texts: Mapping[str, Any], plan: Plan) -> None:
        self.language, self.t, self.plan = language, texts, plan
        self._marks = SPANISH if language == "es" else ENGLISH

    def integer(self, number: int) -> str:
        return f"{number:,}".translate(self._marks)

    def decimal(self, number: float | None) -> str:
        """Up to three digits after the point; None is a dash."""
        if number is None:
            return str(self.t["none"])
        text = f"{number:,.3f}"
        return text.rstrip("0").rstrip(".").translate(self._marks)

    def seconds(self, number: float) -> str:
        return f"{self.decimal(round(number, 1))} s" if number < MINUTE_S else f"{self.integer(round(number / MINUTE_S))} min"

    def time(self, text: str) -> str:
        """UTC, to the minute."""
        moment = datetime.fromisoformat(text)
        return f"{moment:%d/%m/%Y %H:%M} UTC" if self.language == "es" else f"{moment:%d %b %Y %H:%M} UTC"

    def measure(self, each: Mapping[str, Any]) -> str:
        interval = f"{self.decimal(each['low'])} – {self.decimal(each['high'])}"
        return f"{self.decimal(each['estimate'])} {each['unit']} ({interval})"

    def criterion_name(self, name: str) -> str:
        return str(self.t["criteria_names"].get(name, name))

    def reason(self, sentence: str, values: Mapping[str, str]) -> str:
        shown = {name: plain(value) for name, value in values.items()}
        if "state" in shown:
            shown["state"] = self.t["states"].get(shown["state"], shown["state"])
        return sentence.format(**shown)

    def rests_on(self, line: Line, found: Mapping[str, Any]) -> str:
        """What a line rests on, in a few words."""
        kind = self.t["disposition"][line.disposition]
        if line.disposition == "verified":
            counts = ", ".join(f"{self.integer(count)} {self.t['outcomes'][name]}" for name, count in found["checks"].items())
            return f"{kind}: {counts}" if counts else kind
        if line.disposition == "attested":
            people = ", ".join(plain(each["person"]) for each in found["people"])
            return f"{kind}: {people or ' / '.join(line.roles)}"
        if line.disposition == "out_of_scope" and line.reason:
            return line.reason.in_(self.language)
        return str(kind)

    def teams(self, checks: Iterable[str]) -> str:
        """Those that the plan makes responsible for these checks."""
        names = dict.fromkeys(self.plan.owner_of(check, self.language) for check in checks)
        return ", ".join(name for name in names if name) or str(self.t["none"])

    def attestations(self, line: str, attestations: Iterable[Mapping[str, Any]]) -> str:
        return "; ".join(f"{plain(each['statement'])} ({plain(each['person'])})" for each in attestations if each["line"] == line)
