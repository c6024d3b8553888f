"""A fault of the built frontend is in its file while it is switched on, and gone at once afterwards."""

import pytest

from sandbox.faults import Fault
from sandbox.frontend.faults import edits
from sandbox.frontend.faults.edits import Edit
from tests.conftest import RunningSandbox

CHANGED = {
    "contacts-second-page-is-the-first": ("/static/contacts.js", "const skip = 0;"),
    "phone-taps-swallowed": ("/static/overlays.css", "pointer-events: auto"),
    "login-form-submits-itself": ("/login", 'method="get"'),
    "page-title-missing": ("/login", "<title></title>"),
}


@pytest.mark.parametrize(("name", "path", "wrong"), [(name, *place) for name, place in CHANGED.items()], ids=CHANGED)
def test_fault_ends_at_once(sandbox: RunningSandbox, name: str, path: str, wrong: str) -> None:
    with sandbox.client(None) as client:
        healthy = client.get(path)
        with sandbox.control(name):
            broken = client.get(path)
        restored = client.get(path)

    assert wrong in broken.text
    assert wrong not in healthy.text
    assert restored.text == healthy.text
    assert broken.headers["content-type"] == healthy.headers["content-type"]


def test_every_edit_has_its_place() -> None:
    """A file that was changed may have lost the text that a fault changes: the fault would do nothing."""
    assert edits.misplaced() == []


def test_edit_without_its_place_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = Fault("never-declared", "x", "frontend", "frontend", 3, "x")
    monkeypatch.setattr(edits, "_edits", {"static/login.js": [(fault, Edit("static/login.js", "no such text", ""))]})

    assert edits.misplaced() == ["never-declared: the text to change stands 0 times in static/login.js"]
