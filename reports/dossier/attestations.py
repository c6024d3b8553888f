"""Signed words: people who attest a line of the plan, or approve a gate. TOML files in reports/attestations/, strictly read.

A word is refused, with file, line, rule and remedy, when it cannot be taken as it stands: malformed, expired, dated in the future
or in an ambiguous way, for another release or environment, about a line that nobody can attest, by somebody whose role does not,
for longer than its line allows, or resting on evidence that has changed. A refused word counts for nothing.
"""

import datetime as dt
import difflib
import hashlib
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from record import releases
from reports.plan.gates import Gate
from reports.plan.plan_file import Plan

LARGEST = 64 * 1024  # bytes of a file of words
TEXTS = ("person", "role", "statement", "release")
# What a word about a line, and one about a gate, has besides its texts and its date.
OF_A_LINE = {"line", "expires"}
OF_A_GATE = {"gate", "environment", "runs"}
OPTIONAL = {"evidence", "environment", "accepts"}
SHA256 = re.compile(r"[0-9a-f]{64}")
MAIL = re.compile(r"[<(]?\b([^<>()@\s,;]+@[^<>()@\s,;]+)[>)]?")  # in brackets or not: neither is a part of the name
ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")  # whose letters look alike


@dataclass(frozen=True)
class Refusal:
    """`file` is a name below reports/attestations/, `line` the number of a line in it."""

    file: str
    line: int
    rule: str
    remedy: str


@dataclass(frozen=True)
class Evidence:
    """A file beside the word, by its path below reports/attestations/."""

    file: str
    sha256: str


@dataclass(frozen=True)
class Word:
    """What one person says. Either about `line`, until `expires`, or about `gate`, for the runs with these digests."""

    file: str
    text: str
    person: str
    role: str
    statement: str
    release: str
    date: str
    line: str | None = None
    gate: str | None = None
    environment: str | None = None
    expires: str | None = None
    evidence: tuple[Evidence, ...] = ()
    runs: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()

    def refusal(self, key: str, rule: str, remedy: str) -> Refusal:
        return Refusal(self.file, place_of(self.text, key), rule, remedy)


@dataclass(frozen=True)
class Question:
    """What the words are asked about. `digests` are those of the deciding runs, `now` is when it is asked."""

    release: str
    environment: str
    now: dt.datetime
    digests: AbstractSet[str] = frozenset()


