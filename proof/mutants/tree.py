"""A copy of the sandbox's code with one mutant in it, and the sandbox that is booted from there."""

import contextlib
import os
import shutil
from collections.abc import Generator
from pathlib import Path

from fixtures.plugin.sandbox_process import Boot
from proof.mutants.generation import Mutant
from record.suite import ROOT

CODE, CACHE = "sandbox", ".cache"


@contextlib.contextmanager
def mutated(mutant: Mutant, folder: Path, root: Path = ROOT) -> Generator[Path]:
    """A folder with the code, all files but one linked to the original ones; what was compiled of them is valid there, too."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        shutil.copytree(root / CODE, folder / CODE, copy_function=os.link)
        (folder / CACHE).symlink_to(root / CACHE)
        path = folder / mutant.file
        changed = mutant.applied(path.read_bytes())
        path.unlink()
        path.write_bytes(changed)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def booted(root: Path) -> Generator[Boot]:
    """The sandbox of that folder; it ends with the block, whether it answered or not."""
    boot = Boot(root=root)
    try:
        yield boot
    finally:
        boot.stop()
