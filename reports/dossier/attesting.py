"""An attestation or approval from the answers of a person: one file below reports/attestations/, and the evidence beside it.

Nothing is written before the last question is answered, and then all of it: the attestation last, and never over another.
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
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from record import run_folder
from record.run_folder import Recorded
from record.signed import Refused, identity, name_of
from reports.dossier import attestations, run_selection
from reports.dossier.attestations import Attestation, Question
from reports.dossier.interview import Interview, Objection
from reports.plan import line_states, plan_file
from reports.plan.gates import Gate
from reports.plan.plan_file import Line


def of_line(line: Line, release: str, environment: str | None, interview: Interview) -> Path:
    """Ask about a line of the plan; the file that was written. ValueError for a line that people do not attest."""
    if line.disposition != "attested" or line.evidence is None:
        raise ValueError(f"{line.id} is {line.disposition}: nobody can attest it")
    interview.show("about_line", line=line.id, text=line.in_(interview.language))
    shown = line.evidence.in_(interview.language)
    interview.show("shows", evidence=shown, days=line.valid_days, people=line.people)
    where = run_selection.environment(environment) if environment else None
    existing = _existing(interview, line.id, Question(release, where or "any", interview.now))
    content: dict[str, Any] = {"line": line.id, **_person(interview, line.roles, _by_another(interview, existing))}
    content |= {"release": release} | ({"environment": where} if where else {})
    content |= {"date": interview.now.date(), "expires": interview.expires(line)}
    return _keep(interview, line.id, content, _named(interview.evidence(), interview))


def of_gate(gate: Gate, runs: Sequence[Recorded], release: str, environment: str, interview: Interview) -> Path:
    """Ask about a gate and the runs that decide it; the file that was written. ValueError for a gate without approvals."""
    if not gate.approvals:
        raise ValueError(f"the gate {gate.name} asks for no approval: its runs and lines decide it")
    interview.show("about_gate", gate=gate.name, text=gate.in_(interview.language))
    for run in runs:
        counts = Counter(check.outcome for check in run.checks)
        interview.show("run", run=run.name, counts=", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    roles, digests = [quorum.role for quorum in gate.approvals], [run.digest for run in runs]
    existing = _existing(interview, gate.name, Question(release, environment, interview.now, frozenset(digests)))
    waived = [check.waiver.person for run in runs for check in run.checks if check.waiver]
    content: dict[str, Any] = {"gate": gate.name, **_person(interview, roles, _by_another(interview, existing, waived))}
    content |= {"release": release, "environment": environment, "date": interview.now.replace(microsecond=0)}
    content |= {"runs": digests, "accepts": interview.accepted(_gaps(gate, runs))}
    return _keep(interview, f"approval-{gate.name}", content, {})


def _existing(interview: Interview, subject: str, question: Question) -> list[Attestation]:
    """The attestations of a line, or approvals of a gate, that are there already and count."""
    every = [each for each in attestations.load(interview.folder)[0] if subject in (each.line, each.gate)]
    return [each for each in every if not attestations.objections(each, question, plan_file.load(), interview.folder)]


def _by_another(interview: Interview, existing: Sequence[Attestation], waived: Sequence[str] = ()) -> Objection:
    """Two people are two people, and nobody approves a release that depends on a waiver of their own."""

    def objection(answer: str) -> str | None:
        known = identity(answer)
        if not name_of(answer):
            return interview.text("no_name")
        if twice := next((each for each in existing if identity(each.person) & known), None):
            return interview.text("said_already", file=twice.file)
        own = any(identity(person) & known for person in waived)
        return interview.text("own_waiver") if own else None

    return objection


def _person(interview: Interview, roles: Sequence[str], objection: Objection) -> dict[str, str]:
    person = interview.clear("person", _git_identity(), objection)
    return {"person": person, "role": interview.role(roles), "statement": interview.clear("statement")}


def _git_identity() -> str:
    """The name and address in this machine's git configuration, as a first guess."""

    def setting(name: str) -> str:
        try:
            return subprocess.run(["git", "config", name], capture_output=True, text=True, check=False).stdout.strip()
        except FileNotFoundError:
            return ""

    name, mail = setting("user.name"), setting("user.email")
    return f"{name} <{mail}>" if name and mail else name


def _gaps(gate: Gate, runs: Sequence[Recorded]) -> list[str]:
    states = line_states.states(plan_file.load(), [check for run in runs for check in run.checks], {})
    return [line for line, found in states.items() if gate.asks_for(line) and found["state"] in line_states.GAPS]


def _named(paths: Sequence[Path], interview: Interview) -> dict[str, Path]:
    """The files by the names that they get below reports/attestations/, each of which the person is shown."""
    named: dict[str, Path] = {}
    for path in paths:
        ending = path.suffix.lower() if re.fullmatch(r"\.[a-z0-9]{1,8}", path.suffix.lower()) else ""
        name = f"evidence/{run_folder.digest_of(path)[:12]}-{_slug(path.stem)}{ending}"
        interview.show("copied", file=path.name, kept=name)
        named[name] = path
    return named


def _keep(interview: Interview, subject: str, content: Mapping[str, Any], evidence: Mapping[str, Path]) -> Path:
    """Write the files apart, see that the attestation would count, ask once more, and put them in their place."""
    name = f"{subject}-{_slug(name_of(content['person']))}-{interview.now:%Y%m%d}.toml"
    with tempfile.TemporaryDirectory() as folder:
        apart = Path(folder)
        (apart / "evidence").mkdir()
        for file, path in evidence.items():
            shutil.copyfile(path, apart / file)
        text = as_toml(content, {file: run_folder.digest_of(apart / file) for file in evidence})
        (apart / name).write_text(text, encoding="utf-8")
        _require_sound(apart / name, content, interview)
        _require_free(interview.folder / name)
        interview.write(text)
        interview.confirm(name)
        (interview.folder / "evidence").mkdir(parents=True, exist_ok=True)
        for file in [*evidence, name]:
            _place(apart / file, interview.folder / file, over=file != name)
    interview.show("kept", file=interview.folder / name)
    return interview.folder / name


def _require_sound(path: Path, content: Mapping[str, Any], interview: Interview) -> None:
    where, digests = content.get("environment") or "any", frozenset(content.get("runs", ()))
    question = Question(content["release"], where, interview.now, digests)
    if refused := attestations.objections(attestations.read_file(path), question, plan_file.load(), path.parent):
        raise Refused(refused)


def _require_free(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise _taken(path)


def _taken(path: Path) -> ValueError:
    return ValueError(f"{path}: is there already; remove it first if it is to be stated anew")


def _place(source: Path, path: Path, *, over: bool) -> None:
    """There whole or not at all, though it may come from another disk. ValueError where a file was saved in between."""
    near = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        shutil.copyfile(source, near)
        if over:
            near.replace(path)
        else:
            path.hardlink_to(near)
    except FileExistsError as error:
        raise _taken(path) from error
    finally:
        near.unlink(missing_ok=True)


def as_toml(content: Mapping[str, Any], evidence: Mapping[str, str]) -> str:
    """The text of a file. A JSON string is a basic string of TOML, but for one character that JSON does not escape."""
    rows = [f"{key} = {_value(value)}" for key, value in content.items()]
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
