"""Whether a dossier can be believed: offline, on any machine, from the signature down to what each check raised.

Nothing in the dossier is taken on trust. The signature says who answers for it, the statement which files there are, and
from the raw evidence among them every verdict is derived again: outcomes of checks, success criteria from samples, the decision,
and the pages that show it. The first thing that does not agree is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from securesystemslib.signer import Key  # type: ignore[attr-defined] # its __init__ re-exports it

from record import run_folder
from record.run_folder import NotARun
from reports import rendering
from reports.dossier import assemble, contents, decision_file, pages, signing, statement
from reports.dossier.decision import Case
from reports.plan import gates, plan_file
from reports.plan.strict import PlanError


class Disagreement(ValueError):  # noqa: N818 - states the fact
    """The first thing in a dossier that does not agree with the rest of it."""


@dataclass(frozen=True)
class Verified:
    """A dossier in which everything agrees. `signer` is the id of the key; `notes` are what was not compared, and why."""

    decision: Mapping[str, Any]
    signer: str
    checks: int
    files: int
    notes: Sequence[str]


def verify(
    folder: Path,
    keys: Sequence[Key],
    *,
    expected: Mapping[str, Any] | None = None,
    other_rules: bool = False,
    with_pdf: bool = False,
) -> Verified:
    """Disagreement, or signing.NotSigned, whichever comes first.

    `expected` are members of the decision that a person expects, such as {"release": "v1.0.0-MVP"}: a sound dossier of another
    release says nothing about this one. `other_rules` believes the enclosed plan and gates though this checkout has others;
    `with_pdf` renders the PDF files again.
    """
    payload, signer = signing.opened(_envelope(folder), keys)
    files = _same_files(folder, payload)
    decision = _decision(folder)
    for name, value in (expected or {}).items():
        if decision[name] != value:
            raise Disagreement(f"the dossier is about {name} {decision[name]!r}, and you expect {value!r}")
    notes = list(_rules(folder, decision))
    if notes and not other_rules:
        raise Disagreement(f"{notes[0]}; read it, and if you believe it say --other-rules")
    try:
        case = contents.case(folder, decision)
        _sound(case)
        _same_decision(folder, case, decision)
    except (NotARun, PlanError, KeyError, TypeError) as error:
        raise Disagreement(str(error)) from error
    if statement.of(decision, assemble.tests(decision), files) != payload:
        raise Disagreement("the signed statement is not the one that follows from the decision and the files")
    if not notes:
        _same_pages(folder, case, decision, with_pdf=with_pdf)
    return Verified(decision, signer, len(decision["checks"]), len(files), notes)


def _envelope(folder: Path) -> bytes:
    try:
        return (folder / contents.ENVELOPE).read_bytes()
    except OSError as error:
        raise signing.NotSigned(f"{folder / contents.ENVELOPE}: {error.strerror}; is this the folder of a dossier?") from error


def _same_files(folder: Path, payload: bytes) -> dict[str, str]:
    """Exactly the files that were signed, with the bytes that were signed."""
    try:
        signed = statement.files_in(payload)
        there = {name: path for name, path in run_folder.files_of(folder) if name != contents.ENVELOPE}
    except (statement.NotAStatement, NotARun) as error:
        raise Disagreement(str(error)) from error
    for name in sorted({*signed, *there}):
        if name not in there:
            raise Disagreement(f"{name}: was signed and is missing")
        if name not in signed:
            raise Disagreement(f"{name}: is there and was not signed")
        if run_folder.digest_of(there[name]) != signed[name]:
            raise Disagreement(f"{name}: was changed after signing")
    return signed


def _decision(folder: Path) -> dict[str, Any]:
    path = folder / contents.DECISION
    try:
        decision = run_folder.parse(path.read_bytes(), path)
    except (OSError, NotARun) as error:
        raise Disagreement(str(error)) from error
    if not isinstance(decision, dict) or set(contents.HEAD) - decision.keys() or decision.get("schema") != decision_file.SCHEMA:
        raise Disagreement(f"{path}: is no decision of a form that this version knows")
    try:
        decided_at = datetime.fromisoformat(decision["decided_at"])
        early = decided_at > datetime.now(UTC)
    except (TypeError, ValueError) as error:
        raise Disagreement(f"{path}: decided at {decision['decided_at']!r}, which is no time with its zone") from error
    if early:
        raise Disagreement(f"{path}: was decided at {decision['decided_at']}, and that is yet to come")
    return decision


def _rules(folder: Path, decision: Mapping[str, Any]) -> Iterator[str]:
    """A dossier brings its rules along. Whether they are ours is another question, and the first to ask."""
    for name, ours in ((contents.PLAN, plan_file.PLAN), (contents.GATES, gates.GATES)):
        theirs = folder / name
        if not theirs.exists():
            raise Disagreement(f"{name}: the dossier was decided by rules that it does not enclose")
        if run_folder.digest_of(theirs) != run_folder.digest_of(ours):
            yield f"{name} is not the one of this checkout: the verdict is that of the enclosed rules"
    if decision.get("pages") != pages.version():
        yield "the pages were made by another version of the suite, so they were not made anew"


def _sound(case: Case) -> None:
    for run in case.runs:
        if wrong := assemble.contradiction(run):
            raise Disagreement(f"runs/{run.name}: {wrong}")


def _same_decision(folder: Path, case: Case, decision: Mapping[str, Any]) -> None:
    anew = decision_file.written(case, str(decision.get("pages")))
    if anew != (folder / contents.DECISION).read_bytes():
        wanted = run_folder.parse(anew, folder / contents.DECISION)
        raise Disagreement(f"decision.json: {run_folder.difference(decision, wanted) or 'is written in another way'}")


def _same_pages(folder: Path, case: Case, decision: Mapping[str, Any], *, with_pdf: bool) -> None:
    assets = contents.assets(folder, case)
    for language in rendering.LANGUAGES:
        path = folder / f"dossier.{language}.html"
        if not path.exists():
            continue
        page = pages.html(decision, case.plan, case.gate, language, assets)
        if page.encode() != path.read_bytes():
            raise Disagreement(f"{path.name}: does not show what was decided")
        printed = path.with_suffix(".pdf")
        if with_pdf and printed.exists() and rendering.pdf(page) != printed.read_bytes():
            raise Disagreement(f"{printed.name}: is not the print of its page, or was made with other versions of its libraries")
