"""Attestations: people who attest a line of the plan, or approve a gate. TOML files in reports/attestations/, strictly read.

One is refused, with file, line, rule and remedy, when it cannot be taken as it stands: malformed, expired, dated in the future
or in an ambiguous way, for another release or environment, about a line that nobody can attest, by somebody whose role does not,
for longer than its line allows, or resting on evidence that has changed. A refused one counts for nothing.
"""

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from record import releases, signed
from record.signed import SHA256, Document, Evidence, Fault, Refusal, Refused
from reports.plan.plan_file import Plan

TEXTS = ("person", "role", "statement", "release")
# What one about a line, and one about a gate, has besides its texts and its date.
OF_A_LINE = {"line", "expires"}
OF_A_GATE = {"gate", "environment", "runs"}


@dataclass(frozen=True)
class Attestation:
    """By one person. Either about `line`, until `expires`, or about `gate`, for the runs with these digests."""

    document: Document
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

    @property
    def file(self) -> str:
        return self.document.file

    def refusal(self, key: str, rule: str, remedy: str) -> Refusal:
        return self.document.refusal(Fault(key, rule, remedy))


@dataclass(frozen=True)
class Question:
    """What attestations are asked about. `digests` are those of the deciding runs, `now` is when it is asked."""

    release: str
    environment: str
    now: dt.datetime
    digests: AbstractSet[str] = frozenset()


def load(folder: Path) -> tuple[list[Attestation], list[Refusal]]:
    """Every attestation of a folder that is well formed, and what is wrong with the others."""
    found: list[Attestation] = []
    refused: list[Refusal] = []
    for path in signed.files(folder):
        try:
            found.append(read_file(path))
        except Refused as error:
            refused += error.refusals
    return found, refused


def read_file(path: Path) -> Attestation:
    """One attestation; Refused with everything that is wrong with its form."""
    document = signed.read(path)
    if wrong := [document.refusal(fault) for fault in _faults(document.data)]:
        raise Refused(wrong)
    data = document.data
    texts = {key: data[key].strip() for key in (*TEXTS, "line", "gate", "environment") if key in data}
    return Attestation(
        document=document,
        **texts,
        date=str(signed.moment(data["date"])),
        expires=str(signed.day(data["expires"])) if "expires" in data else None,
        evidence=tuple(Evidence(**each) for each in data.get("evidence", ())),
        runs=tuple(data.get("runs", ())),
        accepts=tuple(data.get("accepts", ())),
    )


def _faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    if ("line" in data) == ("gate" in data):
        yield Fault("gate", "must be about exactly one thing", "give either line = ... or gate = ...")
        return
    needed, allowed = (OF_A_LINE, {"environment", "evidence"}) if "line" in data else (OF_A_GATE, {"accepts"})
    yield from signed.key_faults(data, {*TEXTS, "date", *needed}, allowed)
    texts = {key: data[key] for key in (*TEXTS, "line", "gate", "environment") if key in data}
    faults = {key: signed.text_fault(key, value, may_break=key == "statement") for key, value in texts.items()}
    yield from filter(None, faults.values())
    if "person" in texts and not faults["person"]:
        yield from signed.person_faults(texts["person"])
    if "release" in texts and not faults["release"]:
        yield from signed.release_faults(texts["release"].strip())
    yield from _date_faults(data)
    yield from _list_faults(data)
    yield from signed.evidence_form(data.get("evidence", []))


def _date_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    if "date" in data and "gate" in data and not isinstance(signed.moment(data["date"]), dt.datetime):
        yield Fault("date", f"date = {data['date']} is no moment with its zone", "write 2026-11-25T10:30:00Z")
    elif "date" in data and signed.moment(data["date"]) is None and (fault := signed.day_fault("date", data["date"])):
        yield fault
    if "expires" in data and (fault := signed.day_fault("expires", data["expires"])):
        yield fault


