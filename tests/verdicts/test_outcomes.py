"""From what a phase raised to an outcome, and from outcomes to the run's exit code."""

import dataclasses
import datetime as dt
import hashlib
import json
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import finding, verdicts, waivers
from fixtures.finding import Finding
from fixtures.refusals import AcceptedForbidden, WriteRefused
from fixtures.verdicts import Blocked, Unverified

FOUND = Finding("200", "503 Service Unavailable", "GET https://x/health", "is Redis up?")


def judged(error: BaseException | None, when: str = "call") -> verdicts.Judged:
    call: Any = SimpleNamespace(excinfo=SimpleNamespace(value=error) if error else None, when=when)
    item: Any = SimpleNamespace(nodeid="suites/smoke/test_x.py::test_y")
    return verdicts.judge(call, item)


@pytest.mark.parametrize(
    ("error", "when", "outcome"),
    [
        (None, "call", "passed"),
        (AssertionError("assert 1 == 2"), "call", "failed"),
        (KeyError("data"), "call", "failed"),
        (httpx.ConnectError("refused"), "call", "failed"),
        (AcceptedForbidden(FOUND), "call", "failed"),
        (AssertionError("left behind"), "teardown", "failed"),
        (Unverified("no key", "set SUPABASE_KEY"), "setup", "unverified"),
        (WriteRefused("would write", "run with --allow-writes"), "call", "unverified"),
        (pytest.skip.Exception("not today"), "call", "unverified"),
        (pytest.xfail.Exception("known"), "call", "unverified"),
        (RuntimeError("the fixture broke"), "setup", "unverified"),
        (Blocked("the target", FOUND), "setup", "blocked"),
        (httpx.ReadTimeout("hangs"), "setup", "blocked"),
    ],
)
def test_outcome_of_what_was_raised(error: BaseException | None, when: str, outcome: str) -> None:
    """Nothing that did not look becomes green, and what is wrong with the product is told from what is wrong with us."""
    finding.start()
    seen = judged(error, when)

    assert seen.outcome == outcome
    assert (seen.finding is None) == (outcome == "passed")


def test_finding_of_the_assert_is_kept() -> None:
    """The four lines that the check wrote, not what pytest makes of them."""
    finding.start()
    built = finding.finding("the page", expected="200", seen="503", then="is Redis up?")

    with pytest.raises(AssertionError) as caught:  # as a check would: pytest rewrites this assert and cuts its message
        assert built.seen == "200" * 200, built

    assert judged(caught.value).finding == built
    assert judged(AssertionError(str(built))).finding == built
    assert judged(AssertionError("another assert, without a finding")).finding != built


def test_finding_has_four_lines() -> None:
    """Expected, seen, where, next: in this order."""
    assert [line.split()[0] for line in str(FOUND).splitlines()] == ["expected", "seen", "where", "next"]


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], 5),
        (["passed", "passed"], 0),
        (["passed", "waived", "flaky"], 0),
        (["passed", "unverified"], 6),
        (["passed", "blocked", "unverified"], 7),
        (["failed", "blocked", "unverified"], 1),
    ],
)
def test_exit_code_of_outcomes(outcomes: list[verdicts.Outcome], code: int) -> None:
    """0 only when everything looked and holds."""
    assert verdicts.exit_code(outcomes) == code


def test_flaky_is_red_when_strict() -> None:
    """`--strict-flaky` counts a pass on a later try as a failure."""
    assert verdicts.exit_code(["passed", "flaky"], strict_flaky=True) == 1


def test_worst_phase_decides() -> None:
    """A check that passed and could not clean up is not a pass; one without any phase was not run."""
    assert verdicts.worst(["passed", "failed", "passed"]) == "failed"
    assert verdicts.worst([]) == "unverified"


def test_fingerprint_ignores_what_changes_each_time() -> None:
    """Ids, numbers and seconds differ between two runs of the same failure; another status does not count as the same."""
    again = dataclasses.replace(FOUND, where="GET https://x/health, 0.2 s")
    other = dataclasses.replace(FOUND, seen="no answer at all")

    assert again.fingerprint == FOUND.fingerprint
    assert other.fingerprint != FOUND.fingerprint


WAIVER = """
check = "suites/smoke/test_x.py::test_y"
fingerprint = "{fingerprint}"
person = "Ana Pérez"
role = "Tech Lead"
statement = "Redis is moved on Friday"
release = "{release}"
date = 2026-11-01
expires = {expires}
"""


def written(folder: Path, **values: str) -> Path:
    path = folder / "redis.toml"
    path.write_text(
        WAIVER.format(**{"fingerprint": FOUND.fingerprint, "expires": "2026-12-31", "release": "v1.0.0-MVP"} | values),
        encoding="utf-8",
    )
    return path