def place_of(text: str, key: str) -> int:
    """The number of the line on which a key or table stands, or the table `key.number` begins; 1 for one that is missing.

    A text that spans lines may hold what looks like a key: what stands before a real one is whole by itself.
    """
    name, _, number = key.partition(".")
    named = re.compile(rf"\s*(?:\[\[?\s*)?[\"']?{re.escape(name)}[\"']?\s*[\].=]")
    told = text.split("\n")
    found = [at for at, line in enumerate(told) if named.match(line) and _is_whole("\n".join(told[:at]))]
    return found[min(int(number or 0), len(found) - 1)] + 1 if found else 1


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def identity(person: str) -> frozenset[str]:
    """By what a person is known, however it is spelled: "Ana Pérez <ana@x.org>", "ANA  PEREZ" and "Pérez, Ana" are one."""
    letters = unicodedata.normalize("NFKD", MAIL.sub(" ", person).upper().casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    name = " ".join(sorted(re.findall(r"\w+", plain)))
    return frozenset({name, *(mail.casefold() for mail in MAIL.findall(person))} - {""})


def name_of(person: str) -> str:
    """Without the address, which is nobody else's business."""
    return " ".join(MAIL.sub(" ", person).split())


def people(words: Iterable[Word]) -> list[list[Word]]:
    """Words by person: two that share a name or an address are one person's."""
    groups: list[tuple[set[str], list[Word]]] = []
    for word in words:
        known = set(identity(word.person))
        same = [group for group in groups if group[0] & known]
        members = [each for _, theirs in same for each in theirs]
        groups = [group for group in groups if group not in same]
        groups.append((known.union(*(names for names, _ in same)), [*members, word]))
    return [members for _, members in groups]


def load(folder: Path) -> tuple[list[Word], list[Refusal]]:
    """Every word of a folder that is well formed, and what is wrong with the others."""
    found: list[Word] = []
    refused: list[Refusal] = []
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        hidden = path.name.startswith(".") and path.suffix != ".toml"  # what editors and finders leave
        if path.name == "README.md" or (path.name == "evidence" and path.is_dir()) or hidden:
            continue
        word, wrong = parse(path)
        found += [word] if word and not wrong else []
        refused += wrong
    return found, refused


def parse(path: Path) -> tuple[Word | None, list[Refusal]]:
    """One file of words, and everything that is wrong with its form."""

    def refuse(rule: str, remedy: str, line: int = 1) -> tuple[None, list[Refusal]]:
        return None, [Refusal(path.name, line, rule, remedy)]

    if path.is_symlink() or not path.is_file() or path.suffix != ".toml":
        return refuse("is no file NAME.toml", "rename it, or put it below evidence/")
    if path.stat().st_size > LARGEST:
        return refuse(f"is larger than {LARGEST} bytes", "put evidence in files of its own, below evidence/")
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        return refuse(f"cannot be read: {error}", "save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else text.rstrip("\n").count("\n") + 1
        return refuse(f"is no TOML: {error}", "mend the line; `make attest` writes such files", line)
    except RecursionError:
        return refuse("is nested too deep for any word", "`make attest` writes such files")
    wrong = [Refusal(path.name, place_of(text, key), rule, remedy) for key, rule, remedy in _wrong(data)]
    return (None if wrong else _word(path.name, text, data)), wrong


def _word(file: str, text: str, data: Mapping[str, Any]) -> Word:
    told = {key: data[key].strip() for key in (*TEXTS, "line", "gate", "environment") if key in data}
    return Word(
        file=file,
        text=text,
        **told,
        date=str(_moment(data["date"])),
        expires=str(_day(data["expires"])) if "expires" in data else None,
        evidence=tuple(Evidence(each["file"], each["sha256"]) for each in data.get("evidence", ())),
        runs=tuple(data.get("runs", ())),
        accepts=tuple(data.get("accepts", ())),
    )


def _wrong(data: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    """(key, rule, remedy) of each slip in the form."""
    if ("line" in data) == ("gate" in data):
        yield "gate", "must be about exactly one thing", "give either line = ... or gate = ..."
        return
    subject = OF_A_LINE if "line" in data else OF_A_GATE
    needed, allowed = {*TEXTS, "date", *subject}, OPTIONAL - ({"accepts"} if "line" in data else {"evidence"})
    for key in sorted(needed - data.keys()):
        yield key, f"{key} must be there", "`make attest` asks for everything that must be there"
    for key in sorted(data.keys() - needed - allowed):
        yield key, f"nobody reads {key}", f"the keys are {', '.join(sorted(needed | allowed))}"
    for key in (*TEXTS, "line", "gate", "environment"):
        if key in data and (slip := _slip_in(data[key], may_break=key == "statement")):
            yield key, f"{key} {slip[0]}", slip[1]
    if isinstance(person := data.get("person"), str) and not _slip_in(person):
        yield from _wrong_person(person)
    yield from _wrong_dates(data)
    yield from _wrong_lists(data)


def _slip_in(text: Any, *, may_break: bool = False) -> tuple[str, str] | None:
    """What nobody can see (a zero-width space, a control code) would make two people of one, or a statement of none."""
    if not isinstance(text, str) or not any(map(str.isalnum, text)):
        return "must be a text that says something", "write it between quotes"
    hidden = next((each for each in text if unicodedata.category(each)[0] == "C" and not (may_break and each in "\n\t")), None)
    return (f"holds U+{ord(hidden):04X}, which nobody can see", "type it anew") if hidden else None


def _wrong_person(person: str) -> Iterable[tuple[str, str, str]]:
    name = name_of(person)
    if not any(map(str.isalnum, name)):
        yield "person", "person must have a name, not an address alone", 'write "Name <address>", or the name alone'
    told = {unicodedata.name(letter, "").split(" ")[0] for letter in name}
    if len(mixed := [alphabet for alphabet in ALPHABETS if alphabet in told]) > 1:
        yield "person", f"person mixes {' and '.join(mixed)} letters, which look alike", "type the name anew, in one alphabet"


def _wrong_dates(data: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    if "date" in data and "gate" in data and not isinstance(_moment(data["date"]), dt.datetime):
        yield "date", f"date = {data['date']} is no moment with its zone", "write 2026-11-25T10:30:00Z"
    elif "date" in data and _moment(data["date"]) is None:
        yield "date", f"date = {_told(data['date'])} is ambiguous", "write a date such as 2026-11-25"
    if "expires" in data and _day(data["expires"]) is None:
        yield "expires", f"expires = {_told(data['expires'])} is ambiguous", "write a date such as 2026-12-31"


def _told(value: Any) -> str:
    return str(value) if isinstance(value, dt.date | dt.time) else repr(value)


def _wrong_lists(data: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    for key in ("runs", "accepts"):
        if key in data and not (isinstance(data[key], list) and all(isinstance(each, str) for each in data[key])):
            yield key, f"{key} must be a list of texts", f'write {key} = ["...", "..."]'
    if isinstance(runs := data.get("runs"), list) and not all(SHA256.fullmatch(str(each)) for each in runs):
        yield "runs", "runs are the SHA-256 of their run.json", "take them from what `make signoff` printed"
    evidence = data.get("evidence", [])
    if not isinstance(evidence, list) or not all(
        isinstance(each, dict) and each.keys() == {"file", "sha256"} for each in evidence
    ):
        yield "evidence", "each [[evidence]] has exactly file and sha256", "`make attest` writes them"
    elif not all(isinstance(each["file"], str) and SHA256.fullmatch(str(each["sha256"])) for each in evidence):
        yield "evidence", "a sha256 is 64 hexadecimal digits", "`sha256sum FILE` prints it"


def _moment(value: Any) -> dt.datetime | dt.date | None:
    """A day, or a moment with its zone; None for what can be read in two ways."""
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else None
    return _day(value)


def _day(value: Any) -> dt.date | None:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None


def objections(word: Word, question: Question, plan: Plan, folder: Path) -> list[Refusal]:
    """Why a well formed word counts for nothing; empty for one that holds."""
    found = [*_about_subject(word, question), *_about_time(word, question.now)]
    if word.line is not None:
        found += [*_about_line(word, plan), *_about_evidence(word, folder)]
    else:
        found += _about_approval(word, question, plan)
    return found


def _about_approval(word: Word, question: Question, plan: Plan) -> Iterable[Refusal]:
    if question.digests - set(word.runs):
        rule = "approves other runs than those that decide"
        yield word.refusal("runs", rule, "approve again: `make attest GATE=...` takes the digests of the newest runs")
    for line in (line for line in word.accepts if line not in plan.lines):
        yield word.refusal("accepts", f"the plan has no line {line}", f"nearest: {_nearest(line, plan.lines)}")


def _nearest(name: str, known: Iterable[str]) -> str:
    return ", ".join(difflib.get_close_matches(name, list(known), 2)) or "none"


def _about_subject(word: Word, question: Question) -> Iterable[Refusal]:
    """Words about other releases were right once and may stay where they are."""
    if not releases.fits(word.release, question.release):
        yield word.refusal(
            "release", f"is about {word.release}, and this is about {question.release}", "say it anew, or remove it"
        )
    if word.environment not in (None, question.environment):
        rule = f"is about {word.environment}, and this is about {question.environment}"
        yield word.refusal("environment", rule, "say it anew for this environment, or remove it")


def _about_time(word: Word, now: dt.datetime) -> Iterable[Refusal]:
    moment = dt.datetime.fromisoformat(word.date)
    future = moment > now if moment.tzinfo else moment.date() > now.date()
    if future:
        yield word.refusal(
            "date", f"date = {word.date} is yet to come", "set the clock by NTP, or write the day on which it is said"
        )
    if word.expires is not None and word.expires < word.date[:10]:
        yield word.refusal("expires", f"expires = {word.expires} is before its date", "write a later day")
    elif word.expires is not None and word.expires < f"{now:%Y-%m-%d}":
        yield word.refusal("expires", f"expired on {word.expires}", "look again, and say it anew with `make attest`")


def _about_line(word: Word, plan: Plan) -> Iterable[Refusal]:
    line = plan.lines.get(str(word.line))
    if line is None:
        yield word.refusal("line", f"the plan has no line {word.line}", f"nearest: {_nearest(str(word.line), plan.lines)}")
        return
    if line.disposition != "attested":
        yield word.refusal("line", f"{line.id} is {line.disposition}, so nobody can attest it", "remove the file")
        return
    if word.role not in line.roles:
        yield word.refusal("role", f"{word.role} does not attest {line.id}", f"it takes {' or '.join(line.roles)}")
    days = (dt.date.fromisoformat(str(word.expires)) - dt.date.fromisoformat(word.date[:10])).days
    if days > line.valid_days:
        yield word.refusal(
            "expires", f"holds for {days} days, and {line.id} for {line.valid_days} at most", "write an earlier day"
        )
    if not word.evidence:
        yield word.refusal(
            "line", f"{line.id} asks for evidence: {line.evidence.en if line.evidence else ''}", "add [[evidence]]"
        )


def _about_evidence(word: Word, folder: Path) -> Iterable[Refusal]:
    for number, each in enumerate(word.evidence):
        if slip := _slip_in_file(each, folder):
            yield word.refusal(f"evidence.{number}", f"{each.file} {slip[0]}", slip[1])


def _slip_in_file(evidence: Evidence, folder: Path) -> tuple[str, str] | None:
    path, again = folder / evidence.file, "restore it, or say it anew with `make attest`"
    try:
        inside = path.resolve().is_relative_to(folder.resolve()) and not Path(evidence.file).is_absolute()
        if not inside or path.is_symlink():
            return "lies outside of reports/attestations/", "copy it below evidence/"
        if not path.is_file():
            return "is not there", again
        same = hashlib.sha256(path.read_bytes()).hexdigest() == evidence.sha256
    except (OSError, ValueError) as error:  # too long for a name, or with a character that no name has
        return f"cannot be read: {error}", again
    return None if same else ("was changed since", again)


def read(folder: Path, plan: Plan, gate: Gate, question: Question, known: Iterable[str] = ()) -> dict[str, Any]:
    """What the words in a folder come to for one gate. Approvals of the other `known` gates are another dossier's business.

    {"standing": {line: {"valid", "people"}}, "attestations", "approvals": those that hold, "approvers": by what each is known,
    "refused", "accepted": plan lines with a gap that every required role accepts}.
    """
    every, refused = load(folder)
    good: list[Word] = []
    for word in (word for word in every if word.gate in (None, gate.name) or word.gate not in known):
        wrong = [*_about_gate(word, gate, known), *objections(word, question, plan, folder)]
        refused += wrong
        good += [] if wrong else [word]
    twice = [*_repeated(good)]
    refused += twice
    good = [word for word in good if word.file not in {each.file for each in twice}]
    approvals = [word for word in good if word.gate == gate.name]
    speaking = _by_person(approvals, gate)
    refused += _in_two_roles(speaking)
    chosen = [theirs[0] for theirs in speaking]
    return {
        "standing": _standing([word for word in good if word.line], plan),
        "attestations": [_shown(word) for word in good if word.line],
        "approvals": [_shown(word) for word in chosen],
        "approvers": [identity(word.person) for word in chosen],
        "refused": [asdict(each) for each in refused],
        "accepted": sorted(_accepted(chosen, gate)),
    }


def _about_gate(word: Word, gate: Gate, known: Iterable[str]) -> Iterable[Refusal]:
    """An approval of a gate that does not exist, or in a role that has no say, would count for nothing and nobody would know."""
    roles = [quorum.role for quorum in gate.approvals]
    if word.gate == gate.name and word.role not in roles:
        yield word.refusal("role", f"{word.role} does not approve {gate.name}", f"it takes {', '.join(roles) or 'nobody'}")
    elif word.gate not in (None, gate.name):
        yield word.refusal("gate", f"there is no gate {word.gate}", f"nearest: {_nearest(str(word.gate), [gate.name, *known])}")


def _in_two_roles(speaking: Iterable[Sequence[Word]]) -> Iterable[Refusal]:
    for first, *others in speaking:
        for word in others:
            rule = f"is by who approves as {first.role} in {first.file}"
            yield word.refusal("role", rule, "let another person approve in this role")


def _repeated(words: Iterable[Word]) -> Iterable[Refusal]:
    """The same person saying the same thing twice: which of them counts?"""
    groups: defaultdict[tuple[str | None, str | None, str], list[Word]] = defaultdict(list)
    for word in words:
        groups[word.line, word.gate, word.role].append(word)
    for same in groups.values():
        for theirs in people(same):
            for word in theirs[1:]:
                yield word.refusal("person", f"says again what {theirs[0].file} says", "keep one of the two files")


def _standing(words: Sequence[Word], plan: Plan) -> dict[str, dict[str, Any]]:
    of_line: defaultdict[str, list[Word]] = defaultdict(list)
    for word in words:
        of_line[str(word.line)].append(word)
    return {
        line: {
            "valid": len(people(of_line[line])) >= plan.lines[line].people,
            "people": [{"person": name_of(word.person), "expires": word.expires} for word in of_line[line]],
        }
        for line in sorted(of_line)
    }


def _by_person(approvals: Sequence[Word], gate: Gate) -> list[list[Word]]:
    """Each person approves in one role, and accepts gaps in that role: the first, in the order of the gate."""
    order = [quorum.role for quorum in gate.approvals]
    return people(sorted(approvals, key=lambda word: (order.index(word.role), word.file)))


def _accepted(approvals: Sequence[Word], gate: Gate) -> set[str]:
    """Gaps of the plan that somebody in each role of the gate accepts by name."""
    by_role = [{line for word in approvals if word.role == quorum.role for line in word.accepts} for quorum in gate.approvals]
    return set.intersection(*by_role) if by_role else set()


def _shown(word: Word) -> dict[str, Any]:
    kept = ("file", "role", "statement", "date", "line", "gate", "expires", "accepts")
    return {**{name: getattr(word, name) for name in kept}, "person": name_of(word.person), "accepts": list(word.accepts)}