def _list_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    for key in ("runs", "accepts"):
        if key in data and not (isinstance(data[key], list) and all(isinstance(each, str) for each in data[key])):
            yield Fault(key, f"{key} must be a list of texts", f'write {key} = ["...", "..."]')
    if isinstance(runs := data.get("runs"), list) and not all(SHA256.fullmatch(str(each)) for each in runs):
        yield Fault("runs", "runs are the SHA-256 of their run.json", "take them from what `make signoff` printed")


def objections(attestation: Attestation, question: Question, plan: Plan, folder: Path) -> list[Refusal]:
    """Why a well formed attestation counts for nothing; empty for one that holds."""
    found = [*_about_subject(attestation, question), *_about_time(attestation, question.now)]
    if attestation.line is not None:
        evidence = signed.evidence_faults(attestation.document.data.get("evidence", []), folder)
        found += [*_about_line(attestation, plan), *map(attestation.document.refusal, evidence)]
    else:
        found += _about_approval(attestation, question, plan)
    return found


def _about_approval(attestation: Attestation, question: Question, plan: Plan) -> Iterable[Refusal]:
    if question.digests - set(attestation.runs):
        rule = "approves other runs than those that decide"
        yield attestation.refusal("runs", rule, "approve again: `make attest GATE=...` takes the digests of the newest runs")
    for line in (line for line in attestation.accepts if line not in plan.lines):
        yield attestation.refusal("accepts", f"the plan has no line {line}", f"nearest: {nearest(line, plan.lines)}")


def nearest(name: str, known: Iterable[str]) -> str:
    return ", ".join(difflib.get_close_matches(name, list(known), 2)) or "none"


def _about_subject(attestation: Attestation, question: Question) -> Iterable[Refusal]:
    """Those about other releases were right once and may stay where they are."""
    if not releases.fits(attestation.release, question.release):
        yield attestation.refusal(
            "release", f"is about {attestation.release}, and this is about {question.release}", "state it anew, or remove it"
        )
    if attestation.environment not in (None, question.environment):
        rule = f"is about {attestation.environment}, and this is about {question.environment}"
        yield attestation.refusal("environment", rule, "state it anew for this environment, or remove it")


def _about_time(attestation: Attestation, now: dt.datetime) -> Iterable[Refusal]:
    moment = dt.datetime.fromisoformat(attestation.date)
    future = moment > now if moment.tzinfo else moment.date() > now.date()
    if future:
        yield attestation.refusal(
            "date", f"date = {attestation.date} is yet to come", "set the clock by NTP, or write the day on which it is stated"
        )
    if attestation.expires is not None and attestation.expires < attestation.date[:10]:
        yield attestation.refusal("expires", f"expires = {attestation.expires} is before its date", "write a later day")
    elif attestation.expires is not None and attestation.expires < f"{now:%Y-%m-%d}":
        yield attestation.refusal(
            "expires", f"expired on {attestation.expires}", "look again, and state it anew with `make attest`"
        )


def _about_line(attestation: Attestation, plan: Plan) -> Iterable[Refusal]:
    line = plan.lines.get(str(attestation.line))
    if line is None:
        yield attestation.refusal(
            "line", f"the plan has no line {attestation.line}", f"nearest: {nearest(str(attestation.line), plan.lines)}"
        )
        return
    if line.disposition != "attested":
        yield attestation.refusal("line", f"{line.id} is {line.disposition}, so nobody can attest it", "remove the file")
        return
    if attestation.role not in line.roles:
        yield attestation.refusal("role", f"{attestation.role} does not attest {line.id}", f"it takes {' or '.join(line.roles)}")
    days = (dt.date.fromisoformat(str(attestation.expires)) - dt.date.fromisoformat(attestation.date[:10])).days
    if days > line.valid_days:
        yield attestation.refusal(
            "expires", f"holds for {days} days, and {line.id} for {line.valid_days} at most", "write an earlier day"
        )
    if not attestation.evidence:
        yield attestation.refusal(
            "line", f"{line.id} asks for evidence: {line.evidence.en if line.evidence else ''}", "add [[evidence]]"
        )
