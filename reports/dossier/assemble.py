"""The sign-off dossier: runs, rules and attestations in one folder, the decision that follows, and a signature over all of it."""

import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined] # its __init__ re-exports it

from record import run_folder
from record.run_folder import NotARun, Recorded
from reports import rendering
from reports.allure import site
from reports.dossier import contents, criteria, decision_file, outcomes, pages, run_selection, signing, statement
from reports.plan import gates, plan_file
from reports.plan.gates import Gate
from reports.rendering import LANGUAGES, Language

Show = Callable[[str, str], None]  # a label and a text: what is being done


class NoDossier(ValueError):  # noqa: N818 - states the fact
    """A dossier that cannot be made as requested; the message says why and what to do."""


@dataclass(frozen=True)
class Request:
    """What a dossier is to be about. `folders` are runs that a person names; without them the newest of each stage decide."""

    environment: str
    release: str
    out: Path
    attestations: Path
    gates: Path
    gate: str | None = None
    digest: Mapping[str, str] | None = None
    folders: Sequence[Path] = ()
    languages: Sequence[Language] = LANGUAGES


@dataclass(frozen=True)
class Dossier:
    """`notes` are what a person should know of it besides the verdict."""

    folder: Path
    decision: Mapping[str, Any]
    notes: Sequence[str]


def build(request: Request, signer: CryptoSigner, show: Show, now: datetime | None = None) -> Dossier:
    """Written beside its place and then moved there: an error leaves no half of a dossier.

    NoDossier, NotARun, PlanError and the like when it cannot be made; OSError when the disk is full.
    """
    decided_at = (now or datetime.now(UTC)).replace(microsecond=0)
    all_gates = gates.load(request.gates)
    gate = gates.named(request.gate, all_gates) if request.gate else gates.suited(request.environment, all_gates)
    picked, notes = _picked(request, gate)
    for run in picked:
        show("reading", f"{run.name} ({len(run.checks)} checks)")
        require_sound(run)
    name = f"signoff-{request.release}-{request.environment}-{gate.name}-{decided_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    pending = request.out / f".{name}.part"
    try:
        enclose(pending, request, picked)
        decision, more = _fill(pending, request, _head(request, gate, decided_at), show)
        sign(pending, decision, signer)
        pending.rename(request.out / name)
    finally:
        shutil.rmtree(pending, ignore_errors=True)
    return Dossier(request.out / name, decision, [*notes, *more])


def _picked(request: Request, gate: Gate) -> tuple[list[Recorded], list[str]]:
    environment = run_selection.environment(request.environment)
    if request.folders:
        return run_selection.named(request.folders, environment, request.release), []
    picked, unsound = run_selection.newest(request.out, gate, environment, request.release)
    if not picked:
        raise NoDossier(
            f"no run on {environment} whose target is {request.release} below {request.out}: make one, for example "
            f"`make verify STAGE={gate.stages[0]} ENV={request.environment}`, or name folders with RUNS=..."
        )
    return picked, [f"passed over: {why}" for why in unsound]


def require_sound(run: Recorded) -> None:
    """NotARun for a run that contradicts itself: nothing is decided by it."""
    if wrong := contradiction(run):
        raise NotARun(f"{run.folder}: contradicts itself: {wrong}; make the run anew")


def contradiction(run: Recorded) -> str | None:
    """The first place where a run says something else than its raw evidence."""
    return next(chain(outcomes.disagreements(run), criteria.disagreements(run)), None)


def _head(request: Request, gate: Gate, decided_at: datetime) -> dict[str, Any]:
    return {
        "release": request.release,
        "digest": dict(request.digest or {}),
        "environment": run_selection.environment(request.environment),
        "gate": gate.name,
        "decided_at": decided_at.isoformat(timespec="seconds"),
    }


def _fill(folder: Path, request: Request, head: Mapping[str, Any], show: Show) -> tuple[dict[str, Any], list[str]]:
    """Decide, and write what shows it; the decision, and notes."""
    case = contents.case(folder, head)
    content = decision_file.written(case, pages.version())
    (folder / contents.DECISION).write_bytes(content)
    decision: dict[str, Any] = run_folder.parse(content, folder / contents.DECISION)
    assets = contents.assets(folder, case)
    notes = (
        [] if assets.fonts else ["no fonts of its own: the pages use what the reader has (make setup installs them, with npm)"]
    )
    for language in request.languages:
        show("writing", f"the pages in {'Spanish' if language == 'es' else 'English'}")
        page = pages.html(decision, case.plan, case.gate, language, assets)
        (folder / f"dossier.{language}.html").write_text(page, encoding="utf-8")
        notes += _allure(folder / f"allure.{language}.html", case.runs, language, request.out / "history-signoff.jsonl")
        notes += rendering.print_to(folder / f"dossier.{language}.pdf", page)
    return decision, notes


def _allure(path: Path, picked: Sequence[Recorded], language: Language, history: Path) -> list[str]:
    """Allure's report of the deciding runs; a dossier without it says so."""
    try:
        site.build(picked, path, language, history)
    except (site.NoReport, NotARun) as error:
        return [f"no report of Allure: {error}"]
    return []


def _not_enclosed(folder: str, names: list[str]) -> set[str]:
    """A link may lead anywhere: what is behind it is not enclosed, and an attestation that rests on it is refused."""
    return {name for name in names if name == "README.md" or (Path(folder) / name).is_symlink()}


def enclose(folder: Path, request: Request, picked: Iterable[Recorded]) -> None:
    """Copy in what the decision is made from."""
    (folder / contents.INPUTS).mkdir(parents=True)
    shutil.copyfile(plan_file.PLAN, folder / contents.PLAN)
    shutil.copyfile(request.gates, folder / contents.GATES)
    if request.attestations.is_dir():
        shutil.copytree(request.attestations, folder / contents.ATTESTATIONS, ignore=_not_enclosed)
    for run in picked:
        shutil.copytree(run.folder, folder / contents.RUNS / run.name)
    for name in ("proof", "soak", "vacuity"):
        path = request.out / name / f"{name}.json"
        if path.exists():
            (folder / contents.PROOF).mkdir(exist_ok=True)
            shutil.copyfile(path, folder / contents.PROOF / path.name)
    for path in rendering.installed_fonts():
        (folder / contents.FONTS).mkdir(exist_ok=True)
        shutil.copyfile(path, folder / contents.FONTS / path.name)


def sign(folder: Path, decision: Mapping[str, Any], signer: CryptoSigner) -> None:
    """The last file: a signed statement that names all the others."""
    files = {name: run_folder.digest_of(path) for name, path in run_folder.files_of(folder) if name != contents.ENVELOPE}
    payload = statement.of(decision, tests(decision), files)
    (folder / contents.ENVELOPE).write_bytes(signing.seal(payload, signer))


def tests(decision: Mapping[str, Any]) -> dict[str, list[str]]:
    """Check ids by outcome."""
    checks: dict[str, list[str]] = {}
    for check, outcome in decision["checks"].items():
        checks.setdefault(outcome, []).append(check)
    return checks
