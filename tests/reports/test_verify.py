"""Every change to a dossier is found out, with any key that it is signed with again."""

import dataclasses
import datetime as dt
import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from record import run_folder
from reports.dossier import assemble, contents, signing, verify
from reports.dossier.signing import KeyUnknown, NotSigned
from reports.dossier.verify import Disagreement
from reports.plan import gates
from tests.reports import cases, made
from tests.reports.cases import Case
from tests.reports.made import Made

pytestmark = pytest.mark.slow

ONE, TWO = made.checks_of(["smoke"])[:2]
EDITS = 500  # a day; other ones the next
ONLY = made.checks_of(["smoke"])[:6]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Two runs, one of which fails."""
    red = Made(stages=("smoke",), odd={ONE: "failed", TWO: "unverified"}, only=ONLY)
    return cases.make(tmp_path_factory.mktemp("case"), Made(stages=("pre-deploy",), only=made.checks_of(["pre-deploy"])[:4]), red)


@pytest.fixture(autouse=True)
def _rules(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules of the case are those of the checkout."""
    monkeypatch.setattr(gates, "GATES", case.gates)


@pytest.fixture(scope="module")
def sound(case: Case) -> Path:
    return cases.build(case, languages=("es",)).folder


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "dossier"))


def keys(case: Case) -> Any:
    return signing.trusted(case.keys)


def test_a_sound_dossier_agrees(case: Case, sound: Path) -> None:
    """Down to the pages and their print."""
    agreed = verify.verify(sound, keys(case), with_pdf=True)

    assert agreed.decision["verdict"] == "NO-GO"
    assert agreed.notes == []


def detected(folder: Path, case: Case) -> str | None:
    """What verify says against a dossier; None when it believes it."""
    try:
        verify.verify(folder, keys(case))
    except (Disagreement, NotSigned) as error:
        return str(error)
    return None


class Vandal:
    """Edits one thing of a dossier at random, unless that leaves it as it was; `rng` decides what."""

    def __init__(self, folder: Path, other: Path, keys: tuple[Path, Path], rng: random.Random) -> None:
        self.folder, self.other, self.rng = folder, other, rng
        self.trusted, self.mine = keys
        self.files = sorted(path for path in folder.rglob("*") if path.is_file())  # of the dossier as it is whole

    def a_file(self) -> Path:
        return self.rng.choice(self.files)

    def flips_a_bit(self) -> bool:
        path = self.a_file()
        content = bytearray(path.read_bytes())
        if content:
            content[self.rng.randrange(len(content))] ^= 1 << self.rng.randrange(8)
        path.write_bytes(content)
        return bool(content)

    def cuts_a_file(self) -> bool:
        path = self.a_file()
        content = path.read_bytes()
        path.write_bytes(content[: self.rng.randrange(len(content))] if content else b"")
        return bool(content)

    def adds_to_a_file(self) -> bool:
        with self.a_file().open("ab") as file:
            file.write(self.rng.randbytes(1))
        return True

    def removes_a_file(self) -> bool:
        self.a_file().unlink()
        return True

    def adds_a_file(self) -> bool:
        (self.a_file().parent / f"more-{self.rng.randrange(10**6)}").write_bytes(b"")
        return True

    def swaps_two_files(self) -> bool:
        one, two = self.rng.sample(self.files, 2)
        a, b = one.read_bytes(), two.read_bytes()
        one.write_bytes(b)
        two.write_bytes(a)
        return a != b

    def renames_a_file(self) -> bool:
        path = self.a_file()
        path.rename(path.with_name(f"{path.name}x"))
        return True

    def links_a_file(self) -> bool:
        path = self.a_file()
        path.rename(path.with_name(f".{path.name}"))
        path.symlink_to(f".{path.name}")
        return True

    def edits_a_value(self) -> bool:
        """What a person in a hurry would write."""
        path = self.a_file()
        text = path.read_bytes()
        was, then = self.rng.choice(
            [(b"failed", b"passed"), (b"NO-GO", b"GO"), (b"unverified", b"passed"), (b"2026-11", b"2026-12")]
        )
        path.write_bytes(text.replace(was, then, 1))
        return was in text

    def signs_with_another_key(self) -> bool:
        """Whatever it edited before, every digest is right again."""
        self.rng.choice(list(FORGED.values()))[0](self.folder)
        sign_again(self.folder, self.mine)
        return True

    def forges_with_a_trusted_key(self) -> bool:
        """A failure removed, a verdict or a clock changed, a run taken out: by the holder of a trusted key."""
        self.rng.choice(list(FORGED.values()))[0](self.folder)
        sign_again(self.folder, self.trusted)
        return True

    def replays_a_file(self) -> bool:
        """From an older dossier that was sound and signed by the same key."""
        path = self.a_file()
        old = self.other / path.relative_to(self.folder)
        if not old.exists() or old.read_bytes() == path.read_bytes():
            return False
        path.write_bytes(old.read_bytes())
        return True


