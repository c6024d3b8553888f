"""Waivers: a named person accepts one finding of one check, of one release, until a date. The check still runs; anything else it
finds fails.

A waiver is a TOML file in reports/waivers/; its README has an example and the rules.
"""

import datetime as dt
import difflib
import functools
import hashlib
import re
import stat
import time
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from record.finding import Finding
from record.stages import FOLDER_OF, declared_checks, function_of
from record.suite import ROOT

FOLDER = ROOT / "reports" / "waivers"
EVIDENCE = "evidence"  # the folder beside the waivers for the files that they rest on
CLOCK_TOLERANCE_S = 120.0
LARGEST = 64 * 1024  # bytes of a waiver: what is longer is evidence, and has a file of its own
TEXTS = ("check", "fingerprint", "person", "role", "statement", "release")
DATES = ("date", "expires")
OPTIONAL = ("environment", "evidence")
FINGERPRINT = re.compile(r"[0-9a-f]{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")
RELEASE = re.compile(r"v?(\d+\.\d+\.\d+)((?:[-+][0-9A-Za-z.-]+)?)")


class WaiverError(ValueError):
    """A waiver file that cannot be taken at its word; the message names the file, the line, the rule and the remedy."""


@dataclass(frozen=True)
class Evidence:
    """A file that a waiver rests on, by its path below reports/waivers/."""

    file: str
    sha256: str


@dataclass(frozen=True)
class Waiver:
    """Dates are ISO; it holds from `date` to the end of `expires` (UTC), for targets that run `release`.

    `environment` has the names that profiles give themselves; empty: it holds on every one.
    """

    check: str
    fingerprint: str
    person: str
    role: str
    statement: str
    release: str
    date: str
    expires: str
    file: str
    environment: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For run.json, so with lists: a tuple would not be what is read back."""
        told = asdict(self)
        return told | {key: list(told[key]) for key in OPTIONAL}

    def holds_for(self, version: str | None) -> bool:
        """Whether a target of this version runs the release: a leading v and a suffix that only one has mean nothing."""
        told, named = RELEASE.fullmatch(version or ""), RELEASE.fullmatch(self.release)
        return bool(told and named and told[1] == named[1] and (told[2] == named[2] or not told[2] or not named[2]))

    def holds_on(self, environment: str | None) -> bool:
        return not self.environment or environment in self.environment

    @property
    def terms(self) -> str:
        """When and where it holds, for whoever wonders why it does not."""
        places = f" on {', '.join(self.environment)}" if self.environment else ""
        return f"{self.file} holds from {self.date} to {self.expires}, for {self.release}{places}"


def read(path: Path) -> Waiver:
    """One waiver, strictly parsed; WaiverError lists everything that is wrong with it."""
    text = _text(path)
    data = _parsed(path, text)
    wrong = [f"{path}:{_line(text, key)}: {rule}" for key, rule in _wrong(data, path.parent)]
    if wrong:
        raise WaiverError("\n".join(wrong))
    places = data.get("environment", [])
    return Waiver(
        **{key: data[key].strip() for key in TEXTS},
        **{key: str(_day(data[key])) for key in DATES},
        file=path.name,
        environment=(places,) if isinstance(places, str) else tuple(places),
        evidence=tuple(Evidence(**each) for each in data.get("evidence", ())),
    )


def _text(path: Path) -> str:
    """WaiverError for what is no plain file of a moderate size in UTF-8: a pipe would be waited for, a link may lead anywhere."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise WaiverError(f"{path}:1: is no plain file; write the waiver itself there, and link to nothing")
        if found.st_size > LARGEST:
            raise WaiverError(f"{path}:1: is larger than {LARGEST} bytes; put evidence in files of its own, below {EVIDENCE}/")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise WaiverError(f"{path}:{line}: is not UTF-8 ({error.reason}); save it as UTF-8") from error
    except OSError as error:
        raise WaiverError(f"{path}:1: cannot be read: {error.strerror}; mend its place or its rights") from error


def _parsed(path: Path, text: str) -> dict[str, Any]:
    if text.startswith("\ufeff"):
        raise WaiverError(f"{path}:1: begins with a byte order mark, which TOML does not know; save it as UTF-8 without one")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else text.rstrip("\n").count("\n") + 1
        raise WaiverError(f"{path}:{line}: is no TOML: {error}; its README has an example") from error
    except RecursionError as error:
        raise WaiverError(f"{path}:1: is nested too deep for any waiver; its README has an example") from error


def _wrong(data: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, str]]:
    """(key, rule and remedy) of each slip."""
    known = (*TEXTS, *DATES, *OPTIONAL)
    for key in sorted(data.keys() - set(known)):
        near = difflib.get_close_matches(key, known, 1)
        yield key, f"nobody reads {key}; {f'write {near[0]}' if near else 'the keys are ' + ', '.join(known)}"
    for key in (key for key in (*TEXTS, *DATES) if key not in data):
        yield key, f"{key} must be there; a waiver has {', '.join((*TEXTS, *DATES))}"
    yield from _wrong_texts(data)
    yield from _wrong_dates(data)
    yield from _wrong_environment(data.get("environment", []))
    yield from _wrong_evidence(data.get("evidence", []), folder)


