"""Waivers: a named person accepts one finding of one check, of one release, until a date. The check still runs; anything else
that it finds fails.

A waiver is a TOML file in reports/waivers/; its README has an example and the rules.
"""

import datetime as dt
import difflib
import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from record import releases, signed
from record.signed import Document, Evidence, Fault, Refusal, Refused
from record.stages import function_of
from record.suite import ROOT

FOLDER = ROOT / "reports" / "waivers"
CLOCK_TOLERANCE_S = 120.0
TEXTS = ("check", "fingerprint", "person", "role", "statement", "release")
DATES = ("date", "expires")
OPTIONAL = ("environment", "evidence")
FINGERPRINT = re.compile(r"[0-9a-f]{12}")


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

    def names(self, check: str, fingerprint: str) -> bool:
        return (self.check, self.fingerprint) == (check, fingerprint)

    def holds(self, day: str, version: str | None, environment: str | None) -> bool:
        """On an ISO day, for a target of this version, in this environment."""
        there = not self.environment or environment in self.environment
        return self.date <= day <= self.expires and releases.fits(version, self.release) and there

    @property
    def terms(self) -> str:
        """When and where it holds, for a reader who wonders why it does not."""
        places = f" on {', '.join(self.environment)}" if self.environment else ""
        return f"{self.file} holds from {self.date} to {self.expires}, for {self.release}{places}"


def read(path: Path) -> Waiver:
    """One waiver; Refused with everything that is wrong with it."""
    document = signed.read(path)
    if wrong := [document.refusal(fault) for fault in _faults(document.data, path.parent)]:
        raise Refused(wrong)
    data = document.data
    places = data.get("environment", [])
    return Waiver(
        **{key: data[key].strip() for key in TEXTS},
        **{key: str(signed.day(data[key])) for key in DATES},
        file=path.name,
        environment=(places,) if isinstance(places, str) else tuple(places),
        evidence=tuple(Evidence(**each) for each in data.get("evidence", ())),
    )


def _faults(data: Mapping[str, Any], folder: Path) -> Iterator[Fault]:
    yield from signed.key_faults(data, (*TEXTS, *DATES), OPTIONAL)
    texts = {key: data[key] for key in TEXTS if key in data}
    faults = {key: signed.text_fault(key, value, may_break=key == "statement") for key, value in texts.items()}
    yield from filter(None, faults.values())
    sound = {key: value.strip() for key, value in texts.items() if not faults[key]}
    if "person" in sound:
        yield from signed.person_faults(sound["person"])
    if not FINGERPRINT.fullmatch(sound.get("fingerprint", "0" * 12)):
        shown = f"fingerprint = {sound['fingerprint']!r} is none"
        yield Fault("fingerprint", shown, "the failed run prints its 12 hexadecimal digits")
    if "release" in sound:
        yield from signed.release_faults(sound["release"])
    yield from _date_faults(data)
    if "environment" in data:
        yield from _environment_faults(data["environment"])
    yield from signed.evidence_faults(data.get("evidence", []), folder)


def _date_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    yield from filter(None, (signed.day_fault(key, data[key]) for key in DATES if key in data))
    first, last = (signed.day(data.get(key)) for key in DATES)
    if first and last and last < first:
        yield Fault("expires", f"expires = {last} is before its date, {first}", "write a later day")


def _environment_faults(value: Any) -> Iterator[Fault]:
    names = value if isinstance(value, list) else [value]
    if not names or any(signed.text_fault("environment", name) for name in names):
        remedy = 'write environment = "staging", or a list of such names'
        yield Fault("environment", f"environment = {value!r} is no name of one", remedy)


def load(known: Collection[str], folder: Path = FOLDER, today: dt.date | None = None) -> tuple[Waiver, ...]:
    """Every waiver of the folder; Refused with all that is wrong with any of them.

    `known` are the checks that exist, `path::function`. A waiver for another check, or that begins tomorrow, is wrong.
    """
    found: list[Waiver] = []
    wrong: list[Refusal] = []
    for path in signed.files(folder):
        try:
            waiver = read(path)
        except Refused as error:
            wrong += error.refusals
        else:
            found.append(waiver)
            wrong += _about_check_and_day(waiver, signed.read(path), known, today or _today(), path)
    if wrong:
        raise Refused(wrong)
    return tuple(found)


def _about_check_and_day(
    waiver: Waiver, document: Document, known: Collection[str], today: dt.date, path: Path
) -> Iterator[Refusal]:
    if function_of(waiver.check) not in known:
        near = difflib.get_close_matches(function_of(waiver.check), known, 1)
        yield document.refusal(Fault("check", f"no check is named {waiver.check}", f"nearest: {near[0] if near else 'none'}"))
    if waiver.date > today.isoformat():
        remedy = "a waiver begins on the day on which it is signed"
        yield document.refusal(Fault("date", f"date = {waiver.date} is yet to come", remedy))
    if path.lstat().st_mtime > time.time() + CLOCK_TOLERANCE_S:
        remedy = "set the clock by NTP: waivers end on a day"
        yield Refusal(document.file, 1, "was written in the future by this machine's clock", remedy)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def matching(
    waivers: Iterable[Waiver], check: str, fingerprint: str, version: str | None, environment: str | None
) -> Waiver | None:
    """The waiver for this finding of this check that holds today, on what the target is."""
    today = _today().isoformat()
    named = naming(waivers, check, fingerprint)
    return next((each for each in named if each.holds(today, version, environment)), None)


def naming(waivers: Iterable[Waiver], check: str, fingerprint: str | None) -> Sequence[Waiver]:
    """Those for this finding of this check, whether they hold or not."""
    return [waiver for waiver in waivers if waiver.names(check, fingerprint or "")]
