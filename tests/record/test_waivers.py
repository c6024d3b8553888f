"""Waivers: strictly read, and held to their finding, release, environment and days."""

import dataclasses
import datetime as dt
import hashlib
import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record import signed, waivers
from record.signed import Refused

FINGERPRINT = "0123456789ab"
KNOWN = {"suites/smoke/test_x.py::test_y"}
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
        WAIVER.format(**{"fingerprint": FINGERPRINT, "expires": "2026-12-31", "release": "v1.0.0-MVP"} | values),
        encoding="utf-8",
    )
    return path


DAY = "2026-12-01"


def test_waiver_holds_until_its_day(tmp_path: Path) -> None:
    """And not a day longer."""
    waiver = waivers.read(written(tmp_path))

    days = {day: waiver.holds(day, "1.0.0", None) for day in ("2026-10-31", "2026-11-01", "2026-12-31", "2027-01-01")}
    assert list(days.values()) == [False, True, True, False]


def test_waiver_is_for_one_finding_of_one_check(tmp_path: Path) -> None:
    waiver = waivers.read(written(tmp_path))

    assert waivers.naming([waiver], waiver.check, FINGERPRINT) == [waiver]
    assert waivers.naming([waiver], waiver.check, "0" * 12) == []
    assert waivers.naming([waiver], "suites/smoke/test_x.py::test_z", FINGERPRINT) == []


def test_waiver_holds_for_its_release(tmp_path: Path) -> None:
    """However the target writes it; not for the next one, and not where the target tells none."""
    waiver = waivers.read(written(tmp_path))

    assert all(waiver.holds(DAY, version, None) for version in ("1.0.0", "v1.0.0", "1.0.0-MVP"))
    assert not any(waiver.holds(DAY, version, None) for version in ("1.0.1", "1.0.0-beta", "2", "", None))


def test_waiver_holds_where_it_says(tmp_path: Path) -> None:
    """On every environment when it says none; as it says one or a list of them, and not where the environment is unknown."""
    path = written(tmp_path)
    everywhere = waivers.read(path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text + 'environment = "staging"\n', encoding="utf-8")
    one = waivers.read(path)
    path.write_text(text + 'environment = ["staging", "prod"]\n', encoding="utf-8")
    two = waivers.read(path)

    places = ("staging", "prod", None)
    assert [[each.holds(DAY, "1.0.0", place) for place in places] for each in (everywhere, one, two)] == [
        [True, True, True],
        [True, False, False],
        [True, True, False],
    ]


def test_matching_waiver_holds_today(tmp_path: Path) -> None:
    """By the day on which it is asked."""
    today = dt.datetime.now(dt.UTC).date()
    waiver = dataclasses.replace(waivers.read(written(tmp_path)), date=str(today), expires=str(today))
    past = dataclasses.replace(waiver, date="2026-01-01", expires="2026-01-02")

    assert waivers.matching([past, waiver], waiver.check, FINGERPRINT, "1.0.0", None) == waiver
    assert waivers.matching([past], waiver.check, FINGERPRINT, "1.0.0", None) is None


def test_waiver_for_a_check_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    written(tmp_path)

    with pytest.raises(Refused, match=r"no check is named .*nearest: suites/smoke/test_x.py::test_z"):
        waivers.load({"suites/smoke/test_x.py::test_z"}, tmp_path)


def test_waiver_of_tomorrow_is_refused(tmp_path: Path) -> None:
    written(tmp_path)

    with pytest.raises(Refused, match="is yet to come"):
        waivers.load(KNOWN, tmp_path, today=dt.date(2026, 10, 1))


def test_waiver_rests_on_its_evidence(tmp_path: Path) -> None:
    """By what the file says, not by its name."""
    path, mail = written(tmp_path), tmp_path / "evidence" / "mail.txt"
    mail.parent.mkdir()
    mail.write_bytes(b"agreed")
    digest = hashlib.sha256(b"agreed").hexdigest()
    path.write_text(f'{path.read_text("utf-8")}[[evidence]]\nfile = "evidence/mail.txt"\nsha256 = "{digest}"\n', "utf-8")

    assert waivers.read(path).evidence == (signed.Evidence("evidence/mail.txt", digest),)
    mail.write_bytes(b"agreed, but")
    with pytest.raises(Refused, match=f"redis.toml:{len(WAIVER.splitlines()) + 1}: .*was changed since"):
        waivers.read(path)


