"""Where the runs of these tests leave their files."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The report folder of every run that the test starts."""
    folder = tmp_path / "reports"
    folder.mkdir()
    monkeypatch.setenv("REPORTS_FOLDER", str(folder))
    return folder