WAYS = [name for name, way in vars(Vandal).items() if callable(way) and name not in ("__init__", "a_file")]


def edits(case: Case, sound: Path, older: Path, folder: Path) -> Iterator[tuple[str, str | None]]:
    rng = random.Random(dt.date.today().toordinal())  # noqa: S311, DTZ011 - repeatable on the same day
    number = 0
    shutil.copytree(sound, folder)
    whole = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    signing.create(folder.parent / "mallory.pem")
    vandal = Vandal(folder, older, (case.key, folder.parent / "mallory.pem"), rng)
    while number < EDITS:
        way = WAYS[number % len(WAYS)]
        if getattr(vandal, way)():
            number += 1
            yield way, detected(folder, case)
            restore(folder, whole)


def restore(folder: Path, whole: dict[Path, bytes]) -> None:
    """Undo an edit."""
    for path in list(folder.rglob("*")):
        if path.is_symlink() or (path.is_file() and path.relative_to(folder) not in whole):
            path.unlink()
    for name, content in whole.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def test_five_hundred_random_edits_are_found_out(case: Case, sound: Path, tmp_path: Path) -> None:
    """Each of them, with the public key alone."""
    green = Made(stages=("smoke",), only=ONLY)
    older = cases.build(dataclasses.replace(case, runs=[made.run(case.out, green, "older")]), folders=[case.out / "older"]).folder
    believed = [way for way, found in edits(case, sound, older, tmp_path / "dossier") if found is None]

    assert believed == []


def sign_again(folder: Path, key: Path) -> None:
    """With every digest repaired: what the holder of a key could do."""
    (folder / contents.ENVELOPE).unlink(missing_ok=True)
    decision = json.loads((folder / contents.DECISION).read_text(encoding="utf-8"))
    assemble.sign(folder, decision, signing.load(key))


def red_run(folder: Path) -> Path:
    return next(path for path in (folder / "runs").iterdir() if "smoke" in path.name)


