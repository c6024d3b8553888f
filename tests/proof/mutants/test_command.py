"""`make mutants` refuses what does not exist, and tries what was asked for on a sandbox of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from proof.mutants import generation
from proof.mutants.__main__ import asked_for, parse
from proof.mutants.generation import Mutant
from proof.mutants.reach import CACHE
from proof.mutants.sources import Source, product
from proof.mutants.tree import mutated
from record.suite import ROOT
from tests.proof.mutants.invented import mutant

LIMIT_S = 900
REFUSED = {
    "unknown mutant": (["0000000000"], "no mutant is called"),
    "unknown area": (["--area", "kitchen"], "no area is called 'kitchen'. There are: accounts"),
    "no mutant": (["--number", "0"], "1 or more"),
}


def mutants(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "proof.mutants", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=LIMIT_S)


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "says"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_exist_is_refused_at_once(tmp_path: Path, arguments: list[str], says: str) -> None:
    """Exit code 2; what an earlier measurement wrote stays."""
    kept = tmp_path / "mutants.json"
    kept.write_text("{}")
    done = mutants(*arguments, "--out", str(tmp_path))

    assert (done.returncode, says in done.stderr, kept.read_text()) == (2, True, "{}"), done.stderr


def test_single_ones_are_asked_for_by_id() -> None:
    several = [mutant("m1"), mutant("m2", area="calls")]

    assert [each.id for each in asked_for(parse(["m2"]), several)] == ["m2"]
    assert [each.id for each in asked_for(parse(["--area", "calls"]), several)] == ["m2"]
    assert len(asked_for(parse([]), several)) == 2


def test_copy_differs_in_one_file(tmp_path: Path) -> None:
    """And the original stays as it is."""
    changed = next(each for each in _of_file("sandbox/backend/core/pagination.py") if each.operator == "arithmetic")
    before = (ROOT / changed.file).read_bytes()

    folder = CACHE / f"mutants-{tmp_path.name}"
    with mutated([changed], folder) as root:
        differing = [
            path.relative_to(root).as_posix()
            for path in (root / "sandbox").rglob("*.py")
            if path.read_bytes() != (ROOT / path.relative_to(root)).read_bytes()
        ]
    assert differing == [changed.file]
    assert (ROOT / changed.file).read_bytes() == before
    assert not folder.exists()


def _of_file(file: str) -> list[Mutant]:
    from proof.mutants import faults_off  # noqa: PLC0415 - beside its only use

    source = next(each for each in product() if each.file == file)
    return generation.of_source(Source(file, source.content), faults_off.learn([source]))


@pytest.mark.slow
def test_mistake_is_killed_and_what_no_request_reaches_survives(tmp_path: Path) -> None:
    """No token is taken for a valid one; and retries are counted otherwise, which only a round of calls would show."""
    several = generation.generate()
    killed = next(each for each in several if each.file.endswith("/access_tokens.py") and each.operator == "result")
    unseen = next(each for each in several if each.file.endswith("/calls/states.py") and each.operator == "boundary")
    done = mutants(killed.id, unseen.id, "--out", str(tmp_path))
    written = json.loads((tmp_path / "mutants.json").read_text(encoding="utf-8"))

    outcomes = {each["id"]: each["outcome"] for each in written["mutants"]}
    assert outcomes[killed.id] == "killed", done.stdout + done.stderr
    assert outcomes[unseen.id] in ("survived", "untouched")
    assert done.returncode == 1
