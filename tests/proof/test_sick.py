"""`make sick` refuses what does not exist, before it starts anything."""

import subprocess
import sys
from pathlib import Path

import pytest

from proof import sick
from proof.catalogue import Unusable
from record.suite import ROOT

REFUSED = {
    "unknown name": (["first-boo"], "no sick deployment is called first-boo"),
    "no worker": (["--workers", "0"], "1 or more"),
    "too many faults": (["--seeds", "1", "--size", "99"], "5 to 25"),
}


@pytest.mark.parametrize(("arguments", "says"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_exist_is_refused_at_once(tmp_path: Path, arguments: list[str], says: str) -> None:
    """Exit code 2; what an earlier measurement wrote stays."""
    kept = tmp_path / "sick.json"
    kept.write_text("{}")
    command = [sys.executable, "-m", "proof.sick", *arguments, "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=120)

    assert (done.returncode, says in done.stderr, kept.read_text()) == (2, True, "{}"), done.stderr


SELECTED = {
    "all that are named": ([], 25, "first-boot"),
    "one": (["first-boot"], 1, "first-boot"),
    "one that is drawn": (["seed-7"], 1, "seed-7"),
    "some that are drawn beside one": (["first-boot", "--seeds", "2"], 3, "seed-2"),
}


@pytest.mark.parametrize(("arguments", "at_least", "named"), SELECTED.values(), ids=SELECTED)
def test_what_was_asked_for_is_measured(arguments: list[str], at_least: int, named: str) -> None:
    found = sick.listed(sick.parse(arguments))

    assert len(found) >= at_least
    assert named in {each.name for each in found}
    assert all(each.visible <= set(each.faults) for each in found)


def test_seed_without_a_number_is_no_deployment() -> None:
    with pytest.raises(Unusable, match="seed-x"):
        sick.listed(sick.parse(["seed-x"]))
