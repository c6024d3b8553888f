"""A copy of the sandbox's code with one mutant in it, and the sandbox that is booted from there."""

import compileall
import contextlib
import os
import shutil
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from fixtures.plugin.sandbox_process import Boot
from proof.mutants.generation import Mutant
from record.suite import ROOT

UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
CODE, CACHE = "sandbox", ".cache"


def compile_once(root: Path = ROOT) -> None:
    """Every copy takes what is compiled here; without it a boot takes a second more."""
    os.environ.pop(UNCOMPILED, None)
    compileall.compile_dir(root / CODE, quiet=2)


@contextlib.contextmanager
def changed(files: Mapping[str, bytes], folder: Path, root: Path = ROOT) -> Generator[Path]:
    """A folder with the code in which these files, by path, have another content.

    The others are links to the original ones, so that what was compiled of them is valid there, too.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        shutil.copytree(root / CODE, folder / CODE, copy_function=os.link)
        (folder / CACHE).symlink_to(root / CACHE)
        for file, content in files.items():
            (folder / file).unlink()
            (folder / file).write_bytes(content)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def mutated(mutants: Collection[Mutant], folder: Path, root: Path = ROOT) -> AbstractContextManager[Path]:
    """With all of them at once; their edits do not overlap."""
    files = {mutant.file: (root / mutant.file).read_bytes() for mutant in mutants}
    for mutant in sorted(mutants, key=lambda mutant: -mutant.edit.start):  # from the end, so that places before stay
        files[mutant.file] = mutant.applied(files[mutant.file])
    return changed(files, folder, root)


@contextlib.contextmanager
def booted(root: Path, through: Sequence[str] = ()) -> Generator[Boot]:
    """The sandbox of that folder; it ends with the block, whether it answered or not."""
    boot = Boot(root=root, through=through)
    try:
        yield boot
    finally:
        boot.stop()
