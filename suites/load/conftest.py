"""One load run for all checks of the load stage."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fixtures.wire.policy import Policy

if TYPE_CHECKING:
    from record.samples import Recording
    from suites.judging import Judge
    from suites.load.session import LoadSession


@pytest.fixture(scope="session")
def load_session(
    request: pytest.FixtureRequest, policy: Policy, judge: "Judge", run_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> "LoadSession":
    """The run, sent when the first check asks for it."""
    from suites.load.session import LoadSession  # noqa: PLC0415 - matplotlib and scipy: no listing of the checks waits for them

    kept = run_folder.is_dir()
    session = LoadSession(request.config, policy, judge, run_folder / "load" if kept else tmp_path_factory.mktemp("load"))
    session.send(run_folder / "ledger-load.jsonl" if kept else None)
    return session


@pytest.fixture(scope="session")
def load_run(load_session: "LoadSession") -> "Recording":
    """The samples of the run."""
    return load_session.recording


@pytest.fixture
def sound_run(load_session: "LoadSession") -> "Recording":
    """The run, when its generator did what it planned; else Unverified."""
    return load_session.sound()
