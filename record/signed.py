"""Files that people sign with their names, waivers and attestations: TOML, strictly read; each fault has line, rule, remedy."""

import datetime as dt
import difflib
import hashlib
import re
import stat
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from record import releases

LARGEST = 64 * 1024  # bytes: what is longer is evidence, and has a file of its own
EVIDENCE = "evidence"  # the folder beside the signed files for what they rest on, and the key that names it
SHA256 = re.compile(r"[0-9a-f]{64}")
MAIL = re.compile(r"[<(]?\b([^<>()@\s,;]+@[^<>()@\s,;]+)[>)]?")  # in brackets or not: neither is a part of the name
ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")  # whose letters look alike


class Fault(NamedTuple):
    """What is wrong with the value of a key."""

    key: str
    rule: str
    remedy: str


@dataclass(frozen=True)
class Refusal:
    """Why a file counts for nothing. `file` is its name, `line` the number of a line in it."""

    file: str
    line: int
    rule: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}; {self.remedy}"


class Refused(ValueError):  # noqa: N818 - states the fact
    """A file that cannot be taken at its word; `refusals` says everything that is wrong with it."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("\n".join(map(str, self.refusals)))


@dataclass(frozen=True)
class Evidence:
    """A file that a statement rests on, by its path below the folder of the signed files."""

    file: str
    sha256: str


@dataclass(frozen=True)
class Document:
    """One file as it stands: `file` is its name, `text` its content, `data` what TOML reads in it."""

    file: str
    text: str
    data: Mapping[str, Any]

    def refusal(self, fault: Fault) -> Refusal:
        return Refusal(self.file, line_of(self.text, fault.key), fault.rule, fault.remedy)


def read(path: Path) -> Document:
    """Refused for what is no plain file of a moderate size in UTF-8: a pipe would be waited for, a link may lead anywhere."""

    def refused(rule: str, remedy: str, line: int = 1) -> Refused:
        return Refused([Refusal(path.name, line, rule, remedy)])

    if path.suffix != ".toml":
        raise refused("is no file NAME.toml", f"rename it, or put it below {EVIDENCE}/")
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise refused("is no plain file", "write the file itself there, and link to nothing")
        if found.st_size > LARGEST:
            raise refused(f"is larger than {LARGEST} bytes", f"put evidence in files of its own, below {EVIDENCE}/")
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise refused(
            f"is not UTF-8 ({error.reason})", "save it as UTF-8", error.object.count(b"\n", 0, error.start) + 1
        ) from error
    except OSError as error:
        raise refused(f"cannot be read: {error.strerror}", "correct its place or its rights") from error
    if text.startswith("\ufeff"):
        raise refused("begins with a byte order mark, which TOML does not know", "save it as UTF-8 without one")
    try:
        return Document(path.name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else text.rstrip("\n").count("\n") + 1
        raise refused(f"is no TOML: {error}", "its README has an example", line) from error
    except RecursionError as error:
        raise refused("is nested too deep", "its README has an example") from error


def files(folder: Path) -> Iterator[Path]:
    """What a folder holds, sorted, but README, evidence and what editors leave: `read` refuses what is no signed file."""
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        hidden = path.name.startswith(".") and path.suffix != ".toml"
        if path.name == "README.md" or (path.name == EVIDENCE and path.is_dir()) or hidden:
            continue
        yield path


def line_of(text: str, key: str) -> int:
    """On which a key stands, or the table `key.number` begins; 1 for one that is missing.

    A text that spans lines may hold what looks like a key: what stands before a real one is whole by itself.
    """
    name, _, number = key.partition(".")
    starts = re.compile(rf"\s*(?:\[\[?\s*)?[\"']?{re.escape(name)}[\"']?\s*[\].=]")
    lines = text.split("\n")  # as TOML counts them: U+2028 and others are a part of a line
    found = [at for at, line in enumerate(lines) if starts.match(line) and _is_whole("\n".join(lines[:at]))]
    return found[min(int(number or 0), len(found) - 1)] + 1 if found else 1


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def key_faults(data: Mapping[str, Any], needed: Collection[str], allowed: Collection[str]) -> Iterator[Fault]:
    """Keys that are missing, and keys that nothing reads."""
    known = sorted({*needed, *allowed})
    for key in sorted(set(needed) - data.keys()):
        yield Fault(key, f"{key} must be there", f"there must be {', '.join(sorted(needed))}")
    for key in sorted(data.keys() - set(known)):
        near = difflib.get_close_matches(key, known, 1)
        yield Fault(key, f"{key} is no key here", f"write {near[0]}" if near else f"the keys are {', '.join(known)}")


def text_fault(key: str, value: Any, *, may_break: bool = False) -> Fault | None:
    """What cannot be seen (a zero-width space, a control code) would make two people of one, or a statement of none."""
    if not isinstance(value, str) or not any(map(str.isalnum, value)):
        return Fault(key, f"{key} must be a text that is not empty", "write it between quotes")
    hidden = next((each for each in value if unicodedata.category(each)[0] == "C" and not (may_break and each in "\n\t")), None)
    return Fault(key, f"{key} holds U+{ord(hidden):04X}, which cannot be seen", "type it anew") if hidden else None


def person_faults(person: str) -> Iterator[Fault]:
    name = name_of(person)
    if not any(map(str.isalnum, name)):
        yield Fault("person", "person must have a name, not an address alone", 'write "Name <address>", or the name alone')
    alphabets = {unicodedata.name(letter, "").split(" ")[0] for letter in name}
    if len(mixed := [alphabet for alphabet in ALPHABETS if alphabet in alphabets]) > 1:
        remedy = "type the name anew, in one alphabet"
        yield Fault("person", f"person mixes {' and '.join(mixed)} letters, which look alike", remedy)


def release_faults(release: str) -> Iterator[Fault]:
    if not releases.NAME.fullmatch(release):
        yield Fault("release", f"release = {release!r} is none", "one looks like v1.0.0-MVP")


def name_of(person: str) -> str:
    """Without the address, which is private."""
    return " ".join(MAIL.sub(" ", person).split())


def identity(person: str) -> frozenset[str]:
    """By what a person is known, however it is spelled: "Ana Pérez <ana@x.org>", "ANA  PEREZ" and "Pérez, Ana" are one."""
    letters = unicodedata.normalize("NFKD", MAIL.sub(" ", person).upper().casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    name = " ".join(sorted(re.findall(r"\w+", plain)))
    return frozenset({name, *(mail.casefold() for mail in MAIL.findall(person))} - {""})


def day(value: Any) -> dt.date | None:
    """None for what two people may read differently."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None


