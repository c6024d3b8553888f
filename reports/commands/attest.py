"""`make attest LINE=W1-D5-T6` and `make attest GATE=deploy`: the questions whose answers make a signed word, and the file.

Each answer is looked at when it is given. Files that a word rests on are copied below reports/attestations/evidence/, and that is
said. Nothing is written before the last question is answered, and then all of it: the word last, under a name that nobody has.
"""

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from record import run_folder
from record.run_folder import Run
from reports import rendering
from reports.dossier import attestations, picking
from reports.dossier.attestations import Question, Word
from reports.plan import gates, line_states, plan_file
from reports.plan.gates import Gate
from reports.plan.plan_file import Line
from reports.rendering import Language

WORDS = Path(__file__).resolve().parent / "attest.words.toml"
Ask = Callable[[str], str]
Tell = Callable[[str], None]
Objection = Callable[[str], str | None]


class NothingWritten(Exception):  # noqa: N818 - states the fact
    """The person stopped before the end."""


@dataclass(frozen=True)
class Desk:
    """Where words are asked for: `ask` shows a question and returns the answer, EOFError when nobody is there."""

    ask: Ask
    tell: Tell
    language: Language
    folder: Path
    now: dt.datetime

    def say(self, name: str, **told: object) -> str:
        return str(rendering.words(WORDS, self.language)[name]).format(**told)

    def answer(self, question: str, default: str, objection: Objection) -> str:
        """Asked again until it is right; NothingWritten when the answers have ended."""
        shown = f"{question} [{default}]: " if default else f"{question}: "
        while True:
            try:
                given = self.ask(shown).strip() or default
            except EOFError as error:
                raise NothingWritten(self.say("ended")) from error
            wrong = objection(given)
            if wrong is None:
                return given
            self.tell(wrong)

    def text(self, name: str, default: str = "", objection: Objection = lambda _: None) -> str:
        return self.answer(self.say(name), default, lambda given: self._unclear(given) or objection(given))

    def _unclear(self, given: str) -> str | None:
        """What nobody can see would make two people of one, or a statement of none."""
        hidden = next((each for each in given if unicodedata.category(each)[0] == "C"), None)
        if hidden:
            return self.say("unseen", code=f"U+{ord(hidden):04X}")
        return None if any(map(str.isalnum, given)) else self.say("blank")

    def role(self, roles: Sequence[str]) -> str:
        told = ", ".join(roles)
        default = roles[0] if len(roles) == 1 else ""
        ask = self.say("role", roles=told)
        return self.answer(ask, default, lambda given: None if given in roles else self.say("not_a_role", roles=told))


def of_line(line: Line, release: str, environment: str | None, desk: Desk) -> Path:
    """Ask about a line of the plan; the file that was written. ValueError for a line that nobody attests."""
    if line.disposition != "attested" or line.evidence is None:
        raise ValueError(f"{line.id} is {line.disposition}: nobody can attest it")
    desk.tell(desk.say("about_line", line=line.id, text=line.es if desk.language == "es" else line.en))
    desk.tell(desk.say("shows", evidence=line.evidence.in_(desk.language), days=line.valid_days, people=line.people))
    where = picking.environment(environment) if environment else None
    spoken = _spoken(desk, line.id, Question(release, where or "any", desk.now))
    told: dict[str, Any] = {"line": line.id, **_person(desk, line.roles, _by_another(desk, spoken)), "release": release}
    told |= {"environment": where} if where else {}
    told |= {"date": desk.now.date(), "expires": _expires(desk, line)}
    evidence = _evidence(desk)
    return _keep(desk, line.id, told, evidence)


def of_gate(gate: Gate, picked: Sequence[Run], release: str, environment: str, desk: Desk) -> Path:
    """Ask about a gate and the runs that decide it; the file that was written. ValueError for a gate that nobody approves."""
    if not gate.approvals:
        raise ValueError(f"the gate {gate.name} asks for no approval: its runs and lines decide it")
    desk.tell(desk.say("about_gate", gate=gate.name, text=gate.es if desk.language == "es" else gate.en))
    for run in picked:
        counts = ", ".join(f"{sum(check['outcome'] == name for check in run.checks)} {name}" for name in outcomes_of(run))
        desk.tell(desk.say("run", run=run.name, counts=counts))
    roles, digests = [quorum.role for quorum in gate.approvals], [run.digest for run in picked]
    spoken = _spoken(desk, gate.name, Question(release, environment, desk.now, frozenset(digests)))
    waived = [check["waiver"]["person"] for run in picked for check in run.checks if check["outcome"] == "waived"]
    told: dict[str, Any] = {"gate": gate.name, **_person(desk, roles, _by_another(desk, spoken, waived))}
    told |= {"release": release, "environment": environment, "date": desk.now.replace(microsecond=0)}
    told |= {"runs": digests, "accepts": _accepts(desk, gate, picked)}
    return _keep(desk, f"approval-{gate.name}", told, {})


