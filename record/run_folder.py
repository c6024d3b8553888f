"""The folder of a run, read strictly: run.json of the known shape, each other file as run.json says it is, and nothing besides.

Whether what run.json claims follows from what its run saw is the subject of `reports.outcomes`.
"""

import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

RUN, DIGEST, PHASES = "run.json", "run.json.sha256", "phases.jsonl"
SCHEMA_FILE = Path(__file__).with_name("run.schema.json")
HEAD = 400  # bytes of a run.json that hold its id and environment
DOUBTS = frozenset({None, "caught", "unraised", "no-claim", "lost"})
Rule = Callable[[Any], bool]


def _is(*kinds: type) -> Rule:
    return lambda value: type(value) in kinds


PHASE: dict[str, Rule] = {
    "check": _is(str),
    "when": frozenset({"setup", "call", "teardown"}).__contains__,
    "at": _is(str),
    "duration_s": lambda value: type(value) in (int, float) and value >= 0,
    "witnessed": _is(bool),
    "outcome": frozenset({"passed", "failed", "unverified", "blocked", "waived", "flaky"}).__contains__,
    "finding": lambda value: value is None or (isinstance(value, dict) and value.keys() == {"expected", "seen", "where", "next"}),
    "fingerprint": _is(str, type(None)),
    "waiver": _is(dict, type(None)),
    "raised": lambda value: isinstance(value, list) and all(isinstance(name, str) for name in value),
    "refused": _is(bool),
    "doubt": DOUBTS.__contains__,
    "retried": _is(int),
    "held": _is(int, type(None)),
}


class NotARun(ValueError):  # noqa: N818 - states the fact
    """A folder that must not be taken for a run; the message names file and rule, and says what to do."""


@dataclass(frozen=True, eq=False)
class Run:
    """`name` is its folder's, `digest` the SHA-256 of run.json, `data` what that says, `phases` what the journal says."""

    folder: Path
    name: str
    digest: str
    data: dict[str, Any]
    phases: tuple[dict[str, Any], ...]

    @property
    def checks(self) -> list[dict[str, Any]]:
        checks: list[dict[str, Any]] = self.data["checks"]
        return checks

    @property
    def environment(self) -> str | None:
        name: str | None = self.data["environment"]
        return name

    @property
    def version(self) -> str | None:
        """Of the target, when it was the same before the checks and after them."""
        target = self.data["target"]
        start: str | None = target["version_at_start"]
        return start if start == target["version_at_end"] else None

    @property
    def started_at(self) -> datetime:
        return datetime.fromisoformat(self.data["started_at"])

    @property
    def finished_at(self) -> datetime:
        return datetime.fromisoformat(self.data["finished_at"])


def read(folder: Path) -> Run:
    """NotARun names the first thing that is wrong with the folder."""
    folder = folder.resolve()
    content = _bytes(folder / RUN)
    digest = hashlib.sha256(content).hexdigest()
    _agree(_bytes(folder / DIGEST) == f"{digest}  {RUN}\n".encode(), folder / RUN, f"is not the file that {DIGEST} is about")
    data = parse(content, folder / RUN)
    _agree(isinstance(data, dict), folder / RUN, "holds no JSON object")
    _agree(data.get("schema") == 2, folder / RUN, f"has schema {data.get('schema')!r}, and this reads 2: make the run anew")
    _agree(data.get("exit_code", 0) is not None, folder / RUN, "says that its run did not come to its end: make the run anew")
    problem = next(_schema().iter_errors(data), None)
    _agree(problem is None, folder / RUN, f"at {problem.json_path}: {problem.message[:200]}" if problem else "")
    _same_files(folder, data["files"])
    return Run(folder, folder.name, digest, data, tuple(_phases(folder / PHASES)))


def _agree(holds: object, path: Path, wrong: str) -> None:
    if not holds:
        raise NotARun(f"{path}: {wrong}")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotARun(f"{path}: {error.strerror}; is this the folder of a run that came to its end?") from error


@functools.cache
def _schema() -> Any:
    import jsonschema  # type: ignore[import-untyped]  # noqa: PLC0415 - not for --help

    return jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def parse(content: bytes, path: Path) -> Any:
    """JSON without what readers understand in different ways: a name that stands twice, NaN, Infinity."""
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_no_twins, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise NotARun(f"{path}: is no JSON: {str(error)[:200]}") from error


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the name {next(name for name in names if names.count(name) > 1)!r} stands twice")
    return told


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each file below a folder by its path in it, sorted. NotARun for a link or anything that is no file."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise NotARun(f"{path}: is neither a file nor a folder; a link may lead anywhere, so it is no evidence")
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _same_files(folder: Path, told: Mapping[str, str]) -> None:
    there = {name: path for name, path in files_of(folder) if name not in (RUN, DIGEST)}
    for name in sorted({*there, *told}):
        _agree(name in there, folder / name, f"is missing, and {RUN} knows it")
        _agree(name in told, folder / name, f"is not among the files that {RUN} knows")
        _agree(digest_of(there[name]) == told[name], folder / name, f"was changed after its run: {RUN} knows another SHA-256")


def _phases(path: Path) -> Iterable[dict[str, Any]]:
    for number, line in enumerate(_bytes(path).splitlines(), start=1):
        place = path.with_name(f"{path.name}:{number}")
        phase = parse(line, place)
        _agree(isinstance(phase, dict), place, "holds no JSON object")
        _agree(phase.keys() == PHASE.keys(), place, f"has other keys: {sorted(PHASE.keys() ^ phase.keys())}")
        wrong = next((name for name, rule in PHASE.items() if not _holds(rule, phase[name])), None)
        _agree(wrong is None, place, f"{wrong} is {str(phase.get(wrong))[:80]!r}")
        yield phase


def _holds(rule: Rule, value: Any) -> bool:
    try:
        return rule(value)
    except TypeError:  # a list where a word belongs
        return False


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
