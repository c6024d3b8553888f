"""What a person types wrong, or a profile says wrong: one clear sentence, exit code 4, nothing sent, nothing left behind."""

import os
import re
from pathlib import Path

import pytest

from tests.inputs.invocation import Outcome, verify

ONE_CHECK = "suites/smoke/test_liveness.py::test_health_is_ok"
WEB = "LV_WEB_URL=https://127.0.0.1:8443\n"
TEXTS = {
    "empty": (b"", "has no settings. Start from envs/staging.env"),
    "only comments": (b"# nothing yet\n\n", "has no settings. Start from envs/staging.env"),
    "not UTF-8": (b"LV_NAME=\xff\xfe", "is not UTF-8 (byte 8). Save it as UTF-8"),
    "UTF-16": ("LV_NAME=a\n".encode("utf-16"), "is not UTF-8 (byte 0). Save it as UTF-8"),
    "no equals sign": (f"LV_API_URL https://127.0.0.1\n{WEB}".encode(), "profile.env:1: this line: is not KEY=value"),
    "no scheme": (f"LV_API_URL=127.0.0.1:8443\n{WEB}".encode(), "must be a web address that begins with https:// (or http://)"),
    "host not on the list": (
        f"LV_API_URL=https://127.0.0.1:8443\n{WEB}LV_ALLOWED_HOSTS=127.0.0.1:9999\n".encode(),
        "its host is not in LV_ALLOWED_HOSTS. Add 127.0.0.1:8443 there",
    ),
    "host that does not resolve": (f"LV_API_URL=https://api.invalid\n{WEB}".encode(), "'api.invalid': does not resolve"),
}


def refused(outcome: Outcome, reports: Path) -> str:
    """The message of a run that ended before it began."""
    assert outcome.code == pytest.ExitCode.USAGE_ERROR, outcome.text
    assert "Traceback" not in outcome.text
    assert "INTERNALERROR" not in outcome.text
    assert not list(reports.iterdir()), "a run that never began left a folder"
    return outcome.text


@pytest.mark.parametrize(("content", "says"), TEXTS.values(), ids=TEXTS)
def test_profile_that_cannot_be_used_ends_the_run(content: bytes, says: str, tmp_path: Path, reports: Path) -> None:
    profile = tmp_path / "profile.env"
    profile.write_bytes(content)

    message = refused(verify(ONE_CHECK, "--env-file", str(profile)), reports)

    assert says in message
    assert str(profile) in message


def test_unknown_environment_is_answered_with_the_known_ones(reports: Path) -> None:
    message = refused(verify("-m", "smoke", "--env=stagin"), reports)

    assert "Did you mean --env=staging? Known: local, prod, staging" in message


def test_missing_profile_is_named(tmp_path: Path, reports: Path) -> None:
    message = refused(verify(ONE_CHECK, "--env-file", str(tmp_path / "nowhere.env")), reports)

    assert "nowhere.env: the file: cannot be read (No such file or directory)" in message


def test_folder_is_no_profile(tmp_path: Path, reports: Path) -> None:
    message = refused(verify(ONE_CHECK, "--env-file", str(tmp_path)), reports)

    assert "cannot be read (Is a directory)" in message


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_profile_without_permission_is_named(tmp_path: Path, reports: Path) -> None:
    profile = tmp_path / "profile.env"
    profile.write_text(WEB)
    profile.chmod(0)

    message = refused(verify(ONE_CHECK, "--env-file", str(profile)), reports)

    assert "cannot be read (Permission denied)" in message


def test_unknown_marker_is_no_green_run() -> None:
    outcome = verify("-m", "smok")

    assert outcome.code == pytest.ExitCode.USAGE_ERROR
    assert re.search(r"Unknown marker.*smok", outcome.text)
    assert "verdict   NO VERDICT" in outcome.text


def test_workers_do_not_repeat_the_refusal(tmp_path: Path, reports: Path) -> None:
    """One sentence, however many processes were asked for."""
    profile = tmp_path / "profile.env"
    profile.write_text("")

    message = refused(verify(ONE_CHECK, "-n", "2", "--env-file", str(profile)), reports)

    assert message.count("has no settings") == 1