def outcomes_of(run: Run) -> list[str]:
    return list(dict.fromkeys(check["outcome"] for check in run.checks))


def _spoken(desk: Desk, subject: str, question: Question) -> list[Word]:
    """The words about a line or gate that are there already and count."""
    every = [word for word in attestations.load(desk.folder)[0] if subject in (word.line, word.gate)]
    return [word for word in every if not attestations.objections(word, question, plan_file.load(), desk.folder)]


def _by_another(desk: Desk, spoken: Sequence[Word], waived: Sequence[str] = ()) -> Objection:
    """Two people are two people, and nobody approves what stands on a waiver of their own."""

    def objection(given: str) -> str | None:
        known = attestations.identity(given)
        if not attestations.name_of(given):
            return desk.say("no_name")
        if twice := next((word for word in spoken if attestations.identity(word.person) & known), None):
            return desk.say("said_already", file=twice.file)
        return desk.say("own_waiver") if any(attestations.identity(person) & known for person in waived) else None

    return objection


def _person(desk: Desk, roles: Sequence[str], objection: Objection) -> dict[str, str]:
    person = desk.text("person", _known_to_git(), objection)
    return {"person": person, "role": desk.role(roles), "statement": desk.text("statement")}


def _known_to_git() -> str:
    """Whom git knows on this machine, as a first guess."""

    def ask(name: str) -> str:
        try:
            return subprocess.run(["git", "config", name], capture_output=True, text=True, check=False).stdout.strip()
        except FileNotFoundError:
            return ""

    name, mail = ask("user.name"), ask("user.email")
    return f"{name} <{mail}>" if name and mail else name


def _expires(desk: Desk, line: Line) -> dt.date:
    first, last = desk.now.date(), desk.now.date() + dt.timedelta(days=line.valid_days)

    def objection(given: str) -> str | None:
        fits = re.fullmatch(r"\d{4}-\d{2}-\d{2}", given) and _is_day(given) and str(first) <= given <= str(last)
        return None if fits else desk.say("not_a_day", first=first, last=last)

    return dt.date.fromisoformat(desk.answer(desk.say("expires"), str(last), objection))


def _is_day(given: str) -> bool:
    try:
        dt.date.fromisoformat(given)
    except ValueError:
        return False
    return True


def _evidence(desk: Desk) -> dict[str, Path]:
    """The files by the names that they get below reports/attestations/."""
    found: dict[str, Path] = {}

    def objection(given: str) -> str | None:
        if not given:
            return None if found else desk.say("no_evidence")
        return None if _has_content(given) else desk.say("not_a_file", file=given)

    while given := desk.answer(desk.say("evidence"), "", objection):
        path = Path(given).expanduser()
        ending = path.suffix.lower() if re.fullmatch(r"\.[a-z0-9]{1,8}", path.suffix.lower()) else ""
        kept = f"evidence/{run_folder.digest_of(path)[:12]}-{_slug(path.stem)}{ending}"
        desk.tell(desk.say("copied", file=path.name, kept=kept))
        found[kept] = path
    return found


def _has_content(given: str) -> bool:
    """A plain file that is not empty; a name may be too long for one, or begin with the home of nobody."""
    try:
        path = Path(given).expanduser()
        return path.is_file() and path.stat().st_size > 0 and os.access(path, os.R_OK)
    except (OSError, RuntimeError):
        return False


def _accepts(desk: Desk, gate: Gate, picked: Sequence[Run]) -> list[str]:
    states = line_states.states(plan_file.load(), [check for run in picked for check in run.checks], {})
    gaps = [line for line, found in states.items() if gate.asks_for(line) and found["state"] in line_states.GAPS]
    if not gaps:
        return []
    desk.tell(desk.say("gaps", lines=", ".join(gaps)))

    def objection(given: str) -> str | None:
        unknown = [line for line in given.replace(",", " ").split() if line not in gaps and line != desk.say("all")]
        return desk.say("not_a_gap", line=unknown[0]) if unknown else None

    given = desk.answer(desk.say("accepts"), "", objection).replace(",", " ").split()
    return gaps if desk.say("all") in given else given


