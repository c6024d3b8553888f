"""Faults of the files as they were built: a wrong text in place of the right one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sandbox.faults import Fault, declare

# Names of faults, by what has to work for anybody to see them: a fault that breaks it hides them.
IN_CONTACTS = (
    "console-error-on-contacts",
    "contact-buttons-nameless",
    "contact-deleted-on-cancel",
    "contact-deleted-unasked",
    "contact-markup-executed",
    "contacts-empty-list-blank",
    "contacts-failure-never-told",
    "contacts-hidden-on-phones",
    "contacts-kept-for-the-next-person",
    "contacts-search-ignored",
    "contacts-second-page-is-the-first",
    "contacts-show-the-raw-error",
    "delete-question-no-dialog",
    "delete-question-without-name",
    "export-named-by-local-date",
)
IN_THE_FORM = (
    "contact-created-twice",
    "contact-form-labels-untied",
    "contact-form-loses-tags",
    "contact-saved-silently",
    "new-contact-fields-unread",
    "new-contact-page-broken",
)
IN_THE_DASHBOARD = (
    "dashboard-cards-swapped",
    "dashboard-counts-finished-calls",
    "dashboard-follows-the-browsers-language",
    "dashboard-loads-over-http",
    "dashboard-mean-read-as-spanish",
    "dashboard-never-rests",
    "dashboard-rate-divided-again",
)
IN_DATA = (
    *IN_CONTACTS,
    *IN_THE_FORM,
    *IN_THE_DASHBOARD,
    "expired-session-loops",
    "expired-session-shows-an-error",
    "missing-contact-blank",
)
BEHIND_SIGN_IN = (
    *IN_DATA,
    "contacts-left-in-english",
    "contacts-script-throws",
    "front-page-fails",
    "header-script-throws",
    "page-shows-sample-data",
    "pages-call-localhost",
    "pages-send-no-token",
    "sign-in-ends-on-missing-page",
    "sign-in-reloads-the-form",
    "sign-out-only-leaves-the-page",
    "stale-cookie-loops",
)
IN_THE_SIGN_IN = (
    "field-errors-not-tied",
    "login-dead-on-first-click",
    "login-fields-unread",
    "login-follows-any-redirect",
    "login-ignores-the-way-back",
    "login-redirect-checked-by-its-slash",
    "login-shows-the-vendors-error",
    "login-takes-any-length",
    "login-wants-eight-characters",
)

FRONTEND = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Edit:
    """What a fault changes in one file: `wrong` stands where `right` should. `file` is a path below the frontend's folder."""

    file: str
    right: str
    wrong: str


_edits: dict[str, list[tuple[Fault, Edit]]] = {}


def edited(
    name: str,
    sentence: str,
    *edits: Edit,
    severity: Literal[1, 2, 3],
    finding: str,
    kind: Literal["frontend", "authorization", "data"] = "frontend",
    rulings: tuple[str, ...] = (),
    excludes: tuple[str, ...] = (),
    hides: tuple[str, ...] = (),
) -> None:
    """Declare a fault of the built files. A file with another mistake in it is served all the same; see `misplaced`."""
    fault = declare(
        name,
        sentence,
        part="frontend",
        kind=kind,
        severity=severity,
        finding=finding,
        rulings=rulings,
        excludes=excludes,
        hides=hides,
    )
    for edit in edits:
        _edits.setdefault(edit.file, []).append((fault, edit))


def active(file: str) -> list[Edit]:
    """The edits of the faults that are on."""
    return [edit for fault, edit in _edits.get(file, []) if fault.on]


def misplaced() -> list[str]:
    """Edits whose right text does not stand in their file exactly once, one sentence each."""
    found = ((fault, edit, _text(edit.file).count(edit.right)) for several in _edits.values() for fault, edit in several)
    return [f"{fault.name}: the text to change stands {count} times in {edit.file}" for fault, edit, count in found if count != 1]


def _text(file: str) -> str:
    return (FRONTEND / file).read_text(encoding="utf-8")
