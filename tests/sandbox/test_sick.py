"""Sick deployments are read strictly, drawn reproducibly, and each of them can be switched on."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from sandbox import faults
from sandbox.sick import deployments
from sandbox.sick.deployments import SickInvalid, SizeRefused, UnknownSick
from tests.sandbox.starting import PATIENCE_S, REAL, ROOT, up

RIGHT = """
title = { en = "t", es = "t" }
sentence = { en = "s", es = "s" }
faults = ["hsts-missing", "redis-down", "log-as-text", "health-slow", "cors-lists-null"]
"""
WRONG = {
    "no TOML": ("title =", "is not TOML"),
    "a key is missing": (RIGHT.replace("sentence", "phrase"), "where faults, sentence, title belong"),
    "a language is missing": (RIGHT.replace(', es = "s"', ""), "sentence needs a text in each of en, es"),
    "an empty text": (RIGHT.replace('es = "t"', 'es = ""'), "title needs a text"),
    "no list": (RIGHT.replace('["hsts-missing", ', '"hsts-missing"#'), "is a list of names"),
    "too few": (RIGHT.replace('"redis-down", ', ""), "4 faults, where 5 to 25 belong"),
    "twice": (RIGHT.replace("redis-down", "log-as-text"), "log-as-text stands twice"),
    "unknown": (RIGHT.replace("redis-down", "redis-donw"), "Nearest: redis-down"),
    "contradiction": (RIGHT.replace("redis-down", "hsts-for-five-minutes"), "exclude each other"),
}  # fmt: skip


def written(text: str, folder: Path) -> Path:
    path = folder / "broken.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("text", "says"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """With the name of the file and what would be right."""
    with pytest.raises(SickInvalid, match=r"broken\.toml") as raised:
        deployments.read(written(text, tmp_path))

    assert says in str(raised.value)


def test_a_right_file_is_read(tmp_path: Path) -> None:
    assert deployments.read(written(RIGHT, tmp_path)).faults[1] == "redis-down"


def test_there_are_enough_of_them() -> None:
    assert len(deployments.named()) >= 25


@pytest.mark.parametrize("name", deployments.named())
def test_most_of_each_can_be_seen(name: str) -> None:
    """What hides itself teaches nothing."""
    sick = deployments.get(name)

    assert len(faults.visible(sick.faults)) >= len(sick.faults) / 2


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownSick, match="Nearest: first-boot"):
        deployments.get("first-boo")


@pytest.mark.parametrize("seed", range(1, 21))
def test_drawn_faults_go_together(seed: int) -> None:
    """None excludes or hides another, and all come again with the same seed."""
    drawn = deployments.drawn(seed, 12)

    assert drawn == deployments.drawn(seed, 12)
    assert len(set(drawn.faults)) == 12
    assert faults.visible(drawn.faults) == set(drawn.faults)
    assert {other for name in drawn.faults for other in faults.get(name).excludes} & set(drawn.faults) == set()


def test_draws_mix_parts_and_severities() -> None:
    drawn = [faults.get(name) for seed in range(1, 41) for name in deployments.drawn(seed, 12).faults]

    assert {fault.part for fault in drawn} == {fault.part for fault in faults.catalogue()}
    assert {fault.severity for fault in drawn} == {1, 2, 3}


@pytest.mark.parametrize("size", [4, 26])
def test_a_size_that_teaches_nothing_is_refused(size: int) -> None:
    with pytest.raises(SizeRefused, match="5 to 25"):
        deployments.drawn(1, size)


def test_they_are_listed() -> None:
    """As a program reads them, the drawn ones behind the named."""
    arguments = [sys.executable, *REAL, "sick", "--json", "--seeds", "2", "--size", "7"]
    done = subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    listed = json.loads(done.stdout)

    assert [sick["name"] for sick in listed] == [*deployments.named(), "seed-1", "seed-2"]
    assert all(set(sick["visible"]) <= set(sick["faults"]) for sick in listed)


@pytest.mark.parametrize("option", [("--sick", "first-boo"), ("--sick-seed", "1", "--size", "99")])
def test_what_does_not_exist_is_not_started(option: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, *REAL, "up", *option], cwd=ROOT, check=False, capture_output=True, text=True, timeout=60
    )

    assert (done.returncode, "sandbox: " in done.stderr) == (2, True), done.stderr


def test_a_sick_deployment_starts_with_its_faults(standins: list[str], tmp_path: Path) -> None:
    """All of them, with those that work only from the start."""
    starting = up(standins, "up", "--json", "--sick", "nothing-hardened", temporary=tmp_path / "t")
    with starting as sandbox, httpx.Client(timeout=PATIENCE_S) as control:
        listed = control.get(f"{sandbox.facts['control_url']}/faults").json()

    assert {fault["name"] for fault in listed if fault["on"]} == set(deployments.get("nothing-hardened").faults)
