"""Where reports find runs, attestations and trusted keys, and where they write."""

from collections.abc import Sequence
from pathlib import Path

from record import run_folder
from record.run_folder import Recorded
from record.suite import ROOT

OUT = ROOT / "reports" / "out"
ATTESTATIONS = ROOT / "reports" / "attestations"
KEYS = ROOT / "reports" / "keys"


def runs(named: Sequence[Path]) -> list[Recorded]:
    """The runs in these folders, or the latest run where none is named. NotARun for a folder that holds none."""
    return [run_folder.read(folder) for folder in named or [OUT / "latest"]]