def edit_json(path: Path, edit: Callable[[Any], object]) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    edit(data)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def edit_run(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    run = red_run(folder)
    data = json.loads((run / "run.json").read_text(encoding="utf-8"))
    edit(data)
    data["files"] = {name: run_folder.digest_of(run / name) for name in data["files"] if (run / name).exists()}
    made.write(run, data)


def edit_phases(folder: Path, edit: Callable[[str], str]) -> None:
    path = red_run(folder) / "phases.jsonl"
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    edit_run(folder, lambda _: None)


def check_of(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(check for check in data["checks"] if check["id"] == name)


def passed(data: dict[str, Any]) -> None:
    check_of(data, ONE).update(outcome="passed", finding=None, fingerprint=None)


def without_failure(data: dict[str, Any]) -> None:
    data["checks"] = [check for check in data["checks"] if check["id"] != ONE]


def in_pages(folder: Path, was: str, then: str) -> None:
    path = folder / "dossier.es.html"
    path.write_text(path.read_text(encoding="utf-8").replace(was, then), encoding="utf-8")


FORGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a failure called passed": (lambda f: edit_run(f, passed), "its phases say failed"),
    "a failure removed": (lambda f: edit_run(f, without_failure), "ran and is not in run.json"),
    "a failure that raised nothing": (
        lambda f: edit_phases(f, lambda t: re.sub(r'"raised": \["builtins.AssertionError".*?\]', '"raised": []', t)),
        "what it raised says passed",
    ),
    "a green exit code": (lambda f: edit_run(f, lambda d: d.update(exit_code=0, no_evidence=[])), "its checks say"),
    "a run of another day": (
        lambda f: edit_run(f, lambda d: d.update(started_at="2026-11-20T17:00:00.000+00:00")),
        "its run id says",
    ),
    "a journal of another day": (
        lambda f: edit_phases(f, lambda t: t.replace("2026-11-20T10", "2026-11-20T12")),
        "out of order or outside of its run",
    ),
    "a whole selection": (
        lambda f: edit_run(f, lambda d: d["selection"]["stages"]["smoke"].update(asked=len(ONLY), total=len(ONLY))),
        "its reasons are not those",
    ),
    "another verdict": (lambda f: edit_json(f / "decision.json", lambda d: d.update(verdict="GO")), "$.verdict"),
    "no reasons": (lambda f: edit_json(f / "decision.json", lambda d: d.update(reasons=[])), "$.reasons"),
    "a line that holds": (
        lambda f: edit_json(f / "decision.json", lambda d: d["lines"]["W1-D3-T1"].update(state="holds")),
        "$.lines.W1-D3-T1.state",
    ),
    "another time of decision": (
        lambda f: edit_json(f / "decision.json", lambda d: d.update(decided_at="2026-11-24T18:00:00+00:00")),
        "$.",
    ),
    "a decision of tomorrow": (
        lambda f: edit_json(f / "decision.json", lambda d: d.update(decided_at="2999-01-01T00:00:00+00:00")),
        "is yet to come",
    ),
    "another environment": (lambda f: edit_json(f / "decision.json", lambda d: d.update(environment="prod")), "$."),
    "a page that says GO": (lambda f: in_pages(f, "NO DESPLEGAR", "ADELANTE"), "does not show what was decided"),
    "a run taken out": (lambda f: shutil.rmtree(red_run(f)), "$."),
    "easier gates": (
        lambda f: (f / contents.GATES).write_text(cases.GATE.replace('"smoke", ', ""), encoding="utf-8"),
        "is not the one of this checkout",
    ),
    "another plan": (
        lambda f: (f / contents.PLAN).write_text((f / contents.PLAN).read_text(encoding="utf-8") + "\n", encoding="utf-8"),
        "is not the one of this checkout",
    ),
    "an approval taken out": (lambda f: next((f / contents.ATTESTATIONS).glob("approval*")).unlink(), "$."),
}


@pytest.mark.parametrize(("forge", "message"), FORGED.values(), ids=FORGED)
def test_a_forgery_signed_with_a_trusted_key_is_found_out(
    case: Case, copy: Path, forge: Callable[[Path], object], message: str
) -> None:
    """Every digest and the signature are right; what it says does not follow from its evidence."""
    forge(copy)
    sign_again(copy, case.key)

    assert message in str(detected(copy, case))


def test_an_untrusted_key_signs_nothing(case: Case, copy: Path, tmp_path: Path) -> None:
    """Though the dossier is sound otherwise."""
    signing.create(tmp_path / "mallory.pem")
    sign_again(copy, tmp_path / "mallory.pem")

    with pytest.raises(KeyUnknown, match="whom nobody here trusts"):
        verify.verify(copy, keys(case))


def test_a_sound_dossier_of_something_else_is_refused(case: Case, sound: Path) -> None:
    """The person who verifies says what is about to be deployed."""
    for expected in ({"release": "v1.0.1"}, {"environment": "prod"}, {"gate": "acceptance"}, {"digest": {"sha256": "0" * 64}}):
        with pytest.raises(Disagreement, match="and you expect"):
            verify.verify(sound, keys(case), expected=expected)


def test_other_rules_are_believed_only_on_request(
    case: Case, sound: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And then it is said that they are others."""
    stricter = tmp_path / "gates.toml"
    stricter.write_text(cases.GATE.replace("= 72", "= 1"), encoding="utf-8")
    monkeypatch.setattr(gates, "GATES", stricter)

    with pytest.raises(Disagreement, match=r"gates\.toml is not the one of this checkout"):
        verify.verify(sound, keys(case))
    assert "gates.toml" in verify.verify(sound, keys(case), other_rules=True).notes[0]