def _keep(desk: Desk, subject: str, told: Mapping[str, Any], evidence: Mapping[str, Path]) -> Path:
    """Make the files apart, see that the word would count, ask once more, and put them in their place."""
    name = f"{subject}-{_slug(attestations.name_of(told['person']))}-{desk.now:%Y%m%d}.toml"
    with tempfile.TemporaryDirectory() as made:
        apart = Path(made)
        (apart / "evidence").mkdir()
        for file, path in evidence.items():
            shutil.copyfile(path, apart / file)
        text = as_toml(told, {file: run_folder.digest_of(apart / file) for file in evidence})
        (apart / name).write_text(text, encoding="utf-8")
        _require_sound(apart / name, told, desk)
        _require_free(desk.folder / name)
        desk.tell(text)
        _confirm(desk, name)
        (desk.folder / "evidence").mkdir(parents=True, exist_ok=True)
        for file in [*evidence, name]:
            _place(apart / file, desk.folder / file, anew=file == name)
    desk.tell(desk.say("kept", file=desk.folder / name))
    return desk.folder / name


def _require_free(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise ValueError(f"{path}: is there already; remove it first if it is to be said anew")


def _place(made: Path, path: Path, *, anew: bool) -> None:
    """There whole or not at all, though it may come from another disk. ValueError for a word that somebody else put there."""
    near = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        shutil.copyfile(made, near)
        if anew:
            path.hardlink_to(near)
        else:
            near.replace(path)
    except FileExistsError as error:
        raise ValueError(f"{path}: is there already; remove it first if it is to be said anew") from error
    finally:
        near.unlink(missing_ok=True)


def _require_sound(path: Path, told: Mapping[str, Any], desk: Desk) -> None:
    word, refused = attestations.parse(path)
    if word is not None:
        question = Question(told["release"], told.get("environment") or "any", desk.now, frozenset(told.get("runs", ())))
        refused = attestations.objections(word, question, plan_file.load(), path.parent)
    if refused:
        raise ValueError("; ".join(f"{each.rule}: {each.remedy}" for each in refused))


def _confirm(desk: Desk, name: str) -> None:
    """Yes or no, in either language; what is neither is asked again."""
    given = desk.answer(
        desk.say("confirm", file=name),
        "",
        lambda given: None if given[:1].casefold() in {"s", "y", "n"} else desk.say("yes_or_no"),
    )
    if given[0].casefold() == "n":
        raise NothingWritten(desk.say("dropped"))


def as_toml(told: Mapping[str, Any], evidence: Mapping[str, str]) -> str:
    """A file of words. A JSON string is a basic string of TOML, but for one character that JSON does not escape."""
    rows = [f"{key} = {_value(value)}" for key, value in told.items()]
    tables = [f"\n[[evidence]]\nfile = {_value(file)}\nsha256 = {_value(digest)}" for file, digest in evidence.items()]
    return "\n".join([*rows, *tables]) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, list):
        return "[" + "".join(f"\n    {_value(each)}," for each in value) + ("\n]" if value else "]")
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _slug(text: str) -> str:
    """Of a name, for the name of a file; a digest where no Latin letter is in it, so that two people are not one file."""
    latin = unicodedata.normalize("NFKD", text).casefold().encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:60]
    return plain or hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:8]


def deciding(out: Path, gate: Gate, environment: str, release: str) -> list[Run]:
    """The runs that a dossier of this gate would be decided by. ValueError when there are none."""
    picked, _ = picking.found(out, gate, picking.environment(environment), release)
    if not picked:
        raise ValueError(f"no run on {environment} whose target is {release} below {out}: there is nothing to approve yet")
    return picked


def known_gate(name: str) -> Gate:
    return gates.named(name, gates.load())


def known_line(name: str) -> Line:
    """ValueError with the nearest ids."""
    found = plan_file.load().lines
    if name not in found:
        raise ValueError(f"the plan has no line {name}. Nearest: {', '.join(near(name, found)) or 'none'}")
    return found[name]


def near(name: str, among: Iterable[str]) -> list[str]:
    import difflib  # noqa: PLC0415 - for a slip only

    return difflib.get_close_matches(name, list(among), 3)