def test_waiver_holds_for_its_finding_until_its_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for another finding of the same check, and not a day longer."""
    waiver = waivers.read(written(tmp_path))
    monkeypatch.setattr(waivers, "load", lambda: (waiver,))
    other = dataclasses.replace(FOUND, seen="the page of another user")

    assert waivers.matching(waiver.check, FOUND, "1.0.0", dt.date(2026, 12, 31)) == waiver
    assert waivers.matching(waiver.check, FOUND, "1.0.0", dt.date(2027, 1, 1)) is None
    assert waivers.matching(waiver.check, FOUND, "1.0.0", dt.date(2026, 10, 31)) is None
    assert waivers.matching(waiver.check, other, "1.0.0", dt.date(2026, 12, 1)) is None


@pytest.mark.parametrize(
    ("version", "environment", "holds"), [("1.0.0", "prod", True), ("1.0.1", "prod", False), ("1.0.0", "x", False)]
)
def test_waiver_is_looked_for_by_release_and_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, environment: str, *, holds: bool
) -> None:
    """Both have to be those that the target has."""
    waiver = dataclasses.replace(waivers.read(written(tmp_path)), environment=("prod",))
    monkeypatch.setattr(waivers, "load", lambda: (waiver,))

    found = waivers.matching(waiver.check, FOUND, version, dt.date(2026, 12, 1), environment=environment)

    assert (found is not None) == holds


def test_waiver_holds_for_its_release(tmp_path: Path) -> None:
    """However the target writes it; not for the next one, and not where the target tells none."""
    waiver = waivers.read(written(tmp_path))

    assert all(waiver.holds_for(version) for version in ("1.0.0", "v1.0.0", "1.0.0-MVP"))
    assert not any(waiver.holds_for(version) for version in ("1.0.1", "1.0.0-beta", "2", "", None))


def test_waiver_holds_where_it_says(tmp_path: Path) -> None:
    """On every environment when it says none; as it says one or a list of them, and not where the environment is unknown."""
    path = written(tmp_path)
    everywhere = waivers.read(path)
    told = path.read_text(encoding="utf-8")
    path.write_text(told + 'environment = "staging"\n', encoding="utf-8")
    one = waivers.read(path)
    path.write_text(told + 'environment = ["staging", "prod"]\n', encoding="utf-8")
    two = waivers.read(path)

    assert [[each.holds_on(name) for name in ("staging", "prod", None)] for each in (everywhere, one, two)] == [
        [True, True, True],
        [True, False, False],
        [True, True, False],
    ]
    assert json.loads(json.dumps(two.as_dict())) == two.as_dict()


def test_waiver_rests_on_its_evidence(tmp_path: Path) -> None:
    """By what the file says, not by its name."""
    path, mail = written(tmp_path), tmp_path / "evidence" / "mail.txt"
    mail.parent.mkdir()
    mail.write_bytes(b"agreed")
    digest = hashlib.sha256(b"agreed").hexdigest()
    path.write_text(f'{path.read_text("utf-8")}[[evidence]]\nfile = "evidence/mail.txt"\nsha256 = "{digest}"\n', "utf-8")

    assert waivers.read(path).as_dict()["evidence"] == [{"file": "evidence/mail.txt", "sha256": digest}]
    mail.write_bytes(b"agreed, but")
    with pytest.raises(waivers.WaiverError, match=f"redis.toml:{len(WAIVER.splitlines()) + 1}: .*was changed since"):
        waivers.read(path)


def on(file: str, digest: str = "0" * 64) -> str:
    return f'[[evidence]]\nfile = "{file}"\nsha256 = "{digest}"\n'


# What is replaced in the good waiver (None: at its end), by what, and the line and the words of the refusal.
WRONG: dict[str, tuple[str | None, str, int, str]] = {
    "release": ("v1.0.0-MVP", "one", 7, "release = 'one' is none"),
    "fingerprint": (FOUND.fingerprint, "12", 3, "fingerprint = '12' is none"),
    "ends before it begins": ("2026-12-31", "2026-10-01", 9, "is before its date"),
    "unknown key": ('role = "Tech Lead"', 'role = "Tech Lead"\nticket = 7', 6, "nobody reads ticket"),
    "misspelt key": ("statement =", "statment =", 6, "write statement"),
    "missing key": ('role = "Tech Lead"\n', "", 1, "role must be there"),
    "blank": ("Tech Lead", "  ", 5, "role must be a text that is not empty"),
    "of another type": ('"Tech Lead"', "7", 5, "role must be a text that is not empty"),
    "blank to the eye": ("Ana Pérez", "\u200b", 4, "person must be a text"),
    "an invisible character": ("Ana Pérez", "Ana\u200b Pérez", 4, r"person holds U\+200B"),
    "a person of two lines": ("Ana Pérez", r"Ana\nPérez", 4, r"person holds U\+000A"),
    "a key within a text": ('"Redis', '"""\nexpires = 1\n""" #', 11, "expires = '1/2/2026' is ambiguous"),
    "not TOML": (None, "because = \n", 10, "is no TOML"),
    "end in the middle": (None, "because", 10, "is no TOML"),
    "huge": (None, "#" * waivers.LARGEST, 1, "is larger than"),
    "nested": (None, f"x = {'[' * 20_000}", 1, "nested too deep"),
    "a mark before it": ("\ncheck", "\ufeff\ncheck", 1, "byte order mark"),
    "environment": (None, "environment = [7]\n", 10, "environment = .* is none"),
    "evidence without its digest": (None, on("x", "abc"), 10, "64 hexadecimal digits"),
    "the second of its evidence": (None, on("redis.toml") + on("no.txt"), 13, "no.txt is not there"),
    "evidence above": (None, on("../../etc/passwd"), 10, "leaves reports/waivers/"),
    "evidence anywhere": (None, on("/etc/passwd"), 10, "leaves reports/waivers/"),
    "evidence with a name of 5,000": (None, on("e" * 5000), 10, "cannot be read"),
    "evidence in a folder": (None, on("evidence"), 10, "is not there"),
    "evidence with another key": (None, on("x") + "size = 7\n", 10, "exactly file and sha256"),
}


@pytest.mark.parametrize(("old", "new", "line", "rule"), WRONG.values(), ids=WRONG)
def test_slip_in_a_waiver_is_named_with_its_line(tmp_path: Path, old: str | None, new: str, line: int, rule: str) -> None:
    """Whoever made it finds it at once."""
    path = written(tmp_path)
    told = path.read_text(encoding="utf-8")
    told = told + new if old is None else told.replace(old, new, 1)
    path.write_text(told.replace("2026-12-31", '"1/2/2026"') if "1/2" in rule else told, encoding="utf-8")

    with pytest.raises(waivers.WaiverError, match=rf"(?m)^\S*redis.toml:{line}: .*{rule}"):
        waivers.read(path)


def test_every_slip_of_every_waiver_is_said_at_once(tmp_path: Path) -> None:
    """Nobody starts a run five times to learn of five."""
    written(tmp_path, release="one", fingerprint="12").rename(tmp_path / "first.toml")
    written(tmp_path, expires='"soon"')

    with pytest.raises(waivers.WaiverError) as caught:
        waivers.require(tmp_path)
    assert [line.split(": ")[0].rpartition("/")[2] for line in str(caught.value).splitlines()] == [
        "first.toml:3",
        "first.toml:7",
        "redis.toml:9",
    ]


def made_of(kind: str, path: Path) -> None:
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/null" if kind == "a link" else "nowhere")


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a link", "a link to nowhere"])
def test_what_is_no_plain_file_is_no_waiver(tmp_path: Path, kind: str) -> None:
    """A pipe would be waited for, and a link may lead elsewhere tomorrow."""
    made_of(kind, tmp_path / "redis.toml")

    with pytest.raises(waivers.WaiverError, match=r"redis\.toml:1: is no plain file"):
        waivers.require(tmp_path)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_a_name_is_read_as_written_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """By its line, whatever stands in it."""
    path = written(tmp_path_factory.getbasetemp())
    told = path.read_text(encoding="utf-8").replace('"Ana Pérez"', json.dumps(text, ensure_ascii=False))
    path.write_text(told, encoding="utf-8", newline="")

    try:
        person = waivers.read(path).person
    except waivers.WaiverError as error:
        assert re.match(rf"{re.escape(str(path))}:\d+: ", str(error))  # noqa: PT017 - one of two ways to end
        assert not text.isprintable() or not any(map(str.isalnum, text))
    else:
        assert person == text.strip()


@pytest.mark.parametrize("expires", ['"31/12/2026"', '"2026/12/31"', "20261231", '"soon"', "2026-12-31T10:00:00"])
def test_ambiguous_expiry_is_refused(tmp_path: Path, expires: str) -> None:
    """A date that two people read differently ends no waiver."""
    with pytest.raises(waivers.WaiverError, match="expires"):
        waivers.read(written(tmp_path, expires=expires))


def test_swallowed_ctrl_c_still_interrupts() -> None:
    """Python drops a KeyboardInterrupt raised in a callback of the garbage collector; pytest tells of it as a warning."""
    warning = pytest.PytestUnraisableExceptionWarning("Exception ignored in gc_callback")
    warning.__cause__ = KeyboardInterrupt()
    call = verdicts.pytest_runtest_call()
    next(call)

    with pytest.raises(KeyboardInterrupt):
        call.throw(warning)
