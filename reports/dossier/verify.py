"""Whether a dossier can be believed: offline, on any machine, from the signature down to what each check raised.

Nothing in the dossier is taken at its word. The signature says who stands behind it, the statement which files there are, and
from the raw evidence among them every verdict is derived again: outcomes of checks, success criteria from samples, the decision,
and the pages that show it. The first thing that does not agree is named.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from record import run_folder
from record.run_folder import NotARun
from reports import rendering
from reports.dossier import assemble, criteria, enclosed, model, outcomes, pages, signing, statement
from reports.dossier.decision import Case
from reports.plan import gates, plan_file

if TYPE_CHECKING:
    from securesystemslib.signer import Key  # type: ignore[attr-defined] # its __init__ re-exports it

Tell = Callable[[str], None]


class Disagreement(ValueError):  # noqa: N818 - states the fact
    """The first thing in a dossier that does not agree with the rest of it."""


@dataclass(frozen=True)
class Agreed:
    """A dossier in which everything agrees. `signer` is the id of the key; `notes` are what was not compared, and why."""

    decision: Mapping[str, Any]
    signer: str
    checks: int
    files: int
    notes: Sequence[str]


def verify(
    folder: Path,
    keys: Sequence["Key"],
    *,
    expected: Mapping[str, Any] | None = None,
    other_rules: bool = False,
    with_pdf: bool = False,
) -> Agreed:
    """Disagreement, or signing.NotSigned, whichever comes first.

    `expected` are members of the decision that a person expects, such as {"release": "v1.0.0-MVP"}: a sound dossier of another
    release is no ground for this one. `other_rules` believes the enclosed plan and gates though this checkout has others;
    `with_pdf` renders the PDF files again.
    """
    payload, signer = signing.opened(_envelope(folder), keys)
    files = _same_files(folder, payload)
    told = _decision(folder)
    for name, value in (expected or {}).items():
        if told[name] != value:
            raise Disagreement(f"the dossier is about {name} {told[name]!r}, and you expect {value!r}")
    notes = list(_rules(folder, told))
    if notes and not other_rules:
        raise Disagreement(f"{notes[0]}; read it, and if you believe it say --other-rules")
    try:
        case = enclosed.case(folder, told)
        _sound(case)
        _same_decision(folder, case, told)
    except (NotARun, gates.GateError, plan_file.PlanError, KeyError, TypeError) as error:
        raise Disagreement(str(error)) from error
    if statement.of(told, assemble.tests(told), files) != payload:
        raise Disagreement("the signed statement is not the one that follows from the decision and the files")
    if not notes:
        _same_pages(folder, case, told, with_pdf=with_pdf)
    return Agreed(told, signer, len(told["checks"]), len(files), notes)


def _envelope(folder: Path) -> bytes:
    try:
        return (folder / enclosed.ENVELOPE).read_bytes()
    except OSError as error:
        raise signing.NotSigned(f"{folder / enclosed.ENVELOPE}: {error.strerror}; is this the folder of a dossier?") from error


def _same_files(folder: Path, payload: bytes) -> dict[str, str]:
    """Exactly the files that were signed, with the bytes that were signed."""
    try:
        signed = statement.files_in(payload)
        there = {name: path for name, path in run_folder.files_of(folder) if name != enclosed.ENVELOPE}
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
    path = folder / enclosed.DECISION
    try:
        told = run_folder.parse(path.read_bytes(), path)
    except (OSError, NotARun) as error:
        raise Disagreement(str(error)) from error
    if not isinstance(told, dict) or set(enclosed.HEAD) - told.keys() or told.get("schema") != model.SCHEMA:
        raise Disagreement(f"{path}: is no decision of a form that this version knows")
    try:
        decided_at = datetime.fromisoformat(told["decided_at"])
        early = decided_at > datetime.now(UTC)
    except (TypeError, ValueError) as error:
        raise Disagreement(f"{path}: decided at {told['decided_at']!r}, which is no time with its zone") from error
    if early:
        raise Disagreement(f"{path}: was decided at {told['decided_at']}, and that is yet to come")
    return told


def _rules(folder: Path, told: Mapping[str, Any]) -> Iterator[str]:
    """A dossier brings its rules along. Whether they are ours is another question, and the first to ask."""
    for name, ours in ((enclosed.PLAN, plan_file.PLAN), (enclosed.GATES, gates.GATES)):
        theirs = folder / name
        if not theirs.exists():
            raise Disagreement(f"{name}: the dossier was decided by rules that it does not enclose")
        if run_folder.digest_of(theirs) != run_folder.digest_of(ours):
            yield f"{name} is not the one of this checkout: the verdict is that of the enclosed rules"
    if told.get("pages") != pages.version():
        yield "the pages were made by another version of the suite, so they were not made anew"


def _sound(case: Case) -> None:
    for run in case.runs:
        wrong = next(chain(outcomes.disagreements(run), criteria.disagreements(run)), None)
        if wrong is not None:
            raise Disagreement(f"runs/{run.name}: {wrong}")


def _same_decision(folder: Path, case: Case, told: Mapping[str, Any]) -> None:
    anew = model.written(case, str(told.get("pages")))
    if anew != (folder / enclosed.DECISION).read_bytes():
        wanted = run_folder.parse(anew, folder / enclosed.DECISION)
        raise Disagreement(f"decision.json: {difference(told, wanted) or 'is written in another way'}")


def difference(told: Any, anew: Any, place: str = "$") -> str | None:
    """The first place where two JSON documents differ, with both values."""
    if type(told) is type(anew) and isinstance(told, dict):
        for name in sorted({*told, *anew}):
            if name not in told or name not in anew:
                is_it, should = ("missing", "") if name not in told else ("there", "not ")
                return f"{place}.{name}: is {is_it}, and should {should}be"
            if found := difference(told[name], anew[name], f"{place}.{name}"):
                return found
        return None
    if type(told) is type(anew) and isinstance(told, list) and len(told) == len(anew):
        pairs = enumerate(zip(told, anew, strict=True))
        return next((found for number, (a, b) in pairs if (found := difference(a, b, f"{place}[{number}]"))), None)
    return None if told == anew else f"{place}: says {str(told)[:100]!r}, and the evidence says {str(anew)[:100]!r}"


def _same_pages(folder: Path, case: Case, told: Mapping[str, Any], *, with_pdf: bool) -> None:
    looks = enclosed.looks(folder, case)
    for language in rendering.LANGUAGES:
        path = folder / f"dossier.{language}.html"
        if not path.exists():
            continue
        page = pages.html(told, case.plan, case.gate, language, looks)
        if page.encode() != path.read_bytes():
            raise Disagreement(f"{path.name}: does not show what was decided")
        printed = path.with_suffix(".pdf")
        if with_pdf and printed.exists() and rendering.pdf(page) != printed.read_bytes():
            raise Disagreement(f"{printed.name}: is not the print of its page, or was made with other versions of its libraries")