def moment(value: Any) -> dt.datetime | dt.date | None:
    """A day, or a moment with its zone; None for what can be read in two ways."""
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else None
    return day(value)


def day_fault(key: str, value: Any) -> Fault | None:
    if day(value) is not None:
        return None
    shown = str(value) if isinstance(value, dt.date | dt.time) else repr(value)
    return Fault(key, f"{key} = {shown} is ambiguous", "write a date such as 2026-12-31")


def evidence_form(value: Any) -> Iterator[Fault]:
    """Of the list of tables, before the files are looked at."""
    if not isinstance(value, list) or not all(isinstance(each, dict) and each.keys() == {"file", "sha256"} for each in value):
        yield Fault(EVIDENCE, "each [[evidence]] has exactly file and sha256", "`sha256sum FILE` prints the latter")


def evidence_faults(value: Any, folder: Path) -> Iterator[Fault]:
    """Of the list of tables: their form, and whether the files are there and unchanged."""
    if wrong := list(evidence_form(value)):
        yield from wrong
        return
    for number, each in enumerate(value):
        if fault := _file_fault(each["file"], each["sha256"], folder):
            yield Fault(f"{EVIDENCE}.{number}", *fault)


def _file_fault(file: Any, sha256: Any, folder: Path) -> tuple[str, str] | None:
    if text_fault("file", file) or not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
        return f"file = {file!r} needs a name and 64 hexadecimal digits", "`sha256sum FILE` prints them"
    path, again = folder / file, "restore it, or look again and sign anew"
    try:
        if Path(file).is_absolute() or path.resolve() != folder.resolve() / file:
            return f"{file} leaves {folder.name}/", f"copy the file itself below {EVIDENCE}/"
        if not path.is_file():
            return f"{file} is not there", again
        same = hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except (OSError, ValueError) as error:  # too long for a name, or with a character that no name has
        return f"{file} cannot be read: {error}", again
    return None if same else (f"{file} was changed since", again)