def on(file: str, digest: str = "0" * 64) -> str:
    return f'[[evidence]]\nfile = "{file}"\nsha256 = "{digest}"\n'


# What is replaced in the good waiver (None: at its end), by what, and the line and the words of the refusal.
WRONG: dict[str, tuple[str | None, str, int, str]] = {
    "release": ("v1.0.0-MVP", "one", 7, "release = 'one' is none"),
    "fingerprint": (FINGERPRINT, "12", 3, "fingerprint = '12' is none"),
    "ends before it begins": ("2026-12-31", "2026-10-01", 9, "is before its date"),
    "unknown key": ('role = "Tech Lead"', 'role = "Tech Lead"\nticket = 7', 6, "ticket is no key here"),
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
    "huge": (None, "#" * signed.LARGEST, 1, "is larger than"),
    "nested": (None, f"x = {'[' * 20_000}", 1, "nested too deep"),
    "a mark before it": ("\ncheck", "\ufeff\ncheck", 1, "byte order mark"),
    "no environment": (None, "environment = []\n", 10, r"environment = \[\] is no name of one"),
    "environment": (None, "environment = [7]\n", 10, "environment = .* is no name of one"),
    "evidence without its digest": (None, on("x", "abc"), 10, "64 hexadecimal digits"),
    "the second of its evidence": (None, on("redis.toml") + on("no.txt"), 13, "no.txt is not there"),
    "evidence above": (None, on("../../etc/passwd"), 10, "leaves "),
    "evidence anywhere": (None, on("/etc/passwd"), 10, "leaves "),
    "evidence with a name of 5,000": (None, on("e" * 5000), 10, "cannot be read"),
    "evidence in a folder": (None, on("evidence"), 10, "is not there"),
    "evidence with another key": (None, on("x") + "size = 7\n", 10, "exactly file and sha256"),
}


@pytest.mark.parametrize(("old", "new", "line", "rule"), WRONG.values(), ids=WRONG)
def test_fault_in_a_waiver_is_named_with_its_line(tmp_path: Path, old: str | None, new: str, line: int, rule: str) -> None:
    """Its author finds it at once."""
    path = written(tmp_path)
    text = path.read_text(encoding="utf-8")
    text = text + new if old is None else text.replace(old, new, 1)
    path.write_text(text.replace("2026-12-31", '"1/2/2026"') if "1/2" in rule else text, encoding="utf-8")

    with pytest.raises(Refused, match=rf"(?m)^\S*redis.toml:{line}: .*{rule}"):
        waivers.read(path)


def test_every_fault_of_every_waiver_is_said_at_once(tmp_path: Path) -> None:
    """One run is enough to learn of all of them."""
    written(tmp_path, release="one", fingerprint="12").rename(tmp_path / "first.toml")
    written(tmp_path, expires='"soon"')

    with pytest.raises(Refused) as caught:
        waivers.load(KNOWN, tmp_path)
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

    with pytest.raises(Refused, match=r"redis\.toml:1: is no plain file"):
        waivers.load(KNOWN, tmp_path)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_a_name_is_read_as_written_or_refused(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    """By its line, whatever stands in it."""
    path = written(tmp_path_factory.getbasetemp())
    text = path.read_text(encoding="utf-8").replace('"Ana Pérez"', json.dumps(name, ensure_ascii=False))
    path.write_text(text, encoding="utf-8", newline="")

    try:
        person = waivers.read(path).person
    except Refused as error:
        assert re.match(rf"{re.escape(path.name)}:\d+: ", str(error))  # noqa: PT017 - one of two ways to end
    else:
        assert person == name.strip()
        assert any(map(str.isalnum, name))


@pytest.mark.parametrize("expires", ['"31/12/2026"', '"2026/12/31"', "20261231", '"soon"', "2026-12-31T10:00:00"])
def test_ambiguous_expiry_is_refused(tmp_path: Path, expires: str) -> None:
    """A date that two people read differently ends no waiver."""
    with pytest.raises(Refused, match="expires"):
        waivers.read(written(tmp_path, expires=expires))
