"""The folder of a run: run.json, its digest and the journal, written whole or not at all, and read strictly.

Beside run.json stands run.json.sha256 (`sha256sum -c` reads it), and the run prints the same digest. Whoever changes all files
consistently is not found out by this: keep the digest that was printed, for example in the log of CI.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from record.journal import NAME as PHASES
from record.run import SCHEMA, Check, Phase, Run

RUN, DIGEST, PENDING = "run.json", "run.json.sha256", "run.json.part"
HEAD = 400  # bytes of a run.json that hold its id and environment
T = TypeVar("T")


class NotARun(ValueError):  # noqa: N818 - states the fact
    """A folder that must not be taken for a run; the message names file and rule, and says what to do."""


@dataclass(frozen=True, eq=False)
class Recorded:
    """A run as its folder holds it. `content` is run.json, `digest` its SHA-256, `phases` what the journal says."""

    folder: Path
    digest: str
    content: Run
    phases: tuple[Phase, ...]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def checks(self) -> tuple[Check, ...]:
        return self.content.checks

    @property
    def started_at(self) -> datetime:
        return datetime.fromisoformat(self.content.started_at)

    @property
    def finished_at(self) -> datetime:
        return datetime.fromisoformat(self.content.finished_at)


def as_run(data: Mapping[str, Any]) -> Run:
    """ValueError naming the place of what does not fit; a key that the classes do not have is refused, too."""
    return _as(data, Run)


def _as(data: Any, kind: type[T]) -> T:
    value = msgspec.convert(data, kind)
    back = json.loads(msgspec.json.encode(value))
    if back != data:
        raise ValueError(f"{difference(data, back)}: other keys than run.json has")
    return value


def difference(given: Any, derived: Any, place: str = "$") -> str | None:
    """The first place where two JSON documents differ, with both values."""
    if type(given) is type(derived) and isinstance(given, dict):
        for name in sorted({*given, *derived}):
            if name not in given or name not in derived:
                is_it, should = ("missing", "") if name not in given else ("there", "not ")
                return f"{place}.{name}: is {is_it}, and should {should}be"
            if found := difference(given[name], derived[name], f"{place}.{name}"):
                return found
        return None
    if type(given) is type(derived) and isinstance(given, list) and len(given) == len(derived):
        pairs = enumerate(zip(given, derived, strict=True))
        return next((found for number, (a, b) in pairs if (found := difference(a, b, f"{place}[{number}]"))), None)
    return None if given == derived else f"{place}: says {str(given)[:100]!r}, and the evidence says {str(derived)[:100]!r}"


def link(path: Path, place: Path) -> None:
    """The same bytes in another folder, kept once where the disk can."""
    try:
        os.link(path, place)
    except OSError:  # another disk, or one that knows no links
        shutil.copyfile(path, place)


def write(folder: Path, run: Run) -> str:
    """The digest of what was written. OSError leaves the file that was there before."""
    text = json.dumps(asdict(run), ensure_ascii=False, indent=1)
    digest = hashlib.sha256(text.encode()).hexdigest()
    pending = folder / PENDING
    pending.write_text(text, encoding="utf-8")
    pending.replace(folder / RUN)
    (folder / DIGEST).write_text(f"{digest}  {RUN}\n", encoding="ascii")
    return digest


def point_latest(folder: Path) -> None:
    """`latest` beside the run's folder leads to it."""
    link = folder.parent / f".latest-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(folder.parent / "latest")


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a run's folder but run.json itself, by its path in the folder."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: digest_of(path) for name, path in sorted(found.items()) if name not in {RUN, DIGEST, PENDING}}


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(folder: Path) -> Recorded:
    """Each file as run.json says it is, and nothing besides; NotARun names the first thing that is wrong.

    Whether what run.json claims follows from what its run saw is another question: see `reports.dossier.outcomes`.
    """
    folder = folder.resolve()
    content = _bytes(folder / RUN)
    digest = hashlib.sha256(content).hexdigest()
    _agree(_bytes(folder / DIGEST) == f"{digest}  {RUN}\n".encode(), folder / RUN, f"is not the file that {DIGEST} is about")
    run = _run(parse(content, folder / RUN), folder / RUN)
    _same_files(folder, run.files)
    return Recorded(folder, digest, run, tuple(_phases(folder / PHASES)))


def _run(data: Any, path: Path) -> Run:
    _agree(isinstance(data, dict), path, "holds no JSON object")
    _agree(data.get("schema") == SCHEMA, path, f"has schema {data.get('schema')!r}, and this reads {SCHEMA}: make the run anew")
    _agree(data.get("exit_code") is not None, path, "says that its run did not come to its end: make the run anew")
    try:
        return as_run(data)
    except ValueError as error:
        raise NotARun(f"{path}: {str(error)[:200]}") from error


def _agree(holds: object, path: Path, wrong: str) -> None:
    if not holds:
        raise NotARun(f"{path}: {wrong}")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotARun(f"{path}: {error.strerror}; is this the folder of a run that came to its end?") from error


def parse(content: bytes, path: Path) -> Any:
    """JSON without what readers understand in different ways: a name that stands twice, NaN, Infinity."""
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_no_twins, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise NotARun(f"{path}: is no JSON: {str(error)[:200]}") from error


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the name {next(name for name in names if names.count(name) > 1)!r} stands twice")
    return members


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each file below a folder by its path in it, sorted. NotARun for a link or anything that is no file."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise NotARun(f"{path}: is neither a file nor a folder; a link may lead anywhere, so it is no evidence")
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _same_files(folder: Path, known: Mapping[str, str]) -> None:
    there = {name: path for name, path in files_of(folder) if name not in (RUN, DIGEST)}
    for name in sorted({*there, *known}):
        _agree(name in there, folder / name, f"is missing, and {RUN} knows it")
        _agree(name in known, folder / name, f"is not among the files that {RUN} knows")
        _agree(digest_of(there[name]) == known[name], folder / name, f"was changed after its run: {RUN} knows another SHA-256")


def _phases(path: Path) -> Iterator[Phase]:
    for number, line in enumerate(_bytes(path).splitlines(), start=1):
        place = path.with_name(f"{path.name}:{number}")
        try:
            yield _as(parse(line, place), Phase)
        except NotARun:
            raise
        except ValueError as error:
            raise NotARun(f"{place}: {str(error)[:200]}") from error


def heads(out: Path) -> Iterator[tuple[Path, str | None]]:
    """Each folder of a run below `out`, the newest first, with the name of its environment as its first bytes tell it."""
    if not out.is_dir():
        return
    for folder in sorted((path for path in out.iterdir() if not path.is_symlink()), key=lambda path: path.name, reverse=True):
        try:
            with (folder / RUN).open("rb") as file:
                head = file.read(HEAD)
        except OSError:
            continue  # no run, or none that ended
        named = re.search(rb'"environment": "([^"\\]+)"', head)
        yield folder, named[1].decode("utf-8", "replace") if named else None
