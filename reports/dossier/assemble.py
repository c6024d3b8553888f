"""The sign-off dossier: runs, rules and signed words in one folder, what follows from them, and a signature around all of it."""

import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from record import run_folder
from record.run_folder import NotARun, Run
from record.suite import ROOT
from reports import rendering
from reports.allure import site
from reports.dossier import criteria, enclosed, model, outcomes, pages, picking, statement
from reports.plan import gates, plan_file
from reports.plan.gates import Gate
from reports.rendering import LANGUAGES, Language

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined] # its __init__ re-exports it

OUT = ROOT / "reports" / "out"
WORDS = ROOT / "reports" / "attestations"
Tell = Callable[[str], None]


class NoDossier(ValueError):  # noqa: N818 - states the fact
    """A dossier that cannot be made of what was given; the message says why and what to do."""


@dataclass(frozen=True)
class Wish:
    """What a dossier is to be about. `folders` are runs that a person names; without them the newest of each stage decide."""

    environment: str
    release: str
    gate: str | None = None
    digest: Mapping[str, str] | None = None
    folders: Sequence[Path] = ()
    out: Path = OUT
    languages: Sequence[Language] = LANGUAGES
    words: Path = WORDS
    gates: Path = gates.GATES


@dataclass(frozen=True)
class Built:
    """`notes` are what a person should know of it besides the verdict."""

    folder: Path
    decision: Mapping[str, Any]
    notes: Sequence[str]


def build(wish: Wish, signer: "CryptoSigner", tell: Tell, now: datetime | None = None) -> Built:
    """Made whole beside its place and then moved there: whatever goes wrong leaves no half of a dossier.

    NoDossier, NotARun, GateError and the like when it cannot be made; OSError when the disk is full.
    """
    decided_at = (now or datetime.now(UTC)).replace(microsecond=0)
    all_gates = gates.load(wish.gates)
    gate = gates.named(wish.gate, all_gates) if wish.gate else gates.suited(wish.environment, all_gates)
    picked, notes = _picked(wish, gate)
    for run in picked:
        tell(f"reading    {run.name} ({len(run.checks)} checks)")
        require_sound(run)
    name = f"signoff-{wish.release}-{wish.environment}-{gate.name}-{decided_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    pending = wish.out / f".{name}.part"
    try:
        enclose(pending, wish, picked)
        decision, more = _fill(pending, wish, _head(wish, gate, decided_at), tell)
        sign(pending, decision, signer)
        pending.rename(wish.out / name)
    finally:
        shutil.rmtree(pending, ignore_errors=True)
    return Built(wish.out / name, decision, [*notes, *more])


def _picked(wish: Wish, gate: Gate) -> tuple[list[Run], list[str]]:
    environment = picking.environment(wish.environment)
    if wish.folders:
        return picking.given(wish.folders, environment, wish.release), []
    picked, unsound = picking.found(wish.out, gate, environment, wish.release)
    if not picked:
        raise NoDossier(
            f"no run on {environment} whose target is {wish.release} below {wish.out}: make one, for example "
            f"`make verify STAGE={gate.stages[0]} ENV={wish.environment}`, or name folders with RUNS=..."
        )
    return picked, [f"passed over: {why}" for why in unsound]


def require_sound(run: Run) -> None:
    """NotARun for a run that contradicts itself: nothing is decided by it."""
    wrong = next(chain(outcomes.disagreements(run), criteria.disagreements(run)), None)
    if wrong is not None:
        raise NotARun(f"{run.folder}: contradicts itself: {wrong}; make the run anew")


def _head(wish: Wish, gate: Gate, decided_at: datetime) -> dict[str, Any]:
    return {
        "release": wish.release,
        "digest": dict(wish.digest or {}),
        "environment": picking.environment(wish.environment),
        "gate": gate.name,
        "decided_at": decided_at.isoformat(timespec="seconds"),
    }


def _fill(folder: Path, wish: Wish, head: Mapping[str, Any], tell: Tell) -> tuple[dict[str, Any], list[str]]:
    """Decide, and write what shows it; the decision, and notes."""
    case = enclosed.case(folder, head)
    content = model.written(case, pages.version())
    (folder / enclosed.DECISION).write_bytes(content)
    decision: dict[str, Any] = run_folder.parse(content, folder / enclosed.DECISION)
    looks = enclosed.looks(folder, case)
    notes = [] if looks.fonts else ["no fonts of its own: the pages use what the reader has (make setup installs them, with npm)"]
    for language in wish.languages:
        tell(f"writing    the pages in {'Spanish' if language == 'es' else 'English'}")
        page = pages.html(decision, case.plan, case.gate, language, looks)
        (folder / f"dossier.{language}.html").write_text(page, encoding="utf-8")
        notes += _allure(folder / f"allure.{language}.html", case.runs, language, wish.out / "history-signoff.jsonl")
        notes += rendering.print_to(folder / f"dossier.{language}.pdf", page)
    return decision, notes


def _allure(path: Path, picked: Sequence[Run], language: Language, history: Path) -> list[str]:
    """Allure's report of the deciding runs; a dossier without it says so."""
    try:
        site.build(picked, path, language, history)
    except (site.NoReport, NotARun) as error:
        return [f"no report of Allure: {error}"]
    return []


def _no_words(folder: str, names: list[str]) -> set[str]:
    """A link may lead anywhere: what is behind it is not enclosed, and a word that rests on it is refused."""
    return {name for name in names if name == "README.md" or (Path(folder) / name).is_symlink()}


def enclose(folder: Path, wish: Wish, picked: Iterable[Run]) -> None:
    """Copy in what the decision is made from."""
    (folder / enclosed.INPUTS).mkdir(parents=True)
    shutil.copyfile(plan_file.PLAN, folder / enclosed.PLAN)
    shutil.copyfile(wish.gates, folder / enclosed.GATES)
    if wish.words.is_dir():
        shutil.copytree(wish.words, folder / enclosed.WORDS, ignore=_no_words)
    for run in picked:
        shutil.copytree(run.folder, folder / enclosed.RUNS / run.name)
    for name in ("proof", "soak", "vacuity"):
        path = wish.out / name / f"{name}.json"
        if path.exists():
            (folder / enclosed.PROOF).mkdir(exist_ok=True)
            shutil.copyfile(path, folder / enclosed.PROOF / path.name)
    for path in rendering.installed_fonts():
        (folder / enclosed.FONTS).mkdir(exist_ok=True)
        shutil.copyfile(path, folder / enclosed.FONTS / path.name)


def sign(folder: Path, decision: Mapping[str, Any], signer: "CryptoSigner") -> None:
    """The last file: a signed statement that names all the others."""
    from reports.dossier import signing  # noqa: PLC0415 - cryptography, when something is signed

    files = {name: run_folder.digest_of(path) for name, path in run_folder.files_of(folder) if name != enclosed.ENVELOPE}
    payload = statement.of(decision, tests(decision), files)
    (folder / enclosed.ENVELOPE).write_bytes(signing.seal(payload, signer))


def tests(decision: Mapping[str, Any]) -> dict[str, list[str]]:
    """Check ids by outcome."""
    told: dict[str, list[str]] = {}
    for check, outcome in decision["checks"].items():
        told.setdefault(outcome, []).append(check)
    return told
