"""The questions of `make attest`: each answer is examined at once, and asked for again, with the rule, until it is right."""

import datetime as dt
import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reports import rendering
from reports.plan.plan_file import Line
from reports.rendering import Language

TEXTS = Path(__file__).resolve().parent / "interview.texts.toml"
Objection = Callable[[str], str | None]  # what is wrong with an answer; None for a right one


class NothingWritten(Exception):  # noqa: N818 - states the fact
    """The person stopped before the end."""


@dataclass(frozen=True)
class Interview:
    """`ask` shows a question and returns the answer, EOFError at the end of input; what is written goes below `folder`."""

    ask: Callable[[str], str]
    write: Callable[[str], None]
    language: Language
    folder: Path
    now: dt.datetime

    def text(self, name: str, **values: object) -> str:
        return str(rendering.texts(TEXTS, self.language)[name]).format(**values)

    def show(self, name: str, **values: object) -> None:
        self.write(self.text(name, **values))

    def answer(self, question: str, default: str, objection: Objection) -> str:
        """NothingWritten when the answers have ended."""
        shown = f"{question} [{default}]: " if default else f"{question}: "
        while True:
            try:
                answer = self.ask(shown).strip() or default
            except EOFError as error:
                raise NothingWritten(self.text("ended")) from error
            wrong = objection(answer)
            if wrong is None:
                return answer
            self.write(wrong)

    def clear(self, name: str, default: str = "", objection: Objection = lambda _: None) -> str:
        """A text without invisible characters: they would make two people of one, or an empty statement."""
        return self.answer(self.text(name), default, lambda answer: self._unclear(answer) or objection(answer))

    def _unclear(self, answer: str) -> str | None:
        hidden = next((each for each in answer if unicodedata.category(each)[0] == "C"), None)
        if hidden:
            return self.text("unseen", code=f"U+{ord(hidden):04X}")
        return None if any(map(str.isalnum, answer)) else self.text("blank")

    def role(self, roles: Sequence[str]) -> str:
        names = ", ".join(roles)
        default = roles[0] if len(roles) == 1 else ""
        question, wrong = self.text("role", roles=names), self.text("not_a_role", roles=names)
        return self.answer(question, default, lambda answer: None if answer in roles else wrong)

    def expires(self, line: Line) -> dt.date:
        first, last = self.now.date(), self.now.date() + dt.timedelta(days=line.valid_days)

        def objection(answer: str) -> str | None:
            fits = _is_day(answer) and str(first) <= answer <= str(last)
            return None if fits else self.text("not_a_day", first=first, last=last)

        return dt.date.fromisoformat(self.answer(self.text("expires"), str(last), objection))

    def evidence(self) -> list[Path]:
        """At least one file that can be read and is not empty."""
        found: list[Path] = []

        def objection(answer: str) -> str | None:
            if not answer:
                return None if found else self.text("no_evidence")
            return None if _has_content(answer) else self.text("not_a_file", file=answer)

        while answer := self.answer(self.text("evidence"), "", objection):
            found.append(Path(answer).expanduser())
        return found

    def accepted(self, gaps: Sequence[str]) -> list[str]:
        """The lines among these that the person accepts to go on without."""
        if not gaps:
            return []
        every = self.text("all")

        def objection(answer: str) -> str | None:
            unknown = [line for line in _listed(answer) if line not in gaps and line != every]
            return self.text("not_a_gap", line=unknown[0]) if unknown else None

        self.show("gaps", lines=", ".join(gaps))
        answer = _listed(self.answer(self.text("accepts"), "", objection))
        return list(gaps) if every in answer else answer

    def confirm(self, name: str) -> None:
        """Yes or no, in either language. NothingWritten for a no."""
        wrong = self.text("yes_or_no")
        answer = self.answer(
            self.text("confirm", file=name), "", lambda answer: None if answer[:1].casefold() in {"s", "y", "n"} else wrong
        )
        if answer[0].casefold() == "n":
            raise NothingWritten(self.text("dropped"))


def _listed(answer: str) -> list[str]:
    return answer.replace(",", " ").split()


def _is_day(answer: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", answer) and dt.date.fromisoformat(answer))
    except ValueError:
        return False


def _has_content(answer: str) -> bool:
    """A plain file that is not empty; the answer may be too long for a path, or name the home of an unknown user."""
    try:
        path = Path(answer).expanduser()
        return path.is_file() and path.stat().st_size > 0 and os.access(path, os.R_OK)
    except (OSError, RuntimeError):
        return False