def _wrong_texts(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    sound = {}
    for key in (key for key in TEXTS if key in data):
        if wrong := _wrong_text(data[key], may_break=key == "statement"):
            yield key, f"{key} {wrong}"
        else:
            sound[key] = data[key].strip()
    if not FINGERPRINT.fullmatch(sound.get("fingerprint", "0" * 12)):
        yield "fingerprint", f"fingerprint = {data['fingerprint']!r} is none; the failed run prints its 12 hexadecimal digits"
    if not RELEASE.fullmatch(sound.get("release", "1.0.0")):
        yield "release", f"release = {data['release']!r} is none; one looks like v1.0.0-MVP"


def _wrong_text(value: Any, *, may_break: bool = False) -> str | None:
    """What nobody can see (a zero-width space, a control code) would make two people of one, or a statement of none."""
    if not isinstance(value, str) or not any(letter.isalnum() for letter in value):
        return "must be a text that is not empty"
    hidden = next((each for each in value if unicodedata.category(each)[0] == "C" and not (may_break and each in "\n\t")), None)
    return f"holds U+{ord(hidden):04X}, which nobody can see; type it anew" if hidden else None


def _wrong_dates(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    days = {key: _day(data[key]) for key in DATES if key in data}
    for key in (key for key, day in days.items() if day is None):
        yield key, f"{key} = {_shown(data[key])} is ambiguous; write a date such as 2026-12-31"
    first, last = days.get("date"), days.get("expires")
    if first and last and last < first:
        yield "expires", f"expires = {last} is before its date, {first}; write a later day"


def _day(value: Any) -> dt.date | None:
    """None for what two people may read differently."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, dt.date | dt.time) else repr(value)


def _wrong_environment(value: Any) -> Iterator[tuple[str, str]]:
    names = value if isinstance(value, list) else [value]
    if any(_wrong_text(name) for name in names):
        yield "environment", f'environment = {value!r} is none; write environment = "staging", or a list of such names'


def _wrong_evidence(value: Any, folder: Path) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) and each.keys() == {"file", "sha256"} for each in value):
        yield EVIDENCE, "each [[evidence]] has exactly file and sha256; `sha256sum FILE` prints the latter"
        return
    for number, each in enumerate(value):
        if wrong := _wrong_file(each["file"], each["sha256"], folder):
            yield f"{EVIDENCE}.{number}", wrong


def _wrong_file(file: Any, sha256: Any, folder: Path) -> str | None:
    if _wrong_text(file) or not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
        return f"file = {file!r} needs a name and the 64 hexadecimal digits that `sha256sum FILE` prints"
    path = folder / file
    try:
        if Path(file).is_absolute() or path.resolve() != folder.resolve() / file:
            return f"{file} leaves reports/waivers/; copy the file itself below {EVIDENCE}/"
        if not path.is_file():
            return f"{file} is not there; restore it"
        same = hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}; restore it"
    return None if same else f"{file} was changed since; restore it, or look again and sign anew"


def _line(text: str, key: str) -> int:
    """On which a key stands, or the table `key.number` begins; 1 for one that is missing. A text that spans lines may hold
    what looks like a key: what stands before a real one is whole by itself.
    """
    name, _, number = key.partition(".")
    starts = re.compile(rf"\s*(?:\[\[\s*)?[\"']?{re.escape(name)}[\"']?\s*[\].=]")
    lines = text.split("\n")  # as TOML counts them: U+2028 and others are a part of a line
    found = [at for at, line in enumerate(lines) if starts.match(line) and _is_whole("\n".join(lines[:at]))]
    return found[min(int(number or 0), len(found) - 1)] + 1 if found else 1


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


@functools.cache
def load(folder: Path = FOLDER) -> tuple[Waiver, ...]:
    """Every waiver of the folder; WaiverError with everything that is wrong with any of them."""
    found, wrong = [], []
    for path in sorted(folder.glob("*.toml")):
        try:
            found.append(read(path))
        except WaiverError as error:
            wrong.append(str(error))
    if wrong:
        raise WaiverError("\n".join(wrong))
    return tuple(found)


def require(folder: Path = FOLDER) -> None:
    """WaiverError for a file of the folder that is no waiver, is malformed, or names a check that does not exist."""
    for path in sorted(folder.glob("*")):
        if path.name == EVIDENCE and path.is_dir():
            continue
        if path.suffix not in (".toml", ".md") and not path.name.startswith("."):
            raise WaiverError(f"{path}: a waiver is a file NAME.toml; rename it, or put it elsewhere")
        if path.lstat().st_mtime > time.time() + CLOCK_TOLERANCE_S:
            raise WaiverError(f"{path}: was written in the future by this machine's clock. Set it by NTP: waivers end on a day")
    waivers = load(folder)
    known = {check for stage in FOLDER_OF for check in declared_checks(stage)} if waivers else set[str]()  # costs time
    wrong = [said for waiver in waivers for said in _wrong_check_and_day(waiver, folder / waiver.file, known)]
    if wrong:
        raise WaiverError("\n".join(wrong))


def _wrong_check_and_day(waiver: Waiver, path: Path, known: set[str]) -> Iterator[str]:
    text = _text(path)
    if function_of(waiver.check) not in known:
        near = difflib.get_close_matches(function_of(waiver.check), known, 1)
        yield f"{path}:{_line(text, 'check')}: no check is named {waiver.check}. Nearest: {near[0] if near else 'none'}"
    if waiver.date > _today().isoformat():
        rule = f"date = {waiver.date} is yet to come; a waiver begins on the day on which it is signed"
        yield f"{path}:{_line(text, 'date')}: {rule}"


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def naming(check: str, found: Finding) -> list[Waiver]:
    """Those for this finding of this check, whether they hold or not."""
    return [waiver for waiver in load() if waiver.check == check and waiver.fingerprint == found.fingerprint]


def matching(
    check: str, found: Finding, version: str | None, today: dt.date | None = None, *, environment: str | None = None
) -> Waiver | None:
    """The waiver that holds today, for the release that the target runs and the environment that it is."""
    day = (today or _today()).isoformat()
    in_time = [each for each in naming(check, found) if each.date <= day <= each.expires]
    return next((each for each in in_time if each.holds_for(version) and each.holds_on(environment)), None)
